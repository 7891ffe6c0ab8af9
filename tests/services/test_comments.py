"""Replies: places, counters, double submits, edits, withdrawals, marks and who hears of them."""

import threading
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from app.extensions import Kring, db
from app.models import (
    Comment,
    Content,
    Discussion,
    Follow,
    LogEntry,
    Membership,
    Notification,
    Revision,
    User,
)
from app.services import comments, reactions
from app.services.activity import Verb
from tests import cast as make
from tests.cast import Cast


@pytest.fixture
def thread(cast: Cast) -> Discussion:
    return make.discussion(cast.member)


def add(content: Content, author: User, body: str = "Zo zit het.", key: str = "") -> Comment:
    comment = comments.add(content, author, body, key or str(uuid4()))
    db.session.commit()
    return comment


def news_of(user: User) -> list[tuple[str, int]]:
    found = select(Notification).where(Notification.user_id == user.id).order_by(Notification.id)
    return [(news.verb, news.count) for news in db.session.scalars(found)]


def follows(user: User, content: Content) -> bool:
    return db.session.get(Follow, (user.id, content.id)) is not None


def in_parallel(app: Kring, number: int, work: Callable[[int], Any]) -> list[Any]:
    """Do the work at the same time, each in a transaction of its own."""
    db.session.commit()
    results: list[Any] = []
    start = threading.Barrier(number)

    def run(index: int) -> None:
        with app.app_context():
            start.wait()
            try:
                results.append(work(index))
                db.session.commit()
            except Exception as error:  # noqa: BLE001  # a thread hands its error to the test
                results.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(number)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    db.session.expire_all()
    return results


def test_a_reply_gets_the_next_place_and_is_counted(thread: Discussion, cast: Cast) -> None:
    first = add(thread, cast.other)
    second = add(thread, cast.member)
    assert (first.position, second.position) == (1, 2)
    assert (thread.comment_count, thread.other_comment_count, thread.last_position) == (2, 1, 2)
    assert thread.last_comment_at == thread.last_active_at == second.created_at
    assert first.body_html == "<p>Zo zit het.</p>"


def test_eight_writers_at_once_leave_no_gap_and_no_double(
    app: Kring, thread: Discussion, cast: Cast
) -> None:
    people = [cast.member.id, cast.other.id, cast.blogger.id, cast.specialist.id,
              cast.ambassador.id, cast.moderator.id, cast.manager.id, cast.insider.id]  # fmt: skip

    def write(index: int) -> None:
        author, content = db.session.get(User, people[index]), db.session.get(Content, thread_id)
        assert author and content
        comments.add(content, author, f"Reactie {index}", str(uuid4()))

    thread_id = thread.id
    assert in_parallel(app, 8, write) == [None] * 8
    positions = db.session.scalars(select(Comment.position).order_by(Comment.position)).all()
    assert positions == list(range(1, 9))
    assert (thread.comment_count, thread.other_comment_count, thread.last_position) == (8, 7, 8)
    assert [name for name, _ in news_of(cast.administrator)] == []


@pytest.mark.parametrize("times", [2, 20])
def test_a_double_submit_makes_one_reply(
    app: Kring, thread: Discussion, cast: Cast, times: int
) -> None:
    key, author_id, thread_id = str(uuid4()), cast.other.id, thread.id

    def write(_index: int) -> int:
        author, content = db.session.get(User, author_id), db.session.get(Content, thread_id)
        assert author and content
        return comments.add(content, author, "Eén keer, graag.", key).id

    assert len(set(in_parallel(app, times, write))) == 1
    assert len(db.session.scalars(select(Comment)).all()) == 1
    assert (thread.comment_count, thread.last_position) == (1, 1)


def test_another_text_from_the_same_form_is_a_reply_of_its_own(
    thread: Discussion, cast: Cast
) -> None:
    """Someone went back in the browser and wrote something else: that text is not dropped."""
    key = str(uuid4())
    first, second = (
        add(thread, cast.other, "Eerst dit.", key),
        add(thread, cast.other, "Dan dat.", key),
    )
    assert first.id != second.id


def test_who_replies_follows_but_not_again_after_unfollowing(
    thread: Discussion, cast: Cast
) -> None:
    add(thread, cast.other)
    assert follows(cast.other, thread)
    reactions.watch(thread, cast.other, None)
    add(thread, cast.other, "Nog iets.")
    assert not follows(cast.other, thread)


def test_followers_hear_of_replies_in_one_bundle_until_they_unfollow(
    thread: Discussion, cast: Cast
) -> None:
    reactions.follow(thread, cast.member)
    add(thread, cast.other)
    add(thread, cast.blogger)
    assert news_of(cast.member) == [(Verb.REPLIED, 2)]
    assert news_of(cast.blogger) == []
    reactions.watch(thread, cast.member, None)
    add(thread, cast.other, "Nog een.")
    assert news_of(cast.member) == [(Verb.REPLIED, 2)]


def test_who_left_a_closed_group_hears_nothing(cast: Cast) -> None:
    thread = make.discussion(cast.group_owner, group=cast.closed)
    reactions.follow(thread, cast.insider)
    reactions.follow(thread, cast.group_moderator)
    db.session.delete(db.session.get(Membership, (cast.insider.id, cast.closed.id)))
    db.session.commit()
    add(thread, cast.group_owner, f"Dit is voor @{cast.insider.handle}.")
    assert news_of(cast.insider) == []
    assert news_of(cast.group_moderator) == [(Verb.REPLIED, 1)]


