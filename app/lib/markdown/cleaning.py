"""The boundary: what HTML may come out. nh3 is last, and no other step is trusted."""

import re
from collections.abc import Set as AbstractSet

import nh3

_BLOCKS = """p div h2 h3 h4 h5 h6 ul ol li dl dt dd blockquote pre hr table thead tbody tr th td
    details summary figure figcaption"""
_INLINE = "a abbr b br cite code del em i img ins kbd mark q s small span strong sub sup u"
_CLASSES = """admonition admonition-title align-left align-center align-right footnote
    footnote-backref footnote-ref heading-link image-missing mention table-scroll task-list
    task-list-item wiki-link wiki-missing note info tip hint example expander quote warning caution
    danger important success question abstract bug failure"""
BLOCK_TAGS = frozenset(_BLOCKS.split())
INLINE_TAGS = frozenset(_INLINE.split())
TAGS = {*BLOCK_TAGS, *INLINE_TAGS, "input", "label"}
ATTRIBUTES = {
    "*": {"class", "id", "title", "lang"},
    "a": {"href", "aria-label", "rel"},
    "img": {"src", "srcset", "sizes", "alt", "width", "height", "loading"},
    "ol": {"start"},
    "li": {"value"},
    "th": {"colspan", "rowspan"},
    "td": {"colspan", "rowspan"},
    "details": {"open"},
    "div": {"tabindex"},
    "pre": {"tabindex"},
    "input": {"type", "checked", "disabled"},
}
SCHEMES = {"http", "https", "mailto", "tel"}
CLASSES = frozenset(_CLASSES.split())
LANGUAGE = re.compile(r"language-[\w+#-]{1,31}")
REL = "nofollow noopener"
NUMBER = re.compile(r"[0-9]{1,4}")
OWN_PATH = re.compile(r"/(?![/\\])[^\s\\]*$")
SIZES = "(min-width: 48rem) 44rem, 100vw"
"""How wide an image is shown at most: as wide as a column of text."""
SIZE = r"/images/[0-9]{1,9}-[\w.-]*(?:/[0-9]{1,4})? [0-9]{1,4}w"
SRCSET = re.compile(rf"{SIZE}(?:, {SIZE})*", re.ASCII)
FIXED = {"tabindex": "0", "rel": REL, "sizes": SIZES, "loading": "lazy"}
INPUT = {"input": {"type": "checkbox", "disabled": ""}}
NUMBERS = {"width", "height", "start", "value", "colspan", "rowspan"}


def is_external(address: str) -> bool:
    """Say whether the address leaves this site."""
    return address.lower().startswith(("http:", "https:", "//"))


def is_own_image(address: str) -> bool:
    """Say whether an image stands on this site, at an absolute path."""
    return bool(OWN_PATH.match(address))


def are_own_sizes(addresses: str) -> bool:
    """Say whether a list of sizes names images of this site only."""
    return bool(SRCSET.fullmatch(addresses))


CHECKED = {"src": is_own_image, "srcset": are_own_sizes}


def clean(text: str, ids: AbstractSet[str]) -> str:
    """Return the HTML with only what is allowed; of the ids only those in `ids`, each once.

    Twice, because what is written from a tree can be read as another tree, as with links inside
    links: the second time settles it, so that a browser sees what was checked. What came out as it
    went in is settled already: the second time would give the same.
    """
    once = _cleaned(text, ids)
    return once if once == text else _cleaned(once, ids)


def _cleaned(text: str, ids: AbstractSet[str]) -> str:
    free = set(ids)

    def attribute(tag: str, name: str, value: str) -> str | None:
        if name == "class":
            return _classes(tag, value)
        if name == "id":
            if value not in free:
                return None
            free.discard(value)
            return value
        if name in NUMBERS:
            return value if NUMBER.fullmatch(value) else None
        if name in FIXED:
            return value if value == FIXED[name] else None
        if name in CHECKED:
            return value if CHECKED[name](value) else None
        return value

    return nh3.clean(
        text,
        tags=TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=attribute,
        set_tag_attribute_values=INPUT,
        url_schemes=SCHEMES,
        link_rel=None,
    )


def _classes(tag: str, value: str) -> str | None:
    if tag == "code":
        return value if LANGUAGE.fullmatch(value) else None
    return " ".join(name for name in value.split() if name in CLASSES) or None
