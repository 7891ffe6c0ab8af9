"""“This helped me”: said once of a piece or a reply, with a line how, and taken back."""

from typing import Any

from sqlalchemy import delete, select, update

from app.extensions import db
from app.models import Comment, Content, Helped, Notification, User
from app.services import activity
from app.services.activity import Verb, piece_id_of
from app.services.reactions import add_once, take_away

LINE_LENGTH = 300


def say(subject: Content | Comment, user: User, line: str | None = None) -> None:
    """Let `user` say that the subject helped; its author hears of it once.

    A `line` tells how and takes the place of the one before; None leaves that as it is.
    """
    key = key_of(subject)
    if add_once(Helped, **key, user_id=user.id, line=line or ""):
        count(subject, 1)
        activity.notify(subject.author_id, Verb.HELPED, subject, user, line or "")
    elif line is not None:
        change = update(Helped).filter_by(**key, user_id=user.id).values(line=line)
        db.session.execute(change.execution_options(synchronize_session=False))
        unread = select(Notification.id).where(*news_of(subject, user))
        db.session.execute(
            update(Notification).where(Notification.id.in_(unread)).values(message=line)
            .execution_options(synchronize_session=False)
        )  # fmt: skip


def take_back(subject: Content | Comment, user: User) -> None:
    """Let `user` no longer say so; news that nobody read yet is taken back as well."""
    if take_away(Helped, **key_of(subject), user_id=user.id):
        count(subject, -1)
        gone = delete(Notification).where(*news_of(subject, user))
        db.session.execute(gone.execution_options(synchronize_session=False))


def key_of(subject: Content | Comment) -> dict[str, int]:
    """Return the column that names the subject, with its id."""
    return {"comment_id" if isinstance(subject, Comment) else "content_id": subject.id}


def news_of(subject: Content | Comment, user: User) -> list[Any]:
    """Return the conditions for the unread news that `user` was helped by the subject."""
    return [
        Notification.verb == Verb.HELPED.value,
        Notification.content_id == piece_id_of(subject),
        Notification.comment_id == (subject.id if isinstance(subject, Comment) else None),
        Notification.actor_id == user.id,
        Notification.read_at.is_(None),
    ]


def count(subject: Content | Comment, step: int) -> None:
    """Count one more, or one less, at the subject."""
    model = Comment if isinstance(subject, Comment) else Content
    db.session.execute(
        update(model)
        .where(model.id == subject.id)
        .values(helped_count=model.helped_count + step)
        .execution_options(synchronize_session=False)
    )
    db.session.expire(subject, ["helped_count"])
