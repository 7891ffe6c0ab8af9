"""The themes of the community: which there are, and in which order."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, IntegerField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs lag
from wtforms.validators import InputRequired, Length, NumberRange, ValidationError

from app.access import requires, with_theme
from app.blueprints.settings.room import bp
from app.blueprints.settings.sections import plain_page
from app.extensions import db
from app.forms import Line, Text, filled
from app.models import Theme
from app.policy import Ability
from app.queries.themes import kept_themes, specialists, themes
from app.services import themes as service
from app.services.roles import MayNotGrant


def with_letters(_form: FlaskForm, field: Field) -> None:
    """Refuse a name that would leave nothing to read in an address."""
    if not any(sign.isalnum() for sign in field.data):
        raise ValidationError(_("Use at least one letter or digit."))


class ThemeForm(FlaskForm):
    """What a theme is called, and what it is about."""

    name = Line(_l("Name"), [InputRequired(), filled, with_letters, Length(max=80)])
    description = Text(_l("What it is about"), [Length(max=600)])


class EditThemeForm(ThemeForm):
    """What a theme is called and about, and how its wiki is kept."""

    four_eyes = BooleanField(_l("Four eyes: another specialist adopts what one of them writes"))
    review_months = IntegerField(
        _l("Look through pages again after so many months"),
        [InputRequired(), NumberRange(0, 120)],
        render_kw={"inputmode": "numeric", "min": 0, "max": 120},
    )

    premoderated = BooleanField(_l("A moderator looks first at discussions and replies"))

    def care(self) -> service.Care:
        """Return how the theme is kept."""
        return service.Care(
            self.four_eyes.data, self.review_months.data or 0, self.premoderated.data
        )


class MergeForm(FlaskForm):
    """Which theme stays."""

    into = SelectField(_l("Theme that stays"), [InputRequired()], coerce=int)

    def among(self, theme: Theme) -> "MergeForm":
        """Offer the themes in use but for the one that goes."""
        rest = [each for each in db.session.scalars(themes()) if each.id != theme.id]
        self.into.choices = [SelectChoice(each.id, each.name) for each in rest]
        self.rest = {each.id: each for each in rest}
        return self


def taken(field: Field) -> None:
    """Tell at its field that another theme has this name."""
    field.errors = [_("There is a theme with this name already.")]


@bp.route("/settings/themes", methods=["GET", "POST"], endpoint="themes")
@requires(Ability.MANAGE_THEMES)
def index() -> ResponseReturnValue:
    """Show the themes in their order, and add one."""
    form = ThemeForm()
    if not form.is_submitted():
        return list_page(form)
    if form.validate():
        try:
            theme = service.add(form.name.data, form.description.data, current_user)
        except service.NameTaken:
            taken(form.name)
        else:
            return back(_("The theme %(name)s has been added.", name=theme.name))
    return list_page(form, 422)


def list_page(form: ThemeForm, status: int = 200) -> ResponseReturnValue:
    """Return the page of the section."""
    found = db.session.execute(kept_themes(current_user)).all()
    return plain_page("themes", form=form, themes=found), status


def back(message: str) -> ResponseReturnValue:
    """Return to the list with a message."""
    flash(message, "ok")
    return redirect(url_for(".themes"), 303)


@bp.route("/settings/themes/<slug:slug>/edit", methods=["GET", "POST"])
@with_theme(Ability.MANAGE_THEMES)
def edit_theme(theme: Theme) -> ResponseReturnValue:
    """Rename a theme, tell otherwise what it is about, or how its wiki is kept."""
    form = EditThemeForm(obj=theme)
    if not form.is_submitted():
        return theme_page("edit", theme, form)
    if form.validate():
        try:
            service.change(theme, form.name.data, form.description.data, current_user, form.care())
        except service.NameTaken:
            taken(form.name)
        else:
            return back(_("The theme has been saved."))
    return theme_page("edit", theme, form, 422)


def theme_page(
    name: str, theme: Theme, form: FlaskForm, status: int = 200, **values: Any
) -> ResponseReturnValue:
    """Return a page about one theme."""
    html = render_template(f"settings/theme_{name}.html", theme=theme, form=form, **values)
    return html, status


@bp.post("/settings/themes/<slug:slug>/move")
@with_theme(Ability.MANAGE_THEMES)
def move_theme(theme: Theme) -> ResponseReturnValue:
    """Put a theme one place up or down."""
    service.move(theme, -1 if request.form.get("direction") == "up" else 1)
    return redirect(f"{url_for('.themes')}#theme-{theme.id}", 303)


@bp.post("/settings/themes/<slug:slug>/archive")
@with_theme(Ability.MANAGE_THEMES)
def archive_theme(theme: Theme) -> ResponseReturnValue:
    """Take a theme out of use."""
    service.archive(theme, current_user)
    return back(_("The theme %(name)s is in the archive.", name=theme.name))


@bp.post("/settings/themes/<slug:slug>/restore")
@with_theme(Ability.MANAGE_THEMES)
def restore_theme(theme: Theme) -> ResponseReturnValue:
    """Take a theme into use again."""
    service.restore(theme, current_user)
    return back(_("The theme %(name)s is in use again.", name=theme.name))


@bp.route("/settings/themes/<slug:slug>/merge", methods=["GET", "POST"])
@with_theme(Ability.MANAGE_THEMES)
def merge_theme(theme: Theme) -> ResponseReturnValue:
    """Move all that belongs to a theme into another one."""
    form = MergeForm().among(theme)
    knowing = db.session.scalars(specialists(theme)).all()
    if not form.is_submitted():
        return theme_page("merge", theme, form, knowing=knowing)
    if form.into.data == theme.id:
        form.into.errors = [_("This is the same theme. Choose another one.")]
    elif form.validate():
        into = form.rest[form.into.data]
        try:
            service.merge(theme, into, current_user)
        except MayNotGrant as refusal:
            form.into.errors = [may_not_grant(refusal)]
        else:
            return back(_("Everything stands in the theme %(name)s now.", name=into.name))
    return theme_page("merge", theme, form, 422, knowing=knowing)


def may_not_grant(refusal: MayNotGrant) -> str:
    """Say who would get a role that the reader may not give."""
    names = ", ".join(person.name for person in refusal.people)
    return str(
        _("Merging makes these people specialist of more than now: %(names)s. Only a community"
          " manager can do that, and not for themselves.", names=names)
    )  # fmt: skip
