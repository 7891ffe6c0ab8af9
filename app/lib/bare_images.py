"""Tells whether an image file holds a picture and nothing else: no metadata, nothing after its end.

Such a file needs not be written anew, which for a JPEG or WebP would take something off the picture
each time that it goes from one Kring to another. When in doubt the answer is no.
"""

import struct
from collections.abc import Iterator
from typing import BinaryIO

MOST = 100_000_000
PNG = b"\x89PNG\r\n\x1a\n"
PNG_CHUNKS = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"})
WEBP_CHUNKS = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ALPH"})
JPEG_TELLS = frozenset({*range(0xE1, 0xF0), 0xFE})
"""Segments of a JPEG for applications (but not JFIF, which is 0xE0), and comments."""
EXIF_OR_MORE = 0b0010_1110
"""Flags of a WebP: a colour profile, EXIF, XMP, or that it moves."""


def is_bare(stream: BinaryIO) -> bool:
    """Tell whether there is a picture only; the stream is left at its begin."""
    stream.seek(0)
    data = stream.read(MOST + 1)
    stream.seek(0)
    if len(data) > MOST:
        return False
    try:
        if data.startswith(PNG):
            return bare_png(data)
        if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
            return bare_webp(data)
        return data.startswith(b"\xff\xd8") and bare_jpeg(data)
    except (struct.error, IndexError):
        return False


def bare_png(data: bytes) -> bool:
    """Tell whether a PNG has the chunks that make the picture, once through, up to its end."""
    names, place = [], len(PNG)
    while place < len(data):
        (length,) = struct.unpack_from(">I", data, place)
        names.append(data[place + 4 : place + 8])
        place += 12 + length
    return (
        place == len(data)
        and PNG_CHUNKS.issuperset(names)
        and names.index(b"IEND") + 1 == len(names)
    )


def bare_webp(data: bytes) -> bool:
    """Tell whether a WebP has the chunks that make one picture, up to its end."""
    (size,) = struct.unpack_from("<I", data, 4)
    place = 12
    while place < len(data):
        name = data[place : place + 4]
        (length,) = struct.unpack_from("<I", data, place + 4)
        if name not in WEBP_CHUNKS or (name == b"VP8X" and data[place + 8] & EXIF_OR_MORE):
            return False
        place += 8 + length + length % 2
    return bool(place == len(data) == size + 8)


def bare_jpeg(data: bytes) -> bool:
    """Tell whether a JPEG has no segments that tell something, and ends where its picture does."""
    markers = list(segments(data))
    ends = data.find(b"\xff\xd9", markers[-1][1]) if markers else -1
    return ends == len(data) - 2 and not any(marker in JPEG_TELLS for marker, _place in markers)


def segments(data: bytes) -> Iterator[tuple[int, int]]:
    """Yield the segments before the picture with where they end; IndexError when broken."""
    place = 2
    while True:
        if data[place] != 0xFF:
            raise IndexError
        marker = data[place + 1]
        (length,) = struct.unpack_from(">H", data, place + 2)
        if marker == 0xE0 and data[place + 4 : place + 9] != b"JFIF\0":
            raise IndexError
        place += 2 + length
        yield marker, place
        if marker == 0xDA:
            return
