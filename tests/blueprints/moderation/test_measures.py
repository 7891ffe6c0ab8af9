"""Measures in place: each works both ways, once, with a reason, and the author hears of it."""

from collections.abc import Callable
from datetime import timedelta
from itertools import product

import pytest
from sqlalchemy import func, select

from app.extensions import db
from app.lib.clock import local, now
from app.models import (
    Comment,
    Content,
    Decision,
    Discussion,
    LogEntry,
    Notification,
    OutgoingMail,
    User,
)
from tests.cast import Cast, comment, discussion, wiki_page
from tests.checking import CheckingClient

Clients = Callable[[User | None], CheckingClient]
SOON = (local(now()) + timedelta(days=5)).date().isoformat()
REASON = "Dit stoort het gesprek"
RULE = "4. Noem geen inwoners"


def set_up(content: Content, name: str) -> None:
    """Bring a piece in the state that the measure turns round."""
    moment = now()
    if name == "restore":
        content.hidden_at, content.hidden_reason = moment, "Eerder"
    if name == "unlock":
        content.locked_at = moment
    if name == "unslow":
        content.slow_minutes = 15
    if name == "unpin":
        content.pinned_until = moment + timedelta(days=1)
    if name == "unfeature":
        content.featured_at = moment
    db.session.commit()


def fields(name: str, cast: Cast) -> dict[str, str]:
    """Return what a moderator fills in."""
    more = {"pin": {"until": SOON}, "move": {"theme": str(cast.other_theme.id)},
            "slow": {"minutes": "30", "until": SOON}}  # fmt: skip
    return {"reason": REASON, **more.get(name, {})}


def holds(content: Content, name: str, cast: Cast) -> bool:
    """Tell whether the measure has been taken."""
    return {
        "hide": content.hidden_at is not None and content.hidden_reason == REASON,
        "restore": content.hidden_at is None,
        "lock": content.is_locked and content.locked_reason == REASON,
        "unlock": not content.is_locked,
        "slow": content.is_slow and content.slow_reason == REASON and content.slow_minutes == 30,
        "unslow": not content.is_slow,
        "pin": content.is_pinned,
        "unpin": not content.is_pinned,
        "feature": content.featured_at is not None,
        "unfeature": content.featured_at is None,
        "move": content.theme_id == cast.other_theme.id,
    }[name]


MEASURES = {
    "hide": "hidden", "restore": "restored", "lock": "locked", "unlock": "unlocked",
    "pin": "pinned", "unpin": "unpinned", "feature": "featured", "unfeature": "unfeatured",
    "move": "moved", "slow": "slowed", "unslow": "unslowed",
}  # fmt: skip
every_measure = pytest.mark.parametrize("name", MEASURES)
both_ways = pytest.mark.parametrize("htmx", [True, False], ids=["htmx", "plain"])


@pytest.fixture
def piece(cast: Cast) -> Discussion:
    return discussion(cast.member, "Wie kent deze regeling", theme=cast.theme)


@both_ways
@every_measure
def test_works(name: str, htmx: bool, cast: Cast, piece: Discussion, client_of: Clients) -> None:
    set_up(piece, name)
    response = client_of(cast.moderator).post(
        f"/content/{piece.id}/{name}", data=fields(name, cast), htmx=htmx
    )
    assert response.status_code == (200 if htmx else 303), response.text
    if htmx:
        assert f'id="state-{piece.id}"' in response.text and "data-announce" in response.text
    else:
        assert response.location == f"/discussions/{piece.id}-{piece.slug}"
    assert holds(piece, name, cast)


@every_measure
def test_leaves_one_row_and_one_notice(
    name: str, cast: Cast, piece: Discussion, client_of: Clients
) -> None:
    set_up(piece, name)
    client = client_of(cast.moderator)
    for _time in range(2):
        client.post(f"/content/{piece.id}/{name}", data=fields(name, cast))
    row = db.session.scalars(select(LogEntry)).one()
    assert (row.action, row.reason) == (MEASURES[name], REASON)
    assert (row.actor_id, row.actor_name) == (cast.moderator.id, cast.moderator.name)
    assert (row.subject_kind, row.subject_id, row.subject_label) == (
        "discussion", piece.id, piece.title,
    )  # fmt: skip
    notice = db.session.scalars(select(Notification)).one()
    assert (notice.user_id, notice.verb, notice.message) == (
        cast.member.id, MEASURES[name], REASON,
    )  # fmt: skip
    mails = db.session.scalars(select(OutgoingMail)).all()
    assert len(mails) == (name in {"hide", "restore"})
    assert all(mail.recipient == cast.member.email and REASON in mail.body for mail in mails)


