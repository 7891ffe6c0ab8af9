"""Adding a document."""

import errno
import os
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select

from app.access import allow_files
from app.extensions import Kring, db
from app.lib.clock import now
from app.models import Attachment, Content, User
from app.services import attachments
from app.site import forget_site
from tests import settings
from tests.cast import Cast, discussion, document, wiki_page
from tests.checking import CheckingClient
from tests.filemaking import PDF, every_kind, image
from tests.lib.test_images import SECRET, told

Clients = Callable[[User | None], CheckingClient]


def path(piece: Content) -> str:
    return f"/content/{piece.id}/attachments"


def send(
    client: CheckingClient,
    piece: Content,
    content: bytes = PDF,
    name: str = "brief.pdf",
    **more: Any,
) -> Any:
    data = {"file": (BytesIO(content), name), "title": more.pop("title", "De brief")}
    answer = client.post(path(piece), data=data, **more)
    answer.request.environ["wsgi.input"].close()  # a file, when there is much to send
    return answer


def kept() -> list[Attachment]:
    return list(db.session.scalars(select(Attachment)))


@pytest.mark.parametrize("htmx, status", [(False, 303), (True, 204)])
def test_the_author_adds_a_document(
    app: Kring, cast: Cast, client_of: Clients, htmx: bool, status: int
) -> None:
    asked = discussion(cast.member)
    author = client_of(cast.member)
    assert 'enctype="multipart/form-data"' in author.get(path(asked)).text
    answer = send(author, asked, htmx=htmx)
    assert answer.status_code == status
    leads_to = answer.location or answer.headers["HX-Redirect"]
    assert leads_to == f"/discussions/{asked.id}-{asked.slug}#documents"
    (found,) = kept()
    assert (found.title, found.filename, found.media_type) == (
        "De brief",
        "brief.pdf",
        "application/pdf",
    )
    assert (found.size, found.uploader_id) == (len(PDF), cast.member.id)
    page = client_of(cast.other).get(f"/discussions/{asked.id}-{asked.slug}").text
    assert "1 document<" in page and "De brief" in page and "(PDF, 1 kB)" in page
    assert "0 keer gedownload" in page and "Document toevoegen" not in page
    file = app.config["INSTANCE"] / "files" / found.sha256[:2] / found.sha256
    assert file.read_bytes() == PDF


def test_a_specialist_adds_a_document_to_a_page(cast: Cast, client_of: Clients) -> None:
    page = wiki_page(cast.specialist, cast.theme)
    specialist = client_of(cast.specialist)
    assert send(specialist, page).status_code == 303
    shown = specialist.get(f"/wikis/{page.id}-{page.slug}").text
    assert "1 document<" in shown and f'href="{path(page)}"' in shown


@pytest.mark.parametrize("extension", every_kind())
def test_every_kind_is_taken(cast: Cast, client_of: Clients, extension: str) -> None:
    asked = discussion(cast.member)
    answer = send(client_of(cast.member), asked, every_kind()[extension], f"stuk.{extension}")
    assert answer.status_code == 303
    assert kept()[0].filename == f"stuk.{extension}"


def test_without_a_title_it_gets_the_name_of_the_file(cast: Cast, client_of: Clients) -> None:
    asked = discussion(cast.member)
    send(client_of(cast.member), asked, PDF, "Verslag mei.pdf", title=" ")
    assert kept()[0].title == "Verslag mei"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_an_image_loses_its_metadata(app: Kring, cast: Cast, client_of: Clients, kind: str) -> None:
    asked = discussion(cast.member)
    assert send(client_of(cast.member), asked, told(kind), f"foto.{kind}").status_code == 303
    files = [p for p in (app.config["INSTANCE"] / "files").rglob("*") if p.is_file()]
    assert len(files) == 2
    assert not any(SECRET in file.read_bytes() for file in files)


@pytest.mark.parametrize(
    "actor", ["other", "specialist", "moderator", "manager", "administrator", "insider"]
)
def test_others_may_not(cast: Cast, client_of: Clients, actor: str) -> None:
    asked = discussion(cast.member)
    page = wiki_page(cast.other_specialist, cast.other_theme)
    client = client_of(getattr(cast, actor))
    for piece in (asked, page):
        assert client.get(path(piece)).status_code == 403
        assert send(client, piece).status_code == 403
    assert not kept()


@pytest.mark.parametrize("state", ["locked_at", "hidden_at", "withdrawn_at"])
def test_a_closed_discussion_takes_nothing(cast: Cast, client_of: Clients, state: str) -> None:
    asked = discussion(cast.member)
    setattr(asked, state, now())
    db.session.commit()
    assert send(client_of(cast.member), asked).status_code == 403
    assert not kept()


def test_the_invisible_does_not_exist(cast: Cast, client_of: Clients) -> None:
    inside = discussion(cast.insider, group=cast.closed)
    assert send(client_of(cast.member), inside).status_code == 404
    assert client_of(cast.manager).get(path(inside)).status_code == 404


def test_visitors_sign_in_first(cast: Cast, client_of: Clients) -> None:
    asked = discussion(cast.member)
    assert client_of(None).get(path(asked)).status_code == 303
    assert send(client_of(None), asked).status_code == 401
    assert not kept()


