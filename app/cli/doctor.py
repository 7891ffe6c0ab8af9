"""`flask doctor`: what is wrong with this installation, in words that tell what to do."""

import shutil
import sqlite3
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, timedelta
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_babel import gettext as _
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from app.cli.schema import SchemaState, in_words, schema_state
from app.extensions import db
from app.lib import job_queue, mailer
from app.lib.clock import now
from app.models import OutgoingMail
from app.services import attachments, log_chain, mail_server, search_rebuild, security_txt

SAFE_SQLITE = (3, 51, 3)  # earlier releases have a rare corruption bug in WAL mode
ENOUGH_DISK = 1024**3
FIRST_SENSIBLE_YEAR = 2026

Level = Literal["ok", "warning", "error"]


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    level: Level
    text: str


def configuration() -> Iterator[Finding]:
    """Look at the address and the secret key."""
    base = urlsplit(current_app.config["BASE_URL"])
    loopback = base.hostname in {"127.0.0.1", "localhost", "::1"}
    if base.scheme == "http" and not loopback:
        yield Finding(
            "error", _("KRING_BASE_URL must begin with https://, or passwords travel in the open.")
        )
    else:
        yield Finding("ok", _("Address: %(url)s", url=current_app.config["BASE_URL"]))
    key: Path = current_app.config["INSTANCE"] / "secret_key"
    if key.exists() and key.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        yield Finding("error", _("Others can read %(path)s. Run: chmod 600 %(path)s", path=key))


def database() -> Iterator[Finding]:
    """Look at the schema and at the soundness of the data."""
    state = schema_state()
    if state is SchemaState.CURRENT:
        yield Finding("ok", _("The database fits this version of Kring."))
    elif state is SchemaState.NEWER:
        yield Finding(
            "error",
            _("The database is newer than this code. Install the newer version of Kring again."),
        )
    else:
        yield Finding("error", _("The database is not up to date. First run: flask db upgrade"))
    if db.engine.dialect.name == "sqlite":
        yield from sqlite_file()


def sqlite_file() -> Iterator[Finding]:
    """Look at SQLite's version and its file."""
    if sqlite3.sqlite_version_info < SAFE_SQLITE:
        yield Finding(
            "warning",
            _(
                "SQLite %(version)s has a rare fault (mended in 3.51.3) that can damage the database "
                "when two processes write at once. Keep daily backups.",
                version=sqlite3.sqlite_version,
            ),
        )
    verdict = db.session.scalar(text("PRAGMA quick_check"))
    if verdict == "ok":
        yield Finding("ok", _("The database file is sound."))
    else:
        yield Finding(
            "error",
            _("The database file is damaged: %(verdict)s. Restore a backup.", verdict=verdict),
        )


def mail() -> Iterator[Finding]:
    """Look at the mail server and at mail that does not leave."""
    if schema_state() is not SchemaState.CURRENT:
        return
    server = mail_server.present()
    # A server can take long: nobody waits for the database meanwhile.
    db.session.rollback()
    if server is None:
        advice = _(
            "Mail is written to %(folder)s: fill in a mail server at Settings to send it.",
            folder=current_app.config["MAIL_FOLDER"],
        )
        yield Finding("warning", advice)
    else:
        try:
            mailer.greet(server)
            yield Finding("ok", _("The mail server answers."))
        except OSError as error:
            reason = mail_server.in_short(error)
            yield Finding("error", _("The mail server does not answer: %(reason)s", reason=reason))
    late = select(func.count()).select_from(OutgoingMail).where(OutgoingMail.sent_at.is_(None))
    waiting = (
        db.session.scalar(late.where(OutgoingMail.created_at < now() - timedelta(hours=1))) or 0
    )
    if waiting:
        yield Finding("error", _("%(n)d mails have been waiting for over an hour.", n=waiting))


def jobs() -> Iterator[Finding]:
    """Look whether background jobs can be asked for."""
    config = current_app.config
    place = job_queue.place_of(config["REDIS_URL"], config["INSTANCE"] / "jobs.db")
    try:
        number = current_app.jobs.storage.queue_size()  # type: ignore[attr-defined]  # ours is a Kring
    except job_queue.UNREACHABLE as error:
        advice = _(
            "The queue of jobs at %(place)s does not answer: %(reason)s. Pages go on; mail and other"
            " work in the background wait.",
            place=place,
            reason=error,
        )
        yield Finding("error", advice)
    else:
        told = _("The queue of jobs at %(place)s answers; %(n)d wait.", place=place, n=number)
        yield Finding("ok", told)


def files() -> Iterator[Finding]:
    """Look whether files can be stored, and read by us alone."""
    store = attachments.storage()
    try:
        store.check()
        is_open = store.is_open_to_others()
    except OSError as error:
        reason = error.strerror or error
        yield Finding(
            "error",
            _("Cannot store files at %(place)s: %(reason)s", place=store.place, reason=reason),
        )
        return
    if is_open:
        advice = _("Others can read the files at %(place)s. Close it to all but Kring.",
                   place=store.place)  # fmt: skip
        yield Finding("error", advice)
    else:
        yield Finding("ok", _("Files are stored at %(place)s.", place=store.place))


