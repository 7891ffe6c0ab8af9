"""/wikis/<ref>/export, /print and the same of a theme: a wiki on paper and as files."""

import json
from collections.abc import Callable
from io import BytesIO
from zipfile import ZipFile

import pytest

from app.extensions import db
from app.lib.clock import now
from app.models import Status, User, WikiPage
from app.services import attachments, wiki_zip, wikis
from app.services.wikis import Version
from bench.statements import statements
from tests.cast import Cast, document, image, wiki_page
from tests.checking import CheckingClient

ClientOf = Callable[[User | None], CheckingClient]


@pytest.fixture
def top(cast: Cast) -> WikiPage:
    """Make a page with one below it that names it, and one beside it."""
    made = wikis.create(cast.theme, Version("Intake", "## Vooraf\n\nZie onder.", cast.specialist))
    text = f"## Vooraf\n\nZie [boven](kring:content/{made.id}#vooraf) en [hier](#vooraf)."
    wikis.create(cast.theme, Version("Gesprek", text, cast.specialist), parent=made)
    wikis.create(cast.theme, Version("Elders", "Iets anders.", cast.specialist))
    db.session.commit()
    return made


@pytest.fixture(params=["page", "theme"])
def path(request: pytest.FixtureRequest, top: WikiPage) -> str:
    return f"/wikis/{top.id}-intake" if request.param == "page" else "/wikis/themes/schuldhulp"


def opened(client: CheckingClient, path: str) -> ZipFile:
    answer = client.get(f"{path}/export.zip")
    assert answer.status_code == 200 and answer.mimetype == "application/zip"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    return ZipFile(BytesIO(answer.data))


def test_it_is_offered_and_explained(client: CheckingClient, path: str) -> None:
    assert f'href="{path}/export"' in client.get(path).text
    assert f'href="{path}/print"' in client.get(path).text
    html = client.get(f"{path}/export").text
    assert f'href="{path}/export.zip"' in html and f'href="{path}/print"' in html


def test_the_zip_holds_pages_and_history(client: CheckingClient, path: str) -> None:
    names = set(opened(client, path).namelist())
    pages = {"pages/intake/index.md", "pages/intake/gesprek.md", "history.jsonl"}
    assert names == (pages | {"pages/elders.md"} if "themes" in path else pages)


def test_files_come_along(client: CheckingClient, cast: Cast, top: WikiPage) -> None:
    document(top, cast.specialist, "Wat je meeneemt.", "lijst.txt", "De lijst")
    archive = opened(client, f"/wikis/{top.id}-intake")
    assert archive.read("files/intake/lijst.txt") == b"Wat je meeneemt."
    assert json.loads(archive.read("files.jsonl"))["title"] == "De lijst"


def test_only_what_one_reads_goes(client_of: ClientOf, cast: Cast, top: WikiPage) -> None:
    """Hidden pages stay behind for all; titles of what one cannot see are not told either."""
    hidden = wiki_page(
        cast.specialist, cast.theme, "Geheim gestopt", "kanarie", parent_id=top.id,
        hidden_at=now(), hidden_reason="x",
    )  # fmt: skip
    pending = wiki_page(
        cast.specialist, cast.theme, "Geheim wachtend", "kanarie", parent_id=top.id,
        status=Status.PENDING,
    )  # fmt: skip
    document(hidden, cast.specialist, "kanarie")
    image(cast.specialist, hidden).filename = "kanarie.png"
    text = f"[a](kring:content/{pending.id}) [b](kring:content/{hidden.id})"
    wikis.save(top, Version("Intake", text, cast.specialist), expected_version=1)
    db.session.commit()
    for reader in (cast.member, cast.moderator, cast.specialist):
        client = client_of(reader)
        for path in (f"/wikis/{top.id}-intake", "/wikis/themes/schuldhulp"):
            archive = opened(client, path)
            told = b"".join(archive.read(name) for name in archive.namelist())
            told += "".join(archive.namelist()).encode() + client.get(f"{path}/print").data
            assert b"kanarie" not in told
            assert b"Geheim" not in told or reader is not cast.member


def test_not_visible_and_nobody(client_of: ClientOf, cast: Cast, top: WikiPage) -> None:
    top.hidden_at = now()
    db.session.commit()
    member, visitor = client_of(cast.member), client_of(None)
    for part in ("export", "export.zip", "print"):
        assert member.get(f"/wikis/{top.id}-intake/{part}").status_code == 404
        assert member.get(f"/wikis/themes/niets/{part}").status_code == 404
        assert visitor.get(f"/wikis/{top.id}-intake/{part}").status_code == 303


def test_too_much_or_too_busy_is_told(
    client: CheckingClient, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(wiki_zip, "MOST_BYTES", -1)
        assert client.get(f"{path}/export.zip").status_code == 303
        assert "te groot om te downloaden" in client.get(f"{path}/export").text
    taken = [wiki_zip._free.acquire(blocking=False) for _time in range(wiki_zip.AT_ONCE)]
    try:
        assert all(taken) and client.get(f"{path}/export.zip").status_code == 303
        assert "Probeer het over een minuut opnieuw" in client.get(f"{path}/export").text
    finally:
        for _time in taken:
            wiki_zip._free.release()
    assert client.get(f"{path}/export.zip").status_code == 200


def test_a_file_that_is_gone_is_told(client: CheckingClient, cast: Cast, top: WikiPage) -> None:
    gone = document(top, cast.specialist, "weg")
    attachments.storage().delete(gone.sha256)
    assert client.get(f"/wikis/{top.id}-intake/export.zip").status_code == 303


def test_one_document_to_print(client: CheckingClient, path: str, top: WikiPage) -> None:
    html = client.get(f"{path}/print").text
    assert f'<h2 class="k-book__heading" id="p{top.id}">Intake</h2>' in html
    assert 'class="k-book__heading" id=' in html and ">Gesprek</h3>" in html
    assert f'href="#p{top.id}-' in html, "a link to a page that is there stays inside"
    assert "Versie 1" in html and "Sam Specialist" in html
    assert ("Elders" in html) is ("themes" in path)


def test_printing_takes_as_many_statements_for_many_pages(
    client: CheckingClient, cast: Cast, top: WikiPage
) -> None:
    path = f"/wikis/{top.id}-intake/print"
    client.get(path)
    with statements() as few:
        client.get(path)
    for _time in range(5):
        wiki_page(cast.specialist, cast.theme, parent_id=top.id)
    with statements() as many:
        client.get(path)
    assert len(many) == len(few) <= 6


def test_a_book_that_is_too_thick_says_so(
    client: CheckingClient, monkeypatch: pytest.MonkeyPatch, top: WikiPage
) -> None:
    monkeypatch.setattr("app.blueprints.wikis.exporting.MOST", 1)
    html = client.get(f"/wikis/{top.id}-intake/print").text
    assert "Dit zijn de eerste 1." in html and "Gesprek" not in html


def test_an_empty_theme_can_be_printed_and_exported(client: CheckingClient, cast: Cast) -> None:
    path = f"/wikis/themes/{cast.other_theme.slug}"
    assert client.get(f"{path}/print").status_code == 200
    assert opened(client, path).namelist() == ["history.jsonl"]
