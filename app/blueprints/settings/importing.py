"""People from a list: the file is looked through first, and imported when it looks right."""

from flask import Response, abort, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from sqlalchemy.exc import IntegrityError

from app.access import requires, takes_file
from app.blueprints.settings.room import bp
from app.blueprints.settings.sections import plain_page
from app.extensions import db
from app.lib import csv_export, htmx, people_csv
from app.lib.people_csv import MOST_BYTES, FileRefused
from app.policy import Ability
from app.services import import_files, import_plan, import_problems, people_import
from app.services.import_plan import Plan

SHOWN = 50
"""People of each kind on the preview; refused lines are all shown."""
EXAMPLE = (
    ("anna.bos@voorbeeldstad.example", "Anna Bos", "Schuldhulp", "Consulent", "blogger"),
    ("bram.vos@voorbeeldstad.example", "Bram Vos", "Wonen", "", "themaspecialist: Wonen"),
    ("carla.kok@voorbeeldstad.example", "Carla Kok", "", "", ""),
)


class ListForm(FlaskForm):
    """A list of people."""

    file = FileField(
        _l("File"), [FileRequired(_l("Choose a file."))], render_kw={"accept": ".csv,text/csv"}
    )


class GoForm(FlaskForm):
    """Says that the preview is right."""


@bp.get("/settings/import", endpoint="import")  # as its section is called
@requires(Ability.MANAGE_ACCOUNTS)
def import_people() -> ResponseReturnValue:
    """Ask for a list."""
    return upload_page(ListForm(formdata=None))


@bp.post("/settings/import")
@takes_file
@requires(Ability.MANAGE_ACCOUNTS)
def import_upload() -> ResponseReturnValue:
    """Look whether a list can be read, and keep it for its preview."""
    form = ListForm()
    if not form.validate_on_submit():
        return upload_page(form, 422)
    content = form.file.data.stream.read(MOST_BYTES + 1)
    try:
        people_csv.read(content)
    except FileRefused as refusal:
        form.file.errors = [import_problems.of_file(refusal)]
        return upload_page(form, 422)
    token = import_files.keep(content, current_user)
    return htmx.see_other(request, url_for(".import_preview", token=token))


def upload_page(form: ListForm, status: int = 200) -> ResponseReturnValue:
    """Return the page that asks for a list."""
    return plain_page(
        "import", form=form, most=MOST_BYTES, most_lines=format_decimal(people_csv.MOST_LINES)
    ), status


@bp.get("/settings/import/<token>")
@requires(Ability.MANAGE_ACCOUNTS)
def import_preview(token: str) -> ResponseReturnValue:
    """Show what an import of this list would do; nothing is written."""
    plan = import_plan.plan(list_or_404(token), current_user)
    return plan_page("import_preview", token, plan, form=GoForm())


@bp.post("/settings/import/<token>")
@requires(Ability.MANAGE_ACCOUNTS)
def import_carry_out(token: str) -> ResponseReturnValue:
    """Import the list, as far as it can be taken, and tell what was done."""
    content, form = list_or_404(token), GoForm()
    if not form.validate():
        abort(400)
    try:
        plan = people_import.bring(content, current_user)
    except IntegrityError:
        db.session.rollback()
        form.form_errors.append(
            _("Someone else changed accounts at the same moment. Look once more, and try again.")
        )
        plan = import_plan.plan(content, current_user)
        return plan_page("import_preview", token, plan, form=form), 409
    return plan_page("import_done", token, plan)


def plan_page(name: str, token: str, plan: Plan, **values: object) -> str:
    """Return a page about a plan."""
    return plain_page(
        name,
        "import",
        token=token,
        plan=plan,
        most=SHOWN,
        columns=import_problems.COLUMNS,
        **values,
    )


@bp.get("/settings/import/<token>/refused.csv")
@requires(Ability.MANAGE_ACCOUNTS)
def import_refused(token: str) -> ResponseReturnValue:
    """Give the lines that are not taken, with the reasons, for a spreadsheet."""
    plan = import_plan.plan(list_or_404(token), current_user)
    rows = ((line.number, line.email, line.reason) for line in plan.refused)
    return table(
        csv_export.write(rows, [_("Line"), _("E-mail address"), _("Reason")]), _("refused lines")
    )


@bp.get("/settings/import/voorbeeld.csv")
@requires(Ability.MANAGE_ACCOUNTS)
def import_example() -> ResponseReturnValue:
    """Give a list to begin with."""
    headers = ["email", "name", "department", "job_title", "roles"]
    return table(csv_export.write(EXAMPLE, headers), _("people"))


def table(text: str, name: str) -> Response:
    """Return a table as a file to keep."""
    disposition = f'attachment; filename="{name.replace(" ", "-")}.csv"'
    return Response(text, mimetype="text/csv", headers={"Content-Disposition": disposition})


def list_or_404(token: str) -> bytes:
    """Return the list that this person brought less than an hour ago."""
    content = import_files.kept(token, current_user)
    if content is None:
        abort(404)
    return content
