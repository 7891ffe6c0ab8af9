"""Pages to merge, split and move replies, and to undo that."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from app.extensions import db
from app.lib.clock import now
from app.models import Comment, Content, Decision, Discussion, LogEntry, Transfer, User
from bench.statements import statements
from tests.cast import Cast, comment, discussion, wiki_page
from tests.checking import CheckingClient

Clients = Callable[[User | None], CheckingClient]
WHY = "Dit hoort bij elkaar"
both_ways = pytest.mark.parametrize("htmx", [True, False], ids=["htmx", "plain"])


def path(piece: Discussion) -> str:
    return f"/discussions/{piece.id}-{piece.slug}"


@pytest.fixture
def source(cast: Cast) -> Discussion:
    made = discussion(cast.member, "Dezelfde vraag", "De opening", theme=cast.theme)
    comment(made, cast.other, "Eerste antwoord")
    comment(made, cast.blogger, "Tweede antwoord")
    return made


@pytest.fixture
def target(cast: Cast) -> Discussion:
    return discussion(cast.specialist, "De eerste vraag")


@pytest.fixture
def both(source: Discussion, target: Discussion) -> tuple[Discussion, Discussion]:
    return source, target


def replies_of(piece: Discussion) -> list[Comment]:
    found = select(Comment).where(Comment.content_id == piece.id).order_by(Comment.position)
    return list(db.session.scalars(found))


def fields(name: str, source: Discussion, target: Discussion) -> dict[str, object]:
    """Return what a moderator fills in."""
    chosen = {"chosen": [str(replies_of(source)[0].id)]} if name != "merge" else {}
    where = {"title": "Een andere vraag"} if name.endswith("split") else {"target": path(target)}
    return {"reason": WHY, "rule": "", **where, **chosen}


PAGES = ("merge", "replies/move", "replies/split")
every_page = pytest.mark.parametrize("name", PAGES)


@both_ways
@every_page
def test_works(
    name: str, htmx: bool, both: tuple[Discussion, Discussion], cast: Cast, client_of: Clients
) -> None:
    source, target = both
    data = fields(name, source, target)
    answer = client_of(cast.moderator).post(f"/content/{source.id}/{name}", data=data, htmx=htmx)
    assert answer.status_code == (204 if htmx else 303), answer.text
    transfer = db.session.scalars(select(Transfer)).one()
    place = db.session.get_one(Discussion, transfer.target_id)
    assert (answer.headers.get("HX-Redirect") or answer.location) == path(place)
    page = client_of(cast.insider).get(path(place)).text
    assert "De opening" in page if name == "merge" else "Eerste antwoord" in page


@every_page
def test_shows_its_form(
    name: str, cast: Cast, source: Discussion, target: Discussion, client_of: Clients
) -> None:
    chosen = replies_of(source)[1].id
    client = client_of(cast.moderator)
    page = client.get(f"/content/{source.id}/{name}?chosen={chosen}&target={path(target)}").text
    assert ("Tweede antwoord" in page) is (name != "merge")
    assert (path(target) in page) is (name != "replies/split")
    if name != "replies/split":
        found = client.get(f"/content/{source.id}/{name}?chosen={chosen}&q=eerste%20vraag").text
        assert f"target={path(target)}" in found
        assert "Niets gevonden" in client.get(
            f"/content/{source.id}/{name}?chosen={chosen}&q=bestaatniet"
        ).text  # fmt: skip


@every_page
def test_asks_a_reason_and_keeps_input(
    name: str, cast: Cast, source: Discussion, target: Discussion, client_of: Clients
) -> None:
    data = {**fields(name, source, target), "reason": " "}
    answer = client_of(cast.moderator).post(f"/content/{source.id}/{name}", data=data)
    assert answer.status_code == 422
    assert str(data.get("title") or data.get("target")) in answer.text
    if name != "merge":
        assert f'name="chosen" value="{replies_of(source)[0].id}"' in answer.text
    assert db.session.scalar(select(Transfer)) is None


@every_page
def test_is_not_for_others(
    name: str, cast: Cast, source: Discussion, target: Discussion, client_of: Clients
) -> None:
    url, data = f"/content/{source.id}/{name}", fields(name, source, target)
    for user in (cast.member, cast.administrator, cast.group_owner):
        client = client_of(user)
        assert client.get(url).status_code == 403
        assert client.post(url, data=data).status_code == 403
    page = wiki_page(cast.specialist, cast.theme)
    moderator = client_of(cast.moderator)
    assert moderator.post(f"/content/{page.id}/{name}", data=data).status_code == 403
    closed = discussion(cast.insider, group=cast.closed)
    assert moderator.post(f"/content/{closed.id}/{name}", data=data).status_code == 404
    assert client_of(None).post(url, data=data).status_code == 401
    assert db.session.scalar(select(Transfer)) is None


@pytest.mark.parametrize(
    "where, told",
    [
        ("", "verplicht"), ("zomaar iets", "geen discussie"), ("/discussions/999999", "geen discussie"),
        ("closed", "geen discussie"), ("itself", "dezelfde discussie"), ("wiki", "alleen discussies"),
        ("merged", "al samengevoegd"), ("hidden", "verborgen of ingetrokken"),
        ("open", "Andere mensen"),
    ],
)  # fmt: skip
def test_refuses_where_it_cannot_go(
    where: str, told: str, both: tuple[Discussion, Discussion], cast: Cast, client_of: Clients
) -> None:
    source, target = both
    pieces: dict[str, Callable[[], Content]] = {
        "closed": lambda: discussion(cast.insider, group=cast.closed),
        "itself": lambda: source, "open": lambda: discussion(cast.insider, group=cast.open),
        "merged": lambda: discussion(cast.member, merged_into_id=target.id),
        "hidden": lambda: discussion(cast.member, hidden_at=now()),
        "wiki": lambda: wiki_page(cast.specialist, cast.theme),
    }  # fmt: skip
    if where in pieces:
        piece = pieces[where]()
        where = f"http://localhost/{piece.folder}/{piece.id}-{piece.slug}?page=2#comment-1"
    answer = client_of(cast.moderator).post(
        f"/content/{source.id}/merge", data={"target": where, "reason": WHY, "rule": ""}
    )
    assert answer.status_code == 422
    assert told in answer.text, answer.text
    assert db.session.scalar(select(Transfer)) is None


def test_a_reply_leads_to_its_discussion(
    cast: Cast, source: Discussion, target: Discussion, client_of: Clients
) -> None:
    there = comment(target, cast.other)
    answer = client_of(cast.moderator).post(
        f"/content/{source.id}/merge",
        data={"target": f"/comments/{there.id}", "reason": WHY, "rule": ""},
    )
    assert answer.status_code == 303
    assert source.merged_into_id == target.id


def test_old_addresses_lead_to_the_new_place(
    cast: Cast, source: Discussion, target: Discussion, client_of: Clients
) -> None:
    first, second = replies_of(source)
    moderator, client = client_of(cast.moderator), client_of(cast.insider)
    moderator.post(f"/content/{source.id}/merge", data=fields("merge", source, target))
    page = client.get(path(source)).text
    assert "samengevoegd" in page and f'href="{path(target)}"' in page
    assert "De opening" not in page, "its text stands in one place"
    moved = client.get(f"/comments/{first.id}")
    assert moved.location == f"{path(target)}?page=1#comment-{first.id}"
    assert (
        client.post(f"/content/{source.id}/comments", data={"body": "Nog iets"}).status_code == 403
    )
    assert source.title not in client.get("/discussions").text
    data = {"chosen": str(second.id), "title": "Apart", "reason": WHY, "rule": ""}
    moderator.post(f"/content/{target.id}/replies/split", data=data)
    made = db.session.scalars(select(Discussion).where(Discussion.title == "Apart")).one()
    assert client.get(f"/comments/{second.id}").location == f"{path(made)}?page=1"
    assert "Tweede antwoord" in client.get(path(made)).text


def test_both_ends_tell_of_it_and_it_can_be_undone(
    cast: Cast, source: Discussion, target: Discussion, client_of: Clients
) -> None:
    moderator, client = client_of(cast.moderator), client_of(cast.insider)
    moderator.post(
        f"/content/{source.id}/replies/move", data=fields("replies/move", source, target)
    )
    transfer = db.session.scalars(select(Transfer)).one()
    for here, there in ((source, target), (target, source)):
        assert f'hx-get="/content/{here.id}/transfers"' in client.get(path(here)).text
        for htmx in (False, True):
            told = client.get(f"/content/{here.id}/transfers", htmx=htmx).text
            assert there.title in told and WHY in told
            assert "Ongedaan" not in told
    undo = f"/content/{target.id}/transfers/{transfer.id}/undo"
    assert undo in moderator.get(f"/content/{target.id}/transfers").text
    assert client.get(undo).status_code == client.post(undo).status_code == 403
    assert moderator.get(undo).status_code == 200
    assert moderator.post(undo, data={"reason": ""}).status_code == 422
    assert moderator.post(undo, data={"reason": "Toch niet", "rule": ""}).status_code == 303
    assert [row.body for row in replies_of(source)] == ["Eerste antwoord", "Tweede antwoord"]
    assert moderator.post(undo, data={"reason": "Toch niet", "rule": ""}).status_code == 404
    assert f"/content/{source.id}/transfers" not in client.get(path(source)).text
    assert [row.action for row in db.session.scalars(select(LogEntry).order_by(LogEntry.id))] == [
        "replies_moved", "transfer_undone",
    ]  # fmt: skip


def test_why_it_cannot_be_undone_is_told(
    cast: Cast, source: Discussion, target: Discussion, client_of: Clients
) -> None:
    moderator = client_of(cast.moderator)
    moderator.post(
        f"/content/{source.id}/replies/split", data=fields("replies/split", source, target)
    )
    transfer = db.session.scalars(select(Transfer)).one()
    made = db.session.get_one(Discussion, transfer.target_id)
    comment(made, cast.other, "Nieuw hier")
    answer = moderator.post(
        f"/content/{made.id}/transfers/{transfer.id}/undo", data={"reason": "Toch niet", "rule": ""}
    )
    assert answer.status_code == 422
    assert "nieuwe reacties" in answer.text
    assert [row.body for row in replies_of(made)][-1] == "Nieuw hier"


def test_a_trace_is_kept_from_who_cannot_see_the_other_end(
    cast: Cast, source: Discussion, target: Discussion, client_of: Clients
) -> None:
    moderator = client_of(cast.moderator)
    moderator.post(f"/content/{source.id}/merge", data=fields("merge", source, target))
    target.hidden_at = now()
    db.session.commit()
    client = client_of(cast.insider)
    page = client.get(path(source)).text
    assert target.title not in page and "die je niet kunt zien" in page
    assert target.title not in client.get(f"/content/{source.id}/transfers").text


def test_a_merge_is_a_decision_about_its_author(
    cast: Cast, source: Discussion, target: Discussion, client_of: Clients
) -> None:
    data = {**fields("merge", source, target), "rule": "7. Maak het vindbaar"}
    client_of(cast.moderator).post(f"/content/{source.id}/merge", data=data)
    decided = db.session.scalars(select(Decision)).one()
    assert (decided.measure, decided.person_id, decided.rule) == (
        "merged", cast.member.id, "7. Maak het vindbaar",
    )  # fmt: skip


def test_nothing_chosen_leads_back(cast: Cast, source: Discussion, client_of: Clients) -> None:
    client = client_of(cast.moderator)
    strange = comment(discussion(cast.member), cast.other)
    for name in ("move", "split", "hide", "restore"):
        url = f"/content/{source.id}/replies/{name}"
        for chosen in ("", "x", "999999", str(strange.id)):
            answer = client.get(url, query_string={"chosen": chosen})
            assert answer.location == f"/content/{source.id}/replies"


def test_traces_take_a_fixed_number_of_statements(
    cast: Cast, source: Discussion, target: Discussion, client_of: Clients
) -> None:
    client = client_of(cast.moderator)
    client.get(path(target))
    with statements() as without:
        client.get(path(target))
    counts = []
    for reply in replies_of(source):
        data = {"chosen": str(reply.id), "target": path(target), "reason": WHY, "rule": ""}
        client.post(f"/content/{source.id}/replies/move", data=data)
        with statements() as sent:
            assert client.get(f"/content/{target.id}/transfers").status_code == 200
        with statements() as on_page:
            client.get(path(target))
        counts.append((len(sent), len(on_page)))
    assert counts[0] == counts[1]
    assert counts[0][1] == len(without) + 1, "the roles of who wrote the reply"
