"""Documents and images that come with an imported wiki, one at a time.

Each is judged by its content and written anew as an upload is, unless it holds a picture and nothing
else already. What a page has already is not added again.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import select, update

from app.extensions import db
from app.lib import file_types
from app.lib import images as pictures
from app.lib.bare_images import is_bare
from app.lib.file_types import FileRefused
from app.lib.images import TooManyPixels
from app.lib.storage import TooLarge
from app.lib.wiki_files import FileLine, open_file
from app.lib.wiki_folder import Note, Reason, Unfit, shown
from app.models import Attachment, Content, Image, ImageUse, User
from app.services import attachments, images, import_authors, search_index
from app.services.wiki_import import Batch

TITLE_LENGTH = 200
REASONS: dict[type[Exception], Reason] = {
    attachments.NotTaken: "kind_not_taken",
    attachments.TooMany: "too_many_files",
    TooLarge: "file_too_large",
    TooManyPixels: "too_many_pixels",
}
MIME = {name: media_type for media_type, name in pictures.FORMATS.items()}


def bring_file(batch: Batch, root: Path, line: FileLine) -> bool:
    """Add a document or an image to its pages, and keep its address; tell whether it is new.

    What cannot be added is told, and left out. Raises OSError when the disk does not take it.
    """
    pages = [batch.pages[path] for path in line.pages if path in batch.pages]
    if not pages:
        batch.tell(Note(shown(line.path), "unknown_page", shown(line.pages[0])))
        return False
    try:
        with open_file(root, line.path) as stream:
            if line.kind == "image":
                return bring_image(batch, line, pages, stream)
            return bring_document(batch, line, pages[0], stream)
    except Unfit as error:
        batch.tell(Note(shown(line.path), error.reason, error.detail))
    except FileRefused as error:
        batch.tell(Note(shown(line.path), "file_refused", error.reason))
    except tuple(REASONS) as error:
        batch.tell(Note(shown(line.path), REASONS[type(error)]))
    return False


def bring_document(batch: Batch, line: FileLine, page_id: int, stream: BinaryIO) -> bool:
    """Add a document to a page. Raises what `attachments.add` does, but for what is there already."""
    name = file_types.safe_name(line.filename)
    kind = file_types.judge(stream, name)
    if kind not in attachments.taken():
        raise attachments.NotTaken
    bare = stream if is_bare(stream) else pictures.without_metadata(stream, kind.media_type)
    stored = attachments.storage().save(bare, attachments.largest())
    standing = Attachment.content_id == page_id, Attachment.removed_at.is_(None)
    there = db.session.scalars(select(Attachment).where(*standing)).all()
    same = next((row for row in there if row.sha256 == stored.sha256), None)
    if same is None:
        if len(there) >= attachments.MOST:
            raise attachments.TooMany
        made = Attachment(
            content_id=page_id, uploader_id=uploader(line).id, filename=name,
            title=line.title[:TITLE_LENGTH], media_type=kind.media_type, size=stored.size,
            sha256=stored.sha256, created_at=line.date,
        )  # fmt: skip
        db.session.add(made)
        search_index.index(made)
        db.session.execute(
            update(Content)
            .where(Content.id == page_id)
            .values(attachment_count=len(there) + 1)
            .execution_options(synchronize_session=False)
        )
    row = same or made
    batch.addresses[line.path] = f"/attachments/{row.id}-{row.slug}"
    return same is None


def bring_image(batch: Batch, line: FileLine, pages: Sequence[int], stream: BinaryIO) -> bool:
    """Add an image to the pages in which it stands or stood. Raises as `images.prepare` does."""
    ready = images.prepare(stream, line.filename, images.MOST_WRITTEN)
    if is_bare(stream) and size_of(stream) == (ready.media_type, ready.width, ready.height):
        stored = attachments.storage().save(stream, images.MOST_WRITTEN)
        ready = replace(ready, sha256=stored.sha256, size=stored.size)
    image = db.session.scalar(
        select(Image)
        .join(ImageUse, ImageUse.image_id == Image.id)
        .where(
            ImageUse.content_id.in_(pages), Image.sha256 == ready.sha256, Image.removed_at.is_(None)
        )
        .order_by(Image.id)
        .limit(1)
    )  # fmt: skip
    is_new = image is None
    if image is None:
        image = images.keep(ready, line.title, uploader(line))
        image.created_at = line.date
    has = select(ImageUse.content_id).where(
        ImageUse.image_id == image.id, ImageUse.comment_id.is_(None)
    )
    there = set(db.session.scalars(has))
    db.session.add_all(
        ImageUse(image_id=image.id, content_id=key) for key in pages if key not in there
    )
    batch.addresses[line.path] = f"/images/{image.id}-{image.slug}"
    return is_new


def size_of(stream: BinaryIO) -> tuple[str, int, int]:
    """Return the media type of an image that was taken, its width and its height."""
    with pictures.opened(stream) as image:
        found = MIME.get(image.format or "", ""), image.width, image.height
    stream.seek(0)
    return found


def uploader(line: FileLine) -> User:
    """Return the account of who added a file, made with the batch."""
    email = import_authors.email_of(line.author)
    return import_authors.by_email([email])[email]
