"""Keeping keywords in order: /tags/…/rename, /merge and /delete."""

from collections.abc import Callable
from html import unescape

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from app.extensions import db
from app.models import Content, LogEntry, Tag, User, content_tags
from tests.cast import Cast, discussion, wiki_page
from tests.checking import CheckingClient

Clients = Callable[[User | None], CheckingClient]
FORMS = {"rename": {"name": "Wmo 2015"}, "merge": {"into": "Jeugd"}, "delete": {}}


@pytest.fixture
def manager(cast: Cast, client_of: Clients) -> CheckingClient:
    """Return a client of the community manager."""
    return client_of(cast.manager)


def a_tag(name: str, slug: str = "") -> Tag:
    tag = Tag(name=name, slug=slug or name.lower())
    db.session.add(tag)
    db.session.commit()
    return tag


@pytest.fixture
def wmo(cast: Cast) -> Tag:
    """Return a keyword that stands on a discussion and a wiki page."""
    tag = a_tag("Wmo")
    discussion(cast.other, "Vraag over hulp", tags=[tag])
    wiki_page(cast.specialist, cast.theme, "Hulp thuis", tags=[tag])
    return tag


@pytest.fixture
def youth(cast: Cast) -> Tag:
    """Return another keyword, in use."""
    tag = a_tag("Jeugd")
    discussion(cast.other, "Vraag over jeugd", tags=[tag])
    return tag


def names_on(title: str) -> list[str]:
    db.session.expire_all()
    found = select(Content).where(Content.title == title).options(selectinload(Content.tags))
    return [tag.name for tag in db.session.scalars(found).one().tags]


def logged() -> list[tuple[str, str, str]]:
    rows = db.session.scalars(select(LogEntry).order_by(LogEntry.id))
    return [(row.action, row.subject_label, row.result) for row in rows]


def test_renaming(manager: CheckingClient, wmo: Tag) -> None:
    page = manager.get("/tags/wmo").text
    assert 'href="/tags/wmo/rename"' in page and 'href="/tags/wmo/merge"' in page
    form = manager.get("/tags/wmo/rename").text
    assert 'value="Wmo"' in form and "2 stukken krijgen de nieuwe naam" in form
    answer = manager.post("/tags/wmo/rename", data={"name": "  Wmo   2015 "})
    assert answer.status_code == 303 and answer.location == "/tags/wmo-2015"
    page = unescape(manager.get("/tags/wmo-2015").text)
    assert "Het trefwoord heet nu “Wmo 2015”" in page and "Vraag over hulp" in page
    assert names_on("Hulp thuis") == ["Wmo 2015"]
    assert logged() == [("tag_renamed", "Wmo", "Wmo → Wmo 2015")]
    log = manager.get("/moderation/log").text
    assert "Trefwoord hernoemd" in log and "Wmo → Wmo 2015" in log


def test_renaming_with_htmx(manager: CheckingClient, wmo: Tag) -> None:
    assert manager.post("/tags/wmo/rename", data=FORMS["rename"], htmx=True).status_code == 303
    assert names_on("Hulp thuis") == ["Wmo 2015"]


def test_the_old_address_leads_on(
    manager: CheckingClient, client_of: Clients, cast: Cast, wmo: Tag
) -> None:
    for old, new in (("wmo", "Wmo 2015"), ("wmo-2015", "Zorg"), ("zorg", "Hulp")):
        manager.post(f"/tags/{old}/rename", data={"name": new})
    member = client_of(cast.member)
    for old in ("wmo", "wmo-2015", "zorg"):
        answer = member.get(f"/tags/{old}?a=%C3%A9")
        assert answer.status_code == 301 and answer.location == "/tags/hulp?a=%C3%A9"
    assert "Vraag over hulp" in member.get("/discussions?keyword=wmo").text
    assert client_of(None).get("/tags/wmo").status_code == 303


def test_back_to_an_old_name_goes_in_no_circle(manager: CheckingClient, wmo: Tag) -> None:
    manager.post("/tags/wmo/rename", data={"name": "Zorg"})
    assert manager.post("/tags/zorg/rename", data={"name": "Wmo"}).location == "/tags/wmo"
    assert manager.get("/tags/wmo").status_code == 200
    assert manager.get("/tags/zorg").location == "/tags/wmo"


def test_another_spelling_keeps_the_address(manager: CheckingClient, wmo: Tag) -> None:
    assert manager.post("/tags/wmo/rename", data={"name": "WMO"}).location == "/tags/wmo"
    assert names_on("Hulp thuis") == ["WMO"]
    assert manager.get("/tags/wmo").status_code == 200
    manager.post("/tags/wmo/rename", data={"name": "WMO"})
    assert len(logged()) == 1, "the same name is no change"


