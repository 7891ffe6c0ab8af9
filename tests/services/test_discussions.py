"""Discussions as a whole, beyond what their pages show."""

import pytest
from sqlalchemy import func, select, update

from app.extensions import db
from app.models import Content, Discussion, Follow, Notification, Revision
from app.services import discussions
from app.services.discussions import EditedMeanwhileError, Words
from tests.cast import Cast

WORDS = Words("Titel", "Tekst", is_question=True, theme_id=None)


def test_a_key_of_another_member_is_another_submission(cast: Cast) -> None:
    first = discussions.start(cast.member, WORDS, None, "sleutel")
    second = discussions.start(cast.other, WORDS, None, "sleutel")
    assert first.id != second.id
    assert discussions.start(cast.member, WORDS, None, "sleutel").id == first.id
    assert db.session.scalar(select(func.count(Follow.content_id))) == 2
    assert db.session.scalar(select(func.count(Revision.id))) == 2


def test_a_submission_that_came_meanwhile_is_found(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two requests at once: the second looks before the first has stored anything."""
    first = discussions.start(cast.member, WORDS, None, "sleutel")
    db.session.commit()
    real, asked = discussions.submitted, []

    def blind_once(*args: object) -> object:
        asked.append(args)
        found = real(*args)  # type: ignore[arg-type]  # passed on as they came
        return found.where(Discussion.id == 0) if len(asked) == 1 else found

    monkeypatch.setattr(discussions, "submitted", blind_once)
    assert discussions.start(cast.member, WORDS, None, "sleutel").id == first.id
    assert db.session.scalar(select(func.count(Discussion.id))) == 1


def test_the_newest_version_counts_not_the_one_in_memory(cast: Cast) -> None:
    made = discussions.start(cast.member, WORDS, None, "sleutel")
    db.session.commit()
    assert made.version == 1
    elsewhere = update(Content).where(Content.id == made.id).values(version=2)
    db.session.execute(elsewhere.execution_options(synchronize_session=False))
    with pytest.raises(EditedMeanwhileError):
        discussions.edit(made, cast.member, WORDS, version=1)


def test_who_was_told_is_not_told_again(cast: Cast) -> None:
    words = Words("Titel", "Dag @otto-ander", is_question=True, theme_id=None)
    made = discussions.start(cast.member, words, None, "sleutel")
    again = Words("Titel", "Dag @otto-ander en @mo-moderator", is_question=True, theme_id=None)
    discussions.edit(made, cast.member, again, version=1)
    told = select(Notification.user_id).where(Notification.verb == "mentioned")
    assert sorted(db.session.scalars(told)) == sorted([cast.other.id, cast.moderator.id])
