"""Who is new, and whose first post waits for an answer."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from app.extensions import db
from app.lib.clock import now
from app.models import Content, Status, User
from app.queries.newcomers import unanswered_first_posts
from tests.cast import Cast, comment, discussion


@pytest.fixture
def new(cast: Cast) -> User:
    """Return a newcomer among people who have been here long."""
    db.session.execute(update(User).values(created_at=now() - timedelta(days=100)))
    cast.other.created_at = now() - timedelta(days=3)
    db.session.commit()
    return cast.other


def waiting(reader: User) -> Sequence[tuple[str, int | None]]:
    """Return title and reply of each first post that waits."""
    return [
        (row.title, row.comment_id) for row in db.session.execute(unanswered_first_posts(reader))
    ]


def test_a_first_question_waits_until_another_replies(cast: Cast, new: User) -> None:
    asked = discussion(new, "Mijn eerste vraag")
    discussion(new, "Mijn tweede vraag")
    discussion(cast.member, "Van wie hier al lang is")
    assert waiting(cast.manager) == [("Mijn eerste vraag", None)]
    comment(asked, new, "Niemand?")
    assert waiting(cast.manager) == [("Mijn eerste vraag", None)]
    comment(asked, cast.member)
    assert waiting(cast.manager) == []


def test_a_first_reply_waits_until_another_goes_on(cast: Cast, new: User) -> None:
    asked = discussion(cast.member, "Vraag van Lotte")
    comment(asked, cast.blogger)
    first = comment(asked, new)
    discussion(new, "Later")
    assert waiting(cast.manager) == [("Vraag van Lotte", first.id)]
    hidden = comment(asked, cast.member, hidden_at=now())
    assert waiting(cast.manager) == [("Vraag van Lotte", first.id)]
    hidden.hidden_at = None
    db.session.commit()
    assert waiting(cast.manager) == []


@pytest.mark.parametrize("values", [
    {"hidden_at": now()}, {"withdrawn_at": now()}, {"locked_at": now()}, {"status": Status.DRAFT},
])  # fmt: skip
def test_what_nobody_can_answer_does_not_wait(
    cast: Cast, new: User, values: dict[str, Any]
) -> None:
    discussion(new, "Weg", **values)
    assert waiting(cast.manager) == []


def test_a_post_that_the_reader_may_not_see_is_not_the_first(cast: Cast, new: User) -> None:
    db.session.execute(update(User).values(created_at=now() - timedelta(days=100)))
    cast.insider.created_at = now()
    db.session.commit()
    for group in (cast.closed, cast.hidden):
        comment(discussion(cast.group_owner, "Besloten", group=group), cast.insider)
        discussion(cast.insider, "Ook besloten", group=group)
    assert waiting(cast.manager) == []
    assert [title for title, _ in waiting(cast.group_owner)] == ["Besloten"]
    open_to_all = discussion(cast.insider, "Voor iedereen")
    assert waiting(cast.manager) == [("Voor iedereen", None)]
    assert isinstance(open_to_all, Content)


def test_who_left_or_reads_is_left_out(cast: Cast, new: User) -> None:
    discussion(new, "Mijn eerste vraag")
    assert waiting(new) == []
    new.deactivated_at = now()
    db.session.commit()
    assert waiting(cast.manager) == []
