"""Pages whose address is a secret, such as the one behind a mailed link."""

from flask import Response, make_response


def guarded(html: str, status: int = 200) -> Response:
    """Return a page whose address is a secret: no other page is told it."""
    response = make_response(html, status)
    # Not "no-referrer": the check of form tokens over HTTPS needs to see the origin.
    response.headers["Referrer-Policy"] = "strict-origin"
    return response
