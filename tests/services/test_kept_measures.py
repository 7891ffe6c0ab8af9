"""Every measure on what someone else made is kept as a decision, with its reason."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import select

from app.extensions import Kring, db
from app.lib.clock import local, now
from app.models import Comment, Content, Decision, Discussion, Notification, User
from app.services import attachments, comments, discussions, images, moderation, moving, redaction
from app.services.activity import DECIDED, Grounds, Verb
from app.services.discussions import Words
from tests import cast as make
from tests.cast import Cast

WHY = "Dit kan hier niet"
RULE = "4. Noem geen inwoners"
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
}  # fmt: skip


@pytest.fixture
def made(cast: Cast) -> tuple[Discussion, Comment]:
    piece = make.discussion(cast.member, theme=cast.theme)
    reply = make.comment(piece, cast.other)
    db.session.refresh(piece, ["group", "theme", "tags"])
    return piece, reply


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
    assert decided.content_id == made[0].id
    assert decided.comment_id == (made[1].id if what == "reply" else None)
    assert decided.rule in {RULE, ""}
    assert (decided.until is not None) is (verb is Verb.LOCKED)
    told = select(Notification).where(Notification.verb == verb, Notification.user_id == author.id)
    news = db.session.scalars(told).one()
    assert news.decision_id == decided.id, "the news leads to where one can object"
    rule = f"{decided.rule}: " if decided.rule else ""
    assert news.message == f"{rule}{WHY}"


def test_a_pleasant_measure_is_told_but_no_decision(
    cast: Cast, made: tuple[Discussion, Comment]
) -> None:
    moderation.pin(made[0], cast.moderator, WHY, local(now()).date())
    moderation.feature(made[0], cast.moderator, WHY)
    assert db.session.scalar(select(Decision)) is None
    told = select(Notification.verb).where(Notification.user_id == cast.member.id)
    assert set(db.session.scalars(told)) >= {Verb.PINNED, Verb.FEATURED}


def test_on_ones_own_work_nothing_is_decided(cast: Cast) -> None:
    own: Content = make.discussion(cast.moderator)
    moderation.lock(own, cast.moderator, WHY)
    assert db.session.scalar(select(Decision)) is None
