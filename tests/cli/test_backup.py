"""A backup holds everything, is made while others write, and comes back whole or not at all."""

import io
import json
import sqlite3
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import delete, select

from app.extensions import Base, Kring, db
from app.models import Comment, Content, User
from app.services import activity, attachments, log_chain, redaction
from app.services.activity import Verb
from app.site import forget_site
from tests.cast import Cast, comment, discussion, document
from tests.checking import CheckingClient

ClientOf = Callable[[User | None], CheckingClient]


def command(app: Kring, *arguments: object) -> tuple[int, str]:
    """Run a command of flask; return exit code and output."""
    result = app.test_cli_runner().invoke(args=[str(argument) for argument in arguments])
    assert "Traceback" not in result.output
    return result.exit_code, result.output


def rows() -> dict[str, list[tuple[object, ...]]]:
    """Return what stands in all tables."""
    found = {
        table.name: [tuple(row) for row in db.session.execute(select(table))]
        for table in Base.metadata.sorted_tables
    }
    db.session.rollback()
    return {name: sorted(kept, key=repr) for name, kept in found.items()}


@pytest.fixture
def kept(app: Kring, cast: Cast, tmp_path: Path) -> Path:
    """Return a backup of a community with a document."""
    document(discussion(cast.member, "Blijft bewaard"), cast.member, "inhoud van het document")
    file = tmp_path / "kring.tar.gz"
    code, output = command(app, "backup", file)
    assert code == 0 and "1 document" in output, output
    return file


def test_what_was_lost_comes_back_whole(app: Kring, cast: Cast, kept: Path) -> None:
    before, files = rows(), set(attachments.storage().names())
    secret = (app.config["INSTANCE"] / "secret_key").read_text()
    db.session.execute(delete(Content).where(Content.id < 0))
    cast.member.name = "Iemand anders"
    db.session.commit()
    for sha256 in files:
        attachments.storage().delete(sha256)
    (app.config["INSTANCE"] / "secret_key").write_text("weg")
    db.session.remove()
    code, output = command(app, "restore", kept, "--replace")
    assert code == 0, output
    forget_site()
    assert rows() == before
    assert set(attachments.storage().names()) == files
    assert (app.config["INSTANCE"] / "secret_key").read_text() == secret


def test_the_log_stays_one_chain(app: Kring, cast: Cast, tmp_path: Path) -> None:
    asked, file = discussion(cast.member), tmp_path / "kring.tar.gz"
    activity.log(Verb.LOCKED, asked, cast.moderator, reason="Voor de kopie")
    db.session.commit()
    assert command(app, "backup", file)[0] == 0
    activity.log(Verb.UNLOCKED, asked, cast.moderator, reason="Na de kopie")
    db.session.commit()
    db.session.remove()
    code, output = command(app, "restore", file, "--replace")
    assert code == 0, output
    found = log_chain.verify()
    assert found.holds and found.rows == 1
    person = db.session.scalars(select(User).limit(1)).one()
    activity.log(Verb.ACCOUNT_CHANGED, person, None)
    db.session.commit()
    assert log_chain.verify().rows == 2 and log_chain.verify().holds
    db.session.rollback()


@pytest.mark.sqlite
def test_the_former_database_is_kept_beside_it(app: Kring, cast: Cast, kept: Path) -> None:
    db.session.remove()
    code, output = command(app, "restore", kept, "--replace")
    (former,) = app.config["INSTANCE"].glob("before-restore-*")
    # In tests the database lies elsewhere than in the instance folder.
    name = Path(db.engine.url.database or "").name
    assert code == 0 and str(former) in output and (former / name).exists()


def test_what_was_blacked_out_since_the_backup_is_blacked_out_again(
    app: Kring, cast: Cast, tmp_path: Path
) -> None:
    """An older backup brings personal data back, but not to readers."""
    asked = discussion(cast.member, "Over Jan de Vries", body="Jan de Vries heeft 9876.54.329.")
    reply = comment(asked, cast.other, "Die Jan ken ik, 987654329.")
    key, reply_key = asked.id, reply.id
    file, later = tmp_path / "kring.tar.gz", tmp_path / "later.tar.gz"
    db.session.rollback()
    assert command(app, "backup", file)[0] == 0
    redaction.redact(asked, "987654329", cast.moderator, "Een BSN")
    redaction.redact(asked, "jan de vries", cast.moderator, "Een naam")
    db.session.commit()
    assert command(app, "backup", later)[0] == 0
    traces = (app.config["INSTANCE"] / "redactions.jsonl").read_text()
    # Whole, because three digits may stand in the random hexadecimal digits of a trace.
    for secret in ("987654329", "9876.54", "vries"):
        assert secret not in traces.casefold()
    db.session.remove()
    code, output = command(app, "restore", file, "--replace")
    assert code == 0 and "Opnieuw onleesbaar gemaakt op" in output, output
    asked_again, replied = db.session.get(Content, key), db.session.get(Comment, reply_key)
    assert asked_again and replied
    assert asked_again.body == "[onleesbaar gemaakt] heeft [onleesbaar gemaakt]."
    assert replied.body == "Die Jan ken ik, [onleesbaar gemaakt]."
    db.session.remove()
    code, output = command(app, "restore", later, "--replace")
    assert code == 0 and "Opnieuw" not in output
    assert command(app, "redact") == (0, "")