def test_the_old_name_stays_secret_with_the_keyword(
    client_of: Clients, cast: Cast, wmo: Tag
) -> None:
    """Who can read none of the pieces is not led on to a word that they may not know."""
    manager, member = client_of(cast.manager), client_of(cast.member)
    manager.post("/tags/wmo/rename", data={"name": "Geheim"})
    for piece in db.session.scalars(select(Content)):
        piece.group_id = cast.closed.id
    answer = member.get("/tags/wmo")
    assert answer.status_code == 404 and "eheim" not in answer.text


WRONG = ["", "   ", "a", "x" * 61, "?!", "Zorg, jeugd"]


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("htmx", [False, True])
def test_what_is_no_keyword_is_refused(
    manager: CheckingClient, wmo: Tag, wrong: str, htmx: bool
) -> None:
    for what, name in (("rename", "name"), ("merge", "into")):
        answer = manager.post(f"/tags/wmo/{what}", data={name: wrong}, htmx=htmx)
        assert answer.status_code == 422
        assert f'id="{name}-error"' in answer.text
        assert f'value="{wrong.strip()}"' in answer.text
    assert names_on("Hulp thuis") == ["Wmo"] and not logged()


@pytest.mark.parametrize("name", ["Jeugd", "jeugd", "JEUGD!"])
def test_a_name_that_is_taken_offers_to_merge(
    manager: CheckingClient, wmo: Tag, youth: Tag, name: str
) -> None:
    answer = manager.post("/tags/wmo/rename", data={"name": name})
    assert answer.status_code == 422
    page = unescape(answer.text)
    assert "Er is al een trefwoord “Jeugd”" in page and f'value="{name}"' in page
    assert 'href="/tags/wmo/merge?into=Jeugd"' in page
    assert 'value="Jeugd"' in manager.get("/tags/wmo/merge?into=Jeugd").text
    assert names_on("Hulp thuis") == ["Wmo"] and not logged()


def test_merging(manager: CheckingClient, cast: Cast, wmo: Tag, youth: Tag) -> None:
    discussion(cast.other, "Heeft beide", tags=[wmo, youth])
    manager.post("/tags/wmo/rename", data={"name": "Zorg"})
    form = manager.get("/tags/zorg/merge").text
    assert "3 stukken krijgen het andere trefwoord" in form and '<option value="Jeugd">' in form
    answer = manager.post("/tags/zorg/merge", data={"into": "jeugd"})
    assert answer.status_code == 303 and answer.location == "/tags/jeugd"
    assert "“Zorg” is nu “Jeugd”" in unescape(manager.get("/tags/jeugd").text)
    for title in ("Hulp thuis", "Vraag over hulp", "Heeft beide", "Vraag over jeugd"):
        assert names_on(title) == ["Jeugd"]
    assert db.session.scalar(select(func.count()).select_from(content_tags)) == 4
    assert db.session.scalars(select(Tag.name)).all() == ["Jeugd"]
    for old in ("wmo", "zorg"):
        answer = manager.get(f"/tags/{old}")
        assert answer.status_code == 301 and answer.location == "/tags/jeugd"
    assert logged()[1:] == [("tag_merged", "Zorg", "Zorg → Jeugd")]


@pytest.mark.parametrize("into", ["Wmo", "WMO", "Onbekend"])
def test_merging_into_itself_or_nothing_is_refused(
    manager: CheckingClient, wmo: Tag, into: str
) -> None:
    answer = manager.post("/tags/wmo/merge", data={"into": into})
    assert answer.status_code == 422
    assert 'id="into-error"' in answer.text and f'value="{into}"' in answer.text
    assert names_on("Hulp thuis") == ["Wmo"] and not logged()


def test_a_secret_keyword_is_not_told(manager: CheckingClient, cast: Cast, wmo: Tag) -> None:
    """A name that only a closed group uses is free to the eye, and cannot be asked after."""
    secret = a_tag("Fusie")
    discussion(cast.insider, "Binnen", group=cast.closed, tags=[secret])
    for what in ("rename", "merge", "delete"):
        assert manager.get(f"/tags/fusie/{what}").status_code == 404
        assert manager.post(f"/tags/fusie/{what}", data=FORMS[what]).status_code == 404
    unknown = manager.post("/tags/wmo/merge", data={"into": "Onzin"}).text
    told = manager.post("/tags/wmo/merge", data={"into": "Fusie"})
    assert told.status_code == 422 and "Er is geen trefwoord met deze naam" in told.text
    assert "Er is geen trefwoord met deze naam" in unknown
    assert "Fusie" not in manager.get("/tags/wmo/merge").text
    answer = manager.post("/tags/wmo/rename", data={"name": "fusie"})
    assert answer.status_code == 303 and answer.location == "/tags/fusie"
    assert "Binnen" not in manager.get("/tags/fusie").text
    assert names_on("Hulp thuis") == names_on("Binnen") == ["fusie"]
    assert manager.get("/tags/wmo").location == "/tags/fusie"
    assert logged() == [("tag_renamed", "Wmo", "Wmo → fusie")]


