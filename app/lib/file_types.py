"""What kind of file this is, judged by its content; its name must agree.

Only kinds that are named here are taken. Nothing is ever unpacked: of a zip container only the list
of its members is read, and the few bytes with which an OpenDocument file names itself.
"""

import re
import unicodedata
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath
from typing import BinaryIO

import puremagic

HEAD = 4096
NAME_LENGTH = 120
END_OF_ZIP = b"PK\x05\x06"
END_OF_ZIP_AT_MOST = 22 + 65535
MOST_UNPACKED, MOST_TIMES = 50_000_000, 100
"""A document that opens to so many bytes, and so many times what it is, opens on nobody's desk."""
LARGEST_LIST = 1024 * 1024
LONGEST_MIMETYPE = 100
CHUNK = 256 * 1024
# No text has these; what has them is something else.
NOT_IN_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
# How scripts and markup begin; Markdown may well hold a tag, but not begin as a page.
ACTIVE = re.compile(
    rb"#!|%PDF|\{\\rtf|<\?|<!|<(?:html|head|body|script|svg|iframe|object|embed|meta|style)\b",
    re.IGNORECASE,
)
MACRO_NAMES = frozenset({"docm", "dotm", "xlsm", "xltm", "xlsb", "pptm", "potm", "ppsm"})


class Wrong(StrEnum):
    """Why a file is not taken."""

    EMPTY = "empty"
    KIND = "kind"
    MISMATCH = "mismatch"
    MACROS = "macros"
    BROKEN = "broken"
    BOMB = "bomb"
    MOVING = "moving"


class FileRefused(ValueError):
    """The file is not taken; `reason` says why."""

    def __init__(self, reason: Wrong) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True)
class FileType:
    """A kind of file that is taken. `family` tells how its content is judged."""

    extension: str
    media_type: str
    label: str
    family: str


ODF = "application/vnd.oasis.opendocument."
OOXML = "application/vnd.openxmlformats-officedocument."
TYPES = {
    kind.extension: kind
    for kind in (
        FileType("pdf", "application/pdf", "PDF", "magic"),
        FileType("odt", f"{ODF}text", "ODT", "odf"),
        FileType("ods", f"{ODF}spreadsheet", "ODS", "odf"),
        FileType("odp", f"{ODF}presentation", "ODP", "odf"),
        FileType("docx", f"{OOXML}wordprocessingml.document", "Word", "word/document.xml"),
        FileType("xlsx", f"{OOXML}spreadsheetml.sheet", "Excel", "xl/workbook.xml"),
        FileType("pptx", f"{OOXML}presentationml.presentation", "PowerPoint", "ppt/presentation.xml"),
        FileType("txt", "text/plain", "TXT", "text"),
        FileType("csv", "text/csv", "CSV", "text"),
        FileType("md", "text/markdown", "Markdown", "text"),
        FileType("png", "image/png", "PNG", "magic"),
        FileType("jpg", "image/jpeg", "JPEG", "magic"),
        FileType("gif", "image/gif", "GIF", "magic"),
        FileType("webp", "image/webp", "WebP", "magic"),
    )
}  # fmt: skip
SAME = {"jpeg": "jpg", "jpe": "jpg", "markdown": "md", "text": "txt"}
LABELS = {kind.media_type: kind.label for kind in TYPES.values()}


def accept(kinds: Iterable[FileType]) -> str:
    """Return the `accept` of a file field for these kinds, in all spellings of their names."""
    names = [kind.extension for kind in kinds]
    others = [other for other, name in SAME.items() if name in names]
    return ",".join(f".{name}" for name in (*names, *others))


def extension_of(name: str) -> str:
    """Return what a name says that it is, in one spelling: "jpg" for Foto.JPEG."""
    extension = PurePath(name).suffix[1:].lower()
    return SAME.get(extension, extension)


def safe_name(name: str) -> str:
    """Return the last part of a name as a plain file name, with its extension in one spelling.

    Signs that cannot be seen, that turn the reading direction or that file systems refuse are
    left out. The name is for people: nothing is ever stored under it.
    """
    last = unicodedata.normalize("NFC", re.split(r"[/\\]", name)[-1])
    shown = "".join(" " if c in '<>:"|?*' or not c.isprintable() else c for c in last)
    stem = " ".join(PurePath(shown).stem.split()).strip(". ")
    room = NAME_LENGTH - len(extension_of(shown)) - 1
    return f"{stem[:room] or 'document'}.{extension_of(shown)}"


