"""The readable part of an address."""

from slugify import slugify as _slugify

UNTITLED = "zonder-titel"
_IN_WORDS = [("&", " en "), ("€", " euro "), ("%", " procent "), ("@", " at ")]


def slugify(text: str, max_length: int = 80) -> str:
    """Write a title in a-z, 0-9 and hyphens, cut off between words; never empty.

    It names a page for people; it is not unique, so an address carries a number too.
    """
    slug = _slugify(
        text,
        entities=False,
        decimal=False,
        hexadecimal=False,
        max_length=max_length,
        word_boundary=True,
        save_order=True,
        replacements=_IN_WORDS,
    )
    return slug or UNTITLED
