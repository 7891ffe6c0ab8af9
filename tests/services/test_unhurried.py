"""Others can write while a file that someone sent is being looked at."""

import threading
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import text

from app.extensions import Kring, db
from app.lib.storage import Folder, Stored
from app.models import Membership, User
from tests.cast import Cast, comment, discussion
from tests.checking import CheckingClient
from tests.filemaking import image as file_of

Clients = Callable[[User | None], CheckingClient]


@pytest.fixture
def writes(app: Kring, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Have someone else write, in a connection of their own, while each file is being stored."""
    done: list[int] = []
    save = Folder.save

    def other_writer() -> None:
        with app.app_context(), db.engine.begin() as connection:
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql("PRAGMA busy_timeout=50")
            connection.execute(text("UPDATE users SET phone = '06' WHERE id = 1"))
        done.append(1)

    def slow(files: Folder, stream: Any, most: int) -> Stored:
        writer = threading.Thread(target=other_writer)
        writer.start()
        writer.join(10)
        return save(files, stream, most)

    monkeypatch.setattr(Folder, "save", slow)
    return done


@pytest.mark.parametrize("place", ["document", "document at a reply", "image", "photo", "logo"])
def test_nobody_waits_while_a_file_is_looked_at(
    cast: Cast, client_of: Clients, writes: list[int], place: str
) -> None:
    asked = discussion(cast.member)
    reply = comment(asked, cast.member)
    paths = {
        "document": f"/content/{asked.id}/attachments",
        "document at a reply": f"/comments/{reply.id}/attachments",
        "image": "/images", "photo": "/account/profile", "logo": "/settings/logo",
    }  # fmt: skip
    fields = {"alt": "Vlak", "name": "Lotte", "locale": "nl", "title": ""}
    client = client_of(cast.administrator if place == "logo" else cast.member)
    file = (BytesIO(file_of("PNG")), "vlak.png")
    answer = client.post(
        paths[place], data={**fields, "photo" if place == "photo" else "file": file}
    )
    assert answer.status_code == 303
    assert writes


def test_who_lost_the_right_meanwhile_adds_nothing(
    app: Kring, cast: Cast, client_of: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = discussion(cast.insider, group=cast.closed)
    key, person = cast.closed.id, cast.insider.id
    save = Folder.save

    def put_out(files: Folder, stream: Any, most: int) -> Stored:
        with app.app_context():
            db.session.delete(db.session.get_one(Membership, (person, key)))
            db.session.commit()
        return save(files, stream, most)

    client = client_of(cast.insider)
    assert client.get(f"/content/{inside.id}/attachments").status_code == 200
    monkeypatch.setattr(Folder, "save", put_out)
    fields = {"file": (BytesIO(b"Tekst"), "notitie.txt"), "title": ""}
    assert client.post(f"/content/{inside.id}/attachments", data=fields).status_code == 404
    db.session.refresh(inside)
    assert inside.attachment_count == 0
