"""After the rules: who one is, and which themes one follows. Both can be skipped."""

from collections.abc import Sequence

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs lag

from app.access import requires
from app.blueprints.welcome.forms import ProfileForm, ThemesForm
from app.blueprints.welcome.room import bp
from app.extensions import db
from app.models import Theme
from app.policy import Ability
from app.queries.following import themes_followed
from app.queries.people import departments, expertise_of
from app.queries.themes import themes as in_use
from app.services import profiles, welcome
from app.services.welcome import Stage

OWN = ("name", "job_title", "department_id", "about", "phone")
SKIP = "skip"


@bp.route("/welcome/profile", methods=["GET", "POST"])
@requires(Ability.READ)
def profile() -> ResponseReturnValue:
    """Tell who one is."""
    known = {name: getattr(current_user, name) for name in OWN}
    subjects = ", ".join(db.session.scalars(expertise_of(current_user)))
    form = ProfileForm(data={**known, "expertise": subjects})
    form.offer(db.session.scalars(departments()))
    if not form.is_submitted():
        return profile_page(form)
    if not form.validate():
        return profile_page(form), 422
    for name in OWN:
        setattr(current_user, name, form[name].data)
    profiles.set_expertise(current_user, profiles.split_expertise(form.expertise.data))
    return redirect(form.step(Stage.THEMES), 303)


def profile_page(form: ProfileForm) -> str:
    return render_template("welcome/profile.html", form=form)


@bp.route("/welcome/themes", methods=["GET", "POST"])
@requires(Ability.READ)
def themes() -> ResponseReturnValue:
    """Choose the themes to follow; that ends the first day, also when it is skipped."""
    offered = db.session.scalars(in_use()).all()
    if request.method != "POST":
        chosen = [theme.id for theme in db.session.scalars(themes_followed(current_user))]
        return themes_page(ThemesForm(formdata=None, themes=chosen), offered)
    form = ThemesForm()
    form.themes.choices = [SelectChoice(theme.id, theme.name) for theme in offered]
    if SKIP not in request.form:
        if not form.validate():
            return themes_page(form, offered), 422
        welcome.choose_themes(current_user, offered, form.themes.data or [])
    welcome.finish(current_user)
    return redirect(form.destination(), 303)


def themes_page(form: ThemesForm, offered: Sequence[Theme]) -> str:
    return render_template("welcome/themes.html", form=form, themes=offered)
