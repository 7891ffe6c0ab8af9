"""The logo of the community: written anew, small enough for the top of every page."""

from dataclasses import dataclass
from io import SEEK_END
from typing import BinaryIO

from app.lib import images
from app.lib.storage import TooLarge
from app.models import User
from app.services import attachments, settings

LARGEST = 2 * 1024 * 1024
NONE = {"logo_sha256": "", "logo_type": ""}


@dataclass(frozen=True)
class Ready:
    """A logo of which the file is stored, and that does not stand there yet."""

    sha256: str
    media_type: str


def prepare(stream: BinaryIO) -> Ready:
    """Write an image anew as a logo and store it; `stream` allows seeking.

    Asks the database nothing: not in a transaction that others wait for. Raises TooLarge for a
    file, TooManyPixels for an image that is too large, FileRefused for what is no image, and
    OSError when the disk does not take it.
    """
    if stream.seek(0, SEEK_END) > LARGEST:
        raise TooLarge(f"more than {LARGEST} bytes")
    stream.seek(0)
    small, media_type = images.fitted(stream)
    return Ready(attachments.storage().save(small, LARGEST).sha256, media_type)


def use(ready: Ready, actor: User) -> None:
    """Let an image that was prepared stand on top of every page."""
    settings.change({"logo_sha256": ready.sha256, "logo_type": ready.media_type}, actor)


def remove(actor: User) -> None:
    """Let Kring's own mark stand there again. The file is swept away later."""
    settings.change(NONE, actor)
