"""The home page."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from markupsafe import escape

from app.extensions import Kring, db
from app.lib.clock import now
from app.lib.working_days import subtract_working_days
from app.models import PersonFollow, Role, Theme, ThemeFollow, User
from app.services import settings
from bench.statements import statements
from tests.cast import Cast, comment, discussion, help_request, person, wiki_page
from tests.checking import CheckingClient

Clients = Callable[[User | None], CheckingClient]


def section(page: str, key: str) -> str:
    """Return one section of the page; empty when it is not there."""
    _before, found, rest = page.partition(f'aria-labelledby="{key}-title"')
    return rest.partition("</section>")[0] if found else ""


def follow(user: User, theme: Theme) -> None:
    db.session.add(ThemeFollow(user_id=user.id, theme_id=theme.id))
    db.session.commit()


def test_it_welcomes_and_tells_what_is_new(cast: Cast, client: CheckingClient) -> None:
    answered = discussion(cast.other, "Een vraag")
    comment(answered, cast.member)
    wiki_page(cast.specialist, cast.theme, "Een pagina")
    page = client.get("/").text
    assert "Welkom, Lotte" in page
    assert "Een vraag" in section(page, "new")
    assert "Een pagina" in section(page, "new")
    assert "/themes/schuldhulp" in page


def test_each_piece_stands_once_where_it_comes_first(cast: Cast, client_of: Clients) -> None:
    follow(cast.insider, cast.theme)
    discussion(cast.other, "Uitgelicht", theme=cast.theme, featured_at=now())
    discussion(cast.other, "Gevolgd", theme=cast.theme)
    discussion(cast.other, "Wachtend")
    discussion(cast.other, "Nieuwtje", is_question=True, locked_at=now())
    discussion(cast.other, "Onderonsje", group=cast.closed, locked_at=now())
    page = client_of(cast.insider).get("/").text
    places = {
        "featured": "Uitgelicht", "followed": "Gevolgd", "waiting": "Wachtend",
        "new": "Nieuwtje", "groups": "Onderonsje",
    }  # fmt: skip
    assert [page.index(f'id="{place}-title"') for place in places] == sorted(
        page.index(f'id="{place}-title"') for place in places
    )
    for place, title in places.items():
        assert f">{title}</a>" in section(page, place)
        assert page.count(f">{title}</a>") == 1, title


def test_what_one_follows_is_theirs_and_readable(cast: Cast, client_of: Clients) -> None:
    for user in (cast.member, cast.insider):
        follow(user, cast.theme)
        db.session.add(PersonFollow(user_id=user.id, person_id=cast.blogger.id))
    discussion(cast.blogger, "Van iemand")
    discussion(cast.blogger, "Besloten", theme=cast.theme, group=cast.closed)
    discussion(cast.other, "Van een ander")
    page = client_of(cast.member).get("/").text
    assert "Van iemand" in section(page, "followed")
    assert "Van een ander" not in section(page, "followed")
    assert "Besloten" not in page
    assert "Besloten" in section(client_of(cast.insider).get("/").text, "followed")
    assert not section(client_of(cast.other).get("/").text, "followed")


def test_who_follows_nothing_is_invited_to_after_the_first_steps(
    cast: Cast, client: CheckingClient
) -> None:
    assert not section(client.get("/").text, "followed")
    cast.member.steps_closed_at = now()
    assert "/account/following" in section(client.get("/").text, "followed")
    cast.member.followed_at = now()
    assert not section(client.get("/").text, "followed")


def test_first_steps_until_they_are_put_away(cast: Cast, client: CheckingClient) -> None:
    assert "Je eerste stappen" in client.get("/").text
    cast.member.steps_closed_at = now()
    assert "Je eerste stappen" not in client.get("/").text


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
    comment(discussion(cast.insider, "Openwoord", group=cast.open), cast.other)
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


STEPS = (
    "Geef je community een naam",
    "Sluit de mail aan",
    "Voeg de eerste thema's toe",
    "Nodig de eerste mensen uit",
)


def test_a_new_community_is_set_up_step_by_step(
    app: Kring, app_context: None, client_of: Clients
) -> None:
    chief = person("Els Beheer", Role.ADMINISTRATOR, Role.MANAGER)
    db.session.commit()
    client = client_of(chief)
    card = section(client.get("/").text, "setting-up")
    assert all(escape(step) in card for step in STEPS)
    assert card.count("k-steps__step--done") == 0
    settings.change({"name": "Kring Zorg", "mail_host": "mail.voorbeeldstad.example"}, None)
    db.session.add(Theme(name="Wonen", slug="wonen"))
    db.session.commit()
    page = client.get("/").text
    assert section(page, "setting-up").count("k-steps__step--done") == 3
    assert "Je eerste stappen" not in page and not section(page, "errands")
    person("Tweede Mens")
    db.session.commit()
    assert not section(client.get("/").text, "setting-up")


def test_the_card_is_for_who_sets_up_and_until_someone_writes(
    app: Kring, app_context: None, client_of: Clients
) -> None:
    chief, manager = person("Els Beheer", Role.ADMINISTRATOR), person("Mina", Role.MANAGER)
    db.session.commit()
    assert not section(client_of(manager).get("/").text, "setting-up")
    client = client_of(chief)
    assert section(client.get("/").text, "setting-up")
    discussion(manager, "Welkom")
    assert not section(client.get("/").text, "setting-up")


# Who is signed in with roles, groups and unread notifications, then the themes, which pieces stand
# on the page, and what a list shows of them. Those who keep the community going ask one more, for
# all their counts together.
STATEMENTS = {"member": 4, "insider": 4, "manager": 5, "administrator": 5, "group_owner": 5}


def asked_by(client: CheckingClient) -> list[str]:
    """Return the statements of the page, when the settings have just been read."""
    client.get("/")
    with statements() as asked:
        client.get("/")
    return asked


@pytest.mark.parametrize("name", STATEMENTS)
def test_as_many_statements_whatever_there_is(cast: Cast, client_of: Clients, name: str) -> None:
    client = client_of(getattr(cast, name))
    follow(getattr(cast, name), cast.theme)
    few = asked_by(client)
    for n in range(12):
        group = (None, cast.open, cast.closed)[n % 3]
        discussion(cast.other, theme=cast.theme, group=group, featured_at=now() if n % 2 else None)
        help_request(cast.other)
    many = asked_by(client)
    assert len(few) == len(many) == STATEMENTS[name]