def test_only_its_owner_can_read_it(kept: Path) -> None:
    assert kept.stat().st_mode & 0o777 == 0o600


def test_a_community_is_not_replaced_by_accident(app: Kring, cast: Cast, kept: Path) -> None:
    before = rows()
    code, output = command(app, "restore", kept)
    assert code == 1 and "--replace" in output
    assert rows() == before


def test_a_file_is_not_overwritten(app: Kring, kept: Path) -> None:
    size = kept.stat().st_size
    code, output = command(app, "backup", kept)
    assert code == 1 and str(kept) in output
    assert kept.stat().st_size == size


def test_a_folder_that_is_not_there(app: Kring, cast: Cast, tmp_path: Path) -> None:
    code, output = command(app, "backup", tmp_path / "nergens" / "kring.tar.gz")
    assert code == 1 and "nergens" in output


def damaged(kept: Path) -> bytes:
    return kept.read_bytes()[:-200]


def no_archive(_kept: Path) -> bytes:
    return b"dit is geen reservekopie"


def with_part(kept: Path, name: str, content: bytes, kind: bytes = tarfile.REGTYPE) -> bytes:
    """Return the backup with one more part."""
    stream = io.BytesIO()
    with tarfile.open(kept) as old, tarfile.open(fileobj=stream, mode="w:gz") as new:
        for member in old:
            new.addfile(member, old.extractfile(member))
        part = tarfile.TarInfo(name)
        part.size, part.type, part.linkname = len(content), kind, "/etc/passwd"
        new.addfile(part, io.BytesIO(content))
    return stream.getvalue()


def climbing_out(kept: Path) -> bytes:
    return with_part(kept, "files/../../buiten", b"x")


def a_link(kept: Path) -> bytes:
    return with_part(kept, "mail_password", b"", tarfile.SYMTYPE)


def another_content(kept: Path) -> bytes:
    return with_part(kept, f"files/{'0' * 64}", b"niet wat de naam zegt")


@pytest.mark.parametrize(
    "make", [damaged, no_archive, climbing_out, a_link, another_content], ids=lambda f: f.__name__
)
def test_what_is_no_sound_backup_changes_nothing(
    app: Kring, cast: Cast, kept: Path, make: Callable[[Path], bytes]
) -> None:
    before = rows()
    kept.write_bytes(make(kept))
    code, output = command(app, "restore", kept, "--replace")
    assert code == 1 and str(kept) in output, output
    assert rows() == before
    assert not list(app.config["INSTANCE"].glob(".restore-*"))


@pytest.mark.parametrize(
    "said, word",
    [
        ({"kind": "oracle"}, "oracle"),
        ({"revision": "9999"}, "nieuwer"),
        ({"format": 2, "more": "x"}, "nieuwer"),
        ({"more": "x"}, "beschadigd"),
    ],
)
def test_a_backup_that_does_not_fit_changes_nothing(
    app: Kring, cast: Cast, kept: Path, said: dict[str, str], word: str
) -> None:
    before = rows()
    with tarfile.open(kept) as archive:
        stream = archive.extractfile("kring.json")
        assert stream is not None
        about = json.load(stream) | said
    parts = io.BytesIO()
    with tarfile.open(kept) as old, tarfile.open(fileobj=parts, mode="w:gz") as new:
        for member in old:
            content = old.extractfile(member)
            assert content is not None
            text = json.dumps(about).encode() if member.name == "kring.json" else content.read()
            member.size = len(text)
            new.addfile(member, io.BytesIO(text))
    kept.write_bytes(parts.getvalue())
    code, output = command(app, "restore", kept, "--replace")
    assert code == 1 and word in output, output
    assert rows() == before


@pytest.mark.sqlite
def test_a_backup_is_whole_while_others_write(
    app: Kring, cast: Cast, client_of: ClientOf, tmp_path: Path
) -> None:
    """What was not yet written back to the main file is in it as well."""
    client = client_of(cast.member)
    for number in range(3):
        client.post("/discussions/new", data={"title": f"Nieuw {number}", "body": "x"})
    command(app, "backup", tmp_path / "kring.tar.gz")
    with tarfile.open(tmp_path / "kring.tar.gz") as archive:
        archive.extract("database", tmp_path, filter="data")
    copy = sqlite3.connect(tmp_path / "database")
    assert copy.execute("SELECT count(*) FROM content WHERE title LIKE 'Nieuw %'").fetchone() == (
        3,
    )
    copy.close()
