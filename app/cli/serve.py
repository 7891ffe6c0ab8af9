"""`flask serve`: check what must be right before the first request, then serve."""

import ctypes
import errno
import gc
import os
import socket
import subprocess
import sys
from contextlib import suppress
from contextvars import Context

import click
from flask import Flask, current_app
from flask.cli import ScriptInfo, pass_script_info, with_appcontext
from flask_babel import gettext as _
from flask_login import login_user
from sqlalchemy import select

from app.cli.schema import check_schema
from app.cli.server import Server
from app.config import ROOT
from app.extensions import db
from app.lib.batches import Batch
from app.models import User

LOOPBACK = "127.0.0.1"
MOST = 8  # processes by default; each takes some 60 MB
BACKLOG = 512  # connections that wait while the processes are busy
M_MMAP_THRESHOLD, M_ARENA_MAX = -3, -8  # from glibc's <malloc.h>
LARGE = 1024 * 1024  # bytes; a password is checked in 19 times as many


def a_process_for_each_core() -> int:
    """Return how many processes serve by default: at least 2, so that one can end and be replaced."""
    return min(max(2, len(os.sched_getaffinity(0))), MOST)


@click.command("serve")
@click.option(
    "--port", envvar="PORT", type=click.IntRange(1, 65535), default=8000, show_default=True
)
@click.option(
    "--workers",
    envvar="WORKERS",
    type=click.IntRange(1, 64),
    default=a_process_for_each_core,
    show_default="a process for each core",
)
@click.option(
    "--example", is_flag=True, help="Upgrade first, and fill an empty database with the example."
)
@with_appcontext
@pass_script_info
def serve(info: ScriptInfo, port: int, workers: int, *, example: bool) -> None:
    """Serve Kring on 127.0.0.1, with its background jobs."""
    give_memory_back()
    listener = listen(port)
    if example:
        load_example()
    check_schema()
    click.echo(
        _("Kring is at %(address)s (stop with Ctrl+C)", address=f"http://{LOOPBACK}:{port}/")
    )
    app = info.load_app()
    Context().run(warm_up, app)
    # Processes must not share a connection that was opened before they split off, nor the lock that
    # a thread holds at that moment. What waits to be written is written once this thread holds none.
    db.session.remove()
    for part in current_app.extensions.values():
        if isinstance(part, Batch):
            part.close()
    db.engine.dispose()
    # What is here now stays: looking for garbage in it would copy the memory that all share.
    gc.collect()
    gc.freeze()
    Server(app, listener.fileno(), workers).run()


def load_example() -> None:
    """Upgrade, and fill an empty database, in a process of its own: what that needs stays out of ours.

    Raises Exit when that fails; it has said why.
    """
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "demo", "--if-empty", "--upgrade"]
    if failed := subprocess.run(command, cwd=ROOT, check=False).returncode:  # noqa: S603  # our own
        raise click.exceptions.Exit(failed)


def give_memory_back() -> None:
    """Let glibc return large pieces of memory at once, where each thread would keep some of its own.

    It keeps what is as large as the largest piece so far: 19 MB for each thread that checked a password.
    """
    with suppress(AttributeError):  # another library of C
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(M_MMAP_THRESHOLD, LARGE)
        mallopt(M_ARENA_MAX, 2)


def warm_up(app: Flask) -> None:
    """Make once, for all processes to share, what first pages make: those of a visitor and a member."""
    app.test_client().get("/login", base_url=app.config["BASE_URL"])
    with app.test_request_context("/", base_url=app.config["BASE_URL"]):
        someone = db.session.scalars(select(User).order_by(User.id).limit(1)).first()
        if not someone:
            return
        login_user(someone)
        try:
            app.dispatch_request()
        except Exception:
            app.logger.exception("The home page fails; all others are served.")


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
