"""`flask worker`: the background jobs, in a process of their own."""

import click
from flask import current_app
from flask.cli import with_appcontext

from app.cli.jobs_process import run_jobs


@click.command("worker")
@with_appcontext
def worker() -> None:
    """Run background jobs: mail, and tidying up at night."""
    run_jobs(current_app.jobs)  # type: ignore[attr-defined]  # ours is a Kring