def test_the_log_keeps_words_of_a_closed_group_inside(cast: Cast, client_of: Clients) -> None:
    inner = a_tag("Fusie")
    discussion(cast.insider, group=cast.closed, tags=[inner])
    cast.manager.memberships.append(type(cast.insider.memberships[0])(group_id=cast.closed.id))
    db.session.commit()
    manager = client_of(cast.manager)
    assert manager.post("/tags/fusie/rename", data={"name": "Overname"}).status_code == 303
    assert db.session.scalars(select(LogEntry.group_id)).all() == [cast.closed.id]
    assert "Overname" in manager.get("/moderation/log").text
    assert "Overname" not in client_of(cast.moderator).get("/moderation/log").text


def test_a_word_that_a_group_drops_is_gone(cast: Cast, client_of: Clients, wmo: Tag) -> None:
    """Else it would show up among the keywords that nobody uses."""
    piece = discussion(cast.insider, group=cast.closed, tags=[a_tag("Fusie"), wmo])
    data = {
        "title": piece.title,
        "body": piece.body,
        "is_question": "1",
        "tags": "",
        "version": "1",
    }
    path = f"/discussions/{piece.id}-{piece.slug}/edit"
    assert client_of(cast.insider).post(path, data=data).status_code == 303
    assert db.session.scalars(select(Tag.name)).all() == ["Wmo"]


def test_deleting(manager: CheckingClient, cast: Cast) -> None:
    a_tag("Ongebruikt")
    assert "Verwijderen" in manager.get("/tags/ongebruikt/delete").text
    answer = manager.post("/tags/ongebruikt/delete")
    assert answer.status_code == 303 and answer.location == "/tags"
    assert "is verwijderd" in manager.get("/tags").text
    assert not db.session.scalars(select(Tag)).all()
    assert logged() == [("tag_deleted", "Ongebruikt", "")]
    assert manager.post("/tags/ongebruikt/delete").status_code == 404


@pytest.mark.parametrize("htmx", [False, True])
def test_what_is_used_stays(manager: CheckingClient, wmo: Tag, htmx: bool) -> None:
    assert 'method="post" action="/tags/wmo/delete"' not in manager.get("/tags/wmo/delete").text
    answer = manager.post("/tags/wmo/delete", htmx=htmx)
    assert answer.status_code == 422 and "Je kunt het niet verwijderen" in answer.text
    assert names_on("Hulp thuis") == ["Wmo"] and not logged()


@pytest.mark.parametrize("what", FORMS)
def test_not_yours_and_nobody(
    client_of: Clients, cast: Cast, wmo: Tag, youth: Tag, what: str
) -> None:
    path = f"/tags/wmo/{what}"
    for user in (cast.member, cast.specialist, cast.moderator, cast.ambassador):
        client = client_of(user)
        assert client.get(path).status_code == 403
        assert client.post(path, data=FORMS[what]).status_code == 403
        assert path not in client.get("/tags/wmo").text
    visitor = client_of(None)
    assert visitor.get(path).status_code == 303
    assert visitor.post(path, data=FORMS[what]).status_code == 401
    assert names_on("Hulp thuis") == ["Wmo"]


@pytest.mark.parametrize("what", ["rename", "merge"])
def test_the_administrator_keeps_keywords_too(
    client_of: Clients, cast: Cast, wmo: Tag, youth: Tag, what: str
) -> None:
    client = client_of(cast.administrator)
    assert client.get(f"/tags/wmo/{what}").status_code == 200
    assert client.post(f"/tags/wmo/{what}", data=FORMS[what]).status_code == 303


@pytest.mark.parametrize("what", FORMS)
def test_what_is_not_there_is_not_found(manager: CheckingClient, what: str) -> None:
    assert manager.get(f"/tags/onbekend/{what}").status_code == 404
    assert manager.post(f"/tags/onbekend/{what}", data=FORMS[what]).status_code == 404
