"""Forms of which the text is kept while someone writes.

To let a form do so:

1. add its kind to app.queries.drafts.KINDS, with the fields that are kept;
2. in its views: `sheet = drafting.sheet("proposals:new", form)` just before it is rendered, after its
   choices are known, and `drafting.sent("proposals:new")` where the text is stored;
3. in its template (components/draft.html): `<form ... {{ keeping(sheet) }}>`, inside it
   `{{ draft_fields(sheet) }}` on top and `{{ draft_button() }}` among the buttons, and
   `{% block scripts %}{{ draft_script() }}{% endblock %}`.
"""

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from flask import request
from flask_login import current_user
from wtforms import Form

from app.extensions import SAFE_METHODS, db, reader
from app.models import Draft
from app.queries import drafts as queries
from app.queries.drafts import WRITER, place_of
from app.services import drafts as service

SEEN = "draft_seen"
MARK = re.compile(r"[0-9a-f-]{0,60}")


@dataclass(frozen=True)
class Sheet:
    """An opened form: its place, its writer, and what it began with.

    `draft` is the kept text with which it was filled in; `other` one that was left alone, because
    the reader asked for another beginning. `overtaken`: what the draft changes was changed since.
    """

    place: str
    user_id: int
    writer: str
    seen: str = ""
    draft: Draft | None = None
    other: Draft | None = None
    overtaken: bool = False


def asked() -> int | None:
    """Return which draft the address asks for."""
    key = request.args.get("draft", type=int)
    return key if key is not None and 0 < key < 2**31 else None


def sheet(place: str, form: Form, *, begun: bool = False) -> Sheet:
    """Return the sheet of a form that is about to be shown; an opened one gets its draft back.

    `begun`: the address asks for something else to begin with, which stays.
    """
    if request.method not in SAFE_METHODS:
        return returned(place)
    draft = db.session.scalar(queries.at(current_user, place, asked()).limit(1))
    return opened(place, form, draft, begun=begun)


def opened(place: str, form: Form, draft: Draft | None, *, begun: bool = False) -> Sheet:
    """Return the sheet of a form, filled in with a draft that was found already."""
    new = fresh(place)
    if draft is None:
        return new
    if begun and asked() is None:
        return Sheet(place, new.user_id, new.writer, other=draft)
    names = place_of(place).kind.texts | place_of(place).kind.facts
    before = {name: form[name].data for name in names if name in form}
    fill(form, draft.fields, before)
    after = {name: form[name].data for name in before}
    changed = {name for name in before if text(before[name]) != text(after[name])}
    return Sheet(
        place, new.user_id, new.writer, queries.stamp(draft), draft if changed else None,
        overtaken="version" in changed,
    )  # fmt: skip


def text(value: Any) -> str:
    """Return what a field holds, as it looks in a form."""
    return "" if value is None else str(value).replace("\r\n", "\n")


def fill(form: Form, fields: Mapping[str, Any], names: Iterable[str]) -> None:
    """Put what was kept into a form; a choice that is no longer there stays as it is."""
    for name in names:
        if name in fields:
            with suppress(ValueError):
                form[name].process_formdata([fields[name]])


def returned(place: str) -> Sheet:
    """Return the sheet of a form that was sent and comes back, such as with errors."""
    (writer, seen), new = told(), fresh(place)
    return Sheet(place, new.user_id, writer or new.writer, seen)


def told() -> tuple[str, str]:
    """Return what a form that was sent tells of itself: its writer, and what it began with."""
    writer, seen = (request.form.get(name, "") for name in (WRITER, SEEN))
    return (writer if MARK.fullmatch(writer) else "", seen if MARK.fullmatch(seen) else "")


def fresh(place: str) -> Sheet:
    """Return the sheet of an empty form."""
    return Sheet(place, current_user.id, str(uuid4()))


def sent(place: str) -> None:
    """Take away the draft of a form that is being stored."""
    service.sent(reader(), place, *told())
