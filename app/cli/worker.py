"""`flask worker`: the background jobs, in a process of their own."""

import click
from flask import current_app
from flask.cli import with_appcontext
from huey import Huey


@click.command("worker")
@with_appcontext
def worker() -> None:
    """Run background jobs: mail, and tidying up at night."""
    jobs: Huey = current_app.jobs  # type: ignore[attr-defined]  # ours is a Kring
    jobs.create_consumer(workers=1, initial_delay=0.1, max_delay=1.0).run()
