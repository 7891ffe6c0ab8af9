"""The name of the community, its language and its logo."""

import errno
import os
import zlib
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.extensions import Kring, db
from app.models import LogEntry, User
from app.services import attachments, logo
from app.site import site
from tests.cast import Cast
from tests.checking import CheckingClient
from tests.filemaking import PDF, image
from tests.lib.test_images import MEDIA, SECRET, told

Clients = Callable[[User | None], CheckingClient]
GENERAL = {"name": "Kring Zorg", "municipality": "Voorbeeldstad", "tagline": "", "locale": "nl"}
SVG = (
    b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
)


def send(
    client: CheckingClient, content: bytes, name: str = "logo.png", **more: Any
) -> TestResponse:
    return client.post("/settings/logo", data={"file": (BytesIO(content), name)}, **more)


def changes() -> list[str]:
    return list(db.session.scalars(select(LogEntry.subject_label).order_by(LogEntry.id)))


@pytest.mark.parametrize("htmx, status", [(False, 303), (True, 204)])
def test_the_name_is_changed(cast: Cast, client_of: Clients, htmx: bool, status: int) -> None:
    client = client_of(cast.administrator)
    answer = client.post("/settings/general", data=GENERAL, htmx=htmx)
    assert answer.status_code == status
    assert "Kring Zorg" in client_of(None).get("/login").text
    assert changes() == ["name", "municipality"]


@pytest.mark.parametrize(
    "wrong",
    [{"name": ""}, {"name": "   "}, {"name": "x" * 61}, {"locale": "fr"}, {"tagline": "x" * 161}],
)
def test_a_wrong_value_changes_nothing(
    cast: Cast, client_of: Clients, wrong: dict[str, str]
) -> None:
    answer = client_of(cast.administrator).post("/settings/general", data={**GENERAL, **wrong})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert 'value="Voorbeeldstad"' in answer.text
    assert not changes() and site().name == "Kring"


@pytest.mark.parametrize(
    "path, way",
    [("/settings/general", "GET"), ("/settings/general", "POST"), ("/settings/logo", "POST"),
     ("/settings/logo/remove", "POST")],
)  # fmt: skip
def test_it_is_for_administrators(cast: Cast, client_of: Clients, path: str, way: str) -> None:
    for user in (cast.member, cast.manager):
        assert client_of(user).open(path, method=way).status_code == 403
    assert client_of(None).open(path, method=way).status_code == (303 if way == "GET" else 401)


def test_the_first_page_shows_each_what_they_may_open(cast: Cast, client_of: Clients) -> None:
    page = client_of(cast.administrator).get("/settings").text
    for word in ("Community", "Mensen", "Techniek", "Huisstijl", "Onderdelen", "Afspraken"):
        assert word in page
    less = client_of(cast.manager).get("/settings").text
    assert "Huisstijl" not in less and "Techniek" not in less
    assert client_of(cast.member).get("/settings").status_code == 403


@pytest.mark.parametrize("kind", MEDIA)
@pytest.mark.parametrize("htmx, status", [(False, 303), (True, 204)])
def test_a_logo_stands_on_every_page(
    cast: Cast, client_of: Clients, kind: str, htmx: bool, status: int
) -> None:
    client = client_of(cast.administrator)
    client.post("/settings/general", data=GENERAL)
    # Its name and what the browser says of it do not count.
    assert send(client, told(kind), "foto.txt", htmx=htmx).status_code == status
    visitor = client_of(None)
    path = f"/logo/{site().logo_sha256}"
    page = visitor.get("/login").text
    assert f'<img class="k-brand__logo" src="{path}" alt="Voorbeeldstad">' in page
    assert page.count("Voorbeeldstad") == 1, "what the image says is not said twice"
    answer = visitor.get(path)
    assert answer.status_code == 200
    assert answer.mimetype == site().logo_type == MEDIA[kind]
    assert SECRET not in answer.data and b"script" not in answer.data
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "immutable" in answer.headers["Cache-Control"]
    assert changes()[-2:] == ["logo_sha256", "logo_type"]


def test_a_large_logo_is_made_to_fit(app: Kring, cast: Cast, client_of: Clients) -> None:
    send(client_of(cast.administrator), image("PNG", (3000, 1000)))
    with attachments.storage().open(site().logo_sha256) as file, Image.open(file) as kept:
        assert kept.size == (480, 160)


