"""The house rules: shown, accepted, or not."""

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.access import requires
from app.blueprints.welcome.forms import AgreeForm, OnwardForm
from app.blueprints.welcome.room import bp
from app.lib import kept
from app.policy import Ability
from app.queries import pages
from app.queries.pages import RULES
from app.services import welcome
from app.services.welcome import Stage


@bp.get("/welcome")
@requires(Ability.READ)
def index() -> ResponseReturnValue:
    """Show the house rules to who has yet to accept them; lead others on to what comes next."""
    form = AgreeForm(formdata=None)
    stage = welcome.stage_of(current_user)
    if stage is Stage.RULES:
        return rules_page(form)
    return redirect(form.destination() if stage is Stage.DONE else form.step(stage), 303)


def rules_page(form: AgreeForm) -> str:
    """Return the house rules as they stand now, with what changed for who accepted older ones."""
    rules = pages.current(RULES)
    form.version.data, form.version.raw_data = rules.number, None
    return render_template(
        "welcome/rules.html",
        form=form,
        rules=rules,
        greeting=pages.current("welcome"),
        changes=welcome.changes_since(current_user.accepted_rules, rules),
    )


@bp.post("/welcome")
@requires(Ability.READ)
def agree() -> ResponseReturnValue:
    """Accept the house rules; those that changed meanwhile are shown first."""
    form = AgreeForm()
    if not form.validate():
        return rules_page(form), 422
    try:
        welcome.agree(current_user, form.version.data or 0)
    except welcome.RulesChanged:
        form.agree.data = False
        form.form_errors.append(_("The house rules changed while you read them. Read them again."))
        return rules_page(form), 422
    return onward(form)


def onward(form: AgreeForm) -> ResponseReturnValue:
    """Lead on: to what they had written, or else to the next step, or to where they were going."""
    found = kept.read(form.kept.data)
    if found is not None:
        return render_template(
            "errors/resend.html",
            title=_("Thank you"),
            advice=_("Nothing is lost: your text is here. Send it once more."),
            path=found.path,
            fields=found.fields,
        )
    if current_user.welcomed_at is None:
        return redirect(form.step(Stage.PROFILE), 303)
    flash(_("Thank you for accepting the house rules."), "ok")
    return redirect(form.destination(), 303)


@bp.get("/welcome/decline")
@requires(Ability.READ)
def decline() -> ResponseReturnValue:
    """Tell who does not agree what they can do."""
    return render_template("welcome/decline.html", form=OnwardForm(formdata=None))
