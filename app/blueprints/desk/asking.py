"""Asking someone who may know to look at a piece."""

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import with_content
from app.blueprints.desk import rows
from app.blueprints.desk.forms import AskForm
from app.blueprints.desk.room import bp
from app.extensions import db
from app.forms import tidy_line
from app.models import Discussion
from app.policy import Ability
from app.queries import askable
from app.services import attention

LONGEST_NAME = 80


@bp.route("/desk/attention/<id:content_id>/ask", methods=["GET", "POST"])
@with_content(Discussion, Ability.SEE_ATTENTION)
def ask(content: Discussion) -> ResponseReturnValue:
    """Suggest who may know, or look someone up, and ask them."""
    if rows.row_of(content) is None:
        return rows.gone(content)
    words = tidy_line(request.values.get("q"))[:LONGEST_NAME]
    form = AskForm(q=words)
    offer(form, content, words)
    if not form.is_submitted():
        return rows.form_page("ask", content, form=form, words=words)
    if not form.validate():
        return rows.form_page("ask", content, 422, form=form, words=words)
    try:
        person = attention.ask(content, rows.me(), form.person_id, form.message.data)
    except attention.NotAskable:
        form.person.errors = [_("Choose someone from the list.")]
        return rows.form_page("ask", content, 422, form=form, words=words)
    return rows.answer(content, _("%(name)s gets your question.", name=person.name))


def offer(form: AskForm, content: Discussion, words: str) -> None:
    """Fill in who can be chosen: those who are called so, or else who may know."""
    me = rows.me()
    found = askable.named(content, me, words) if words else askable.suggested(content, me)
    form.offer(db.session.execute(found).all())
