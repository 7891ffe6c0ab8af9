"""When a discussion was first answered by someone else, whatever becomes of that answer."""

from collections.abc import Iterator
from datetime import datetime
from uuid import uuid4

import pytest

from app.extensions import Kring, db
from app.models import Comment, Content, User
from app.services import comments, moderation, transfers
from tests import cast as make
from tests.cast import Cast


@pytest.fixture(autouse=True)
def in_a_request(app: Kring, app_context: None) -> Iterator[None]:
    """Mails have addresses in them, which are known within a request."""
    with app.test_request_context():
        yield


def add(content: Content, author: User) -> Comment:
    made = comments.add(content, author, "Zo zit het.", str(uuid4()))
    db.session.commit()
    return made


def first_answer(content: Content) -> datetime | None:
    db.session.refresh(content, ["first_answer_at"])
    return content.first_answer_at


def test_it_is_the_first_reply_of_another(cast: Cast) -> None:
    asked = make.discussion(cast.member)
    add(asked, cast.member)
    assert first_answer(asked) is None
    answer = add(asked, cast.other)
    add(asked, cast.specialist)
    assert first_answer(asked) == answer.created_at


def test_it_follows_what_is_out_of_sight(cast: Cast) -> None:
    asked = make.discussion(cast.member)
    first, second = add(asked, cast.other), add(asked, cast.specialist)
    moderation.hide(first, cast.moderator, "Namen")
    assert first_answer(asked) == second.created_at
    comments.withdraw(second)
    assert first_answer(asked) is None
    comments.undo_withdrawal(second)
    moderation.restore(first, cast.moderator, "Toch goed")
    assert first_answer(asked) == first.created_at


def test_it_follows_what_goes_elsewhere(cast: Cast) -> None:
    asked, other = make.discussion(cast.member), make.discussion(cast.insider)
    db.session.refresh(asked, ["group"])
    db.session.refresh(other, ["group"])
    answer = add(asked, cast.other)
    transfers.move_replies(asked, other, [answer], cast.moderator, "Hoort daar")
    assert first_answer(asked) is None
    assert first_answer(other) == answer.created_at
