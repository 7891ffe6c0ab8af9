"""Pages of replies: by position, as one reader sees them, in a fixed number of statements."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event, insert

from app.extensions import db
from app.lib.clock import now
from app.models import Comment, Discussion
from app.queries.comments import newer, page_of, page_of_comments, quotation
from app.services import reactions
from tests import cast as make
from tests.cast import Cast


@contextmanager
def counted() -> Iterator[list[str]]:
    statements: list[str] = []

    def hear(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("BEGIN"):
            statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", hear)
    try:
        yield statements
    finally:
        event.remove(db.engine, "before_cursor_execute", hear)


def fill(thread: Discussion, author_ids: list[int], number: int) -> None:
    start = thread.last_position
    rows = [
        {"content_id": thread.id, "author_id": author_ids[n % len(author_ids)], "position": start + n,
         "body": f"Reactie {start + n}", "body_html": f"<p>Reactie {start + n}</p>", "created_at": now()}
        for n in range(1, number + 1)
    ]  # fmt: skip
    db.session.execute(insert(Comment), rows)
    thread.last_position = thread.comment_count = start + number
    db.session.commit()


@pytest.fixture
def thread(cast: Cast) -> Discussion:
    return make.discussion(cast.member)


@pytest.mark.parametrize(
    "position, page", [(0, 1), (1, 1), (50, 1), (51, 2), (100, 2), (101, 3), (5000, 100)]
)
def test_the_page_follows_from_the_position(position: int, page: int) -> None:
    assert page_of(position) == page


def test_pages_hold_fifty_positions_and_out_of_range_is_the_nearest(
    thread: Discussion, cast: Cast
) -> None:
    fill(thread, [cast.other.id], 120)
    for asked, first, last, number in (
        (1, 1, 50, 1),
        (3, 101, 120, 3),
        (9, 101, 120, 3),
        (-4, 1, 50, 1),
    ):
        talk = page_of_comments(thread, asked, cast.other)
        positions = [reply.comment.position for reply in talk.replies]
        assert (positions[0], positions[-1], talk.number, talk.pages) == (first, last, number, 3)


def test_the_number_of_statements_does_not_grow_with_the_replies(
    thread: Discussion, cast: Cast
) -> None:
    people = [cast.other.id, cast.blogger.id, cast.specialist.id, cast.moderator.id]
    numbers = []
    for more in (3, 47):
        fill(thread, people, more)
        db.session.expire_all()
        # Who reads, and the piece, are there before the replies are asked for.
        assert cast.other.grants is not None and thread.last_position
        with counted() as statements:
            talk = page_of_comments(thread, 1, cast.other)
            assert all(r.comment.author.name and r.roles is not None for r in talk.replies)
            assert all(r.comment.content is thread for r in talk.replies)
        numbers.append(len(statements))
    assert len(talk.replies) == 50
    assert numbers == [1, 1]


def test_marked_replies_come_along_from_other_pages(thread: Discussion, cast: Cast) -> None:
    fill(thread, [cast.other.id], 60)
    shown = page_of_comments(thread, 2, cast.other).replies[-1].comment
    last = db.session.get_one(Comment, shown.id)
    thread.answer_id = thread.summary_comment_id = last.id
    db.session.commit()
    talk = page_of_comments(thread, 1, cast.other)
    assert talk.answer and talk.answer.comment.id == last.id and talk.answer == talk.summary
    assert len(talk.replies) == 50
    last.hidden_at = now()
    db.session.commit()
    assert page_of_comments(thread, 1, cast.other).answer is None


def test_each_reader_sees_their_own_likes(thread: Discussion, cast: Cast) -> None:
    comment = make.comment(thread, cast.other)
    reactions.like(comment, cast.blogger, wanted=True)
    assert page_of_comments(thread, 1, cast.blogger).replies[0].liked
    assert not page_of_comments(thread, 1, cast.specialist).replies[0].liked


def test_newer_stays_on_one_page(thread: Discussion, cast: Cast) -> None:
    fill(thread, [cast.other.id], 60)
    assert [reply.comment.position for reply in newer(thread, 47, cast.other)] == [48, 49, 50]
    assert [reply.comment.position for reply in newer(thread, 58, cast.other)] == [59, 60]


def test_a_quotation_names_its_writer_and_never_shows_what_is_hidden(
    thread: Discussion, cast: Cast
) -> None:
    comment = make.comment(thread, cast.other, "Regel een\n\nRegel twee")
    elsewhere = make.comment(make.discussion(cast.member), cast.other, "Geheim")
    assert quotation(thread, comment.id) == (
        "> **Otto Ander**:\n>\n> Regel een\n>\n> Regel twee\n\n"
    )
    assert quotation(thread, elsewhere.id) == quotation(thread, None) == ""
    comment.hidden_at = now()
    db.session.commit()
    assert quotation(thread, comment.id) == ""
