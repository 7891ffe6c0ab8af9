"""`flask reindex`: what can be found, made anew while the site runs."""

import sys

import click
from flask.cli import with_appcontext
from flask_babel import gettext as _
from tqdm import tqdm

from app.cli.schema import check_schema, told_plainly
from app.services import search_rebuild


@click.command("reindex")
@with_appcontext
def reindex() -> None:
    """Make the search index anew. Stopped half-way, it goes on there the next time."""
    check_schema()
    with told_plainly():
        if search_rebuild.progress().is_done:
            search_rebuild.start_again()
        with tqdm(total=search_rebuild.total(), file=sys.stderr, unit="text") as bar:
            search_rebuild.rebuild(advance=bar.update)
    click.echo(_("Everything can be found."))
