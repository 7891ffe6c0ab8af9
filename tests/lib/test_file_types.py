"""A file is what its content says, and its name must agree."""

import struct
import tracemalloc
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.lib.file_types import TYPES, FileRefused, Wrong, judge, safe_name
from tests.filemaking import PDF, every_kind, image, odf, ooxml, zipped

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"


def refusal(content: bytes, name: str) -> Wrong | None:
    try:
        judge(BytesIO(content), name)
    except FileRefused as refused:
        return refused.reason
    return None


@pytest.mark.parametrize("extension", TYPES)
def test_every_kind_is_taken_under_its_own_name_only(extension: str) -> None:
    content = every_kind()[extension]
    stream = BytesIO(content)
    assert judge(stream, f"Stuk.{extension.upper()}").extension == extension
    assert stream.tell() == 0
    text = {"txt", "csv", "md"}
    for other in set(TYPES) - {extension} - (text if extension in text else set()):
        assert refusal(content, f"stuk.{other}") is Wrong.MISMATCH, other


@pytest.mark.parametrize(
    "name, content, reason",
    [
        ("leeg.txt", b"", Wrong.EMPTY),
        ("pagina.html", HTML, Wrong.KIND),
        ("plaatje.svg", SVG, Wrong.KIND),
        ("script.js", b"alert(1)", Wrong.KIND),
        ("script.sh", b"#!/bin/sh\n", Wrong.KIND),
        ("programma.exe", b"MZ" + bytes(99), Wrong.KIND),
        ("alles.zip", zipped({"a.txt": b"a"}), Wrong.KIND),
        ("zonder", b"tekst", Wrong.KIND),
        ("brief.pdf.exe", PDF, Wrong.KIND),
        ("brief.docm", ooxml("docx"), Wrong.MACROS),
        ("brief.docx", ooxml("docx", **{"word/vbaProject.bin": b"x"}), Wrong.MACROS),
        ("brief.odt", odf("odt", **{"Basic/Standard/Module1.xml": b"x"}), Wrong.MACROS),
        ("brief.xlsx", ooxml("xlsx", **{"xl/macrosheets/sheet1.xml": b"x"}), Wrong.MACROS),
        ("brief.txt", HTML, Wrong.MISMATCH),
        ("brief.txt", b"\xef\xbb\xbf \n<SCRIPT>alert(1)</SCRIPT>", Wrong.MISMATCH),
        ("brief.md", SVG, Wrong.MISMATCH),
        ("brief.csv", b"#!/bin/sh\nrm -r /", Wrong.MISMATCH),
        ("brief.txt", b"MZ\x90\x00" + bytes(99), Wrong.MISMATCH),
        ("brief.txt", b"a" * 300_000 + b"\x00", Wrong.MISMATCH),
        ("foto.png", HTML, Wrong.MISMATCH),
        ("foto.jpg", SVG, Wrong.MISMATCH),
        ("brief.pdf", b"\n" * 9 + HTML + PDF, Wrong.MISMATCH),
        ("brief.docx", b"PK\x03\x04" + bytes(200), Wrong.BROKEN),
        ("brief.docx", ooxml("docx")[:-30], Wrong.BROKEN),
        ("brief.docx", zipped({"a.txt": b"a"}), Wrong.MISMATCH),
        ("brief.docx", image("GIF") + ooxml("docx"), Wrong.MISMATCH),
        ("brief.docx", b"PK\x03\x04" + HTML + ooxml("docx"), Wrong.BROKEN),
        ("brief.odt", zipped({"mimetype": b"text/html"}, "mimetype"), Wrong.MISMATCH),
    ],
)  # fmt: skip
def test_what_is_refused_and_why(name: str, content: bytes, reason: Wrong) -> None:
    assert refusal(content, name) is reason


def test_a_zip_bomb_is_not_unpacked() -> None:
    bomb = ooxml("docx", **{"word/media.bin": bytes(200 * 1024 * 1024)})
    assert len(bomb) < 300_000
    named = odf("odt").replace(b"mimetype", b"mimetypf")
    huge_name = zipped({"mimetype": b"x" * 50_000_000, "a": b""})
    tracemalloc.start()
    assert refusal(bomb, "brief.docx") is Wrong.BOMB
    assert refusal(named, "brief.odt") is not None
    assert refusal(huge_name, "brief.odt") in {Wrong.BOMB, Wrong.MISMATCH}
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()


def test_a_container_with_an_endless_list_is_not_read() -> None:
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 9, 9, 9_000_000, 4, 0)
    assert refusal(b"PK\x03\x04" + bytes(9_000_000) + end, "brief.docx") is Wrong.BROKEN


@given(st.binary(max_size=200), st.sampled_from(sorted(TYPES)))
def test_nothing_makes_it_stumble(rest: bytes, extension: str) -> None:
    starts = (b"", b"PK\x03\x04", every_kind()["docx"][:60], b"%PDF-")
    for start in starts:
        refusal(start + rest, f"a.{extension}")


@pytest.mark.parametrize(
    "name, safe",
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\els\\Brief.PDF", "Brief.pdf"),
        ("a\r\nSet-Cookie: x=1.txt", "a Set-Cookie x=1.txt"),
        ("\u202efdp.exe.txt", "fdp.exe.txt"),
        ('"><script>.txt', "script.txt"),
        (".txt", "txt."),
        ("  ..  .pdf", "document.pdf"),
        ("Notitie zorg\u00ebn \u2013 2026.odt", "Notitie zorg\u00ebn \u2013 2026.odt"),
        ("foto.JPEG", "foto.jpg"),
        ("nul\x00.txt", "nul.txt"),
    ],
)
def test_hostile_names_become_plain(name: str, safe: str) -> None:
    assert safe_name(name) == safe


@given(st.text(max_size=400))
def test_a_name_is_always_one_short_line_without_a_path(name: str) -> None:
    safe = safe_name(name)
    assert safe.isprintable() and 0 < len(safe) <= 150
    assert not set('/\\<>"') & set(safe)