@pytest.mark.parametrize(
    "file, said",
    [
        ((b"", "brief.pdf"), "leeg"),
        ((b"<html>", "brief.html"), "kun je niet toevoegen"),
        ((b"<svg/>", "plaatje.svg"), "kun je niet toevoegen"),
        ((b"<html>", "brief.pdf"), "iets anders dan de naam zegt"),
        ((PDF, "brief.docm"), "macro"),
        ((image("PNG")[:40], "foto.png"), "beschadigd"),
        ((b"x" * 1_000_001, "brief.txt"), "groter dan 1 MB"),
    ],
)
def test_what_is_not_taken_is_explained_and_the_title_kept(
    cast: Cast, client: CheckingClient, file: tuple[bytes, str], said: str
) -> None:
    settings.change(upload_megabytes=1)
    asked = discussion(cast.member)
    answer = send(client, asked, *file, title="Mijn titel")
    assert answer.status_code == 422
    assert said in answer.text and 'value="Mijn titel"' in answer.text
    assert 'id="file-error"' in answer.text
    assert not kept()
    assert not list(attachments.storage().names())


def test_a_file_is_needed_and_a_title_is_short(cast: Cast, client: CheckingClient) -> None:
    asked = discussion(cast.member)
    answer = client.post(path(asked), data={"title": "Mijn titel"})
    assert answer.status_code == 422
    assert "Kies een bestand" in answer.text and 'value="Mijn titel"' in answer.text
    assert send(client, asked, title="x" * 201).status_code == 422


def test_the_same_document_is_added_once(cast: Cast, client: CheckingClient) -> None:
    """Sent twice by a double click, it is one."""
    asked, another = discussion(cast.member), discussion(cast.member)
    assert send(client, asked).status_code == 303
    again = send(client, asked, name="kopie.pdf")
    assert again.status_code == 422 and "staat er al" in again.text
    assert send(client, another).status_code == 303
    assert len(kept()) == 2
    assert len(list(attachments.storage().names())) == 1


def test_there_is_a_limit_to_how_many(
    cast: Cast, client: CheckingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attachments, "MOST", 1)
    asked = discussion(cast.member)
    document(asked, cast.member)
    answer = send(client, asked)
    assert answer.status_code == 422 and "hoogstens 1" in answer.text


def test_much_too_large_is_refused_unread(cast: Cast, client: CheckingClient) -> None:
    settings.change(upload_megabytes=1)
    asked = discussion(cast.member)
    answer = send(client, asked, b"x" * 5_300_000, "brief.txt")
    assert answer.status_code == 413
    assert "kies een kleiner bestand" in answer.text


def test_only_this_form_takes_files(app: Kring, cast: Cast, client: CheckingClient) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 100_000
    asked = discussion(cast.member)
    large = {"body": "Hoi", "file": (BytesIO(b"x" * 200_000), "brief.txt")}
    assert client.post(f"/content/{asked.id}/comments", data=large).status_code == 413
    assert send(client, asked, b"x" * 200_000, "brief.txt").status_code == 303


def test_a_full_disk_says_so_and_leaves_nothing(
    cast: Cast, client: CheckingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = discussion(cast.member)

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    answer = send(client, asked, title="Mijn titel")
    assert answer.status_code == 503
    assert "geen plek" in answer.text and 'value="Mijn titel"' in answer.text
    monkeypatch.undo()
    assert not kept()
    assert not list(attachments.storage().names())


def test_a_full_disk_while_the_form_arrives(
    cast: Cast, client: CheckingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = discussion(cast.member)

    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("werkzeug.formparser.SpooledTemporaryFile", full)
    answer = send(client, asked)
    assert answer.status_code == 503
    assert "Retry-After" in answer.headers


def test_without_a_token_nothing_happens(cast: Cast, client: CheckingClient) -> None:
    asked = discussion(cast.member)
    assert send(client, asked, csrf=False).status_code == 400
    assert not kept()


def test_the_administrator_says_how_large(cast: Cast, client: CheckingClient) -> None:
    settings.change(upload_megabytes=12)
    asked = discussion(cast.member)
    assert "Hoogstens 12 MB" in client.get(path(asked)).text
    assert send(client, asked, b"x" * 11_500_000, "brief.txt").status_code == 303
    assert send(client, asked, b"y" * 12_000_001, "groot.txt").status_code == 422
    assert send(client, asked, b"z" * 12_400_000, "groot.txt").status_code == 413


def test_the_administrator_says_which_kinds(cast: Cast, client: CheckingClient) -> None:
    """What was added before stays, and can be downloaded."""
    asked = discussion(cast.member)
    assert send(client, asked, b"Hoi", "brief.txt").status_code == 303
    settings.change(upload_types=("application/pdf", "image/jpeg"))
    page = client.get(path(asked)).text
    assert "Je kunt toevoegen: PDF, JPEG." in page
    assert 'accept=".pdf,.jpg,.jpeg,.jpe"' in page
    for content, name in ((b"Dag", "kort.txt"), (b"<html>", "pagina.html")):
        answer = send(client, asked, content, name, title="Mijn titel")
        assert answer.status_code == 422 and 'value="Mijn titel"' in answer.text
        assert "kun je niet toevoegen. Je kunt toevoegen: PDF, JPEG." in answer.text
    assert send(client, asked).status_code == 303
    older, newer = sorted(kept(), key=lambda each: each.id)
    for each in (older, newer):
        assert client.get(f"/attachments/{each.id}-x").status_code in {200, 301}


def test_a_large_file_keeps_nobody_waiting(app: Kring, cast: Cast) -> None:
    """The size is looked up before the file comes in: SQLite's writer is free again by then."""
    with app.test_request_context(
        f"/content/{discussion(cast.member).id}/attachments", method="POST"
    ):
        forget_site()
        allow_files()
        assert not db.session().in_transaction()
