"""What waits for a moderator: who waits, and that all happens once when it is let through."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from app.extensions import Kring, db
from app.models import (
    Comment,
    Content,
    Decision,
    Follow,
    LogEntry,
    Notification,
    OutgoingMail,
    SearchDocument,
    ThemeFollow,
    ThemeLevel,
    User,
)
from app.services import comments, discussions, letting_through, moderation, settings
from app.services.activity import Grounds
from app.services.discussions import Words
from app.services.holding import must_wait
from tests.cast import Cast, comment, discussion

pytestmark = pytest.mark.usefixtures("in_request")
GROUNDS = Grounds(rule="Noem geen inwoners")


@pytest.fixture
def in_request(app: Kring, cast: Cast) -> Iterator[None]:
    """Be in a request, where mails know addresses."""
    with app.test_request_context():
        yield


def words(cast: Cast, body: str = "Dag @otto-ander", keywords: tuple[str, ...] = ()) -> Words:
    return Words("Titel", body, is_question=True, theme_id=cast.theme.id, keywords=keywords)


def out_of_sight(subject: Content | Comment) -> bool:
    return subject.hidden_at is not None or subject.held_at is not None


def steps(user: User) -> list[bool]:
    return [user.introduced_at is not None, user.answered_at is not None]


def told(user: User) -> list[str]:
    found = select(Notification.verb).where(Notification.user_id == user.id)
    return list(db.session.scalars(found.order_by(Notification.id)))


def found(subject: Content | Comment) -> bool:
    column = (
        SearchDocument.comment_id if isinstance(subject, Comment) else SearchDocument.content_id
    )
    return db.session.scalar(select(SearchDocument.id).where(column == subject.id)) is not None


def premoderate(cast: Cast) -> None:
    cast.theme.premoderated = True
    db.session.commit()


def test_who_waits_in_a_theme(cast: Cast) -> None:
    premoderate(cast)
    for user in (cast.member, cast.blogger, cast.specialist, cast.administrator):
        assert must_wait(user, None, cast.theme.id)
        assert not must_wait(user, None, cast.other_theme.id)
        assert not must_wait(user, None, None)
    for user in (cast.moderator, cast.ambassador, cast.manager):
        assert not must_wait(user, None, cast.theme.id)


def test_who_waits_in_a_group(cast: Cast) -> None:
    cast.closed.premoderated = True
    assert must_wait(cast.insider, cast.closed, None)
    assert not must_wait(cast.insider, cast.open, None)
    for user in (cast.group_owner, cast.group_moderator, cast.moderator):
        assert not must_wait(user, cast.closed, None)
    cast.open.premoderated = True
    assert must_wait(cast.group_owner, cast.open, None)


def test_new_members_wait_until_they_are_known(cast: Cast) -> None:
    settings.change({"premoderated_posts": 2}, None)
    piece = discussion(cast.other)
    assert must_wait(cast.member, None, None)
    discussion(cast.member)
    comment(piece, cast.member, hidden_at=piece.created_at)
    assert must_wait(cast.member, None, None)
    comment(piece, cast.member)
    assert not must_wait(cast.member, None, None)


@pytest.mark.parametrize("mode, waits", [("premoderation", True), ("banner", False)])
def test_members_wait_in_a_crisis(cast: Cast, mode: str, waits: bool) -> None:
    settings.change({"crisis_mode": mode, "crisis_theme": cast.theme.id}, None)
    assert must_wait(cast.member, None, cast.theme.id) is waits
    assert not must_wait(cast.member, None, None)
    assert not must_wait(cast.moderator, None, cast.theme.id)


def test_a_discussion_tells_nobody_until_it_is_let_through(cast: Cast) -> None:
    premoderate(cast)
    db.session.add(
        ThemeFollow(theme_id=cast.theme.id, user_id=cast.insider.id, level=ThemeLevel.NEW)
    )
    made = discussions.start(cast.member, words(cast, keywords=("even voorstellen",)), None, "k")
    db.session.commit()
    assert out_of_sight(made)
    assert not told(cast.other) and not told(cast.insider) and not found(made)
    assert steps(cast.member) == [False, False]
    again = Words(
        "Titel", "Dag @otto-ander en @mo-moderator", True, cast.theme.id, ("even voorstellen",)
    )
    letting_through.load(made)
    discussions.edit(made, cast.member, again, version=1)
    assert not told(cast.other) and not told(cast.moderator) and not found(made)
    started = made.published_at
    assert letting_through.accept(made, cast.manager)
    assert not letting_through.accept(made, cast.moderator)
    db.session.commit()
    assert not out_of_sight(made) and found(made)
    assert started and made.published_at and made.published_at > started
    assert made.last_active_at == made.published_at
    assert told(cast.other) == ["mentioned"] and told(cast.moderator) == ["mentioned"]
    assert told(cast.insider) == ["new_in_theme"] and told(cast.member) == ["accepted"]
    assert steps(cast.member) == [True, False]
    moderation.hide(made, cast.moderator, "Toch niet")
    moderation.restore(made, cast.moderator, "Toch wel")
    assert told(cast.insider) == ["new_in_theme"] and told(cast.other) == ["mentioned"]


def test_a_reply_is_not_counted_until_it_is_let_through(cast: Cast) -> None:
    premoderate(cast)
    piece = discussion(cast.other, theme=cast.theme)
    db.session.add(Follow(user_id=cast.other.id, content_id=piece.id))
    made = comments.add(piece, cast.member, "Dag @ineke-insider", "k")
    db.session.commit()
    assert (made.position, piece.last_position, piece.comment_count) == (1, 1, 0)
    assert not any((piece.last_comment_at, piece.first_answer_at))
    assert not told(cast.other) and not told(cast.insider) and not found(made)
    comments.edit(made, cast.member, "Dag @ineke-insider!", 1)
    assert not told(cast.insider)
    assert steps(cast.member) == [False, False]
    after = comments.add(piece, cast.moderator, "Ik ook", "k")
    assert letting_through.accept(made, cast.moderator)
    assert not letting_through.accept(made, cast.manager)
    db.session.commit()
    assert made.position == 1 and after.position == 2 and piece.comment_count == 2
    assert piece.last_comment_at == made.created_at == piece.last_active_at
    assert told(cast.insider) == ["mentioned"] and found(made)
    assert sorted(told(cast.other)) == ["replied"]
    assert steps(cast.member) == [False, True]
    follows = select(Follow.user_id).where(Follow.content_id == piece.id)
    assert cast.member.id in db.session.scalars(follows).all()


def test_rejected_stays_out_of_sight(cast: Cast) -> None:
    premoderate(cast)
    made = discussions.start(cast.member, words(cast), None, "k")
    assert letting_through.reject(made, cast.moderator, "Er staat een naam in.", GROUNDS)
    db.session.commit()
    assert made.hidden_at is not None and made.held_at is None
    assert made.hidden_reason == "Er staat een naam in."
    kept = db.session.scalars(select(Decision)).one()
    assert (kept.measure, kept.rule, kept.person_id) == ("rejected", GROUNDS.rule, cast.member.id)
    mail = db.session.scalars(select(OutgoingMail)).one()
    assert mail.recipient == cast.member.email and "niet geplaatst" in mail.subject
    assert "> Er staat een naam in." in mail.body and f"/decisions/{kept.id}" in mail.body
    assert told(cast.member) == ["rejected"] and not told(cast.other) and not found(made)
    assert not letting_through.accept(made, cast.manager)
    ended = letting_through.how_it_ended(made)
    assert ended is not None and ended.actor_name == "Mo Moderator"


@pytest.mark.parametrize("kind", ["discussion", "reply"])
@pytest.mark.parametrize("rejected", [False, True])
def test_showing_it_again_lets_it_through(cast: Cast, kind: str, rejected: bool) -> None:
    premoderate(cast)
    piece = discussion(cast.insider, theme=cast.theme)
    made: Content | Comment
    if kind == "reply":
        made = comments.add(piece, cast.member, "Dag @otto-ander", "k")
    else:
        made = discussions.start(cast.member, words(cast), None, "k")
    if rejected:
        letting_through.reject(made, cast.moderator, "Nee", GROUNDS)
    db.session.commit()
    assert moderation.restore(made, cast.manager, "Het mag wel.")
    db.session.commit()
    assert not out_of_sight(made) and found(made)
    assert told(cast.other) == ["mentioned"]
    assert not moderation.restore(made, cast.manager, "Nog eens.")
    moderation.hide(made, cast.moderator, "Weg")
    moderation.restore(made, cast.moderator, "Terug")
    assert told(cast.other) == ["mentioned"]


def test_what_was_withdrawn_is_not_let_through(cast: Cast) -> None:
    premoderate(cast)
    made = discussions.start(cast.member, words(cast), None, "k")
    discussions.withdraw(made)
    assert not letting_through.accept(made, cast.moderator)
    assert not letting_through.reject(made, cast.moderator, "Nee", GROUNDS)
    assert not db.session.scalars(select(LogEntry)).all()
