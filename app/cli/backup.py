"""`flask backup` and `flask restore`: a whole community in one file, and back again.

The file is a tar.gz with `kring.json` (what it is), the database as one file, the secrets of the
instance folder, and the documents by the hash of their content. Whoever has it has everything.
"""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import inspect, select
from sqlalchemy.exc import DBAPIError

from app.cli.schema import SchemaState, kept_revision, revisions, schema_state, told_plainly
from app.extensions import commit, db
from app.lib.clock import now
from app.lib.storage import SHA256
from app.models import User
from app.services import attachments, redaction
from app.services.redaction import TRACES

FORMAT = 1
ABOUT = "kring.json"
DATABASE = "database"
SECRETS = ("secret_key", "mail_password")


@dataclass(frozen=True)
class About:
    """What a backup says of itself: `kind` is that of the database, `revision` of its schema."""

    format: int
    kind: str
    revision: str
    made_at: str


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@with_appcontext
def backup(file: Path) -> None:
    """Write everything of this community into FILE, while it runs."""
    if file.exists():
        raise click.ClickException(_("%(file)s is there already. Choose another name.", file=file))
    if not file.absolute().parent.is_dir():
        raise click.ClickException(_("There is no folder %(folder)s.", folder=file.parent))
    unfinished = file.with_name(f".{file.name}.unfinished")
    try:
        number = write(unfinished)
        unfinished.replace(file)
    except (OSError, sqlite3.Error, DBAPIError) as error:
        raise click.ClickException(_("The backup failed: %(reason)s", reason=error)) from error
    finally:
        unfinished.unlink(missing_ok=True)
    click.echo(
        _("%(file)s holds the database and %(n)d documents: %(size)d kB.", file=file, n=number,
          size=file.stat().st_size // 1000)
    )  # fmt: skip


def write(path: Path) -> int:
    """Write a backup to `path`, for its owner only, and sync it; return the number of documents."""
    instance: Path = current_app.config["INSTANCE"]
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=instance) as folder:
        # The database first: documents that are added meanwhile do no harm.
        copy = Path(folder) / DATABASE
        about = About(FORMAT, db.engine.dialect.name, revision(), now().isoformat())
        dump(copy)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            with tarfile.open(fileobj=stream, mode="w:gz", compresslevel=6) as archive:
                number = fill(archive, Path(folder), about, instance)
            stream.flush()
            os.fsync(stream.fileno())
    return number


def fill(archive: tarfile.TarFile, folder: Path, about: About, instance: Path) -> int:
    """Put all parts into the archive; return the number of documents."""
    (folder / ABOUT).write_text(json.dumps(asdict(about)))
    archive.add(folder / ABOUT, ABOUT)
    archive.add(folder / DATABASE, DATABASE)
    for name in (*SECRETS, TRACES):
        if (instance / name).exists():
            archive.add(instance / name, name)
    number = 0
    for sha256 in sorted(attachments.storage().names()):
        # One that was removed meanwhile is not needed.
        with suppress(FileNotFoundError), attachments.storage().open(sha256) as file:
            about_file = tarfile.TarInfo(f"files/{sha256}")
            about_file.mode, about_file.size = 0o600, file.seek(0, os.SEEK_END)
            file.seek(0)
            archive.addfile(about_file, file)
            number += 1
    return number


def revision() -> str:
    """Return the revision of the database's schema."""
    with db.engine.connect() as connection:
        found = kept_revision(connection)
    if found is None:
        raise click.ClickException(_("There is no community here yet. First run: flask setup"))
    return found


def dump(copy: Path) -> None:
    """Write the database as it is at one moment; others go on writing."""
    if db.engine.dialect.name == "sqlite":
        source = sqlite3.connect(db.engine.url.database or "")
        target = sqlite3.connect(copy)
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")
        check(target)
        source.close()
        return
    run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={copy}")


def check(database: sqlite3.Connection) -> None:
    """Close a database after looking whether it is sound. Raises ClickException when it is not."""
    try:
        (verdict,) = database.execute("PRAGMA quick_check").fetchone()
    except sqlite3.DatabaseError as error:
        verdict = str(error)
    finally:
        database.close()
    if verdict != "ok":
        raise click.ClickException(
            _("The database file is damaged: %(verdict)s. Restore a backup.", verdict=verdict)
        )


