"""`flask serve`: check what must be right before the first request, then serve."""

import errno
import socket

import click
from flask import current_app
from flask.cli import ScriptInfo, pass_script_info, with_appcontext
from flask_babel import gettext as _

from app.cli.schema import SchemaState, schema_state, told_plainly, upgrade_schema
from app.cli.server import Server
from app.extensions import db
from app.lib.batches import Batch

LOOPBACK = "127.0.0.1"
BACKLOG = 512  # connections that wait while the processes are busy


@click.command("serve")
@click.option(
    "--port", envvar="PORT", type=click.IntRange(1, 65535), default=8000, show_default=True
)
@click.option(
    "--workers", envvar="WORKERS", type=click.IntRange(1, 64), default=2, show_default=True
)
@click.option(
    "--example", is_flag=True, help="Upgrade first, and fill an empty database with the example."
)
@with_appcontext
@pass_script_info
def serve(info: ScriptInfo, port: int, workers: int, *, example: bool) -> None:
    """Serve Kring on 127.0.0.1, with its background jobs."""
    listener = listen(port)
    check_schema(upgrade=example)
    if example:
        click.get_current_context().invoke(current_app.cli.commands["demo"], if_empty=True)
    click.echo(
        _("Kring is at %(address)s (stop with Ctrl+C)", address=f"http://{LOOPBACK}:{port}/")
    )
    # Processes must not share a connection that was opened before they split off, nor the lock that
    # a thread holds at that moment. What waits to be written is written once this thread holds none.
    db.session.remove()
    for part in current_app.extensions.values():
        if isinstance(part, Batch):
            part.close()
    db.engine.dispose()
    Server(info.load_app(), listener.fileno(), workers).run()


def listen(port: int) -> socket.socket:
    """Return a socket that listens; taken before anything else, so two starts cannot collide.

    Raises ClickException when the port is taken or not ours to take.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((LOOPBACK, port))
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            message = _(
                "Port %(port)d is already in use. Choose another one: PORT=%(other)d",
                port=port,
                other=port + 1,
            )
        else:
            message = _(
                "Cannot listen on port %(port)d: %(reason)s", port=port, reason=error.strerror
            )
        raise click.ClickException(message) from error
    return listener


def check_schema(*, upgrade: bool) -> None:
    """Raise ClickException unless the database fits this code, or can be made to fit."""
    with told_plainly():
        state = schema_state()
    if state is SchemaState.NEWER:
        raise click.ClickException(
            _("The database is newer than this code. Install the newer version of Kring again.")
        )
    if state is SchemaState.CURRENT:
        return
    if not upgrade:
        raise click.ClickException(_("The database is not up to date. First run: flask db upgrade"))
    upgrade_schema()
