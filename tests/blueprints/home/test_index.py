"""The home page."""

from collections.abc import Callable
from datetime import timedelta

from app.lib.clock import now
from app.lib.working_days import subtract_working_days
from app.models import User
from tests.cast import Cast, comment, discussion, wiki_page
from tests.checking import CheckingClient
from tests.statements import statements

Clients = Callable[[User | None], CheckingClient]


def section(page: str, key: str) -> str:
    """Return one section of the page; empty when it is not there."""
    _before, found, rest = page.partition(f'aria-labelledby="{key}-title"')
    return rest.partition("</section>")[0] if found else ""


def test_it_welcomes_and_tells_what_is_new(cast: Cast, client: CheckingClient) -> None:
    discussion(cast.other, "Een vraag")
    wiki_page(cast.specialist, cast.theme, "Een pagina")
    page = client.get("/").text
    assert "Welkom, Lotte" in page
    assert "Een vraag" in section(page, "new")
    assert "Een pagina" in section(page, "new")
    assert "/themes/schuldhulp" in page


def test_what_waits_tells_how_many_working_days(cast: Cast, client: CheckingClient) -> None:
    asked = subtract_working_days(now(), 4) - timedelta(minutes=5)
    discussion(cast.other, "Wacht lang", published_at=asked)
    discussion(cast.other, "Wacht kort")
    discussion(cast.member, "Van mijzelf")
    comment(discussion(cast.other, "Beantwoord"), cast.member)
    waiting = section(client.get("/").text, "waiting")
    assert "wacht 4 werkdagen" in waiting
    assert waiting.index("Wacht lang") < waiting.index("Wacht kort")
    assert "Van mijzelf" not in waiting
    assert "Beantwoord" not in waiting
    assert waiting.count("k-badge--warning") == 1


def test_what_is_featured_stands_out(cast: Cast, client: CheckingClient) -> None:
    discussion(cast.other, "Uitgelicht stuk", featured_at=now())
    discussion(cast.other, "Verborgen stuk", featured_at=now(), hidden_at=now())
    featured = section(client.get("/").text, "featured")
    assert "Uitgelicht stuk" in featured
    assert "Verborgen stuk" not in featured


def test_own_groups_have_their_own_place(cast: Cast, client_of: Clients) -> None:
    discussion(cast.insider, "Geheimwoord", group=cast.closed)
    discussion(cast.insider, "Openwoord", group=cast.open)
    inside = client_of(cast.insider).get("/").text
    assert "Geheimwoord" in section(inside, "groups")
    assert "Geheimwoord" not in section(inside, "new")
    for outsider in (cast.member, cast.moderator, cast.administrator):
        page = client_of(outsider).get("/").text
        assert "Geheimwoord" not in page
        assert "Openwoord" in section(page, "new")
        assert not section(page, "groups")


def test_a_new_community_is_invited(cast: Cast, client: CheckingClient) -> None:
    page = client.get("/").text
    assert "Het is hier nog stil" in page
    assert "/discussions/new" in page


def test_visitors_sign_in_first(cast: Cast, client_of: Clients) -> None:
    response = client_of(None).get("/")
    assert response.status_code == 303
    assert response.location.startswith("/login")


def test_eight_statements_whatever_there_is(cast: Cast, client_of: Clients) -> None:
    client = client_of(cast.insider)
    client.get("/")
    with statements() as few:
        client.get("/")
    for n in range(12):
        group = (None, cast.open, cast.closed)[n % 3]
        discussion(cast.other, theme=cast.theme, group=group, featured_at=now() if n % 2 else None)
    with statements() as many:
        client.get("/")
    assert len(few) == len(many) <= 8
