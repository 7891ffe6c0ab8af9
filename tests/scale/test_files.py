"""Documents in an S3 store: handed out after the same questions, kept in the same backup."""

import sqlite3
import tarfile
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import select

from app import create_app
from app.cli.demo import PASSWORD
from app.cli.example.community import DOMAIN
from app.extensions import Kring, db
from app.models import Attachment, User
from app.services import attachments
from bench.browsing import Visitor
from tests.cast import Cast, discussion
from tests.checking import CheckingClient
from tests.databases import let_go
from tests.filemaking import PDF, image
from tests.mail_peer import free_port
from tests.scale.conftest import SERVE, machine, reach, wait_for

Clients = Callable[[User | None], CheckingClient]


@pytest.fixture
def app(app: Kring, bucket: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Kring]:
    """Return an application whose files lie in a bucket."""
    monkeypatch.setenv("KRING_FILES_URL", bucket[1])
    made = create_app({"TESTING": True})
    yield made
    let_go(made)


def add(client: CheckingClient, place: str, content: bytes, name: str) -> int:
    data = {"file": (BytesIO(content), name), "title": "De brief"}
    return client.post(place, data=data).status_code


def test_a_document_goes_to_the_store_and_comes_back_to_who_may_read_it(
    app: Kring, cast: Cast, client_of: Clients
) -> None:
    asked = discussion(cast.member)
    place = f"/content/{asked.id}/attachments"
    member, other = client_of(cast.member), client_of(cast.other)
    assert add(member, place, PDF, "brief.pdf") == 303
    assert add(member, place, image("PNG", (600, 400)), "foto.png") == 303
    letter, photo = db.session.scalars(select(Attachment).order_by(Attachment.id))
    assert set(attachments.storage().names()) == {letter.sha256, photo.sha256}
    assert not list(Path(app.config["INSTANCE"]).glob("files/*"))
    answer = other.get(f"/attachments/{letter.id}-{letter.slug}")
    assert answer.data == PDF
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.content_length == len(PDF)
    small = other.get(f"/attachments/{photo.id}-{photo.slug}/preview")
    assert small.mimetype == "image/jpeg"
    stranger = client_of(None).get(f"/attachments/{letter.id}-{letter.slug}")
    assert stranger.status_code == 303 and PDF not in stranger.data


def test_a_store_that_is_away_keeps_pages_working(
    app: Kring, cast: Cast, client_of: Clients
) -> None:
    asked = discussion(cast.member)
    place = f"/content/{asked.id}/attachments"
    member = client_of(cast.member)
    add(member, place, PDF, "brief.pdf")
    (letter,) = db.session.scalars(select(Attachment))
    app.extensions[attachments.STORAGE] = attachments.storage_at(
        f"s3://elders?endpoint=http://127.0.0.1:{free_port()}&access_key_id=a&secret_access_key=b",
        Path(),
    )
    assert member.get(f"/discussions/{asked.id}-{asked.slug}").status_code == 200
    assert member.get(f"/attachments/{letter.id}-{letter.slug}").status_code == 503
    refused = member.post(place, data={"file": (BytesIO(PDF + b"2"), "b.pdf"), "title": "Twee"})
    assert refused.status_code == 503 and "Er is nu geen plek" in refused.text
    said = app.test_cli_runner().invoke(args=["doctor"])
    assert said.exit_code == 1 and "Kan geen bestanden bewaren op s3://elders" in said.output


def test_a_backup_of_one_store_is_restored_in_another(
    app: Kring, cast: Cast, client_of: Clients, tmp_path: Path
) -> None:
    asked = discussion(cast.member)
    add(client_of(cast.member), f"/content/{asked.id}/attachments", PDF, "brief.pdf")
    (sha256,) = attachments.storage().names()
    db.session.remove()
    file = tmp_path / "alles.tar.gz"
    assert app.test_cli_runner().invoke(args=["backup", str(file)]).exit_code == 0
    with tarfile.open(file) as archive:
        assert archive.getmember(f"files/{sha256}").size == len(PDF)
    attachments.storage().delete(sha256)
    said = app.test_cli_runner().invoke(args=["restore", "--replace", str(file)])
    assert said.exit_code == 0, said.output
    with attachments.storage().open(sha256) as found:
        assert found.read() == PDF
    said = app.test_cli_runner().invoke(args=["doctor"])
    assert "Bestanden staan op s3://kring-" in said.output and "geheim" not in said.output


def test_an_address_of_a_folder_moves_the_files(app: Kring, tmp_path: Path) -> None:
    elsewhere = attachments.storage_at(f"file://{tmp_path}/mijn%20map", Path("anders"))
    elsewhere.save(BytesIO(PDF), len(PDF))
    assert (tmp_path / "mijn map").is_dir()


@pytest.mark.sqlite  # no database takes part in where files lie
def test_the_example_is_loaded_and_served_with_its_documents_in_a_store(
    bucket: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The library that speaks S3 cannot be used before a process forks and after it."""
    database, log, port = tmp_path / "kring.db", tmp_path / "log", free_port()
    monkeypatch.setenv("KRING_DATABASE_URL", f"sqlite:///{database}")
    monkeypatch.setenv("KRING_FILES_URL", bucket[1])
    with machine(tmp_path / "machine", log, *SERVE, str(port), "--example"):
        wait_for(partial(reach, port), OSError)
        reader = Visitor(port).sign_in(f"lid@{DOMAIN}", PASSWORD)
        with closing(sqlite3.connect(database)) as connection:
            letter = connection.execute("SELECT id, filename FROM attachments").fetchone()
        assert b"beslagvrije voet" in reader.ask("/attachments/{}-{}".format(*letter)).body
