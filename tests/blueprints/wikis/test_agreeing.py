"""Four eyes: a page is made, offered, adopted or sent back, and a change becomes a proposal."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models import (
    LogEntry,
    Notification,
    Proposal,
    Role,
    Standing,
    Status,
    User,
    WikiPage,
)
from app.services import wikis
from app.services.activity import Verb
from app.services.wikis import Facts, Version
from tests.cast import Cast, person
from tests.checking import CheckingClient

Clients = Callable[[User | None], CheckingClient]
NEW = {
    "title": "Nieuw",
    "body": "Zie @otto-ander.",
    "standing": "concept",
    "tags": "",
    "owner_id": "",
}


@pytest.fixture
def colleague(cast: Cast) -> User:
    """Let four eyes count in the theme, which has a second specialist."""
    cast.theme.four_eyes = True
    made = person("Cora Collega", Role.SPECIALIST, theme=cast.theme)
    db.session.commit()
    return made


def made(cast: Cast, standing: Standing = Standing.OFFERED, **values: Any) -> WikiPage:
    """Make a page as the specialist."""
    version = Version("Nieuw", values.pop("body", "Tekst."), cast.specialist)
    page = wikis.create(cast.theme, version, facts=Facts(standing=standing), **values)
    db.session.commit()
    return page


def path(page: WikiPage, rest: str = "") -> str:
    return f"/wikis/{page.id}-{page.slug}{rest}"


def news(verb: Verb) -> list[tuple[int, str]]:
    """Return who heard of it, and what was said."""
    found = select(Notification.user_id, Notification.message).where(
        Notification.verb == verb.value
    )
    rows = [(user_id, message) for user_id, message in db.session.execute(found)]
    db.session.rollback()
    return rows


def again(page: WikiPage) -> WikiPage:
    db.session.expire_all()
    return page


def test_a_new_page_is_for_specialists_until_it_is_adopted(
    cast: Cast, colleague: User, client_of: Clients
) -> None:
    writer, reader, other = (client_of(each) for each in (cast.specialist, cast.member, colleague))
    sent = writer.post("/wikis/new", data={**NEW, "theme_id": cast.theme.id})
    assert sent.status_code == 303
    page = db.session.scalars(select(WikiPage)).one()
    assert (page.status, page.published_at) == (Status.PENDING, None)
    linking = wikis.create(
        cast.theme, Version("Wijzer", "[[Nieuw]]", cast.specialist), facts=Facts()
    )
    db.session.commit()
    assert reader.get(path(page)).status_code == 404
    for address in ("/wikis/themes/schuldhulp", "/wikis/register", path(linking)):
        assert path(page) not in reader.get(address).text, address
        assert path(page) in other.get(address).text or address == path(linking)
    assert news(Verb.MENTIONED) == []
    assert writer.post(path(page, "/offer")).status_code == 303
    assert news(Verb.WIKI_OFFERED) == [(colleague.id, "")]
    assert other.post(path(page, "/adopt"), data={"version": 1}).status_code == 303
    again(page)
    assert (page.status, page.standing) == (Status.PUBLISHED, Standing.IN_FORCE)
    assert page.adopted_by_id == colleague.id and page.review_on is not None
    assert "Nieuw" in reader.get(path(page)).text
    assert f'href="{path(page)}"' in reader.get(path(linking)).text
    assert news(Verb.MENTIONED) == [(cast.other.id, "")]
    assert news(Verb.WIKI_ADOPTED) == [(cast.specialist.id, "")]
    log = db.session.scalars(select(LogEntry.action)).all()
    assert Verb.WIKI_ADOPTED.value in log


def test_nobody_puts_their_own_page_in_force(
    cast: Cast, colleague: User, client_of: Clients
) -> None:
    client = client_of(cast.specialist)
    form = client.get("/wikis/new?theme=schuldhulp").text
    assert 'value="in_force"' not in form and 'value="offered"' in form
    sent = {**NEW, "theme_id": cast.theme.id}
    for standing in ("in_force", "expired"):
        answer = client.post("/wikis/new", data={**sent, "standing": standing})
        assert answer.status_code == 422 and "@otto-ander" in answer.text
    page = made(cast)
    assert client.post(path(page, "/adopt"), data={"version": 1}).status_code == 403
    edit = {**NEW, "version": 1, "standing": "in_force"}
    assert client.post(path(page, "/edit"), data=edit).status_code == 422
    assert again(page).standing is Standing.OFFERED


def test_who_changes_what_is_offered_offers_it(
    cast: Cast, colleague: User, client_of: Clients
) -> None:
    """Else someone could adopt a text that nobody but themselves has seen."""
    page, client = made(cast), client_of(colleague)
    edit = {**NEW, "version": 1, "standing": "offered", "body": "Heel anders."}
    assert client.post(path(page, "/edit"), data=edit).status_code == 303
    assert client.post(path(page, "/adopt"), data={"version": 2}).status_code == 403
    first = client_of(cast.specialist)
    assert first.post(path(page, "/adopt"), data={"version": 2}).status_code == 303
    assert again(page).standing is Standing.IN_FORCE


def test_a_version_that_was_not_read_is_not_adopted(
    cast: Cast, colleague: User, client_of: Clients
) -> None:
    page = made(cast)
    wikis.save(page, Version("Nieuw", "Ander.", cast.specialist), expected_version=1)
    db.session.commit()
    client = client_of(colleague)
    for version in ("1", "", "x"):
        answer = client.post(path(page, "/adopt"), data={"version": version})
        assert answer.status_code == 303
        assert again(page).standing is Standing.OFFERED
    assert "Iemand heeft deze pagina net gewijzigd" in client.get(path(page)).text


def test_it_is_sent_back_with_a_reason(cast: Cast, colleague: User, client_of: Clients) -> None:
    page, client = made(cast), client_of(colleague)
    url = path(page, "/send-back")
    assert client.get(url).status_code == 200
    assert client.post(url, data={"reason": "  "}).status_code == 422
    assert client.post(url, data={"reason": "Bedragen ontbreken."}).status_code == 303
    assert (again(page).standing, page.status) == (Standing.CONCEPT, Status.PENDING)
    assert news(Verb.WIKI_SENT_BACK) == [(cast.specialist.id, "Bedragen ontbreken.")]
    assert client.post(url, data={"reason": "Nog eens"}).status_code == 403


@pytest.mark.parametrize("who", ["member", "other_specialist", "administrator"])
def test_others_decide_nothing(cast: Cast, colleague: User, client_of: Clients, who: str) -> None:
    page, client = made(cast), client_of(getattr(cast, who))
    for rest in ("/offer", "/adopt", "/send-back"):
        assert client.post(path(page, rest)).status_code == 404
    db.session.refresh(page)
    page.status = Status.PUBLISHED
    db.session.commit()
    visitor = client_of(None)
    for rest in ("/offer", "/adopt", "/send-back"):
        assert client.post(path(page, rest)).status_code == 403
        assert visitor.post(path(page, rest)).status_code == 401


def test_without_four_eyes_one_decides(cast: Cast, client_of: Clients) -> None:
    page, client = made(cast), client_of(cast.specialist)
    assert page.status is Status.PUBLISHED
    assert path(page, "/adopt") in client.get(path(page)).text
    assert client.post(path(page, "/adopt"), data={"version": 1}).status_code == 303
    assert again(page).standing is Standing.IN_FORCE


# A page in force ------------------------------------------------------------------------------


def test_a_change_of_what_is_in_force_becomes_a_proposal(
    cast: Cast, colleague: User, client_of: Clients
) -> None:
    page, client = made(cast, Standing.IN_FORCE), client_of(cast.specialist)
    edit = {**NEW, "version": 1, "standing": "in_force", "body": "Anders.", "note": "Bedragen",
            "tags": "Inkomen"}  # fmt: skip
    assert client.post(path(page, "/edit"), data=edit).status_code == 303
    assert client.post(path(page, "/edit"), data=edit).status_code == 303
    shown = client.get(path(page)).text
    assert "wacht op een andere specialist" in shown and "Tekst." in shown and "Inkomen" in shown
    proposal = db.session.scalars(select(Proposal)).one()
    assert (proposal.body, proposal.note, proposal.base_version) == ("Anders.", "Bedragen", 1)
    assert again(page).version == 1


def test_owner_date_and_keywords_change_at_once(
    cast: Cast, colleague: User, client_of: Clients
) -> None:
    page, client = made(cast, Standing.IN_FORCE), client_of(cast.specialist)
    edit = {**NEW, "version": 1, "standing": "expired", "body": "Tekst.", "owner_id": colleague.id}
    assert client.post(path(page, "/edit"), data=edit).status_code == 303
    assert db.session.scalars(select(Proposal)).all() == []
    assert (again(page).standing, page.owner_id) == (Standing.EXPIRED, colleague.id)
    assert page.version == 1


def test_the_bin_is_no_way_around(cast: Cast, colleague: User, client_of: Clients) -> None:
    page, client = made(cast, Standing.IN_FORCE), client_of(cast.specialist)
    wikis.archive(page, cast.specialist)
    db.session.commit()
    edit = {**NEW, "version": 1, "standing": "in_force", "body": "Stiekem."}
    answer = client.post(path(page, "/edit"), data=edit)
    assert answer.status_code == 422 and "Stiekem." in answer.text
    answer = client.post(path(page, "/revisions/1/restore"), data={"version": 1})
    assert answer.status_code == 422
    assert again(page).version == 1


def test_an_old_version_comes_back_by_a_proposal(
    cast: Cast, colleague: User, client_of: Clients
) -> None:
    page, client = made(cast, Standing.IN_FORCE), client_of(cast.specialist)
    wikis.save(page, Version("Nieuw", "Twee.", colleague), expected_version=1)
    db.session.commit()
    answer = client.post(path(page, "/revisions/1/restore"), data={"version": 2, "note": "beter"})
    assert answer.status_code == 303
    proposal = db.session.scalars(select(Proposal)).one()
    assert (proposal.body, proposal.base_version) == ("Tekst.", 2)
    assert "versie 1" in proposal.note and "beter" in proposal.note
    assert again(page).version == 2


# The bin and other places ---------------------------------------------------------------------


def test_what_waits_still_waits_after_the_bin_and_a_move(
    cast: Cast, colleague: User, client_of: Clients
) -> None:
    top = made(cast, Standing.IN_FORCE)
    page = made(cast, Standing.CONCEPT, parent=top)
    client = client_of(cast.specialist)
    assert client.post(path(top, "/archive"), data={"reason": ""}).status_code == 303
    assert again(page).status is Status.ARCHIVED
    assert client.post(path(top, "/unarchive")).status_code == 303
    again(page)
    assert (top.status, page.status) == (Status.PUBLISHED, Status.PENDING)
    move = {"theme_id": cast.theme.id, "parent_id": "", "after_id": ""}
    assert client.post(path(page, "/move"), data=move).status_code == 303
    assert (again(page).status, page.parent_id) == (Status.PENDING, None)
    move["parent_id"] = str(page.id)
    assert client.post(path(top, "/move"), data=move).status_code == 303
    reader = client_of(cast.member)
    assert path(top) in reader.get("/wikis/themes/schuldhulp").text
    assert path(page) not in reader.get(path(top)).text


def test_switching_it_off_leaves_pages_as_they_are(
    cast: Cast, colleague: User, client_of: Clients
) -> None:
    page = made(cast)
    cast.theme.four_eyes = False
    db.session.commit()
    client, reader = client_of(cast.specialist), client_of(cast.member)
    assert reader.get(path(page)).status_code == 404
    assert client.post(path(page, "/adopt"), data={"version": 1}).status_code == 303
    assert reader.get(path(page)).status_code == 200


def test_a_form_puts_a_pending_page_in_force_once_one_decides(
    cast: Cast, colleague: User, client_of: Clients
) -> None:
    page = made(cast, Standing.CONCEPT)
    cast.theme.four_eyes = False
    db.session.commit()
    edit = {**NEW, "version": 1, "standing": "in_force"}
    assert client_of(cast.specialist).post(path(page, "/edit"), data=edit).status_code == 303
    assert again(page).status is Status.PUBLISHED
