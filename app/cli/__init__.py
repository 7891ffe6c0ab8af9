"""The commands of `flask`. Each is imported when it is asked for: who serves needs none of the others."""

from importlib import import_module

from click import Command, Context
from flask import Flask
from flask.cli import AppGroup

HOMES = {
    "backup": "backup",
    "db": "migrating",
    "demo": "demo",
    "doctor": "doctor",
    "redact": "backup",
    "reindex": "reindex",
    "restore": "backup",
    "serve": "serve",
    "setup": "setup",
    "users": "users",
    "wikis": "wikis",
    "worker": "worker",
}


class Commands(AppGroup):
    """Our commands: the name of each, and the module where it lives."""

    def list_commands(self, ctx: Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *HOMES})

    def get_command(self, ctx: Context, cmd_name: str) -> Command | None:
        if cmd_name not in HOMES:
            return super().get_command(ctx, cmd_name)
        command: Command = getattr(import_module(f"{__name__}.{HOMES[cmd_name]}"), cmd_name)
        return command


def init_app(app: Flask) -> None:
    """Add our commands to Flask's own."""
    app.cli = Commands(app.name)
