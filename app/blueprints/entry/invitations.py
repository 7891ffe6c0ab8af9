"""Inviting people, and what became of it."""

from math import ceil
from typing import Any

from flask import abort, current_app, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_login import current_user
from sqlalchemy import false

from app.access import requires
from app.blueprints.entry.forms import ChoiceForm, InviteForm, MessageForm
from app.blueprints.entry.room import bp
from app.extensions import after_commit, db, keep_writes
from app.lib import addresses, htmx
from app.models import Invitation
from app.policy import Ability
from app.queries import entry
from app.queries.entry import PAGE, State
from app.services import invitations
from app.services.invitations import Outcome, Refusal

STATES = {
    State.WAITING: _l("Waiting"),
    State.EXPIRED: _l("Expired"),
    State.ACCEPTED: _l("Accepted"),
    State.WITHDRAWN: _l("Withdrawn"),
}
REASONS = {
    Refusal.NO_ADDRESS: _l("This is not an e-mail address."),
    Refusal.MEMBER: _l("This person is a member already."),
    Refusal.CLOSED: _l("This account is closed. An administrator can open it again."),
    Refusal.INVITED: _l("This person was invited already. You can send the invitation again."),
}


@bp.route("/people/invitations", methods=["GET", "POST"])
@requires(Ability.INVITE)
def index() -> ResponseReturnValue:
    """Show who was invited, and invite people; `state` keeps one kind."""
    form = InviteForm()
    if not form.is_submitted():
        return page(InviteForm(formdata=None))
    if not form.validate():
        return page(form), 422
    given = addresses.entries(form.addresses.data)
    outcome = invitations.invite_many(given, form.message.data.strip(), current_user)
    if outcome.refused or not outcome.sent:
        return partly(form, outcome)
    flash(sent(len(outcome.sent)), "ok")
    return htmx.see_other(request, url_for(".index"))


def partly(form: InviteForm, outcome: Outcome) -> ResponseReturnValue:
    """Return the form with the entries that were refused, and why; the others have been sent."""
    form.addresses.data = "\n".join(refused.text for refused in outcome.refused)
    if not outcome.refused:
        form.addresses.errors = [_("Fill in at least one e-mail address.")]
    if outcome.sent:
        flash(sent(len(outcome.sent)), "ok")
        db.session.flush()
        keep_writes()
    return page(form, refused=outcome.refused), 422


def sent(number: int) -> str:
    """Say how many invitations left."""
    return str(
        ngettext(
            "%(num)d invitation is on its way.", "%(num)d invitations are on their way.", number
        )
    )


def page(form: InviteForm, **values: Any) -> str:
    """Return the page with the form and one page of the list."""
    state = request.args.get("state", type=State)
    number = request.args.get("page", 1, type=int)
    totals = dict(zip(State, db.session.execute(entry.numbers()).one(), strict=True))
    total = totals[state] if state else sum(totals.values())
    if not 1 <= number <= max(1, ceil(total / PAGE)):
        abort(404)
    found = entry.invitations(state).limit(PAGE).offset((number - 1) * PAGE)
    return render_template(
        "entry/invitations.html", form=form, choice=ChoiceForm(formdata=None),
        imported_form=MessageForm(formdata=None),
        imported=db.session.scalar(entry.number_of(entry.not_yet_invited())),
        waiting_requests=db.session.scalar(entry.open_requests_count()),
        invitations=[(one, entry.state_of(one)) for one in db.session.scalars(found)],
        state=state, states=STATES, totals=totals, total=total, reasons=REASONS,
        page=number, pages=ceil(total / PAGE),
        page_url=lambda n: url_for(".index", state=state, page=n), **values,
    )  # fmt: skip


@bp.post("/people/invitations/imported")
@requires(Ability.INVITE)
def invite_imported() -> ResponseReturnValue:
    """Invite everyone who has an account that nobody can sign in to, and no invitation yet."""
    form = MessageForm()
    if not form.validate():
        return page(InviteForm(formdata=None), imported_form=form), 422
    number = db.session.scalar(entry.number_of(entry.not_yet_invited())) or 0
    later("invite_imported", current_user.id, form.message.data.strip())
    flash(sent(number) if number else _("Everyone had been invited already."), "ok")
    return htmx.see_other(request, url_for(".index"))


@bp.post("/people/invitations/send-again")
@requires(Ability.INVITE)
def send_again() -> ResponseReturnValue:
    """Send the chosen invitations once more, with new links."""
    keys = [one.id for one in chosen() if entry.state_of(one).is_open]
    later("send_again", keys)
    tell(len(keys), sent(len(keys)))
    return back()


@bp.post("/people/invitations/withdraw")
@requires(Ability.INVITE)
def withdraw() -> ResponseReturnValue:
    """Withdraw the chosen invitations: their links no longer work."""
    number = invitations.withdraw(chosen())
    tell(
        number,
        ngettext(
            "%(num)d invitation has been withdrawn. Its link no longer works.",
            "%(num)d invitations have been withdrawn. Their links no longer work.",
            number,
        ),
    )
    return back()


def later(job: str, *values: object) -> None:
    """Leave to the background what can be about thousands of people."""
    after_commit(lambda: current_app.extensions[job](*values))


def chosen() -> list[Invitation]:
    """Return the invitations that the form is about, for nobody else to change meanwhile."""
    form = ChoiceForm()
    found = entry.invitations(request.args.get("state", type=State))
    one = request.form.get("one", type=int)
    if one is not None or not form.whole.data:
        keys = [one] if one is not None else request.form.getlist("chosen", type=int)
        fitting = [key for key in keys if 0 < key < 2**31]
        found = found.where(Invitation.id.in_(fitting) if fitting else false())
    return list(db.session.scalars(found.with_for_update(of=Invitation)))


def tell(number: int, done: str) -> None:
    """Say what was done, or that nothing was chosen that it could be done with."""
    if number:
        flash(done, "ok")
    else:
        flash(_("Choose one or more invitations that are waiting or expired."), "info")


def back() -> ResponseReturnValue:
    """Go back to the same part of the list."""
    state = request.args.get("state", type=State)
    return htmx.see_other(request, url_for(".index", state=state))
