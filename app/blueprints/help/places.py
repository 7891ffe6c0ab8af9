"""The pages from which people ask something."""

from urllib.parse import unquote, urlsplit

from flask import current_app
from werkzeug.exceptions import HTTPException

from app.lib.safe_redirect import safe_path

LONGEST = 300


def own_page(address: str | None) -> str:
    """Return the address of a page of ours; nothing for all else.

    What opens an account by itself, such as an invitation, is nobody else's business.
    """
    path = safe_path(address, "")
    if not path or len(path) > LONGEST:
        return ""
    try:
        _endpoint, values = current_app.url_map.bind("").match(unquote(urlsplit(path).path))
    except HTTPException:
        return ""
    return "" if "token" in values else path
