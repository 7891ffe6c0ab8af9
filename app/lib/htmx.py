"""What htmx 4 asks by request headers and hears by response headers.

No other module names an `HX-` header. Source: the guide and code of htmx.org 4.0.1.
"""

import json
from typing import Any
from urllib.parse import urlsplit

from flask import Request, Response

from app.lib.safe_redirect import is_safe_path

_DECIDING_HEADERS = ("HX-Request", "HX-Request-Type", "HX-Boosted", "HX-History-Restore-Request")


def is_htmx(request: Request) -> bool:
    """Whether a fragment is wanted instead of a page.

    htmx also fetches whole pages: for a boosted link or form, to restore history, and where it
    swaps the body or selects from the answer (it then sends the request type "full").
    """
    headers = request.headers
    return (
        headers.get("HX-Request") == "true"
        and headers.get("HX-Request-Type") != "full"
        and "HX-Boosted" not in headers
        and "HX-History-Restore-Request" not in headers
    )


def page_path(request: Request) -> str | None:
    """Return the own path of the page on which htmx works; None without one."""
    there = urlsplit(request.headers.get("HX-Current-URL", ""))
    path = f"{there.path}?{there.query}" if there.query else there.path
    return path if there.netloc == request.host and is_safe_path(path) else None


def vary(response: Response) -> Response:
    """Tell caches that this address has two renderings."""
    if "Vary" in response.headers:
        response.vary.update(_DECIDING_HEADERS)
    else:
        response.headers.add("Vary", ", ".join(_DECIDING_HEADERS))
    return response


def hx_redirect(response: Response, path: str) -> Response:
    """Let the browser leave the page for an own path, with a full load.

    Raises ValueError for anything but an own path: htmx assigns it to `location.href`, where a
    `javascript:` address would run.
    """
    if not is_safe_path(path):
        raise ValueError(f"not a path of our own: {path!r}")
    response.headers["HX-Redirect"] = path
    return response


def trigger(response: Response, event: str, detail: dict[str, Any] | None = None) -> Response:
    """Fire an event in the browser, with a detail that is valid JSON; can be called repeatedly."""
    events = json.loads(response.headers.get("HX-Trigger", "{}"))
    events[event] = detail or {}
    response.headers["HX-Trigger"] = json.dumps(events)
    return response


def retarget(response: Response, selector: str) -> Response:
    """Swap into another element than the one that asked, by CSS selector."""
    response.headers["HX-Retarget"] = selector
    return response


def replace_url(response: Response, path: str) -> Response:
    """Put another address in the address bar than the one that was asked."""
    response.headers["HX-Replace-Url"] = path
    return response


def reswap(response: Response, style: str) -> Response:
    """Swap in another way than the asking element says: `outerHTML`, `none`, `beforeend` ..."""
    response.headers["HX-Reswap"] = style
    return response


def see_other(request: Request, path: str) -> Response:
    """Send the browser on after a write: a 303, or for htmx a full load of the own path."""
    if is_htmx(request):
        return hx_redirect(Response(status=204), path)
    return Response(status=303, headers={"Location": path})
