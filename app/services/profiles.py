"""What people tell about themselves."""

from collections.abc import Iterable
from os import SEEK_END
from typing import BinaryIO

from sqlalchemy import select

from app.extensions import db
from app.lib import images
from app.lib.slugs import UNTITLED, slugify
from app.lib.storage import TooLarge
from app.models import Expertise, User
from app.services import attachments, search_index

LARGEST_PHOTO = 5_000_000
MOST_EXPERTISE = 10
SHORTEST = 2
LONGEST = 60


def split_expertise(text: str) -> list[str]:
    """Return the subjects in a comma separated text, each once, in the order of the text."""
    names = [" ".join(part.split()) for part in text.split(",")]
    return list({expertise_slug(name): name for name in reversed(names) if name}.values())[::-1]


def expertise_slug(name: str) -> str:
    """Return the form in which subjects are compared: "Schuld hulp" is "schuld-hulp"."""
    return slugify(name, max_length=LONGEST)


def is_expertise(name: str) -> bool:
    """Tell whether this can be a subject: long and short enough, with a letter or a digit."""
    return SHORTEST <= len(name) <= LONGEST and expertise_slug(name) != UNTITLED


def set_expertise(user: User, names: Iterable[str]) -> None:
    """Let `user` know about exactly these subjects, each of which `is_expertise`.

    From then on people find them by what their profile says.
    """
    wanted = {expertise_slug(name): name for name in names}
    known = db.session.scalars(select(Expertise).where(Expertise.user_id == user.id)).all()
    for one in known:
        if one.slug in wanted:
            one.name = wanted.pop(one.slug)
        else:
            db.session.delete(one)
    for slug, name in wanted.items():
        db.session.add(Expertise(user_id=user.id, slug=slug, name=name))
    db.session.flush()
    db.session.expire(user, ["expertise"])
    search_index.index(user)


def portrait(stream: BinaryIO) -> BinaryIO:
    """Return an uploaded photo as we keep photos. `stream` allows seeking.

    Takes a second for a large one: not in a transaction that others wait for. Raises TooLarge,
    TooManyPixels and FileRefused.
    """
    if stream.seek(0, SEEK_END) > LARGEST_PHOTO:
        raise TooLarge
    stream.seek(0)
    return images.portrait(stream)


def set_photo(user: User, photo: BinaryIO) -> None:
    """Keep a portrait of `user`; the one before goes at night. Raises OSError for a full disk."""
    user.photo_sha256 = attachments.storage().save(photo, LARGEST_PHOTO).sha256
