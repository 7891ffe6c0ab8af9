"""Images without what they tell about their maker: written anew, picture only."""

from io import BytesIO
from typing import BinaryIO

from PIL import Image, ImageOps, UnidentifiedImageError

from app.lib.file_types import FileRefused, Wrong

MOST_PIXELS = 25_000_000
"""Some 75 MB when decoded: what most cameras make, and no more memory than a small server has."""
FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
OPTIONS: dict[str, dict[str, int]] = {"JPEG": {"quality": 90}, "PNG": {}, "WEBP": {"quality": 90}}


class TooManyPixels(ValueError):
    """The image is too large to be decoded safely."""


def without_metadata(stream: BinaryIO, media_type: str) -> BinaryIO:
    """Return a JPEG, PNG or WebP written anew: no place, no camera, no name, nothing after its end.

    Turned the way up that its metadata said. Other kinds of file are returned as they are.
    Raises TooManyPixels before anything is decoded, and FileRefused for what is damaged or moves.
    """
    wanted = FORMATS.get(media_type)
    if wanted is None:
        return stream
    try:
        with Image.open(stream, formats=[wanted]) as image:
            if image.width * image.height > MOST_PIXELS:
                raise TooManyPixels(f"{image.width} x {image.height}")
            if getattr(image, "n_frames", 1) > 1:
                raise FileRefused(Wrong.MOVING)
            return written_anew(image, wanted)
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError):
        raise FileRefused(Wrong.BROKEN) from None


def written_anew(image: Image.Image, wanted: str) -> BinaryIO:
    """Return the picture alone, as a file at its begin."""
    upright = ImageOps.exif_transpose(image)
    if "transparency" in upright.info:
        upright = upright.convert("RGBA")
    elif upright.mode == "P":
        upright = upright.convert("RGB")
    bare = Image.new(upright.mode, upright.size)
    bare.paste(upright)
    file = BytesIO()
    bare.save(file, wanted, **OPTIONS[wanted])
    file.seek(0)
    return file
