"""`flask worker`: the background jobs, in a process of their own."""

import click
from flask import current_app
from flask.cli import with_appcontext


@click.command("worker")
@with_appcontext
def worker() -> None:
    """Run background jobs: mail, and tidying up at night."""
    current_app._get_current_object().jobs.create_consumer(workers=1, initial_delay=0.1, max_delay=1.0).run()  # type: ignore[attr-defined]  # noqa: SLF001  # flask's way to the application itself
