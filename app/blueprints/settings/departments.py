"""The departments of the municipality, as people choose them in their profile."""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_login import current_user
from flask_wtf import FlaskForm
from sqlalchemy import func, select
from wtforms import Field, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs lag
from wtforms.validators import InputRequired, Length

from app.access import requires
from app.blueprints.settings.room import bp
from app.blueprints.settings.sections import plain_page
from app.extensions import db
from app.forms import Line, filled
from app.models import Department, User
from app.policy import Ability
from app.queries.people import departments
from app.services import departments as service


class DepartmentForm(FlaskForm):
    """What a department is called."""

    name = Line(_l("Name"), [InputRequired(), filled, Length(max=120)])


class MergeForm(FlaskForm):
    """Which department stays."""

    into = SelectField(_l("Department that stays"), [InputRequired()], coerce=int)

    def among(self, department: Department) -> "MergeForm":
        """Offer all departments but the one that goes."""
        everyone = db.session.scalars(departments())
        self.rest = {each.id: each for each in everyone if each.id != department.id}
        self.into.choices = [SelectChoice(key, each.name) for key, each in self.rest.items()]
        return self


def taken(field: Field) -> None:
    """Tell at its field that another department has this name."""
    field.errors = [_("There is a department with this name already.")]


def found(department_id: int) -> Department:
    """Return a department; 404 when there is none."""
    department = db.session.get(Department, department_id)
    if department is None:
        abort(404)
    return department


def back(message: str) -> ResponseReturnValue:
    """Return to the list with a message."""
    flash(message, "ok")
    return redirect(url_for(".departments"), 303)


@bp.route("/settings/departments", methods=["GET", "POST"], endpoint="departments")
@requires(Ability.CHANGE_SETTINGS)
def index() -> ResponseReturnValue:
    """Show the departments, and add one."""
    form = DepartmentForm()
    if not form.is_submitted():
        return list_page(form)
    if form.validate():
        try:
            department = service.add(form.name.data, current_user)
        except service.NameTaken:
            taken(form.name)
        else:
            return back(_("The department %(name)s has been added.", name=department.name))
    return list_page(form, 422)


def list_page(form: DepartmentForm, status: int = 200) -> ResponseReturnValue:
    """Return the page of the section."""
    people = select(func.count()).where(User.department_id == Department.id)
    rows = db.session.execute(departments().add_columns(people.scalar_subquery())).all()
    return plain_page("departments", form=form, departments=rows), status


@bp.route("/settings/departments/<id:department_id>/edit", methods=["GET", "POST"])
@requires(Ability.CHANGE_SETTINGS)
def edit_department(department_id: int) -> ResponseReturnValue:
    """Rename a department."""
    department = found(department_id)
    form = DepartmentForm(obj=department)
    if form.is_submitted() and form.validate():
        try:
            service.rename(department, form.name.data, current_user)
        except service.NameTaken:
            taken(form.name)
        else:
            return back(_("The department has been saved."))
    html = render_template("settings/department_edit.html", department=department, form=form)
    return html, 422 if form.errors else 200


@bp.route("/settings/departments/<id:department_id>/merge", methods=["GET", "POST"])
@requires(Ability.CHANGE_SETTINGS)
def merge_department(department_id: int) -> ResponseReturnValue:
    """Put everyone of a department in another one."""
    department = found(department_id)
    form = MergeForm().among(department)
    if form.is_submitted() and form.into.data == department.id:
        form.into.errors = [_("This is the same department. Choose another one.")]
    elif form.is_submitted() and form.validate():
        into = form.rest[form.into.data]
        number = service.merge(department, into, current_user)
        return back(
            ngettext("%(num)d person is in %(name)s now.", "%(num)d people are in %(name)s now.",
                     number, name=into.name)
        )  # fmt: skip
    html = render_template(
        "settings/department_merge.html", department=department, form=form,
        number=service.people_in(department),
    )  # fmt: skip
    return html, 422 if form.errors else 200


@bp.post("/settings/departments/<id:department_id>/remove")
@requires(Ability.CHANGE_SETTINGS)
def remove_department(department_id: int) -> ResponseReturnValue:
    """Take an empty department away."""
    department = found(department_id)
    try:
        service.remove(department, current_user)
    except service.StillUsed:
        flash(_("There are people in this department. Merge it with another one."), "error")
        return redirect(url_for(".departments"), 303)
    return back(_("The department %(name)s has been removed.", name=department.name))
