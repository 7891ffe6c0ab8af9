"""Files that are small to send and large to open are refused, or taken in hand, at little cost.

Each is looked at in a process of its own, which tells how much memory and time that took.
"""

import gzip
import json
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from tests.filemaking import image, ooxml, zipped
from tests.lib.test_images import bomb_of

LOOK = """
import hashlib, json, resource, sys, time
from io import BytesIO
from app.lib import file_types, images
content = open(sys.argv[1], "rb").read()
def memory():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
hashlib.sha512(bytes(20_000_000))
before, start = memory(), time.process_time()
hashlib.sha512(bytes(20_000_000))
began = time.process_time()
try:
    if sys.argv[2] == "image":
        images.in_sizes(BytesIO(content))
    elif sys.argv[2] == "portrait":
        images.portrait(BytesIO(content))
    elif sys.argv[2] == "logo":
        images.fitted(BytesIO(content))
    else:
        kind = file_types.judge(BytesIO(content), sys.argv[2])
        images.without_metadata(BytesIO(content), kind.media_type)
    said = "taken"
except (file_types.FileRefused, images.TooManyPixels) as refusal:
    said = getattr(refusal, "reason", "pixels")
print(json.dumps([said, memory() - before, (time.process_time() - began) / (began - start)]))
"""
MOST_MEGABYTES = 100
MOST_WORK = 40
"""Times what the same process needs for a hash of 20 MB: seconds say little on a busy machine."""


def look(tmp_path: Path, content: bytes, name: str) -> str:
    """Have a file looked at, hold it to its cost, and return what became of it."""
    file = tmp_path / "file"
    file.write_bytes(content)
    run = subprocess.run(
        [sys.executable, "-c", LOOK, str(file), name], capture_output=True, text=True, check=True
    )
    said, megabytes, work = json.loads(run.stdout)
    assert megabytes < MOST_MEGABYTES and work < MOST_WORK, (name, said, megabytes, work)
    return str(said)


def plain(kind: str, side: int, mode: str = "RGB") -> bytes:
    """Return an image of one colour: large, in few bytes."""
    file = BytesIO()
    Image.new(mode, (side, side)).save(file, kind)
    return file.getvalue()


@pytest.mark.parametrize("use", ["image", "portrait", "logo", "foto.png"])
@pytest.mark.parametrize("side", [5001, 60_000])
def test_pixel_bombs(tmp_path: Path, use: str, side: int) -> None:
    assert look(tmp_path, bomb_of(side), use) in {"pixels", "broken"}


@pytest.mark.parametrize("kind, mode", [("PNG", "RGBA"), ("WEBP", "RGB"), ("GIF", "P")])
def test_what_takes_too_much_to_decode(tmp_path: Path, kind: str, mode: str) -> None:
    """More than can be decoded in so much memory, although a JPEG could have as many."""
    said = look(tmp_path, plain(kind, 4990, mode), "image")
    assert said == "pixels"


@pytest.mark.parametrize("kind, side", [("PNG", 3300), ("WEBP", 1650), ("JPEG", 4990)])
def test_the_largest_that_is_taken(tmp_path: Path, kind: str, side: int) -> None:
    assert look(tmp_path, plain(kind, side), "image") == "taken"


def test_archives_with_a_huge_ratio_are_refused_unopened(tmp_path: Path) -> None:
    bomb = ooxml("docx", **{"word/media/x.bin": bytes(200_000_000)})
    assert len(bomb) < 300_000
    assert look(tmp_path, bomb, "brief.docx") == "bomb"
    assert (
        look(tmp_path, ooxml("docx", **{"word/x.xml": bytes(2_000_000)}), "brief.docx") == "taken"
    )


def test_archives_within_archives_stay_shut(tmp_path: Path) -> None:
    inner = zipped({"x": bytes(50_000_000)})
    for _ in range(5):
        inner = zipped({f"{number}.zip": inner for number in range(10)})
    assert look(tmp_path, ooxml("xlsx", **{"a.zip": inner}), "lijst.xlsx") == "taken"
    assert look(tmp_path, inner, "alles.zip") == "kind"


def test_archives_with_very_many_members(tmp_path: Path) -> None:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as container:
        for number in range(60_000):
            container.writestr(f"word/{number}.xml", b"")
    assert look(tmp_path, file.getvalue(), "brief.docx") == "broken"


def test_a_quine_and_a_cut_archive_are_refused(tmp_path: Path) -> None:
    whole = ooxml("docx")
    assert look(tmp_path, whole[:-30], "brief.docx") == "broken"
    assert look(tmp_path, whole[: len(whole) // 2], "brief.docx") == "broken"


@pytest.mark.parametrize("name", ["brief.pdf", "brief.txt", "brief.docx", "foto.png", "image"])
def test_what_is_pressed_together_is_no_document(tmp_path: Path, name: str) -> None:
    said = look(tmp_path, gzip.compress(bytes(100_000_000)), name)
    assert said in {"mismatch", "kind"}


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_cut_images(tmp_path: Path, kind: str) -> None:
    whole = image(kind, (900, 700))
    assert look(tmp_path, whole[: len(whole) // 2], "image") in {"broken", "kind"}
