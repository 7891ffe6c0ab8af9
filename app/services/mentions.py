"""Telling people that they were mentioned."""

from collections.abc import Iterable

from sqlalchemy import select

from app.extensions import db
from app.models import Comment, Content, Notification, User
from app.policy import readers_of
from app.services import activity
from app.services.activity import Verb

MOST_PEOPLE = 20
"""Of the people mentioned in one text, only the first so many hear of it."""


def tell(subject: Content | Comment, content: Content, handles: Iterable[str], actor: User) -> None:
    """Tell the people behind `handles`, once each for this subject, if they may read `content`.

    Nobody is told of what is out of sight, such as a text that still waits for a moderator.
    """
    if subject.hidden_at is not None or content.hidden_at is not None:
        return
    wanted = list(handles)[:MOST_PEOPLE]
    if not wanted:
        return
    comment_id = subject.id if isinstance(subject, Comment) else None
    told = select(Notification.user_id).where(
        Notification.verb == Verb.MENTIONED.value,
        Notification.content_id == content.id,
        Notification.comment_id == comment_id,
    )
    people = select(User.id).where(
        User.handle.in_(wanted), readers_of(content), User.id.not_in(told)
    )
    for user_id in db.session.scalars(people):
        activity.notify(user_id, Verb.MENTIONED, subject, actor)
