"""Images lose what they tell about who made them, where and with what."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image, PngImagePlugin

from app.lib.file_types import FileRefused, Wrong
from app.lib.images import MOST_PIXELS, PORTRAIT, TooManyPixels, portrait, without_metadata
from tests.filemaking import image

SECRET = b"Els van Dam, Dorpsstraat"
MEDIA = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}


def told(kind: str) -> bytes:
    """Return an image that tells its maker in every way that its kind has."""
    exif = Image.Exif()
    exif[0x010E] = SECRET.decode()
    exif[0x0112] = 6  # turned a quarter
    options: dict[str, object] = {"exif": exif.tobytes(), "icc_profile": SECRET}
    if kind == "PNG":
        options["pnginfo"] = PngImagePlugin.PngInfo()
        options["pnginfo"].add_text("Author", SECRET.decode())  # type: ignore[attr-defined]  # made above
    elif kind == "WEBP":
        options["xmp"] = SECRET
    else:
        options["comment"] = SECRET
    return image(kind, (4, 3), **options) + SECRET + b"<script>alert(1)</script>"


@pytest.mark.parametrize("kind", MEDIA)
def test_nothing_but_the_picture_is_left(kind: str) -> None:
    assert told(kind).count(SECRET) > 1
    bare = without_metadata(BytesIO(told(kind)), MEDIA[kind]).read()
    assert SECRET not in bare and b"script" not in bare
    with Image.open(BytesIO(bare)) as picture:
        assert picture.format == kind
        assert picture.size == (3, 4), "it is turned the way that its metadata said"
        assert not picture.getexif()
        red, green, blue = picture.convert("RGB").getpixel((1, 1))  # type: ignore[misc]  # RGB
        assert red < 20 and abs(green - 128) < 20 and abs(blue - 128) < 20


@pytest.mark.parametrize("mode", ["P", "L", "RGBA", "LA", "1", "I;16"])
def test_what_is_see_through_stays_so(mode: str) -> None:
    file = BytesIO()
    options = {"transparency": 0} if mode == "P" else {}
    Image.new(mode, (2, 2)).save(file, "PNG", **options)
    with Image.open(without_metadata(BytesIO(file.getvalue()), "image/png")) as picture:
        assert picture.size == (2, 2)
        if mode in {"P", "RGBA", "LA"}:
            assert picture.convert("RGBA").getpixel((0, 0))[3] == 0  # type: ignore[index]  # RGBA


def test_other_files_stay_as_they_are() -> None:
    stream = BytesIO(b"%PDF-1.4")
    assert without_metadata(stream, "application/pdf") is stream


def bomb_of(side: int) -> bytes:
    """Return a PNG that says to have so many pixels each way, and has none."""
    header = struct.pack(">2L5B", side, side, 8, 6, 0, 0, 0)
    chunk = b"IHDR" + header
    bomb = b"\x89PNG\r\n\x1a\n" + struct.pack(">L", 13) + chunk
    return bomb + struct.pack(">L", zlib.crc32(chunk)) + struct.pack(">L", 0) + b"IDAT" + bytes(4)


def test_a_bomb_is_refused_before_it_is_decoded() -> None:
    with pytest.raises(TooManyPixels):
        without_metadata(BytesIO(bomb_of(int(MOST_PIXELS**0.5) + 1)), "image/png")
    for side in (int(MOST_PIXELS**0.5) + 1, 10_000, 20_000):
        with pytest.raises(TooManyPixels):
            portrait(BytesIO(bomb_of(side)))


def test_damaged_and_moving_images_are_refused() -> None:
    for damaged in (image("PNG")[:40], image("JPEG")[:100], b"\x89PNG\r\n\x1a\n"):
        media = "image/jpeg" if damaged[:2] == b"\xff\xd8" else "image/png"
        with pytest.raises(FileRefused):
            without_metadata(BytesIO(damaged), media)
    frames = [Image.new("RGB", (2, 2), colour) for colour in ("red", "blue")]
    file = BytesIO()
    frames[0].save(file, "WEBP", save_all=True, append_images=frames[1:])
    with pytest.raises(FileRefused) as refused:
        without_metadata(BytesIO(file.getvalue()), "image/webp")
    assert refused.value.reason is Wrong.MOVING


@pytest.mark.parametrize("kind", MEDIA)
def test_a_portrait_is_a_small_square_and_nothing_but_the_picture(kind: str) -> None:
    bare = portrait(BytesIO(told(kind))).read()
    assert SECRET not in bare and b"script" not in bare
    with Image.open(BytesIO(bare)) as picture:
        assert (picture.format, picture.mode, picture.size) == ("JPEG", "RGB", (PORTRAIT, PORTRAIT))
        assert not picture.getexif()


def near(found: object, wanted: tuple[int, int, int]) -> bool:
    """Tell whether two colours are alike: a JPEG is not exact."""
    assert isinstance(found, tuple)
    return all(abs(one - other) < 20 for one, other in zip(found, wanted, strict=True))


def test_a_portrait_is_the_middle_the_right_way_up() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned a quarter
    wide = Image.new("RGB", (1800, 1000), "lime")
    wide.paste("red", (400, 0, 900, 1000))
    wide.paste("blue", (900, 0, 1400, 1000))
    file = BytesIO()
    wide.save(file, "PNG", exif=exif.tobytes())
    with Image.open(portrait(BytesIO(file.getvalue()))) as picture:
        top, bottom = picture.getpixel((256, 5)), picture.getpixel((256, 506))
    assert near(top, (255, 0, 0)) and near(bottom, (0, 0, 255)), "nothing of what stood beside it"


@pytest.mark.parametrize("mode", ["P", "L", "RGBA", "LA", "1", "I;16"])
def test_what_is_see_through_lies_on_white(mode: str) -> None:
    file = BytesIO()
    Image.new(mode, (2, 2)).save(file, "PNG", **({"transparency": 0} if mode == "P" else {}))
    with Image.open(portrait(BytesIO(file.getvalue()))) as picture:
        light = picture.getpixel((9, 9)) == (255, 255, 255)
    assert light == (mode in {"P", "RGBA", "LA"})


@pytest.mark.parametrize(
    "content",
    [b"", b"hallo", b"<svg xmlns='http://www.w3.org/2000/svg'/>", image("GIF"), image("BMP")],
)
def test_what_is_no_photo_is_refused(content: bytes) -> None:
    with pytest.raises(FileRefused) as refused:
        portrait(BytesIO(content))
    assert refused.value.reason is Wrong.KIND
