"""The documents and images of wiki pages, with where they stand in an export."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import aliased, joinedload

from app.extensions import db
from app.lib.clock import local
from app.lib.file_types import safe_name
from app.lib.wiki_files import FOLDER, Kind
from app.models import Attachment, Content, Image, ImageUse, User
from app.policy import attachments_visible_to, images_visible_to
from app.services import import_authors
from app.services.wiki_paths import INDEX, is_device


@dataclass(frozen=True)
class Thing:
    """A document or an image: what it is in Kring (`images/12`), and its path in the export."""

    address: str
    path: str
    sha256: str
    size: int
    line: str


def things_of(paths: Mapping[int, str], reader: User | None) -> Iterator[Thing]:
    """Yield what stands at these pages, in their order; what `reader` may see, None: all."""
    taken: set[str] = set()
    for kind, rows in (("document", documents(paths, reader)), ("image", images(paths, reader))):
        for row, pages in rows:
            path = place(paths[pages[0]], row.filename, taken)
            yield thing(kind, row, path, [paths[key] for key in pages])  # type: ignore[arg-type]  # one of the two


def documents(
    paths: Mapping[int, str], reader: User | None
) -> Iterator[tuple[Attachment, list[int]]]:
    """Yield the documents at the texts of pages, with the one page of each."""
    may: ColumnElement[bool] = (
        Attachment.removed_at.is_(None) if reader is None else attachments_visible_to(reader)
    )
    found = db.session.scalars(
        select(Attachment)
        .join(Content, Content.id == Attachment.content_id)
        .where(Attachment.content_id.in_(list(paths)), Attachment.comment_id.is_(None), may)
        .order_by(Attachment.id)
        .options(joinedload(Attachment.uploader))
    ).all()
    order = {key: number for number, key in enumerate(paths)}
    for row in sorted(found, key=lambda row: (order[row.content_id], row.id)):
        yield row, [row.content_id]


def images(paths: Mapping[int, str], reader: User | None) -> Iterator[tuple[Image, list[int]]]:
    """Yield the images that stand or stood in pages, with these pages."""
    may: ColumnElement[bool] = true() if reader is None else images_visible_to(reader)
    use = aliased(ImageUse)
    found = db.session.execute(
        select(Image, use.content_id)
        .join(use, use.image_id == Image.id)
        .where(
            use.content_id.in_(list(paths)), use.comment_id.is_(None),
            Image.removed_at.is_(None), may,
        )
        .order_by(Image.id)
        .options(joinedload(Image.uploader))
    )  # fmt: skip
    order = {key: number for number, key in enumerate(paths)}
    pages: dict[Image, set[int]] = {}
    for image, key in found:
        pages.setdefault(image, set()).add(key or 0)
    places = {image: sorted(keys, key=order.__getitem__) for image, keys in pages.items()}
    yield from sorted(places.items(), key=lambda item: (order[item[1][0]], item[0].id))


def place(page: str, filename: str, taken: set[str]) -> str:
    """Return a path for a file beside its page's name, that no other file has on any system."""
    parts = PurePosixPath(page)
    folder = parts.parent if parts.stem == INDEX and parts.parent.parts else parts.with_suffix("")
    name = PurePosixPath(safe_name(filename))
    stem = f"{name.stem}-bestand" if is_device(name.name) else name.stem
    number, found = 1, f"{FOLDER}/{folder}/{stem}{name.suffix}"
    while found.casefold() in taken:
        number += 1
        found = f"{FOLDER}/{folder}/{stem}-{number}{name.suffix}"
    taken.add(found.casefold())
    return found


def thing(kind: Kind, row: Attachment | Image, path: str, pages: list[str]) -> Thing:
    """Return a row as what goes, with its line of JSON."""
    values: dict[str, Any] = {
        "path": path,
        "pages": pages,
        "kind": kind,
        "title": row.alt if isinstance(row, Image) else row.title,
        "filename": row.filename,
        "date": local(row.created_at).isoformat(),
        **import_authors.named(row.uploader),
    }
    address = f"{'images' if isinstance(row, Image) else 'attachments'}/{row.id}"
    return Thing(address, path, row.sha256, row.size, json.dumps(values, ensure_ascii=False))
