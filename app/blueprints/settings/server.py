"""How Kring runs on this server: to look at, without one secret."""

import os
import sqlite3
import sys
from pathlib import Path

from flask import current_app
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import text

from app.access import requires
from app.blueprints.settings.room import bp
from app.blueprints.settings.sections import plain_page
from app.extensions import db
from app.policy import Ability
from app.services import attachments
from app.site import site

DOCUMENTS = ("docs/install.md", "docs/upgrade.md", "docs/scale-out.md")


@bp.get("/settings/server")
@requires(Ability.CHANGE_SETTINGS)
def server() -> ResponseReturnValue:
    """Show version, address, database, mail, files and processes, and the names of variables."""
    facts = (
        (_("Version of Kring"), version()),
        (_("Python"), sys.version.partition(" ")[0]),
        (_("Web address"), current_app.config["BASE_URL"]),
        (_("Database"), database()),
        (_("Schema of the database"), schema()),
        (_("Mail"), mail()),
        (_("Files"), attachments.storage().place),
        (_("Processes"), os.environ.get("WORKERS", "2")),
        (_("Proxies in front of Kring"), str(current_app.config["PROXIES"])),
    )
    return plain_page("server", facts=facts, variables=variables(), documents=DOCUMENTS)


def version() -> str:
    """Return the newest version that the changelog names."""
    lines = (Path(current_app.root_path).parent / "CHANGELOG.md").read_text().splitlines()
    found = next((line.removeprefix("## ") for line in lines if line.startswith("## ")), "")
    return _("not released yet") if found == "Unreleased" else found


def database() -> str:
    """Return which database this is, without its address."""
    if db.engine.dialect.name == "sqlite":
        return f"SQLite {sqlite3.sqlite_version}"
    return f"PostgreSQL {db.session.scalar(text('SHOW server_version'))}"


def schema() -> str:
    """Return the migration that the database has come to."""
    return str(db.session.scalar(text("SELECT version_num FROM alembic_version")))


def mail() -> str:
    """Return where mail goes, and who decided that."""
    if current_app.config["MAIL_URL"]:
        return str(_("Goes to the mail server that KRING_MAIL_URL names."))
    if site().mail_host:
        return str(_("Goes to the mail server of the settings: %(host)s.", host=site().mail_host))
    return str(_("Is not sent: it is put in the folder %(folder)s.", folder="outbox"))


def variables() -> list[str]:
    """Return the names of the variables that are set, never what they hold."""
    return sorted(name for name in os.environ if name.startswith("KRING_"))
