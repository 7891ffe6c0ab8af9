"""What a new discussion begins with: a copy, a text that is kept for it, or one's own draft."""

from typing import Any

from flask import request
from flask_babel import gettext as _

from app.extensions import db
from app.forms import TITLE_LENGTH
from app.models import Discussion, Draft, User
from app.queries.copies import LARGEST, copied
from app.queries.drafts import own
from app.queries.templates import named


def begun_with(reader: User) -> dict[str, Any]:
    """Return the fields to begin with that the address asks for; nothing where it asks nothing."""
    if source := copied(reader, Discussion, request.args.get("copy", type=int)):
        return copy_of(source)
    if found := named(request.args.get("template", "")):
        return {"body": found.body} if found.folder == "discussions" else {}
    key = request.args.get("text", type=int)
    draft = db.session.scalar(own(reader, key)) if key and 0 < key < LARGEST else None
    return words_of(draft) if draft else {}


def copy_of(source: Discussion) -> dict[str, Any]:
    """Return the fields of a copy; it has the audience of its source, where that can be chosen."""
    return {
        "title": _("Copy of %(title)s", title=source.title)[:TITLE_LENGTH],
        "body": source.body,
        "is_question": "1" if source.is_question else "0",
        "theme_id": source.theme_id,
        "group_id": source.group_id or 0,
        "tags": ", ".join(tag.name for tag in source.tags),
    }


def words_of(draft: Draft) -> dict[str, Any]:
    """Return what someone wrote elsewhere, where it can no longer be sent."""
    fields = draft.fields
    body = fields.get("body") or fields.get("message") or ""
    return {"title": fields.get("title", "")[:TITLE_LENGTH], "body": body}
