"""Which images stand in a text: who reads the text may see them, and nobody else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, exists, false, literal, select

from app.extensions import db
from app.lib.markdown.page import Picture
from app.lib.markdown.pictures import named
from app.models import Comment, Content, Image, ImageUse, Page, Revision, User
from app.policy import images_visible_to
from app.services.links import address

Text = Content | Comment | Page


@dataclass
class Pictures:
    """The images that one rendering may show.

    What stands in the text already, and what `writer` puts in it and may see at this moment.
    Nobody can publish an image by guessing its address: not by writing it down, and not by having
    someone who may see it change another word of the same text.
    """

    text: Text | None
    writer: User | None = None
    fresh: set[int] = field(default_factory=set)
    asked: set[int] = field(default_factory=set)

    def __call__(self, keys: Sequence[int]) -> Mapping[int, Picture]:
        """Return the images with these numbers that may be shown, in one statement or two."""
        self.asked |= set(keys)
        used, seen = self.stands(), images_visible_to(self.writer) if self.writer else false()
        rows = db.session.execute(
            select(Image, used, seen).where(Image.id.in_(keys), used | seen).order_by(Image.id)
        ).all()
        fresh = {image.id for image, is_used, _seen in rows if not is_used}
        self.fresh |= fresh - self.named_before(fresh)
        return {
            image.id: picture(image)
            for image, is_used, _seen in rows
            if is_used or image.id in self.fresh
        }

    def stands(self) -> ColumnElement[bool]:
        """Return the condition on `Image` that it stands in this text, or did before."""
        if self.text is None:
            return literal(value=False)
        here = (
            getattr(ImageUse, name) == value if value else getattr(ImageUse, name).is_(None)
            for name, value in self.place().items()
        )
        return exists().where(ImageUse.image_id == Image.id, *here).correlate(Image)

    def place(self) -> dict[str, int | None]:
        """Return how a use of an image names this text."""
        match self.text:
            case Comment():
                return {"content_id": self.text.content_id, "comment_id": self.text.id}
            case Page():
                return {"page_id": self.text.id}
            case _:
                assert self.text is not None
                return {"content_id": self.text.id, "comment_id": None}

    def named_before(self, keys: set[int]) -> set[int]:
        """Return which images the text named already in its version before this one."""
        if not keys or not isinstance(self.text, Content | Comment):
            return set()
        column = Revision.comment_id if isinstance(self.text, Comment) else Revision.content_id
        before = db.session.scalar(
            select(Revision.body)
            .where(column == self.text.id, Revision.body != self.text.body)
            .order_by(Revision.number.desc())
            .limit(1)
        )
        return named(before or "") & keys

    def keep(self, html: str) -> None:
        """Note which images stand in the text from now on; also those that were typed as HTML."""
        if others := sorted(named(html) - self.asked):
            self(others)
        for key in sorted(self.fresh & named(html)):
            db.session.add(ImageUse(image_id=key, **self.place()))
        self.fresh = set()


def picture(image: Image) -> Picture:
    """Return an image as a text shows it."""
    widths = tuple(one["width"] for one in image.sizes)
    gone = image.removed_at is not None
    url = address("images.show", ref=image)
    return Picture(url, image.width, image.height, widths, image.alt, gone)
