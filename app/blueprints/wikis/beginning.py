"""What a wiki page begins with, and where the drafts of its forms are kept."""

from typing import Any

from flask import abort, request
from flask_babel import gettext as _
from flask_login import current_user

from app.forms import TITLE_LENGTH
from app.models import Theme, WikiPage
from app.queries.copies import copied
from app.queries.templates import named


def theme_asked(own: list[Theme], parent: WikiPage | None) -> Theme | None:
    """Return the theme of the address; None when it is not clear which, 404 for one of others."""
    slug = request.args.get("theme") or (parent.theme.slug if parent and parent.theme else None)
    key = request.args.get("in", type=int)
    if slug is None and key is None and len(own) != 1:
        return None
    found = [each for each in own if slug in (None, each.slug) and key in (None, each.id)]
    return found[0] if found else abort(404)


def passed_on() -> dict[str, str]:
    """Return what the address says to begin with, for the page that follows."""
    return {name: request.args[name] for name in ("copy", "template") if name in request.args}


def begun_with() -> dict[str, Any]:
    """Return the text to begin with that the address asks for: a copy, or one that is kept for it."""
    page = copied(current_user, WikiPage, request.args.get("copy", type=int))
    if page is not None:
        keywords = ", ".join(tag.name for tag in page.tags)
        return {"title": _("Copy of %(title)s", title=page.title)[:TITLE_LENGTH],
                "body": page.body, "tags": keywords}  # fmt: skip
    found = named(request.args.get("template", ""))
    return {"body": found.body} if found and found.folder == "wikis" else {}


def making(theme: Theme) -> str:
    """Return the place of the form of a new page in a theme."""
    return f"wikis:new:{theme.id}"


def changing(page: WikiPage) -> str:
    """Return the place of the form in which a page is changed."""
    return f"wikis:{page.id}:edit"
