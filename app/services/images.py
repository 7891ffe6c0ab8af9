"""Images for texts: made fit, kept in some sizes, and taken away again."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from io import SEEK_END
from pathlib import PurePath
from typing import Any, BinaryIO

from sqlalchemy import Select, String, cast, delete, exists, select
from sqlalchemy.orm import joinedload

from app.extensions import db
from app.lib import images
from app.lib.clock import now
from app.lib.file_types import safe_name
from app.lib.markdown import MarkdownRefused
from app.lib.markdown.pictures import named
from app.lib.storage import TooLarge
from app.models import Comment, Content, Draft, Image, ImageUse, Proposal, Template, User
from app.policy import visible_to
from app.services import activity, attachments, pages, text
from app.services.activity import Verb

LONGEST_NAME = 100
LONGEST_ALT = 300
EXTENSIONS = {"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp"}
UNPLACED = timedelta(days=7)
"""For so long an image can wait for the text in which it is to stand."""
MOST_WRITTEN = 100_000_000
"""Bytes in which an image that was taken is written anew, whatever it held before."""


@dataclass(frozen=True)
class Ready:
    """An image of which the files are stored, and no row tells of yet."""

    filename: str
    media_type: str
    size: int
    width: int
    height: int
    sha256: str
    sizes: list[dict[str, Any]]


def prepare(stream: BinaryIO, filename: str, most: int) -> Ready:
    """Write an uploaded image anew in its sizes and store the files; `stream` allows seeking.

    `most` is how many bytes it may have. Takes a second for a large one, and asks the database
    nothing: not in a transaction that others wait for. Raises TooLarge,
    TooManyPixels, FileRefused, and OSError when the disk does not take it.
    """
    if stream.seek(0, SEEK_END) > most:
        raise TooLarge
    stream.seek(0)
    made = images.in_sizes(stream)
    stored = attachments.storage().save(made.largest.file, MOST_WRITTEN)
    sizes = []
    for one in made.smaller:
        kept = attachments.storage().save(one.file, MOST_WRITTEN)
        sizes.append({"width": one.width, "sha256": kept.sha256, "size": kept.size})
    stem = PurePath(safe_name(filename or "x").rstrip(".")).stem[:LONGEST_NAME]
    return Ready(
        filename=f"{stem}{EXTENSIONS[made.media_type]}", media_type=made.media_type,
        size=stored.size, width=made.largest.width, height=made.largest.height,
        sha256=stored.sha256, sizes=sizes,
    )  # fmt: skip


def keep(ready: Ready, alt: str, uploader: User) -> Image:
    """Keep an image that was prepared; until it stands in a text it is its uploader's alone."""
    image = Image(alt=alt[:LONGEST_ALT], uploader_id=uploader.id, **vars(ready))
    db.session.add(image)
    db.session.flush()
    return image


def add(stream: BinaryIO, filename: str, alt: str, uploader: User) -> Image:
    """Keep an image, all at once: for commands. Raises as `prepare` does."""
    return keep(prepare(stream, filename, attachments.largest()), alt, uploader)


def nearest(image: Image, width: int) -> str:
    """Return the hash of the smallest file that is as wide as asked, or the widest."""
    for one in image.sizes:
        if one["width"] >= width:
            return str(one["sha256"])
    return image.sha256


def markdown(image: Image) -> str:
    """Return what stands in a text where the image is to be shown."""
    words = "".join(f"\\{sign}" if sign in r"\[]" else sign for sign in image.alt)
    return f"![{words}](/images/{image.id}-{image.slug})"


def remove(image: Image, actor: User, reason: str = "") -> None:
    """Take an image away from all texts, which then say so; its files go at night.

    What someone else added is logged with the reason, and they are told.
    """
    image.removed_at, image.removed_by_id = now(), actor.id
    db.session.flush()
    uses = db.session.scalars(uses_of(image)).all()
    for use in uses:
        render_again(use)
    if image.uploader_id != actor.id and (place := first_seen(uses, actor)):
        verb = Verb.IMAGE_REMOVED
        activity.log(verb, place, actor, reason=reason, result=image.alt)
        decided = activity.decide(verb, place, actor, reason, whose=image.uploader_id)
        activity.notify(image.uploader_id, verb, place, actor, reason, decided=decided)


def uses_of(image: Image) -> Select[ImageUse]:
    """Select in which texts an image stands, in the order in which it came there."""
    return select(ImageUse).where(ImageUse.image_id == image.id).order_by(ImageUse.id)


def text_of(use: ImageUse) -> Content | Comment | None:
    """Return the piece or the reply in which an image stands; None for a standing page."""
    if use.comment_id is None:
        return db.session.get(Content, use.content_id) if use.content_id else None
    with_piece = joinedload(Comment.content).joinedload(Content.group)
    return db.session.get(Comment, use.comment_id, options=[with_piece])


def first_seen(uses: Sequence[ImageUse], actor: User) -> Content | Comment | None:
    """Return the first of the texts that `actor` can see: the log says no more than they know."""
    keys = {use.content_id for use in uses}
    seen = select(Content.id).where(Content.id.in_(keys), visible_to(actor))
    readable = set(db.session.scalars(seen))
    return next((text_of(use) for use in uses if use.content_id in readable), None)


def render_again(use: ImageUse) -> None:
    """Render a text without an image that was removed."""
    found = text_of(use)
    if isinstance(found, Content):
        text.render_again(found.id)
    elif isinstance(found, Comment):
        with suppress(MarkdownRefused):
            text.render_comment(found, found.content)
    elif use.page_id:
        pages.render_again(use.page_id)


def forget() -> int:
    """Delete images that came to stand in no text within a week; return how many.

    What someone is writing, a proposal or a template may still name one.
    """
    placed = exists().where(ImageUse.image_id == Image.id)
    waiting = select(Image.id).where(Image.created_at < now() - UNPLACED, ~placed)
    gone = set(db.session.scalars(waiting)) - awaited()
    db.session.execute(delete(Image).where(Image.id.in_(gone)))
    return len(gone)


def awaited() -> set[int]:
    """Return the numbers of images that are named where a text is still to be made of it."""
    written = (cast(Draft.fields, String), Proposal.body, Template.body)
    keys: set[int] = set()
    for column in written:
        for found in db.session.scalars(select(column).where(column.contains("/images/"))):
            keys |= named(found)
    return keys
