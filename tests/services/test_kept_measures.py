"""Every measure on what someone else made is kept as a decision, with its reason."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.extensions import Kring, db
from app.lib.clock import local, now
from app.models import Comment, Content, Decision, Discussion, LogEntry, Notification, User
from app.services import (
    attachments,
    comments,
    decisions,
    discussions,
    images,
    letting_through,
    moderation,
    moving,
    redaction,
    sanctions,
    transfers,
)
from app.services.activity import DECIDED, Grounds, Verb
from app.services.discussions import Words
from tests import cast as make
from tests.cast import Cast

WHY = "Dit kan hier niet"
RULE = "4. Noem geen inwoners"
THEN = now() - timedelta(hours=1)
LATER = now() + timedelta(days=30)
Act = Callable[[Cast, Discussion, Comment, User], object]


@pytest.fixture(autouse=True)
def in_a_request(app: Kring, app_context: None) -> Iterator[None]:
    """Mails have addresses in them, which are known within a request."""
    with app.test_request_context():
        yield


def edit(_cast: Cast, piece: Discussion, _reply: Comment, by: User) -> None:
    words = Words(piece.title, "Zonder de naam.", is_question=True, theme_id=piece.theme_id)
    discussions.edit(piece, by, words, version=piece.version, reason=WHY)


def move(cast: Cast, piece: Discussion, _reply: Comment, by: User) -> None:
    moving.move(piece, by, WHY, cast.other_theme, None, grounds=Grounds(RULE))


def reject(_cast: Cast, _piece: Discussion, subject: Content | Comment, by: User) -> None:
    subject.hidden_at = subject.held_at = now()
    assert letting_through.reject(subject, by, WHY, Grounds(RULE))


def merge(cast: Cast, piece: Discussion, _reply: Comment, by: User) -> None:
    into = make.discussion(cast.blogger, theme=cast.theme)
    db.session.refresh(into, ["group", "theme", "tags"])
    transfers.merge(piece, into, by, WHY, Grounds(RULE))


def sanction(measure: Verb) -> Act:
    """Return what takes a measure on a person, of a day where that has an end."""
    until = None if measure is Verb.WARNED else local(now()).date()
    return lambda cast, _p, _r, by: sanctions.take(
        measure, cast.other, by, WHY, rule=RULE, until=until
    )


ACTS: dict[tuple[Verb, str], Act] = {
    (Verb.HIDDEN, "piece"): lambda _c, p, _r, by: moderation.hide(p, by, WHY, Grounds(RULE)),
    (Verb.HIDDEN, "reply"): lambda _c, _p, r, by: moderation.hide(r, by, WHY, Grounds(RULE)),
    (Verb.LOCKED, "piece"): lambda _c, p, _r, by: moderation.lock(
        p, by, WHY, local(now()).date(), Grounds(RULE)
    ),
    (Verb.SLOWED, "piece"): lambda _c, p, _r, by: moderation.slow(
        p, by, WHY, 15, grounds=Grounds(RULE)
    ),
    (Verb.MOVED, "piece"): move,
    (Verb.EDITED, "piece"): edit,
    (Verb.EDITED, "reply"): lambda _c, _p, r, by: comments.edit(r, by, "Zonder naam.", 1, WHY),
    (Verb.REDACTED, "piece"): lambda _c, p, _r, by: redaction.redact(
        p, "Wie weet", by, WHY, Grounds(RULE)
    ),
    (Verb.ATTACHMENT_REMOVED, "piece"): lambda c, p, _r, by: attachments.remove(
        make.document(p, c.member), by, WHY
    ),
    (Verb.ATTACHMENT_REMOVED, "reply"): lambda c, _p, r, by: attachments.remove(
        make.document(r, c.other), by, WHY
    ),
    (Verb.IMAGE_REMOVED, "piece"): lambda c, p, _r, by: images.remove(
        make.image(c.member, p), by, WHY
    ),
    (Verb.REJECTED, "piece"): lambda c, p, _r, by: reject(c, p, p, by),
    (Verb.REJECTED, "reply"): reject,
    (Verb.MERGED, "piece"): merge,
    **{(measure, "person"): sanction(measure) for measure in decisions.ON_PEOPLE},
}  # fmt: skip
UNDER_A_DAY = {Verb.LOCKED, Verb.SILENCED, Verb.SUSPENDED}


@pytest.fixture
def made(cast: Cast) -> tuple[Discussion, Comment]:
    piece = make.discussion(cast.member, theme=cast.theme)
    reply = make.comment(piece, cast.other)
    db.session.refresh(piece, ["group", "theme", "tags"])
    return piece, reply


def test_every_measure_is_tried() -> None:
    assert {verb for verb, _what in ACTS} == DECIDED


@pytest.mark.parametrize("verb, what", ACTS)
def test_a_measure_is_kept_with_its_reason(
    verb: Verb, what: str, cast: Cast, made: tuple[Discussion, Comment]
) -> None:
    assert verb in DECIDED
    ACTS[verb, what](cast, *made, cast.moderator)
    decided = db.session.scalars(select(Decision)).one()
    author = cast.member if what == "piece" else cast.other
    assert (decided.measure, decided.reason, decided.actor_id) == (verb, WHY, cast.moderator.id)
    assert decided.person_id == author.id
    assert decided.content_id == (None if what == "person" else made[0].id)
    assert decided.comment_id == (made[1].id if what == "reply" else None)
    assert decided.rule in {RULE, ""}
    assert (decided.until is not None) is (verb in UNDER_A_DAY)
    entry = db.session.scalars(select(LogEntry)).one()
    assert (entry.action, entry.actor_id) == (verb, cast.moderator.id)
    assert entry.reason.endswith(WHY)
    news = db.session.scalars(select(Notification).where(Notification.user_id == author.id)).one()
    assert news.verb == verb
    assert news.decision_id == decided.id, "the news leads to where one can object"
    rule = f"{decided.rule}: " if decided.rule else ""
    assert news.message == f"{rule}{WHY}"


LIGHT: dict[Verb, tuple[dict[str, object], Callable[[Discussion, User], object]]] = {
    Verb.PINNED: ({}, lambda p, by: moderation.pin(p, by, WHY, local(now()).date())),
    Verb.UNPINNED: ({"pinned_until": LATER}, lambda p, by: moderation.unpin(p, by, WHY)),
    Verb.FEATURED: ({}, lambda p, by: moderation.feature(p, by, WHY)),
    Verb.UNFEATURED: ({"featured_at": THEN}, lambda p, by: moderation.unfeature(p, by, WHY)),
    Verb.RESTORED: ({"hidden_at": THEN}, lambda p, by: moderation.restore(p, by, WHY)),
    Verb.UNLOCKED: ({"locked_at": THEN}, lambda p, by: moderation.unlock(p, by, WHY)),
    Verb.UNSLOWED: ({"slow_minutes": 15}, lambda p, by: moderation.unslow(p, by, WHY)),
    Verb.ACCEPTED: (
        {"hidden_at": THEN, "held_at": THEN}, letting_through.accept,
    ),
}  # fmt: skip


@pytest.mark.parametrize("verb", LIGHT)
def test_what_harms_nobody_is_logged_and_told_once_but_no_decision(
    verb: Verb, cast: Cast, made: tuple[Discussion, Comment]
) -> None:
    before, act = LIGHT[verb]
    for name, value in before.items():
        setattr(made[0], name, value)
    db.session.flush()
    act(made[0], cast.moderator)
    assert db.session.scalar(select(Decision)) is None
    assert db.session.scalars(select(LogEntry.action)).all() == [verb]
    told = select(Notification.verb).where(Notification.user_id == cast.member.id)
    assert db.session.scalars(told).all() == [verb]


def test_on_ones_own_work_nothing_is_decided(cast: Cast) -> None:
    own: Content = make.discussion(cast.moderator)
    moderation.lock(own, cast.moderator, WHY)
    assert db.session.scalar(select(Decision)) is None
