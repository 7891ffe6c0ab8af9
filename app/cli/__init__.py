"""The commands of `flask`."""

from flask import Flask

from app.cli.backup import backup, redact, restore
from app.cli.demo import demo
from app.cli.doctor import doctor
from app.cli.reindex import reindex
from app.cli.serve import serve
from app.cli.setup import setup
from app.cli.users import users
from app.cli.wikis import wikis
from app.cli.worker import worker

COMMANDS = (backup, demo, doctor, redact, reindex, restore, serve, setup, users, wikis, worker)


def init_app(app: Flask) -> None:
    """Add our commands to Flask's own."""
    for command in COMMANDS:
        app.cli.add_command(command)
