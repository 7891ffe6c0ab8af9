"""Small files of every kind, made by code."""

import zipfile
from io import BytesIO

from PIL import Image

from app.lib.file_types import TYPES

PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"


def zipped(members: dict[str, bytes], first: str = "") -> bytes:
    """Return a zip container; the member `first` comes first, as it is."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as container:
        if first:
            container.writestr(first, members[first], zipfile.ZIP_STORED)
        for name, content in members.items():
            if name != first:
                container.writestr(name, content)
    return file.getvalue()


def odf(extension: str, **more: bytes) -> bytes:
    """Return an OpenDocument file."""
    members = {"mimetype": TYPES[extension].media_type.encode(), "content.xml": b"<a/>", **more}
    return zipped(members, "mimetype")


def ooxml(extension: str, **more: bytes) -> bytes:
    """Return an Office file."""
    return zipped({"[Content_Types].xml": b"<Types/>", TYPES[extension].family: b"<a/>", **more})


def image(kind: str, size: tuple[int, int] = (4, 3), **options: object) -> bytes:
    """Return an image: kind as Pillow names it."""
    file = BytesIO()
    Image.new("RGB", size, "teal").save(file, kind, **options)
    return file.getvalue()


def every_kind() -> dict[str, bytes]:
    """Return a file of each kind that is taken, by its extension."""
    return {
        "pdf": PDF,
        **{name: odf(name) for name in ("odt", "ods", "odp")},
        **{name: ooxml(name) for name in ("docx", "xlsx", "pptx")},
        "txt": "Één regel – met tekens.\n".encode(),
        "csv": "naam;bedrag\nZoë;€ 12,50\n".encode("cp1252"),
        "md": b"# Titel\n\n<b>vet</b>\n",
        "png": image("PNG"), "jpg": image("JPEG"), "gif": image("GIF"), "webp": image("WEBP"),
    }  # fmt: skip
