"""Documents at a piece: adding, handing out, removing, and what became of their files."""

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from pathlib import PurePath
from typing import BinaryIO

from flask import current_app
from sqlalchemy import func, select, update

from app.extensions import Kring, db
from app.lib import file_types, images
from app.lib.batches import Batch
from app.lib.clock import now
from app.lib.storage import Storage
from app.models import Attachment, Content, User
from app.services import activity
from app.services.activity import Verb

EXTENSION = "kring_downloads"
STORAGE = "kring_files"
MOST = 20
"""Documents at one piece."""
# A file may be on disk for this long before the transaction that names it is kept.
UNCLAIMED = timedelta(hours=1)


class TooMany(ValueError):
    """The piece has as many documents as it can have."""


class AddedAlready(ValueError):
    """The piece has a document with the same content."""


def init_app(app: Kring) -> None:
    """Give this application its files, and a batch of its own: a download is a GET."""
    app.extensions[STORAGE] = Storage(app.config["INSTANCE"] / "files")
    app.extensions[EXTENSION] = Batch[int](partial(write, app))


def storage() -> Storage:
    """Return the files of this application."""
    files: Storage = current_app.extensions[STORAGE]
    return files


def add(
    content: Content, uploader: User, stream: BinaryIO, filename: str, title: str
) -> Attachment:
    """Add a document; without a title it gets the name of its file. `stream` allows seeking.

    Raises FileRefused, TooManyPixels, TooLarge, AddedAlready, TooMany, and OSError when the disk
    does not take it.
    """
    name = file_types.safe_name(filename)
    kind = file_types.judge(stream, name)
    bare = images.without_metadata(stream, kind.media_type)
    stored = storage().save(bare, current_app.config["ATTACHMENT_SIZE"])
    db.session.refresh(content, ["attachment_count"], with_for_update=True)
    here = Attachment.content_id == content.id, Attachment.removed_at.is_(None)
    if content.attachment_count >= MOST:
        raise TooMany
    if db.session.scalar(select(Attachment.id).where(*here, Attachment.sha256 == stored.sha256)):
        raise AddedAlready
    attachment = Attachment(
        content=content, uploader_id=uploader.id, filename=name,
        title=title or PurePath(name).stem, media_type=kind.media_type, size=stored.size,
        sha256=stored.sha256,
    )  # fmt: skip
    db.session.add(attachment)
    recount(content)
    return attachment


def remove(attachment: Attachment, actor: User, reason: str = "") -> None:
    """Remove a document. What someone else added is logged with the reason, and they are told."""
    attachment.removed_at, attachment.removed_by_id = now(), actor.id
    content = attachment.content
    recount(content)
    if attachment.uploader_id == actor.id:
        return
    verb, title = Verb.ATTACHMENT_REMOVED, attachment.title
    activity.log(verb, content, actor, reason=reason, result=title)
    activity.notify(attachment.uploader_id, verb, content, actor, reason)


def recount(content: Content) -> None:
    """Count the documents of a piece anew."""
    db.session.flush()
    standing = (
        select(func.count())
        .select_from(Attachment)
        .where(Attachment.content_id == content.id, Attachment.removed_at.is_(None))
    )
    db.session.execute(
        update(Content)
        .where(Content.id == content.id)
        .values(attachment_count=standing.scalar_subquery())
        .execution_options(synchronize_session=False)
    )


def downloaded(attachment: Attachment) -> None:
    """Note that someone downloads a document."""
    current_app.extensions[EXTENSION].add(attachment.id)


def write(app: Kring, downloads: Iterable[int]) -> None:
    """Count the downloads, in one transaction."""
    with app.app_context():
        for attachment_id, number in sorted(Counter(downloads).items()):
            db.session.execute(
                update(Attachment)
                .where(Attachment.id == attachment_id)
                .values(download_count=Attachment.download_count + number)
                .execution_options(synchronize_session=False)
            )
        db.session.commit()


def named() -> set[str]:
    """Return the hashes of all files that documents need."""
    return set(db.session.scalars(select(Attachment.sha256).where(Attachment.removed_at.is_(None))))


def unclaimed() -> set[str]:
    """Return the hashes of files that no document needs."""
    return set(storage().names()) - named()


def missing() -> set[str]:
    """Return the hashes of files that documents need and that are not there."""
    return named() - set(storage().names())


def sweep() -> int:
    """Delete the files that no document needs any more; return how many.

    One that was stored just now may belong to a request that is still going on.
    """
    return sum(storage().delete_before(sha256, now() - UNCLAIMED) for sha256 in unclaimed())