def judge(stream: BinaryIO, name: str) -> FileType:
    """Return the kind of a file; `stream` must allow seeking and is left at its begin.

    Raises FileRefused: empty, of a kind that is not taken, other than its name says, with macros,
    or too damaged to tell.
    """
    extension = extension_of(name)
    stream.seek(0)
    head = stream.read(HEAD)
    if not head:
        raise FileRefused(Wrong.EMPTY)
    if extension in MACRO_NAMES:
        raise FileRefused(Wrong.MACROS)
    if extension not in TYPES:
        raise FileRefused(Wrong.KIND)
    kind = TYPES[extension]
    match kind.family:
        case "magic":
            check_magic(head, kind)
        case "text":
            check_text(head, stream)
        case _:
            check_container(head, stream, kind)
    stream.seek(0)
    return kind


def check_magic(head: bytes, kind: FileType) -> None:
    """Refuse a file whose first bytes are not those of its kind."""
    try:
        found = {match.extension.lstrip(".") for match in puremagic.magic_string(head)}
    except puremagic.PureError:
        found = set()
    at_once = kind.extension != "pdf" or head.startswith(b"%PDF-")
    if not at_once or kind.extension not in {SAME.get(each, each) for each in found}:
        raise FileRefused(Wrong.MISMATCH)


def check_text(head: bytes, stream: BinaryIO) -> None:
    """Refuse what is no plain text, and what a browser could take for a page or a script."""
    if ACTIVE.match(head.removeprefix(b"\xef\xbb\xbf").lstrip()):
        raise FileRefused(Wrong.MISMATCH)
    stream.seek(0)
    while chunk := stream.read(CHUNK):
        if NOT_IN_TEXT.search(chunk):
            raise FileRefused(Wrong.MISMATCH)


def check_container(head: bytes, stream: BinaryIO, kind: FileType) -> None:
    """Refuse a zip container that is no document of this kind, or that carries macros."""
    if not head.startswith(b"PK\x03\x04"):
        raise FileRefused(Wrong.MISMATCH)
    refuse_long_list(stream)
    try:
        with zipfile.ZipFile(stream) as container:
            members = container.infolist()
            names = {member.filename for member in members}
            own = named_odf(container, members) if kind.family == "odf" else None
    except (zipfile.BadZipFile, NotImplementedError, ValueError, RuntimeError, EOFError):
        raise FileRefused(Wrong.BROKEN) from None
    unpacked, packed = (
        sum(getattr(member, part) for member in members) for part in ("file_size", "compress_size")
    )
    if unpacked > MOST_UNPACKED and unpacked > MOST_TIMES * packed:
        raise FileRefused(Wrong.BOMB)
    if not members or min(member.header_offset for member in members) != 0:
        raise FileRefused(Wrong.BROKEN)
    wanted = (
        own == kind.media_type
        if kind.family == "odf"
        else {"[Content_Types].xml", kind.family} <= names
    )
    if not wanted:
        raise FileRefused(Wrong.MISMATCH)
    if any(map(is_macro, names)):
        raise FileRefused(Wrong.MACROS)


def refuse_long_list(stream: BinaryIO) -> None:
    """Refuse a container whose list of members alone would take long to read."""
    size = stream.seek(0, 2)
    stream.seek(max(0, size - END_OF_ZIP_AT_MOST))
    end = stream.read()
    start = end.rfind(END_OF_ZIP)
    if start < 0 or len(end) < start + 22:
        raise FileRefused(Wrong.BROKEN)
    if int.from_bytes(end[start + 12 : start + 16], "little") > LARGEST_LIST:
        raise FileRefused(Wrong.BROKEN)


def named_odf(container: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> str:
    """Return what an OpenDocument file says that it is: its first member, kept as it is."""
    first = members[0] if members else None
    if first is None or first.filename != "mimetype" or first.compress_type != zipfile.ZIP_STORED:
        return ""
    if first.file_size > LONGEST_MIMETYPE:
        return ""
    return container.read(first).decode("ascii", "replace").strip()


def is_macro(name: str) -> bool:
    """Tell whether a member of a container is, or holds, a program."""
    low = name.lower()
    return low.endswith(("vbaproject.bin", "vbadata.xml")) or low.startswith(
        ("basic/", "scripts/", "xl/macrosheets/")
    )