def test_only_those_who_may_read_hear_that_they_were_mentioned(cast: Cast) -> None:
    thread = make.discussion(cast.group_owner, group=cast.closed)
    comment = add(thread, cast.group_owner, f"@{cast.insider.handle} en @{cast.other.handle}")
    assert news_of(cast.insider) == [(Verb.MENTIONED, 1)]
    assert news_of(cast.other) == []
    comments.edit(comment, cast.group_owner, f"Nogmaals @{cast.insider.handle}", 1)
    assert news_of(cast.insider) == [(Verb.MENTIONED, 1)], "once for each reply"


def test_who_is_mentioned_in_a_reply_hears_of_it_once(thread: Discussion, cast: Cast) -> None:
    reactions.follow(thread, cast.member)
    reactions.follow(thread, cast.blogger)
    add(thread, cast.other, f"Dank je, @{cast.member.handle}.")
    assert news_of(cast.member) == [(Verb.MENTIONED, 1)]
    assert news_of(cast.blogger) == [(Verb.REPLIED, 1)]


def test_every_earlier_text_can_be_read_after_edits(thread: Discussion, cast: Cast) -> None:
    comment = add(thread, cast.other, "Een")
    assert db.session.scalars(select(Revision).where(Revision.comment_id.is_not(None))).all() == []
    comments.edit(comment, cast.other, "Twee", 1)
    comments.edit(comment, cast.other, "Drie", 2)
    kept = db.session.scalars(
        select(Revision).where(Revision.comment_id == comment.id).order_by(Revision.number)
    ).all()
    assert [(revision.number, revision.body) for revision in kept] == [
        (1, "Een"), (2, "Twee"), (3, "Drie"),
    ]  # fmt: skip
    assert comment.body_html == "<p>Drie</p>" and comment.edited_at is not None
    assert kept[0].created_at == comment.created_at


def test_an_edit_of_an_older_version_is_refused(thread: Discussion, cast: Cast) -> None:
    comment = add(thread, cast.other, "Een")
    comments.edit(comment, cast.other, "Twee", 1)
    with pytest.raises(comments.EditedMeanwhileError):
        comments.edit(comment, cast.other, "Anders", 1)
    comments.edit(comment, cast.other, "Twee", 1)
    assert (comment.body, comment.version) == ("Twee", 2), "the same text twice is one edit"


def test_a_moderators_edit_is_logged_and_told_to_the_writer(thread: Discussion, cast: Cast) -> None:
    comment = add(thread, cast.other, "Een 06-nummer")
    comments.edit(comment, cast.moderator, "Een [weggehaald]", 1, "Geen telefoonnummers")
    news = db.session.scalars(
        select(Notification).where(Notification.user_id == cast.other.id)
    ).one()
    assert (news.verb, news.message) == (Verb.EDITED, "Geen telefoonnummers")
    entry = db.session.scalars(select(LogEntry)).one()
    assert (entry.action, entry.reason) == (Verb.EDITED, "Geen telefoonnummers")
    assert comment.edited_by_id == cast.moderator.id


def test_a_withdrawn_reply_keeps_its_place_and_is_not_counted(
    thread: Discussion, cast: Cast
) -> None:
    first, second = add(thread, cast.other), add(thread, cast.blogger, "Later.")
    comments.mark_answer(second, cast.member)
    comments.mark_summary(second, cast.member)
    comments.withdraw(second)
    assert (thread.comment_count, thread.other_comment_count, thread.last_position) == (1, 1, 2)
    assert thread.last_comment_at == thread.last_active_at == first.created_at
    assert (thread.answer_id, thread.summary_comment_id) == (None, None)
    comments.undo_withdrawal(second)
    assert (thread.comment_count, thread.last_comment_at) == (2, second.created_at)
    assert add(thread, cast.other, "Derde.").position == 3


def test_marking_tells_the_writer_and_the_followers_once(thread: Discussion, cast: Cast) -> None:
    comment = add(thread, cast.other)
    reactions.follow(thread, cast.blogger)
    for _ in range(2):
        comments.mark_answer(comment, cast.member)
        comments.mark_summary(comment, cast.member)
    assert (thread.answer_id, thread.summary_comment_id) == (comment.id, comment.id)
    assert news_of(cast.other) == [(Verb.ANSWER_MARKED, 1), (Verb.SUMMARY_MARKED, 1)]
    assert news_of(cast.blogger) == [(Verb.SUMMARY_MARKED, 1)]
    comments.unmark_answer(comment)
    comments.unmark_summary(comment)
    assert (thread.answer_id, thread.summary_comment_id) == (None, None)


def test_twenty_likes_at_once_count_once(app: Kring, thread: Discussion, cast: Cast) -> None:
    user_id, thread_id = cast.other.id, thread.id

    def like(_index: int) -> None:
        user, content = db.session.get(User, user_id), db.session.get(Content, thread_id)
        assert user and content
        reactions.like(content, user, wanted=True)

    assert in_parallel(app, 20, like) == [None] * 20
    assert thread.like_count == 1
    reactions.like(thread, cast.other, wanted=False)
    reactions.like(thread, cast.other, wanted=False)
    assert thread.like_count == 0