@pytest.mark.parametrize(
    "content, said",
    [
        (b"", "Kies een PNG, JPEG of WebP"),
        (b"geen plaatje", "Kies een PNG, JPEG of WebP"),
        (PDF, "Kies een PNG, JPEG of WebP"),
        (image("GIF"), "Kies een PNG, JPEG of WebP"),
        (SVG, "scripts bevatten"),
        (b"   \n" + SVG.replace(b"svg", b"SVG"), "scripts bevatten"),
        (image("PNG", (400, 300))[:300], "beschadigd"),
        (image("PNG", (4001, 10)), "te veel pixels"),
        (image("WEBP", (9, 9), save_all=True, append_images=[Image.new("RGB", (9, 9), "red")]),
         "beweegt niet"),
    ],
)  # fmt: skip
def test_what_is_no_logo_is_refused_with_the_reason(
    cast: Cast, client_of: Clients, content: bytes, said: str
) -> None:
    client = client_of(cast.administrator)
    send(client, image("PNG"))
    before = site()
    answer = send(client, content)
    assert answer.status_code == 422
    assert said in answer.text and 'aria-invalid="true"' in answer.text
    assert site() == before and len(changes()) == 2


def test_a_file_that_is_too_large_is_refused(
    cast: Cast, client_of: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert logo.LARGEST == 2 * 1024 * 1024
    monkeypatch.setattr(logo, "LARGEST", 1000)
    answer = send(client_of(cast.administrator), image("PNG") + b"x" * 1000)
    assert answer.status_code == 422 and "groter dan 2 MB" in answer.text
    assert not site().logo_sha256


def test_a_bomb_of_pixels_is_refused_before_it_is_decoded(cast: Cast, client_of: Clients) -> None:
    """20,000 by 20,000 pixels are 1.2 GB when decoded, and a few kB as a PNG that says so."""
    bomb = bytearray(image("PNG"))
    bomb[16:24] = (20_000).to_bytes(4, "big") * 2
    answer = send(client_of(cast.administrator), with_checksum(bytes(bomb)))
    assert answer.status_code == 422 and "te veel pixels" in answer.text


def with_checksum(png: bytes) -> bytes:
    """Return a PNG with the right checksum of its first part."""
    return png[:29] + zlib.crc32(png[12:29]).to_bytes(4, "big") + png[33:]


def test_without_a_file_nothing_happens(cast: Cast, client_of: Clients) -> None:
    answer = client_of(cast.administrator).post("/settings/logo", data={})
    assert answer.status_code == 422 and "Kies een bestand" in answer.text


def test_a_full_disk_is_told(
    cast: Cast, client_of: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_file: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    client = client_of(cast.administrator)
    db.session.commit()
    monkeypatch.setattr(os, "fsync", full)
    answer = send(client, image("PNG"))
    monkeypatch.undo()
    assert answer.status_code == 503 and "geen plek" in answer.text
    assert not site().logo_sha256


@pytest.mark.parametrize("htmx, status", [(False, 303), (True, 204)])
def test_the_logo_is_removed(cast: Cast, client_of: Clients, htmx: bool, status: int) -> None:
    client = client_of(cast.administrator)
    send(client, image("PNG"))
    path = f"/logo/{site().logo_sha256}"
    assert client.post("/settings/logo/remove", htmx=htmx).status_code == status
    assert client.get(path).status_code == 404
    assert "k-brand__mark" in client.get("/").text


def test_no_other_file_has_an_address_here(app: Kring, cast: Cast, client_of: Clients) -> None:
    client = client_of(cast.administrator)
    send(client, image("PNG"))
    old = site().logo_sha256
    send(client, image("PNG", (8, 8)))
    assert client.get(f"/logo/{old}").status_code == 404
    for other in ("x", "0" * 64, "..%2f..%2fsecret_key"):
        assert client.get(f"/logo/{other}").status_code == 404
    attachments.storage().delete(site().logo_sha256)
    assert client.get(f"/logo/{site().logo_sha256}").status_code == 404


def test_the_logo_is_not_swept_away(app: Kring, cast: Cast, client_of: Clients) -> None:
    send(client_of(cast.administrator), image("PNG"))
    assert site().logo_sha256 in attachments.named()
    assert site().logo_sha256 not in attachments.unclaimed()
