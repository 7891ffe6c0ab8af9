"""Where a visitor may be sent back to: own paths, read as a browser reads them.

Browsers drop tabs and line ends anywhere in an address, read a backslash as a slash, skip
control characters and spaces at both ends, and take `//host` for another site (WHATWG URL
standard). What could be read in two ways is refused rather than mended.
"""

from urllib.parse import unquote

MAX_LENGTH = 2_000


def safe_path(target: str | None, default: str) -> str:
    """`target` when it is a path on this site, with or without query and fragment; else `default`.

    `default` is trusted.
    """
    return target if target is not None and is_safe_path(target) else default


def is_safe_path(target: str) -> bool:
    """Whether a browser on this site that follows `target` surely stays on it."""
    if not target.startswith("/") or len(target) > MAX_LENGTH or not target.isprintable():
        return False
    path = target.partition("#")[0].partition("?")[0]
    return "\\" not in target and _plain(path) and _plain(unquote(path))


def _plain(path: str) -> bool:
    """No empty part (the start of a host), no backslash, nothing invisible.

    The decoded path is held to it too, because servers route, and redirect, by that form.
    """
    return "//" not in path and "\\" not in path and path.isprintable()