@every_measure
def test_shows_its_form(name: str, cast: Cast, piece: Discussion, client_of: Clients) -> None:
    set_up(piece, name)
    client = client_of(cast.moderator)
    page = client.get(f"/content/{piece.id}/{name}")
    assert page.status_code == 200 and piece.title in page.text
    part = client.get(f"/content/{piece.id}/{name}", htmx=True)
    assert part.status_code == 200 and "<h1" not in part.text
    assert f'hx-target="#state-{piece.id}"' in part.text
    assert client.get(f"/content/{piece.id}/{name}?cancel", htmx=True).status_code == 200


@both_ways
@every_measure
def test_asks_a_reason_and_keeps_input(
    name: str, htmx: bool, cast: Cast, piece: Discussion, client_of: Clients
) -> None:
    set_up(piece, name)
    data = {**fields(name, cast), "reason": "  "}
    response = client_of(cast.moderator).post(f"/content/{piece.id}/{name}", data=data, htmx=htmx)
    assert response.status_code == 422
    assert 'aria-invalid="true"' in response.text
    assert response.headers.get("HX-Retarget") == (f"#measure-content-{piece.id}" if htmx else None)
    if name == "pin":
        assert f'value="{SOON}"' in response.text
    assert not holds(piece, name, cast)
    assert not db.session.scalar(select(func.count(LogEntry.id)))


@pytest.mark.parametrize(
    "name, data",
    [
        ("pin", {"until": "2020-01-01"}), ("pin", {"until": "2999-01-01"}), ("pin", {"until": "x"}),
        ("pin", {"until": ""}), ("lock", {"until": "2020-01-01"}), ("move", {"theme": "999999"}),
        ("move", {"theme": ""}), ("hide", {"rule": "verzonnen"}), ("hide", {"reason": "a" * 1001}),
        ("slow", {"minutes": "7"}), ("slow", {"minutes": "15", "until_time": "10:00"}),
        ("slow", {"minutes": "15", "until": "2020-01-01"}), ("slow", {"minutes": ""}),
        ("move", {"theme": "1", "group": "999999"}), ("move", {"theme": "1", "group": "x"}),
    ],
)  # fmt: skip
def test_refuses_what_cannot_be(
    name: str, data: dict[str, str], cast: Cast, piece: Discussion, client_of: Clients
) -> None:
    response = client_of(cast.moderator).post(
        f"/content/{piece.id}/{name}", data={"reason": REASON, **data}
    )
    assert response.status_code == 422
    assert data.get("reason", REASON) in response.text
    assert not holds(piece, name, cast)


@both_ways
def test_is_not_for_others(htmx: bool, cast: Cast, piece: Discussion, client_of: Clients) -> None:
    for user in (cast.other, cast.member, cast.administrator, cast.group_owner):
        client = client_of(user)
        for name in MEASURES:
            url = f"/content/{piece.id}/{name}"
            assert client.get(url, htmx=htmx).status_code == 403
            assert client.post(url, data=fields(name, cast), htmx=htmx).status_code == 403
    assert not db.session.scalar(select(func.count(LogEntry.id)))


def test_moderators_do_not_judge_what_they_wrote(cast: Cast, client_of: Clients) -> None:
    own = discussion(cast.moderator, theme=cast.theme)
    client = client_of(cast.moderator)
    for name in ("hide", "restore"):
        assert client.post(f"/content/{own.id}/{name}", data={"reason": REASON}).status_code == 403
    assert own.hidden_at is None


def test_an_author_does_not_restore(cast: Cast, piece: Discussion, client_of: Clients) -> None:
    set_up(piece, "restore")
    response = client_of(cast.member).post(
        f"/content/{piece.id}/restore", data={"reason": "Mag dit?"}
    )
    assert response.status_code == 403


@both_ways
def test_invisible_is_not_found(htmx: bool, cast: Cast, client_of: Clients) -> None:
    closed = discussion(cast.insider, group=cast.closed, theme=cast.theme)
    client = client_of(cast.moderator)
    for key, name in product((closed.id, 999_999), MEASURES):
        url = f"/content/{key}/{name}"
        assert client.get(url, htmx=htmx).status_code == 404
        assert client.post(url, data=fields(name, cast), htmx=htmx).status_code == 404


def test_nobody_signed_in(cast: Cast, piece: Discussion, client_of: Clients) -> None:
    client = client_of(None)
    for name in MEASURES:
        response = client.get(f"/content/{piece.id}/{name}")
        assert response.status_code == 303 and response.location.startswith("/login")
        answer = client.post(f"/content/{piece.id}/{name}", data=fields(name, cast))
        assert answer.status_code == 401


def test_leaders_moderate_inside_their_group(cast: Cast, client_of: Clients) -> None:
    closed = discussion(cast.insider, group=cast.closed)
    answer = client_of(cast.group_moderator).post(
        f"/content/{closed.id}/hide", data={"reason": REASON}
    )
    assert answer.status_code == 303
    assert closed.hidden_at
    assert db.session.scalars(select(LogEntry)).one().group_id == cast.closed.id


