"""Images without what they tell about their maker: written anew, picture only."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO

from PIL import Image, ImageOps, UnidentifiedImageError

from app.lib.file_types import FileRefused, Wrong

MOST_PIXELS = 25_000_000
"""Some 75 MB when decoded: what most cameras make, and no more memory than a small server has."""
FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
MOST_DECODED = 44_000_000
"""The bytes that an image in a text takes at most while it is made smaller."""
DRAFT_SIDE = 1500
"""The pixels that the shorter side of a large JPEG keeps at least while it is read."""
BYTES_A_PIXEL = {"1": 2, "L": 1, "LA": 4, "RGB": 4, "RGBA": 4, "P": 5}
ORIENTATION = 0x0112
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
PORTRAIT = 512
"""The pixels that each side of a photo of a person has."""
SMALL_BOX = (192, 144)
"""Into which the preview of an image among documents is made to fit."""
LOGO_SIDE = 4000
"""The pixels that each side of a logo has at most, as it comes."""
LOGO_BOX = (480, 160)
"""Into which it is made to fit: twice what a page shows, for sharp screens."""
WIDTHS = (480, 960, 1600)
"""The widths in which an image in a text is kept besides its own, for screens of every kind."""
LARGEST_SIDE = 2560
"""The pixels that each side of an image in a text has at most, once it is kept."""
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
            if moves(image):
                raise FileRefused(Wrong.MOVING)
            return written_anew(image, wanted)
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError):
        raise FileRefused(Wrong.BROKEN) from None


def moves(image: Image.Image) -> bool:
    """Tell whether an image moves. A camera may put a second, smaller picture behind a photo."""
    return image.format != "MPO" and getattr(image, "n_frames", 1) > 1


def written_anew(image: Image.Image, wanted: str) -> BinaryIO:
    """Return the picture alone, as a file at its begin."""
    return as_file(picture_of(image), wanted)


def picture_of(image: Image.Image) -> Image.Image:
    """Return the picture alone, the way up that its metadata said."""
    upright = ImageOps.exif_transpose(image)
    if "transparency" in upright.info:
        upright = upright.convert("RGBA")
    elif upright.mode == "P":
        upright = upright.convert("RGB")
    bare = Image.new(upright.mode, upright.size)
    bare.paste(upright)
    return bare


def as_file(picture: Image.Image, wanted: str) -> BinaryIO:
    """Return a picture as a file at its begin."""
    file = BytesIO()
    picture.save(file, wanted, **OPTIONS[wanted])
    file.seek(0)
    return file


def portrait(stream: BinaryIO) -> BinaryIO:
    """Return the middle of a JPEG, PNG or WebP as a small square JPEG, without what it tells.

    What it is, is judged by its content. Raises TooManyPixels before anything is decoded, and
    FileRefused for what is no image of these kinds, damaged or moving.
    """
    with opened(stream) as image:
        if image.width * image.height > MOST_PIXELS:
            raise TooManyPixels(f"{image.width} x {image.height}")
        return square(image)


@contextmanager
def opened(
    stream: BinaryIO, formats: tuple[str, ...] = tuple(FORMATS.values())
) -> Iterator[Image.Image]:
    """Open a JPEG, PNG or WebP that does not move, and tell in our words what is wrong with it.

    What it is, is judged by its content. Raises TooManyPixels and FileRefused.
    """
    try:
        with Image.open(stream, formats=formats) as image:
            if moves(image):
                raise FileRefused(Wrong.MOVING)
            yield image
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise TooManyPixels from None
    except UnidentifiedImageError:
        raise FileRefused(Wrong.KIND) from None
    except (OSError, SyntaxError, ValueError) as error:
        if isinstance(error, FileRefused | TooManyPixels):
            raise
        raise FileRefused(Wrong.BROKEN) from None


def square(image: Image.Image) -> BinaryIO:
    """Return the middle of a picture, on white where it is see-through."""
    # Made smaller first: what follows then takes little memory.
    times = max(1, min(image.size) / (2 * PORTRAIT))
    image.thumbnail((image.width / times, image.height / times))
    upright = ImageOps.exif_transpose(image).convert("RGBA")
    small = ImageOps.fit(upright, (PORTRAIT, PORTRAIT))
    bare = Image.new("RGB", small.size, "white")
    bare.paste(small, mask=small)
    file = BytesIO()
    bare.save(file, "JPEG", quality=85)
    file.seek(0)
    return file


def fitted(stream: BinaryIO) -> tuple[BinaryIO, str]:
    """Return a JPEG, PNG or WebP made to fit LOGO_BOX, without what it tells, and its media type.

    What it is, is judged by its content. Raises TooManyPixels before anything is decoded, and
    FileRefused for what is no image of these kinds, damaged or moving.
    """
    with opened(stream) as image:
        if max(image.size) > LOGO_SIDE:
            raise TooManyPixels(f"{image.width} x {image.height}")
        wanted = "JPEG" if image.format == "MPO" else image.format or ""
        small = picture_of(image)
        small.thumbnail(LOGO_BOX)
        file = as_file(small, wanted)
    return file, next(kind for kind, name in FORMATS.items() if name == wanted)


@dataclass(frozen=True)
class Sized:
    """An image in one size, as a file at its begin; `width` and `height` in pixels."""

    file: BinaryIO
    width: int
    height: int


@dataclass(frozen=True)
class InSizes:
    """An image for a text: as large as it is kept, and smaller ones, narrowest first."""

    media_type: str
    largest: Sized
    smaller: tuple[Sized, ...]


def in_sizes(stream: BinaryIO) -> InSizes:
    """Return a JPEG, PNG, WebP or still GIF in the sizes in which texts show it, without metadata.

    What it is, is judged by its content; a GIF becomes a PNG. Never larger than it came. Raises
    TooManyPixels before anything is decoded, and FileRefused for what is no image of these kinds,
    damaged or moving.
    """
    with opened(stream, (*FORMATS.values(), "GIF")) as image:
        wanted = {"MPO": "JPEG", "GIF": "PNG"}.get(image.format or "", image.format or "")
        if decoded_size(image) > MOST_DECODED:
            raise TooManyPixels(f"{image.width} x {image.height}")
        picture = kept_picture(image)
        largest = sized(picture, wanted)
        smaller = []
        for width in sorted((each for each in WIDTHS if each < picture.width), reverse=True):
            picture.thumbnail((width, picture.height))
            smaller.append(sized(picture, wanted))
    media_type = next(kind for kind, name in FORMATS.items() if name == wanted)
    return InSizes(media_type, largest, tuple(reversed(smaller)))


def decoded_size(image: Image.Image, box: tuple[int, int] = (DRAFT_SIDE, DRAFT_SIDE)) -> int:
    """Return how many bytes an image takes at most while it is made smaller, as was measured.

    A JPEG is read at about the size that is needed; WebP and GIF are held more than once.
    """
    pixels = image.width * image.height
    if pixels > MOST_PIXELS:
        return pixels * 4
    if image.format in {"JPEG", "MPO"}:
        image.draft(image.mode, box)
    each = {"WEBP": 16, "GIF": 10}.get(image.format or "", BYTES_A_PIXEL.get(image.mode, 8))
    return image.width * image.height * each


def kept_picture(image: Image.Image) -> Image.Image:
    """Return the picture alone, upright, no larger than it is kept, in colours that browsers know."""
    see_through = "transparency" in image.info or image.mode in {"RGBA", "LA", "PA"}
    exif = image.getexif()
    colours = "RGBA" if see_through else "L" if image.mode in {"1", "L"} else "RGB"
    plain = image if image.mode == colours else image.convert(colours)
    plain.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
    bare = Image.new(plain.mode, plain.size)
    bare.paste(plain)
    turn = TURNS.get(exif.get(ORIENTATION, 1))
    return bare if turn is None else bare.transpose(turn)


def sized(picture: Image.Image, wanted: str) -> Sized:
    """Return a picture as a file, with its measure."""
    return Sized(as_file(picture, wanted), picture.width, picture.height)


def small(stream: BinaryIO) -> bytes:
    """Return a JPEG, PNG or WebP as a JPEG that fits SMALL_BOX, on white, without metadata.

    Raises as `in_sizes` does.
    """
    with opened(stream) as image:
        if decoded_size(image, SMALL_BOX) > MOST_DECODED:
            raise TooManyPixels(f"{image.width} x {image.height}")
        picture = kept_picture(image)
        picture.thumbnail(SMALL_BOX)
    bare = Image.new("RGB", picture.size, "white")
    see_through = picture.mode == "RGBA"
    bare.paste(picture, mask=picture if see_through else None)
    return as_file(bare, "JPEG").read()