def run(program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs on our database; the password is not among its arguments."""
    if shutil.which(program) is None:
        raise click.ClickException(
            _("%(program)s is missing. Install: postgresql-client", program=program)
        )
    url = db.engine.url
    host = url.host or url.query.get("host") or ""
    wanted = {"PGHOST": host, "PGPORT": url.port, "PGUSER": url.username,
              "PGPASSWORD": url.password, "PGDATABASE": url.database}  # fmt: skip
    environment = os.environ | {name: str(value) for name, value in wanted.items() if value}
    done = subprocess.run(  # noqa: S603  # our own arguments
        [program, *arguments], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        reason = (done.stderr.strip() or "?").splitlines()[0]
        raise click.ClickException(_("The backup failed: %(reason)s", reason=reason))


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--replace", is_flag=True, help="Take the place of the community that is here now.")
@with_appcontext
def restore(file: Path, *, replace: bool) -> None:
    """Put everything in FILE, made by `flask backup`, in its place. Stop the service first."""
    if has_accounts() and not replace:
        raise click.ClickException(
            _("There is a community here already. To put the backup in its place: --replace")
        )
    instance: Path = current_app.config["INSTANCE"]
    with unpacked(file, instance) as folder:
        about = about_of(file, folder)
        check_fits(about)
        place_files(folder)
        place_database(folder / DATABASE, instance)
        for name in SECRETS:
            if (folder / name).exists():
                (folder / name).replace(instance / name)
        keep_traces(folder / TRACES, instance / TRACES)
    click.echo(_("The community of %(moment)s is back.", moment=about.made_at[:16]))
    if schema_state() is SchemaState.BEHIND:
        click.echo(_("The backup is older than this version of Kring. Now run: flask db upgrade"))
        click.echo(_("Then black out again what was blacked out before. Run: flask redact"))
        return
    black_out_again()


def keep_traces(theirs: Path, ours: Path) -> None:
    """Add what had been blacked out when the backup was made to what has been since."""
    if theirs.exists():
        known = ours.read_text() if ours.exists() else ""
        theirs.write_text(theirs.read_text() + known)
        theirs.replace(ours)


@click.command("redact")
@with_appcontext
def redact() -> None:
    """Black out again what was blacked out before: an older backup brings it back."""
    with told_plainly():
        black_out_again()


def black_out_again() -> None:
    """Black out again what was blacked out before, and tell in how many places it stood."""
    number = redaction.redact_again(_("An older backup was restored"))
    commit()
    if number:
        said = ngettext(
            "Blacked out again in %(num)d place.", "Blacked out again in %(num)d places.", number
        )
        click.echo(said)


def has_accounts() -> bool:
    """Tell whether the database holds a community."""
    if not inspect(db.engine).has_table("users"):
        return False
    found = db.session.scalar(select(User.id).limit(1)) is not None
    db.session.rollback()
    return found


@contextmanager
def unpacked(file: Path, instance: Path) -> Iterator[Path]:
    """Unpack a backup beside the data and look at every part, before anything is changed."""
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=instance) as name:
        folder = Path(name)
        try:
            with tarfile.open(file, "r:gz") as archive:
                for member in archive:
                    unpack(archive, member, folder)
        except (tarfile.TarError, OSError, EOFError, ValueError) as error:
            raise damaged(file, error) from error
        if not (folder / ABOUT).exists() or not (folder / DATABASE).exists():
            raise damaged(file, ABOUT)
        yield folder


def unpack(archive: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    """Unpack one part. Raises ValueError for one that no backup has, or whose content changed."""
    sha256 = member.name.removeprefix("files/")
    document = member.name.startswith("files/") and SHA256.fullmatch(sha256)
    if not member.isfile() or not (document or member.name in {ABOUT, DATABASE, TRACES, *SECRETS}):
        raise ValueError(member.name)
    stream = archive.extractfile(member)
    assert stream is not None
    path = folder / member.name
    path.parent.mkdir(exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as target:
        digest = copy(stream, target)
    if document and digest != sha256:
        raise ValueError(member.name)


def copy(stream: Any, target: BinaryIO) -> str:
    """Copy a stream piece by piece; return its hash."""
    digest = hashlib.sha256()
    while chunk := stream.read(256 * 1024):
        digest.update(chunk)
        target.write(chunk)
    return digest.hexdigest()


def about_of(file: Path, folder: Path) -> About:
    """Return what a backup says of itself; raises ClickException when we cannot understand that."""
    try:
        found = json.loads((folder / ABOUT).read_text())
        if found["format"] != FORMAT:
            raise newer()
        return About(**found)
    except (KeyError, TypeError, ValueError) as error:
        raise damaged(file, ABOUT) from error


def newer() -> click.ClickException:
    """Return the refusal of a backup that a newer version of Kring made."""
    return click.ClickException(
        _("The database is newer than this code. Install the newer version of Kring again.")
    )


def damaged(file: Path, reason: object) -> click.ClickException:
    """Return the refusal of a file that is no sound backup."""
    return click.ClickException(
        _("%(file)s is no backup, or it is damaged: %(reason)s", file=file, reason=reason)
    )


def check_fits(about: About) -> None:
    """Raise ClickException unless this version of Kring, on this database, can use the backup."""
    if about.revision not in revisions():
        raise newer()
    if about.kind != db.engine.dialect.name:
        raise click.ClickException(
            _("This is a backup of %(theirs)s, and here is %(ours)s. See KRING_DATABASE_URL.",
              theirs=about.kind, ours=db.engine.dialect.name)
        )  # fmt: skip


def place_files(folder: Path) -> None:
    """Store the documents; those that are there already stay."""
    for path in sorted((folder / "files").glob("*")):
        with path.open("rb") as stream:
            attachments.storage().save(stream, path.stat().st_size)


def place_database(copy: Path, instance: Path) -> None:
    """Put the database in the place of what is there; SQLite's former file is kept beside it."""
    db.engine.dispose()
    if db.engine.dialect.name != "sqlite":
        run("pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction",
            "--exit-on-error", f"--dbname={db.engine.url.database}", str(copy))  # fmt: skip
        return
    check(sqlite3.connect(copy))
    path = Path(db.engine.url.database or "")
    former = instance / f"before-restore-{now():%Y%m%d-%H%M%S}"
    for suffix in ("", "-wal", "-shm"):
        file = path.with_name(path.name + suffix)
        if file.exists():
            former.mkdir(mode=0o700, exist_ok=True)
            shutil.move(file, former / file.name)
    shutil.move(copy, path)
    if former.exists():
        click.echo(_("What was here before lies in %(folder)s.", folder=former))
