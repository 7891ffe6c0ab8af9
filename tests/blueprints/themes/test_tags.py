"""The list of keywords: /tags."""

from collections.abc import Callable

from app.extensions import db
from app.lib.clock import now
from app.models import Status, Tag, User
from bench.statements import statements
from tests.cast import Cast, discussion, wiki_page
from tests.checking import CheckingClient

Clients = Callable[[User | None], CheckingClient]


def a_tag(name: str) -> Tag:
    tag = Tag(name=name, slug=name.lower())
    db.session.add(tag)
    return tag


def count_of(client: CheckingClient, name: str) -> str | None:
    """Return the number beside a keyword, None when it is not there."""
    _before, link, after = client.get("/tags").text.partition(
        f'href="/tags/{name.lower()}">{name} '
    )
    return after.split('k-count">')[1].split("<")[0] if link else None


def test_each_keyword_with_its_number(cast: Cast, client: CheckingClient) -> None:
    wmo, youth = a_tag("Wmo"), a_tag("Jeugd")
    discussion(cast.other, tags=[wmo, youth])
    wiki_page(cast.specialist, cast.theme, tags=[wmo])
    assert (count_of(client, "Wmo"), count_of(client, "Jeugd")) == ("2", "1")
    page = client.get("/tags").text
    assert page.index("Jeugd") < page.index("Wmo")
    assert "Nergens gebruikt" not in page
    assert 'href="/tags"' in client.get("/").text and 'href="/tags"' in client.get("/tags/wmo").text


def test_no_keyword_yet_invites(cast: Cast, client: CheckingClient) -> None:
    a_tag("Ongebruikt")
    page = client.get("/tags").text
    assert "Nog geen trefwoorden" in page and "Ongebruikt" not in page


def test_what_is_out_of_sight_is_not_counted(cast: Cast, client_of: Clients) -> None:
    known, secret = a_tag("Wmo"), a_tag("Geheim")
    discussion(cast.other, tags=[known])
    discussion(cast.insider, group=cast.closed, tags=[known, secret])
    discussion(cast.insider, group=cast.hidden, tags=[known, secret])
    discussion(cast.other, hidden_at=now(), tags=[known])
    discussion(cast.other, status=Status.DRAFT, tags=[known])
    member, manager, insider = map(client_of, (cast.member, cast.manager, cast.insider))
    assert (count_of(member, "Wmo"), count_of(member, "Geheim")) == ("1", None)
    assert (count_of(manager, "Wmo"), count_of(manager, "Geheim")) == ("2", None)
    assert (count_of(insider, "Wmo"), count_of(insider, "Geheim")) == ("3", "2")
    assert "Geheim" not in manager.get("/tags").text


def test_the_manager_sees_what_is_used_nowhere(cast: Cast, client_of: Clients) -> None:
    a_tag("Ongebruikt")
    discussion(cast.insider, group=cast.hidden, tags=[a_tag("Geheim")])
    page = client_of(cast.manager).get("/tags").text
    assert 'href="/tags/ongebruikt/delete"' in page and "Geheim" not in page
    assert "Ongebruikt" not in client_of(cast.moderator).get("/tags").text


def test_it_goes_on(cast: Cast, client: CheckingClient) -> None:
    many = [Tag(name=f"Woord {n:03d}", slug=f"woord-{n:03d}") for n in range(150)]
    discussion(cast.other, tags=many)
    first = client.get("/tags").text
    assert "Woord 099" in first and "Woord 100" not in first and 'rel="prev"' not in first
    second = client.get(first.split('rel="next" href="')[1].split('"')[0]).text
    assert "Woord 100" in second and "Woord 099" not in second and 'rel="next"' not in second
    back = client.get(second.split('rel="prev" href="')[1].split('"')[0]).text
    assert "Woord 000" in back and "Woord 099" in back and 'rel="prev"' not in back
    assert client.get("/tags?after=x").status_code == 404


def test_visitors_sign_in_first(cast: Cast, client_of: Clients) -> None:
    assert client_of(None).get("/tags").status_code == 303


def test_a_fixed_number_of_statements(cast: Cast, client_of: Clients) -> None:
    client = client_of(cast.manager)
    discussion(cast.other, tags=[a_tag("Wmo")])
    client.get("/tags")
    with statements() as few:
        client.get("/tags")
    for n in range(22):
        discussion(cast.other, tags=[a_tag(f"Woord{n}")])
    with statements() as many:
        client.get("/tags")
    assert len(few) == len(many) <= 6
