"""Removing what stands in texts: rooms of documents and of images use it."""

from collections.abc import Callable
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from wtforms.validators import Length, ValidationError

from app.forms import REASON_LENGTH, Text
from app.lib import htmx


class RemoveForm(FlaskForm):
    """Why something is removed. Nobody has to explain that of their own."""

    reason = Text(_l("Reason"), [Length(max=REASON_LENGTH)])

    def fit(self, *, own: bool) -> None:
        """Ask a reason for what someone else added."""
        self.own = own
        self.reason.flags.required = not own

    def validate_reason(self, field: Text) -> None:
        """Refuse to remove what someone else added without telling why."""
        if not self.own and not field.data.strip():
            raise ValidationError(_l("Tell why you remove it."))


def removal(
    template: str, uploader_id: int | None, remove: Callable[[str], str], **shown: Any
) -> ResponseReturnValue:
    """Ask whether it is meant, and of someone else's why; then remove it.

    `remove` takes the reason, and returns the address to go to.
    """
    form = RemoveForm()
    form.fit(own=uploader_id == current_user.id)
    if form.validate_on_submit():
        return htmx.see_other(request, remove(form.reason.data.strip()))
    page = render_template(template, form=form, **shown)
    return page, 422 if form.is_submitted() else 200
