"""Downloading a document, and the block of documents on a page."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest

from app.extensions import Kring, db
from app.lib.clock import now
from app.models import Attachment, Content, Status, User
from app.policy import Ability, can
from app.services import attachments
from bench.statements import statements
from tests.cast import Cast, discussion, document, wiki_page
from tests.checking import CheckingClient
from tests.test_policy import ACTORS

Clients = Callable[[User | None], CheckingClient]


def path(attachment: Attachment) -> str:
    return f"/attachments/{attachment.id}-{attachment.slug}"


def address(piece: Content) -> str:
    return f"/{piece.folder}/{piece.id}-{piece.slug}"


def test_it_is_handed_out_as_given_to_be_kept(cast: Cast, client: CheckingClient) -> None:
    found = document(discussion(cast.other), cast.other, "De tekst", "Notitie zorgën.txt")
    assert path(found) == f"/attachments/{found.id}-notitie-zorgen.txt"
    answer = client.get(path(found))
    assert answer.status_code == 200 and answer.data == b"De tekst"
    headers = answer.headers
    assert headers["Content-Disposition"].startswith("attachment; ")
    assert "filename*=UTF-8''Notitie%20zorg%C3%ABn.txt" in headers["Content-Disposition"]
    assert headers["Content-Type"].startswith("text/plain")
    assert headers["Content-Length"] == "8"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "private, no-store"
    assert headers["Content-Security-Policy"].endswith("; sandbox")
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "ETag" not in headers and "Accept-Ranges" not in headers


def test_a_hostile_name_stays_in_its_header(cast: Cast, client: CheckingClient) -> None:
    name = 'x"; filename=y.html\r\nX-Evil: 1.txt'
    found = document(discussion(cast.other), cast.other, filename=name)
    answer = client.get(path(found))
    assert "X-Evil" not in answer.headers
    assert answer.headers["Content-Disposition"].count("filename=") == 2 - (
        "filename=y" not in answer.headers["Content-Disposition"]
    )
    assert answer.headers["Content-Disposition"].rstrip('"').endswith(".txt")


def states(cast: Cast) -> dict[str, Attachment]:
    """Return a document with a word of its own for each state that shuts people out."""
    when = now()
    pieces = {
        "open": discussion(cast.other),
        "hidden": discussion(cast.other, hidden_at=when),
        "locked": discussion(cast.other, locked_at=when),
        "draft": discussion(cast.other, status=Status.DRAFT),
        "withdrawn": discussion(cast.other, withdrawn_at=when),
        "withdrawn with replies": discussion(cast.other, withdrawn_at=when, comment_count=1),
        "open group": discussion(cast.insider, group=cast.open),
        "closed group": discussion(cast.insider, group=cast.closed),
        "hidden in the closed group": discussion(cast.insider, group=cast.closed, hidden_at=when),
        "hidden group": discussion(cast.insider, group=cast.hidden),
        "wiki": wiki_page(cast.specialist, cast.theme),
        "hidden wiki": wiki_page(cast.specialist, cast.theme, hidden_at=when),
        "bin": wiki_page(cast.specialist, cast.theme, status=Status.ARCHIVED),
    }
    found = {
        name: document(piece, piece.author, f"kanarie {name}", f"kanarie-{name}.txt")
        for name, piece in pieces.items()
    }
    found["removed"] = document(pieces["open"], cast.other, "kanarie weg")
    found["removed"].removed_at = when
    db.session.commit()
    return found


WAYS: tuple[dict[str, Any], ...] = (
    {"method": "GET"},
    {"method": "HEAD"},
    {"htmx": True},
    {"headers": {"Range": "bytes=0-3"}},
)
WITHDRAWN = {"withdrawn", "withdrawn with replies"}


@pytest.mark.parametrize("actor", [None, *ACTORS])
def test_canary_files(cast: Cast, client_of: Clients, actor: str | None) -> None:
    """Only who may read the piece gets the file, whichever way it is asked for (T6)."""
    db.session().expire_on_commit = False
    user = getattr(cast, actor) if actor else None
    client = client_of(user)
    met = set()
    for name, found in states(cast).items():
        reads = can(user, Ability.READ, found.content) and found.removed_at is None
        expected = reads and (
            name not in WITHDRAWN or (user is not None and found.uploader_id == user.id)
        )
        for way in WAYS:
            for url in (path(found), f"/attachments/{found.id}", f"/attachments/{found.id}-x.html"):
                answer = client.open(url, **{"method": "GET", **way})
                if expected and url != path(found):
                    # Whoever may read it is led from another name to the present one.
                    assert (answer.status_code, answer.location) == (301, path(found))
                    answer = client.open(path(found), **{"method": "GET", **way})
                said = f"{actor} {way} {name}: {answer.status_code}"
                if expected:
                    assert answer.status_code == 200, said
                    assert ("kanarie" in answer.text) == (way.get("method") != "HEAD"), said
                    met.add(name)
                else:
                    assert answer.status_code == (404 if user else 401 if "htmx" in way else 303), (
                        said
                    )
                    assert "kanarie" not in answer.text.replace(found.slug, ""), said
                    assert "Content-Disposition" not in answer.headers, said
    assert bool(met) == (actor is not None)


def test_hiding_a_piece_closes_old_addresses(cast: Cast, client_of: Clients) -> None:
    asked = discussion(cast.other)
    url = path(document(asked, cast.other))
    reader = client_of(cast.member)
    assert reader.get(url).status_code == 200
    asked.hidden_at = now()
    assert reader.get(url).status_code == 404
    assert client_of(cast.moderator).get(url).status_code == 200


def test_downloads_are_counted_and_looks_are_not(
    app: Kring, cast: Cast, client: CheckingClient
) -> None:
    asked = discussion(cast.other)
    found = document(asked, cast.other)
    url = path(found)
    client.get(url)
    client.get(url)
    client.open(url, method="HEAD")
    db.session.commit()
    assert app.extensions[attachments.EXTENSION].flush_now()
    assert "2 keer gedownload" in client.get(address(asked)).text


def test_a_lost_file_is_told_to_the_log(
    cast: Cast, client: CheckingClient, caplog: pytest.LogCaptureFixture
) -> None:
    found = document(discussion(cast.other), cast.other)
    attachments.storage().delete(found.sha256)
    assert client.get(path(found)).status_code == 404
    assert "is lost" in caplog.text


@pytest.mark.parametrize(
    "wrong", ["/attachments/999999-x.txt", "/attachments/x", "/attachments/1%00"]
)
def test_unknown_is_not_found(client: CheckingClient, wrong: str) -> None:
    assert client.get(wrong).status_code == 404


def test_the_block_shows_what_a_reader_wants_to_know(cast: Cast, client: CheckingClient) -> None:
    asked = discussion(cast.other)
    assert "k-documents" not in client.get(address(asked)).text
    document(asked, cast.other, "x" * 240_000, "cijfers.csv", "De <b>cijfers</b>")
    document(asked, cast.other, "x" * 1_240_000, "notitie.txt")
    page = client.get(address(asked)).text
    for expected in (
        "2 documenten", "De &lt;b&gt;cijfers&lt;/b&gt;", "(CSV, 240 kB)", "(TXT, 1,2 MB)",
        "toegevoegd door", "Otto Ander", "0 keer gedownload",
    ):  # fmt: skip
        assert expected in page, expected
    assert "/remove" not in page


def test_a_withdrawn_text_takes_its_documents_along(cast: Cast, client_of: Clients) -> None:
    asked = discussion(cast.member, withdrawn_at=now(), comment_count=1)
    document(asked, cast.member, title="De bijlage")
    assert "De bijlage" not in client_of(cast.other).get(address(asked)).text
    assert "De bijlage" in client_of(cast.member).get(address(asked)).text


def test_pages_without_documents_ask_no_more_and_others_once_more(
    cast: Cast, client: CheckingClient
) -> None:
    def asked_by(piece: Content) -> int:
        url = address(piece)
        with statements() as sent:
            assert client.get(url).status_code == 200
        return len(sent)

    for make, budget in (
        (lambda: discussion(cast.other, theme=cast.theme), 7),
        (lambda: wiki_page(cast.specialist, cast.theme), 6),
    ):
        bare, one, many = make(), make(), make()
        document(one, one.author)
        for _ in range(6):
            document(many, many.author)
        asked_by(bare)
        assert asked_by(bare) <= budget
        assert asked_by(one) == asked_by(many) == asked_by(bare) + 1


@pytest.mark.parametrize(
    "content", [b"GIF89a/*<script>*/=1;", b"GIF89a" + bytes(20) + b"<svg onload=alert(1)>"]
)
def test_a_polyglot_can_only_be_kept(cast: Cast, client: CheckingClient, content: bytes) -> None:
    """What is an image and a script at once is never shown as anything but a file."""
    made = attachments.add(
        discussion(cast.member), cast.member, BytesIO(content), "plaatje.gif", "Plaatje"
    )
    db.session.commit()
    answer = client.get(path(made))
    assert answer.headers["Content-Type"] == "image/gif"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
