"""The commands of `flask`."""

from flask import Flask

from app.cli.demo import demo
from app.cli.doctor import doctor
from app.cli.serve import serve
from app.cli.setup import setup
from app.cli.wikis import wikis
from app.cli.worker import worker

COMMANDS = (demo, doctor, serve, setup, wikis, worker)


def init_app(app: Flask) -> None:
    """Add our commands to Flask's own."""
    for command in COMMANDS:
        app.cli.add_command(command)
