"""Files that are small to send and large to open are refused, or taken in hand, at little cost.

Each is looked at in a process of its own, which tells how much memory and time that took.
"""

import gzip
import hashlib
import resource
import time
import zipfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from io import BytesIO
from multiprocessing import get_context

import pytest
from PIL import Image

from app.lib import file_types, images
from tests.filemaking import image, ooxml, zipped
from tests.lib.test_images import bomb_of

MOST_MEGABYTES = 100
MOST_WORK = 40
"""Times what the same process needs for a hash of 20 MB: seconds say little on a busy machine."""


@pytest.fixture(scope="module")
def processes() -> Iterator[ProcessPoolExecutor]:
    """Return what starts a new process for each file, quickly."""
    context = get_context("forkserver")
    context.set_forkserver_preload([__name__])
    with ProcessPoolExecutor(1, context, max_tasks_per_child=1) as pool:
        yield pool


def memory() -> float:
    """Return the most megabytes that this process ever had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def looked(content: bytes, name: str) -> tuple[str, float, float]:
    """Look at a file; return what became of it, the megabytes that took, and the work."""
    hashlib.sha512(bytes(20_000_000))
    before, start = memory(), time.process_time()
    hashlib.sha512(bytes(20_000_000))
    began = time.process_time()
    try:
        if name == "image":
            images.in_sizes(BytesIO(content))
        elif name == "portrait":
            images.portrait(BytesIO(content))
        elif name == "logo":
            images.fitted(BytesIO(content))
        else:
            kind = file_types.judge(BytesIO(content), name)
            images.without_metadata(BytesIO(content), kind.media_type)
        said = "taken"
    except (file_types.FileRefused, images.TooManyPixels) as refusal:
        said = getattr(refusal, "reason", "pixels")
    return said, memory() - before, (time.process_time() - began) / (began - start)


def look(processes: ProcessPoolExecutor, content: bytes, name: str) -> str:
    """Have a file looked at, hold it to its cost, and return what became of it."""
    said, megabytes, work = processes.submit(looked, content, name).result()
    assert megabytes < MOST_MEGABYTES and work < MOST_WORK, (name, said, megabytes, work)
    return said


def plain(kind: str, side: int, mode: str = "RGB") -> bytes:
    """Return an image of one colour: large, in few bytes."""
    file = BytesIO()
    Image.new(mode, (side, side)).save(file, kind)
    return file.getvalue()


@pytest.mark.parametrize("use", ["image", "portrait", "logo", "foto.png"])
@pytest.mark.parametrize("side", [5001, 60_000])
def test_pixel_bombs(processes: ProcessPoolExecutor, use: str, side: int) -> None:
    assert look(processes, bomb_of(side), use) in {"pixels", "broken"}


@pytest.mark.parametrize("kind, mode", [("PNG", "RGBA"), ("WEBP", "RGB"), ("GIF", "P")])
def test_what_takes_too_much_to_decode(
    processes: ProcessPoolExecutor, kind: str, mode: str
) -> None:
    """More than can be decoded in so much memory, although a JPEG could have as many."""
    said = look(processes, plain(kind, 4990, mode), "image")
    assert said == "pixels"


@pytest.mark.parametrize("kind, side", [("PNG", 3300), ("WEBP", 1650), ("JPEG", 4990)])
def test_the_largest_that_is_taken(processes: ProcessPoolExecutor, kind: str, side: int) -> None:
    assert look(processes, plain(kind, side), "image") == "taken"


def test_archives_with_a_huge_ratio_are_refused_unopened(processes: ProcessPoolExecutor) -> None:
    bomb = ooxml("docx", **{"word/media/x.bin": bytes(200_000_000)})
    assert len(bomb) < 300_000
    assert look(processes, bomb, "brief.docx") == "bomb"
    assert (
        look(processes, ooxml("docx", **{"word/x.xml": bytes(2_000_000)}), "brief.docx") == "taken"
    )


def test_archives_within_archives_stay_shut(processes: ProcessPoolExecutor) -> None:
    inner = zipped({"x": bytes(50_000_000)})
    for _ in range(5):
        inner = zipped({f"{number}.zip": inner for number in range(10)})
    assert look(processes, ooxml("xlsx", **{"a.zip": inner}), "lijst.xlsx") == "taken"
    assert look(processes, inner, "alles.zip") == "kind"


def test_archives_with_very_many_members(processes: ProcessPoolExecutor) -> None:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as container:
        for number in range(60_000):
            container.writestr(f"word/{number}.xml", b"")
    assert look(processes, file.getvalue(), "brief.docx") == "broken"


def test_a_quine_and_a_cut_archive_are_refused(processes: ProcessPoolExecutor) -> None:
    whole = ooxml("docx")
    assert look(processes, whole[:-30], "brief.docx") == "broken"
    assert look(processes, whole[: len(whole) // 2], "brief.docx") == "broken"


@pytest.mark.parametrize("name", ["brief.pdf", "brief.txt", "brief.docx", "foto.png", "image"])
def test_what_is_pressed_together_is_no_document(processes: ProcessPoolExecutor, name: str) -> None:
    said = look(processes, gzip.compress(bytes(100_000_000)), name)
    assert said in {"mismatch", "kind"}


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_cut_images(processes: ProcessPoolExecutor, kind: str) -> None:
    whole = image(kind, (900, 700))
    assert look(processes, whole[: len(whole) // 2], "image") in {"broken", "kind"}
