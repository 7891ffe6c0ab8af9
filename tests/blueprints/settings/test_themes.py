"""The themes of the community, on the settings page."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models import Content, Grant, LogEntry, Role, Status, Theme, ThemeFollow, User, WikiPage
from app.services import wikis
from app.services.activity import Verb
from app.services.wikis import Version
from bench.statements import statements
from tests.cast import Cast, discussion
from tests.checking import CheckingClient

ClientOf = Callable[[User | None], CheckingClient]
CARE = {"review_months": "12"}
HTMX = pytest.mark.parametrize("htmx", [False, True])


def names() -> list[str]:
    found = db.session.scalars(select(Theme.name).order_by(Theme.position, Theme.id)).all()
    db.session.rollback()
    return list(found)


def logged(verb: Verb) -> list[str]:
    return list(db.session.scalars(select(LogEntry.result).where(LogEntry.action == verb.value)))


@pytest.mark.parametrize("who", ["manager", "administrator"])
def test_manager_and_administrator_see_the_themes(
    client_of: ClientOf, cast: Cast, who: str
) -> None:
    answer = client_of(getattr(cast, who)).get("/settings/themes")
    assert answer.status_code == 200
    assert "Schuldhulp" in answer.text and "1 specialist" in answer.text


@pytest.mark.parametrize("who", ["member", "specialist", "moderator", "ambassador"])
def test_others_may_not(client_of: ClientOf, cast: Cast, who: str) -> None:
    client = client_of(getattr(cast, who))
    assert client.get("/settings/themes").status_code == 403
    assert client.post("/settings/themes", data={"name": "Stiekem"}).status_code == 403
    for deed in ("edit", "move", "archive", "restore", "merge"):
        assert client.post(f"/settings/themes/schuldhulp/{deed}").status_code == 403
    assert names() == ["Schuldhulp", "Wonen"]


def test_a_visitor_signs_in_first(client_of: ClientOf, cast: Cast) -> None:
    assert client_of(None).get("/settings/themes").status_code == 303


@HTMX
def test_a_theme_is_added_at_the_end(client_of: ClientOf, cast: Cast, *, htmx: bool) -> None:
    client = client_of(cast.manager)
    given = {"name": "Jeugd en gezin", "description": "Over kinderen."}
    answer = client.post("/settings/themes", data=given, htmx=htmx)
    assert answer.status_code == 303
    assert names() == ["Schuldhulp", "Wonen", "Jeugd en gezin"]
    assert client.get("/themes/jeugd-en-gezin").status_code == 200
    assert len(logged(Verb.THEME_ADDED)) == 1


@pytest.mark.parametrize("name", ["", "  ", "schuldhulp", "???", "x" * 81])
def test_a_wrong_name_is_refused_and_kept(client_of: ClientOf, cast: Cast, name: str) -> None:
    given = {"name": name, "description": "Dit blijft staan"}
    answer = client_of(cast.manager).post("/settings/themes", data=given)
    assert answer.status_code == 422
    assert "Dit blijft staan" in answer.text and 'aria-invalid="true"' in answer.text
    assert names() == ["Schuldhulp", "Wonen"]


def test_a_renamed_theme_is_found_by_its_old_address(client_of: ClientOf, cast: Cast) -> None:
    client = client_of(cast.manager)
    answer = client.post("/settings/themes/schuldhulp/edit", data={"name": "Rondkomen", **CARE})
    assert answer.status_code == 303
    for old, new in {"/themes/": "/themes/rondkomen", "/wikis/themes/": "/wikis/themes/rondkomen"}.items():  # fmt: skip
        answer = client.get(f"{old}schuldhulp")
        assert (answer.status_code, answer.location) == (301, new)
    assert logged(Verb.THEME_CHANGED) == ["Schuldhulp → Rondkomen"]
    # Who takes the old name takes the old address.
    client.post("/settings/themes", data={"name": "Schuldhulp"})
    assert client.get("/themes/schuldhulp").status_code == 200


def test_the_name_of_another_theme_is_refused(client_of: ClientOf, cast: Cast) -> None:
    answer = client_of(cast.manager).post(
        "/settings/themes/wonen/edit", data={"name": "SCHULDHULP", **CARE}
    )
    assert answer.status_code == 422
    assert "Er is al een thema met deze naam." in answer.text


def test_how_its_wiki_is_kept_is_logged_with_old_and_new(client_of: ClientOf, cast: Cast) -> None:
    client, url = client_of(cast.manager), "/settings/themes/schuldhulp/edit"
    words = {"name": "Schuldhulp", "description": ""}
    assert (
        client.post(url, data={**words, "four_eyes": "y", "review_months": "6"}).status_code == 303
    )
    db.session.refresh(cast.theme)
    assert (cast.theme.four_eyes, cast.theme.review_months) == (True, 6)
    assert logged(Verb.THEME_CHANGED) == ["four_eyes: 0 → 1", "review_months: 12 → 6"]
    assert client.post(url, data={**words, **CARE, "review_months": "6"}).status_code == 303
    log = client.get("/moderation/log").text
    assert "Vier ogen: nee → ja" in log and "Maanden tot nalopen: 12 → 6" in log


@pytest.mark.parametrize("months", ["", "-1", "121", "veel"])
def test_impossible_months_are_refused(client_of: ClientOf, cast: Cast, months: str) -> None:
    given = {"name": "Rondkomen", "review_months": months}
    answer = client_of(cast.manager).post("/settings/themes/schuldhulp/edit", data=given)
    assert answer.status_code == 422 and 'value="Rondkomen"' in answer.text
    db.session.refresh(cast.theme)
    assert (cast.theme.name, cast.theme.review_months) == ("Schuldhulp", 12)


def test_themes_change_places(client_of: ClientOf, cast: Cast) -> None:
    client = client_of(cast.administrator)
    client.post("/settings/themes", data={"name": "Zorg"})
    client.post("/settings/themes/zorg/move", data={"direction": "up"})
    assert names() == ["Schuldhulp", "Zorg", "Wonen"]
    client.post("/settings/themes/schuldhulp/move", data={"direction": "down"})
    assert names() == ["Zorg", "Schuldhulp", "Wonen"]
    client.post("/settings/themes/zorg/move", data={"direction": "up"})
    assert names() == ["Zorg", "Schuldhulp", "Wonen"]


def test_what_is_archived_is_read_but_not_chosen(client_of: ClientOf, cast: Cast) -> None:
    piece = discussion(cast.member, "Blijft leesbaar", theme=cast.theme)
    client = client_of(cast.manager)
    client.post("/settings/themes/schuldhulp/archive")
    assert client.get(f"/discussions/{piece.id}-{piece.slug}").status_code == 200
    assert "Schuldhulp" not in client.get("/discussions/new").text
    assert "In het archief" in client.get("/settings/themes").text
    client.post("/settings/themes/schuldhulp/restore")
    assert "Schuldhulp" in client.get("/discussions/new").text


def merge(client: CheckingClient, slug: str, into: Theme) -> int:
    data = {"into": str(into.id)}
    return client.post(f"/settings/themes/{slug}/merge", data=data).status_code


def test_merging_moves_everything(client_of: ClientOf, cast: Cast) -> None:
    asked = discussion(cast.member, "Gaat mee", theme=cast.theme)
    top = wikis.create(cast.theme, Version("Begin", "Zie [[Vervolg]].", cast.specialist))
    below = wikis.create(
        cast.theme, Version("Vervolg", "Terug: [[Begin]].", cast.specialist), parent=top
    )
    there = wikis.create(cast.other_theme, Version("Al daar", "Tekst", cast.other_specialist))
    db.session.add(ThemeFollow(user_id=cast.member.id, theme_id=cast.theme.id))
    db.session.add(ThemeFollow(user_id=cast.other.id, theme_id=cast.theme.id))
    db.session.add(ThemeFollow(user_id=cast.other.id, theme_id=cast.other_theme.id))
    db.session.commit()
    client = client_of(cast.manager)
    page = client.get("/settings/themes/schuldhulp/merge")
    assert "Sam Specialist" in page.text
    assert merge(client, "schuldhulp", cast.other_theme) == 303
    assert names() == ["Wonen"]
    themes = db.session.scalars(select(Content.theme_id)).all()
    assert set(themes) == {cast.other_theme.id}
    order = select(WikiPage.title).where(WikiPage.parent_id.is_(None)).order_by(WikiPage.position)
    assert db.session.scalars(order).all() == ["Al daar", "Begin"]
    knowing = select(Grant.user_id).where(Grant.role == Role.SPECIALIST)
    assert set(db.session.scalars(knowing)) == {cast.specialist.id, cast.other_specialist.id}
    following = select(ThemeFollow.user_id).order_by(ThemeFollow.user_id)
    assert db.session.scalars(following).all() == [cast.member.id, cast.other.id]
    db.session.rollback()
    assert client.get("/themes/schuldhulp").location == "/themes/wonen"
    assert client.get("/wikis/themes/schuldhulp").location == "/wikis/themes/wonen"
    text = client.get(f"/wikis/{top.id}-begin").text
    assert f"/wikis/{below.id}-vervolg" in text and "wiki-missing" not in text
    assert client.get(f"/discussions/{asked.id}-{asked.slug}").status_code == 200
    assert logged(Verb.THEME_MERGED) == ["Schuldhulp → Wonen"]
    # The specialist of the one theme writes in the pages of the other by now.
    assert client_of(cast.specialist).get(f"/wikis/{there.id}-{there.slug}/edit").status_code == 200


def test_an_old_address_leads_on_after_two_changes(client_of: ClientOf, cast: Cast) -> None:
    client = client_of(cast.manager)
    client.post("/settings/themes/schuldhulp/edit", data={"name": "Rondkomen", **CARE})
    merge(client, "rondkomen", cast.other_theme)
    assert client.get("/themes/schuldhulp").location == "/themes/wonen"


def test_a_theme_is_not_merged_into_itself(client_of: ClientOf, cast: Cast) -> None:
    answer = client_of(cast.manager).post(
        "/settings/themes/schuldhulp/merge", data={"into": str(cast.theme.id)}
    )
    assert answer.status_code == 422
    assert "Dit is hetzelfde thema." in answer.text
    assert names() == ["Schuldhulp", "Wonen"]


@pytest.mark.parametrize("into", ["", "x", "999"])
def test_only_a_theme_can_stay(client_of: ClientOf, cast: Cast, into: str) -> None:
    url = "/settings/themes/schuldhulp/merge"
    assert client_of(cast.manager).post(url, data={"into": into}).status_code == 422
    assert names() == ["Schuldhulp", "Wonen"]


def grants_now() -> set[tuple[int, int | None]]:
    found = {
        (row.user_id, row.theme_id)
        for row in db.session.execute(select(Grant.user_id, Grant.theme_id))
    }
    db.session.rollback()
    return found


def test_merging_gives_nobody_what_the_merger_may_not_give(client_of: ClientOf, cast: Cast) -> None:
    """The administrator grants no roles; the manager none to themselves."""
    before = grants_now()
    answer = client_of(cast.administrator).post(
        "/settings/themes/schuldhulp/merge", data={"into": str(cast.other_theme.id)}
    )
    assert answer.status_code == 422
    assert "Sam Specialist" in answer.text
    assert grants_now() == before and names() == ["Schuldhulp", "Wonen"]
    db.session.add(Grant(user_id=cast.manager.id, role=Role.SPECIALIST, theme_id=cast.theme.id))
    db.session.commit()
    before = grants_now()
    assert merge(client_of(cast.manager), "wonen", cast.theme) == 422
    assert grants_now() == before and names() == ["Schuldhulp", "Wonen"]


def test_the_number_of_pieces_counts_no_closed_group(client_of: ClientOf, cast: Cast) -> None:
    discussion(cast.insider, "Besloten", theme=cast.theme, group=cast.closed)
    discussion(cast.member, "Concept", theme=cast.theme, status=Status.DRAFT)
    assert "0 stukken" in client_of(cast.manager).get("/settings/themes").text


def test_the_list_takes_a_fixed_number_of_statements(client_of: ClientOf, cast: Cast) -> None:
    client = client_of(cast.manager)
    client.get("/settings/themes")
    with statements() as few:
        client.get("/settings/themes")
    for number in range(20):
        db.session.add(Theme(name=f"Thema {number}", slug=f"thema-{number}"))
    db.session.commit()
    with statements() as many:
        client.get("/settings/themes")
    assert len(few) == len(many) <= 3
