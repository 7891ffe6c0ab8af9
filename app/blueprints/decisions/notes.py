"""What community managers note about a member, for the next who does this work."""

from flask import abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.access import with_person
from app.blueprints.decisions.forms import NoteForm
from app.blueprints.decisions.people import person_page
from app.blueprints.decisions.room import bp
from app.extensions import db
from app.models import StaffNote, User
from app.policy import Ability
from app.queries import decisions as queries


@bp.post("/people/<ref:ref>/notes")
@with_person(Ability.MEASURE_PERSON)
def add_note(person: User) -> ResponseReturnValue:
    """Add a note about a person."""
    form = NoteForm()
    if not form.validate():
        return person_page(person, form)
    db.session.add(
        StaffNote(person_id=person.id, author_id=current_user.id, body=form.body.data.strip())
    )
    flash(_("The note has been kept."), "ok")
    return redirect(url_for(".person", ref=person, _anchor="notes"), 303)


@bp.post("/people/<ref:ref>/notes/<id:note_id>/delete")
@with_person(Ability.MEASURE_PERSON)
def delete_note(person: User, note_id: int) -> ResponseReturnValue:
    """Delete a note about a person."""
    note = db.session.scalar(queries.notes_about(person.id).where(StaffNote.id == note_id))
    if note is None:
        abort(404)
    db.session.delete(note)
    flash(_("The note is gone."), "ok")
    return redirect(url_for(".person", ref=person, _anchor="notes"), 303)
