"""Who has a page open for editing, so that others are told before they begin."""

from collections.abc import Iterable
from functools import partial

from flask import current_app
from sqlalchemy import delete, select

from app.extensions import Kring, db
from app.lib.batches import Batch
from app.lib.clock import now
from app.models import Content, EditNotice, User

EXTENSION = "kring_editing"
SECONDS = 2

Opened = tuple[int, int]


def init_app(app: Kring) -> None:
    """Give this application a batch of its own: opening the form is a GET, which never commits."""
    app.extensions[EXTENSION] = Batch[Opened](partial(write, app), seconds=SECONDS)


def opened(content: Content, user: User) -> None:
    """Note that `user` opens the form of a piece; others see it within seconds."""
    current_app.extensions[EXTENSION].add((content.id, user.id))


def write(app: Kring, seen: Iterable[Opened]) -> None:
    """Keep the notices, in one transaction."""
    with app.app_context():
        for content_id, user_id in sorted(set(seen)):
            if db.session.scalar(select(Content.id).where(Content.id == content_id)):
                keep(content_id, user_id)
        db.session.commit()


def keep(content_id: int, user_id: int) -> None:
    """Keep, or renew, the notice that someone has a piece open."""
    db.session.merge(EditNotice(content_id=content_id, user_id=user_id, seen_at=now()))


def stop(content: Content, user: User) -> None:
    """Take the notice away: someone is done with a piece."""
    db.session.execute(
        delete(EditNotice).where(EditNotice.content_id == content.id, EditNotice.user_id == user.id)
    )
