"""Documents at a piece or a reply: adding, handing out, removing, and what became of their files."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache, partial
from pathlib import Path, PurePath
from typing import BinaryIO
from urllib.parse import unquote, urlsplit

from flask import current_app
from sqlalchemy import Select, func, select, update

from app.extensions import Kring, db
from app.lib import file_types, images
from app.lib.batches import Batch
from app.lib.bucket import Bucket
from app.lib.clock import now
from app.lib.file_types import FileRefused, FileType
from app.lib.storage import Folder, Storage
from app.models import Attachment, Comment, Content, Image, User
from app.services import activity, search_index
from app.services.activity import Verb
from app.site import site

EXTENSION = "kring_downloads"
STORAGE = "kring_files"
MOST = 20
"""Documents at one piece, or at one reply."""
PREVIEWS = 200
MEGABYTE = 1_000_000
# A file may be on disk for this long before the transaction that names it is kept.
UNCLAIMED = timedelta(hours=1)


class TooMany(ValueError):
    """The piece or reply has as many documents as it can have."""


class NotTaken(ValueError):
    """This community does not take documents of this kind."""


class AddedAlready(ValueError):
    """The piece or reply has a document with the same content."""


def init_app(app: Kring) -> None:
    """Give this application its files, and a batch of its own: a download is a GET."""
    app.extensions[STORAGE] = storage_at(app.config["FILES_URL"], app.config["INSTANCE"] / "files")
    app.extensions[EXTENSION] = Batch[int](partial(write, app))


def storage_at(url: str, folder: Path) -> Storage:
    """Return the files at an `s3://` or `file://` address, without one those in `folder`.

    Raises ValueError for another address, and when a library is absent.
    """
    parts = urlsplit(url)
    match parts.scheme:
        case "s3":
            return Bucket(url)
        case "file" if parts.path.strip("/") and not parts.netloc:
            return Folder(Path(unquote(parts.path)))
        case "" if not url:
            return Folder(folder)
    raise ValueError("KRING_FILES_URL begins with s3://bucket or file:///folder")


def largest() -> int:
    """Return how many bytes a document can have at most."""
    return site().upload_megabytes * MEGABYTE


def taken() -> list[FileType]:
    """Return the kinds of files that can be added."""
    chosen = site().upload_types
    return [kind for kind in file_types.TYPES.values() if kind.media_type in chosen or not chosen]


def storage() -> Storage:
    """Return the files of this application."""
    files: Storage = current_app.extensions[STORAGE]
    return files


@dataclass(frozen=True)
class Ready:
    """A document of which the file is stored, and no row tells of yet."""

    filename: str
    media_type: str
    size: int
    sha256: str


def prepare(stream: BinaryIO, filename: str, most: int, kinds: Collection[FileType]) -> Ready:
    """Judge an uploaded file and store it; `stream` allows seeking.

    Takes a second for a large image, and asks the database nothing: not in a transaction that
    others wait for. Raises FileRefused, NotTaken, TooManyPixels, TooLarge, and OSError when the
    disk does not take it.
    """
    name = file_types.safe_name(filename)
    kind = file_types.judge(stream, name)
    if kind not in kinds:
        raise NotTaken
    bare = images.without_metadata(stream, kind.media_type)
    stored = storage().save(bare, most)
    return Ready(name, kind.media_type, stored.size, stored.sha256)


def keep(ready: Ready, place: Content | Comment, uploader: User, title: str = "") -> Attachment:
    """Add a document that was prepared to a piece or a reply; its title is else that of its file.

    Raises AddedAlready and TooMany.
    """
    content, comment = (place.content, place) if isinstance(place, Comment) else (place, None)
    db.session.refresh(content, ["attachment_count"], with_for_update=True)
    reply = Attachment.comment_id
    here = (
        Attachment.content_id == content.id, Attachment.removed_at.is_(None),
        reply == comment.id if comment else reply.is_(None),
    )  # fmt: skip
    hashes = db.session.scalars(select(Attachment.sha256).where(*here)).all()
    if len(hashes) >= MOST:
        raise TooMany
    if ready.sha256 in hashes:
        raise AddedAlready
    attachment = Attachment(
        content=content, comment=comment, uploader_id=uploader.id,
        title=title or PurePath(ready.filename).stem, **vars(ready),
    )  # fmt: skip
    db.session.add(attachment)
    recount(content, comment)
    search_index.index(attachment)
    return attachment


def add(
    place: Content | Comment, uploader: User, stream: BinaryIO, filename: str, title: str
) -> Attachment:
    """Add a document, all at once: for commands. Raises as `prepare` and `keep` do."""
    return keep(prepare(stream, filename, largest(), taken()), place, uploader, title)


def remove(attachment: Attachment, actor: User, reason: str = "") -> None:
    """Remove a document. What someone else added is logged with the reason, and they are told."""
    attachment.removed_at, attachment.removed_by_id = now(), actor.id
    content = attachment.content
    recount(content, attachment.comment)
    search_index.drop(attachment)
    if attachment.uploader_id == actor.id:
        return
    verb, title = Verb.ATTACHMENT_REMOVED, attachment.title
    activity.log(verb, content, actor, reason=reason, result=title)
    place = attachment.comment or content
    decided = activity.decide(verb, place, actor, reason, whose=attachment.uploader_id)
    activity.notify(attachment.uploader_id, verb, place, actor, reason, decided=decided)


def recount(content: Content, comment: Comment | None = None) -> None:
    """Count anew how many documents a piece has, those at its replies too, and a reply has."""
    db.session.flush()
    standing = select(func.count()).select_from(Attachment).where(Attachment.removed_at.is_(None))
    write_count(Content, content.id, standing.where(Attachment.content_id == content.id))
    if comment is not None:
        write_count(Comment, comment.id, standing.where(Attachment.comment_id == comment.id))
        db.session.expire(comment, ["attachment_count"])


def write_count(model: type[Content | Comment], key: int, number: Select[int]) -> None:
    """Store a number of documents."""
    db.session.execute(
        update(model)
        .where(model.id == key)
        .values(attachment_count=number.scalar_subquery())
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


def needed() -> dict[str, set[str]]:
    """Return the hashes of all files that are needed, by what needs them."""
    documents = select(Attachment.sha256).where(Attachment.removed_at.is_(None))
    photos = select(User.photo_sha256).where(User.photo_sha256.is_not(None))
    logo = site().logo_sha256
    return {
        "documents": set(db.session.scalars(documents)),
        "images": set(of_images()),
        "photos": {sha256 for sha256 in db.session.scalars(photos) if sha256},
        "logo": {logo} if logo else set(),
    }


def named() -> set[str]:
    """Return the hashes of all files that documents, images, photos and the logo need."""
    return set().union(*needed().values())


@lru_cache(maxsize=PREVIEWS)
def preview(files: Storage, sha256: str) -> bytes:
    """Return the small picture of an image among documents; nothing when it cannot be made small.

    Kept in memory: it takes a moment to make. Raises FileNotFoundError.
    """
    with files.open(sha256) as file, suppress(FileRefused, images.TooManyPixels):
        return images.small(file)
    return b""


def of_images() -> Iterator[str]:
    """Yield the hashes of the files that images in texts need, of all sizes."""
    found = select(Image.sha256, Image.sizes).where(Image.removed_at.is_(None))
    for sha256, sizes in db.session.execute(found):
        yield sha256
        yield from (one["sha256"] for one in sizes)


def unclaimed() -> set[str]:
    """Return the hashes of files that nothing needs."""
    return set(storage().names()) - named()


def missing() -> dict[str, int]:
    """Return how many files are needed and not there, by what needs them; sound ones are left out."""
    there = set(storage().names())
    lost = {kind: len(hashes - there) for kind, hashes in needed().items()}
    return {kind: number for kind, number in lost.items() if number}


def sweep() -> int:
    """Delete the files that nothing needs any more; return how many.

    One that was stored just now may belong to a request that is still going on.
    """
    return sum(storage().delete_before(sha256, now() - UNCLAIMED) for sha256 in unclaimed())
