"""`flask users import`: people from a list become accounts."""

import sys
from pathlib import Path

import click
from flask.cli import AppGroup
from flask_babel import gettext as _
from flask_babel import ngettext
from tqdm import tqdm

from app.cli.schema import check_schema, told_plainly
from app.extensions import commit, db
from app.lib.people_csv import MOST_BYTES, FileRefused
from app.lib.wiki_folder import shown
from app.services import import_plan, import_problems, people_import
from app.services.import_plan import Plan

REFUSED = 1
INTERRUPTED = 130  # what a shell expects after Ctrl+C
FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)

users = AppGroup("users", help="Accounts of people.")


@users.command("import")
@click.argument("file", metavar="FILE.csv", type=FILE)
@click.option("--dry-run", is_flag=True, help="Show what would be done, and do nothing.")
def import_users(file: Path, *, dry_run: bool) -> None:
    """Make or update an account for each line of FILE.csv.

    Columns, in any order: email, name, department, job_title, roles. Run again it updates. Nobody
    gets mail: invite the new people afterwards. Exits with 1 when lines were refused; the others
    are stored.
    """
    check_schema()
    content = content_of(file)
    try:
        with told_plainly():
            made = import_plan.plan(content, None, writing=not dry_run)
            if not dry_run:
                carry_out(made)
    except FileRefused as refusal:
        raise click.ClickException(import_problems.of_file(refusal)) from refusal
    except KeyboardInterrupt:
        db.session.rollback()
        click.echo(_("Stopped. Nothing has been stored."), err=True)
        raise click.exceptions.Exit(INTERRUPTED) from None
    tell(made, dry_run=dry_run)
    if made.refused:
        raise click.exceptions.Exit(REFUSED)


def content_of(file: Path) -> bytes:
    """Return what is in the file, or one byte more than is allowed. Raises ClickException."""
    try:
        with file.open("rb") as stream:
            return stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise click.ClickException(
            _(
                "Cannot read %(file)s: %(reason)s",
                file=shown(str(file)),
                reason=error.strerror or "",
            )
        ) from error


def carry_out(made: Plan) -> None:
    """Store everything in one transaction, and show how far it is."""
    with tqdm(total=len(made.steps), file=sys.stderr, unit="line", disable=not made.steps) as bar:
        people_import.carry_out(made, None, bar.update)
    commit()


def tell(made: Plan, *, dry_run: bool) -> None:
    """Say what was done, and on the error output each line that was refused."""
    for line in made.refused:
        who = f" ({shown(line.email)})" if line.email else ""
        where = _("Line %(number)d", number=line.number)
        click.echo(f"{where}{who}: {shown(line.reason)}", err=True)
    if made.ignored:
        names = ", ".join(shown(name) for name in made.ignored)
        click.echo(
            _("Columns that Kring does not know, left out: %(names)s", names=names), err=True
        )
    if dry_run:
        click.echo(_("This was a trial: nothing has been stored."))
    counts = (
        ngettext("%(num)d added", "%(num)d added", len(made.added)),
        ngettext("%(num)d updated", "%(num)d updated", len(made.updated)),
        ngettext("%(num)d unchanged", "%(num)d unchanged", len(made.unchanged)),
        ngettext("%(num)d refused", "%(num)d refused", len(made.refused)),
    )
    click.echo(", ".join(counts))