def disk() -> Iterator[Finding]:
    """Look at the room that is left, and whether the instance folder can be written."""
    folder: Path = current_app.config["INSTANCE"]
    free = shutil.disk_usage(folder).free
    level: Level = "ok" if free > ENOUGH_DISK else "error"
    yield Finding(level, _("%(free)d MB of disk space is free.", free=free // 1024**2))
    probe = folder / ".doctor"
    try:
        probe.write_bytes(b"kring")
        probe.unlink()
    except OSError as error:
        yield Finding(
            "error",
            _("Cannot write in %(folder)s: %(reason)s", folder=folder, reason=error.strerror),
        )


def documents() -> Iterator[Finding]:
    """Look whether documents, images, photos and the logo have their files, and files a use."""
    if schema_state() is not SchemaState.CURRENT:
        return
    try:
        lost = attachments.missing()
    except OSError:
        return  # files() tells why
    for kind, number in lost.items():
        yield Finding("error", lost_words(kind, number))
    if not lost:
        yield Finding("ok", _("All documents, images, photos and the logo have their file."))
    if left := attachments.unclaimed():
        yield Finding(
            "warning",
            _("%(n)d files belong to nothing; they are deleted at night.", n=len(left)),
        )


def search() -> Iterator[Finding]:
    """Look whether everything can be found."""
    if schema_state() is not SchemaState.CURRENT:
        return
    if search_rebuild.progress().is_done:
        yield Finding("ok", _("Search knows everything."))
    else:
        advice = _(
            "Search does not know everything yet. That mends itself while Kring runs; at once with:"
            " flask reindex"
        )
        yield Finding("warning", advice)


def lost_words(kind: str, number: int) -> str:
    """Return that files of a kind are lost, and what to do."""
    match kind:
        case "documents":
            return str(_("%(n)d documents have lost their file. Restore a backup.", n=number))
        case "images":
            return str(_("%(n)d files of images in texts are lost. Restore a backup.", n=number))
        case "photos":
            return str(
                _("%(n)d people have lost the file of their photo. Restore a backup.", n=number)
            )
    return str(_("The logo has lost its file. Restore a backup, or upload it again."))


def the_log() -> Iterator[Finding]:
    """Look whether the log is as it was written, and tell its last hash, to keep elsewhere."""
    if schema_state() is not SchemaState.CURRENT:
        return
    found = log_chain.verify()
    if found.broken_at is not None:
        reason = _(
            "The log was changed outside Kring: row %(id)d (the %(n)d. from the start) does not fit"
            " the one before it. Compare it with a backup.",
            id=found.broken_at,
            n=found.rows,
        )
        yield Finding("error", reason)
    elif found.shortened:
        reason = _("Rows are missing at the end of the log. Compare it with a backup.")
        yield Finding("error", reason)
    else:
        words = _("The log is whole: %(n)d rows. Its last hash: %(hash)s",
                  n=found.rows, hash=found.last or "–")  # fmt: skip
        yield Finding("ok", words)


def security_contact() -> Iterator[Finding]:
    """Look whether who finds a weakness knows whom to tell."""
    if schema_state() is not SchemaState.CURRENT:
        return
    left = security_txt.days_left()
    if left is None:
        advice = _(
            "There is no security.txt: fill in at Settings whom people can tell of a weakness."
        )
        yield Finding("warning", advice)
    elif left < 0:
        yield Finding("error", _("security.txt is over: choose a new day at Settings."))
    elif security_txt.needs_renewal():
        advice = _("security.txt holds for %(n)d more days: choose a new day at Settings.", n=left)
        yield Finding("warning", advice)
    else:
        yield Finding("ok", _("security.txt holds for %(n)d more days.", n=left))


def clock() -> Iterator[Finding]:
    """Look whether the clock is about right."""
    if now().year < FIRST_SENSIBLE_YEAR:
        yield Finding(
            "error",
            _("The clock says %(now)s. Set the time of this machine.", now=now().isoformat()),
        )
        return
    theirs = db.session.scalar(select(func.now()))
    if theirs is not None and abs(theirs.replace(tzinfo=theirs.tzinfo or UTC) - now()) > timedelta(
        minutes=1
    ):
        yield Finding(
            "error", _("The clocks of this machine and of the database differ by over a minute.")
        )
    else:
        yield Finding("ok", _("The clock is right, as far as can be seen from here."))


LOOKS: tuple[Callable[[], Iterator[Finding]], ...] = (
    configuration,
    database,
    mail,
    jobs,
    files,
    disk,
    documents,
    search,
    the_log,
    security_contact,
    clock,
)
SIGNS: dict[Level, str] = {"ok": "  ok  ", "warning": " let op", "error": " FOUT "}


@click.command("doctor")
@with_appcontext
def doctor() -> None:
    """Tell what is wrong with configuration, database, mail, disk, files and clock; fail when something is."""
    worst = False
    for look in LOOKS:
        try:
            findings = list(look())
        except DBAPIError as error:
            findings = [Finding("error", in_words(error))]
        # The next look may need the database for itself.
        db.session.rollback()
        for finding in findings:
            click.echo(f"{SIGNS[finding.level]}  {finding.text}")
            worst = worst or finding.level == "error"
    if worst:
        raise click.exceptions.Exit(1)