def test_wiki_pages_are_hidden_but_never_moved(cast: Cast, client_of: Clients) -> None:
    page = wiki_page(cast.specialist, cast.theme)
    client = client_of(cast.moderator)
    data = {"reason": REASON, "theme": str(cast.other_theme.id)}
    assert client.post(f"/content/{page.id}/move", data=data).status_code == 403
    assert client.post(f"/content/{page.id}/lock", data=data).status_code == 403
    assert client.post(f"/content/{page.id}/hide", data=data).status_code == 303
    assert page.hidden_at and page.theme_id == cast.theme.id


def test_hidden_pieces_show_their_reason_to_author_and_moderators(
    cast: Cast, piece: Discussion, client_of: Clients
) -> None:
    client_of(cast.moderator).post(
        f"/content/{piece.id}/hide", data={"reason": REASON, "rule": RULE}
    )
    assert piece.hidden_reason == f"{RULE}: {REASON}"
    decided = db.session.scalars(select(Decision)).one()
    assert (decided.rule, decided.reason, decided.person_id) == (RULE, REASON, cast.member.id)
    mail = db.session.scalars(select(OutgoingMail)).one()
    assert RULE in mail.body and f"/decisions/{decided.id}" in mail.body
    path = f"/discussions/{piece.id}-{piece.slug}"
    for user in (cast.member, cast.ambassador):
        assert REASON in client_of(user).get(path).text
    assert client_of(cast.other).get(path).status_code == 404


def test_locked_until_a_day_means_that_day_too(
    cast: Cast, piece: Discussion, client_of: Clients
) -> None:
    client_of(cast.moderator).post(
        f"/content/{piece.id}/lock", data={"reason": REASON, "until": SOON}
    )
    assert piece.locked_until
    assert local(piece.locked_until).isoformat().startswith(f"{SOON}T23:59:59")


@pytest.fixture
def reply(cast: Cast, piece: Discussion) -> Comment:
    comment(piece, cast.member)
    return comment(piece, cast.other, "Onaardig antwoord")


@both_ways
def test_hides_and_restores_a_reply(
    htmx: bool, cast: Cast, piece: Discussion, reply: Comment, client_of: Clients
) -> None:
    piece.answer_id = reply.id
    client = client_of(cast.moderator)
    answer = client.post(f"/comments/{reply.id}/hide", data={"reason": REASON}, htmx=htmx)
    assert answer.status_code == (200 if htmx else 303)
    if htmx:
        assert f'id="comment-{reply.id}"' in answer.text and REASON in answer.text
    assert reply.hidden_at and reply.hidden_reason == REASON
    assert (piece.comment_count, piece.other_comment_count) == (1, 0)
    assert not piece.answer_id, "what is out of sight is not the answer"
    page = client_of(cast.blogger).get(f"/discussions/{piece.id}-{piece.slug}")
    assert "Onaardig" not in page.text and REASON not in page.text
    assert f'id="comment-{reply.id}"' in page.text, "a placeholder keeps its place"
    own = client_of(cast.other).get(f"/discussions/{piece.id}-{piece.slug}")
    assert "Onaardig" in own.text and REASON in own.text
    answer = client.post(f"/comments/{reply.id}/restore", data={"reason": "Toch goed"}, htmx=htmx)
    assert answer.status_code == (200 if htmx else 303)
    assert (piece.comment_count, piece.other_comment_count) == (2, 1)
    assert [row.action for row in db.session.scalars(select(LogEntry))] == ["hidden", "restored"]
    notices = db.session.scalars(
        select(Notification).where(Notification.verb.in_(("hidden", "restored")))
    )
    assert [(n.user_id, n.comment_id) for n in notices] == [(cast.other.id, reply.id)] * 2
    assert len(db.session.scalars(select(OutgoingMail)).all()) == 2


def test_reply_measures_are_guarded(
    cast: Cast, piece: Discussion, reply: Comment, client_of: Clients
) -> None:
    own = comment(piece, cast.moderator)
    inside = comment(discussion(cast.insider, group=cast.closed), cast.insider)
    member, moderator = client_of(cast.member), client_of(cast.moderator)
    for name in ("hide", "restore"):
        data = {"reason": REASON}
        assert member.post(f"/comments/{reply.id}/{name}", data=data).status_code == 403
        assert moderator.post(f"/comments/{own.id}/{name}", data=data).status_code == 403
        assert moderator.post(f"/comments/{inside.id}/{name}", data=data).status_code == 404
        assert moderator.get(f"/comments/{reply.id}/{name}").status_code == 200
    empty = moderator.post(f"/comments/{reply.id}/hide", data={"reason": ""}, htmx=True)
    assert empty.status_code == 422
    assert empty.headers["HX-Retarget"] == f"#measure-comment-{reply.id}"
