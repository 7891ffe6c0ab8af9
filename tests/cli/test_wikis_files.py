"""Documents and images go along with a wiki, and come back as they were."""

import json
import os
import shutil
import stat
import zipfile
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import Result
from PIL import Image as Picture
from sqlalchemy import select

from app.extensions import Kring, db
from app.lib import zip_folder
from app.lib.bare_images import is_bare
from app.models import Attachment, Image, ImageUse, WikiPage
from app.services import attachments, images, wikis
from app.services.wikis import Facts, Version
from tests import filemaking
from tests.cast import Cast, person
from tests.cli.test_wikis_export import another_community, export, invoke, the_wiki

PHOTO = filemaking.image("JPEG", (700, 400))


@pytest.fixture
def visit(cast: Cast) -> WikiPage:
    """Make a page with documents and images, which another page names."""
    top = wikis.create(
        cast.theme, Version("Huisbezoek", "Zie hieronder.", cast.specialist),
        facts=Facts(owner=cast.specialist),
    )  # fmt: skip
    shot = images.add(BytesIO(PHOTO), "Foto van de deur.jpg", "Een deur", cast.other)
    old = images.add(BytesIO(filemaking.image("PNG")), "con.png", "Van eerder", cast.specialist)
    for image in (shot, old):
        db.session.add(ImageUse(image_id=image.id, content_id=top.id))
    texts = {"Lijst.txt": b"Sleutel, jas, pas.\n", "lijst.TXT": b"Een andere lijst.\n"}
    papers = [
        attachments.add(top, cast.other, BytesIO(data), name, f"De lijst {number}")
        for number, (name, data) in enumerate(texts.items())
    ]
    db.session.commit()
    before = f"Eerst zo: {images.markdown(old)}"
    wikis.save(top, Version("Huisbezoek", before, cast.specialist), expected_version=1)
    now = (
        f'{images.markdown(shot)}\n\n<img src="/images/{shot.id}-x.jpg" alt="Weer">\n\n'
        f"Neem [de lijst](/attachments/{papers[0].id}-{papers[0].slug}) mee."
    )
    wikis.save(top, Version("Huisbezoek", now, cast.specialist), expected_version=2)
    wikis.create(
        cast.theme,
        Version("Daarna", f"Zie [de lijst](/attachments/{papers[0].id}-x.txt).", cast.specialist),
        parent=top,
    )
    db.session.commit()
    return top


def bring(app: Kring, source: Path, theme: str = "Schuldhulp") -> Result:
    return invoke(app, "import", str(source), "--theme", theme)


def files_of(theme: str) -> list[tuple[object, ...]]:
    """Return all documents and images of a theme with what is kept of them, and their bytes."""
    here = WikiPage.theme.has(name=theme)
    papers = db.session.execute(
        select(Attachment, WikiPage.title)
        .join(WikiPage, WikiPage.id == Attachment.content_id)
        .where(here)
        .order_by(Attachment.id)
    ).all()
    shots = db.session.execute(
        select(Image, WikiPage.title)
        .join(ImageUse, ImageUse.image_id == Image.id)
        .join(WikiPage, WikiPage.id == ImageUse.content_id)
        .where(here)
        .order_by(Image.id, WikiPage.title)
    ).all()
    kept = [
        (row.title, row.filename, row.media_type, row.created_at, title, read(row.sha256))
        for row, title in papers
    ]
    return kept + [
        (row.alt, row.filename, row.width, row.height, row.created_at, title, read(row.sha256))
        for row, title in shots
    ]


def read(sha256: str) -> bytes:
    with attachments.storage().open(sha256) as file:
        return file.read()


@pytest.mark.usefixtures("visit")
def test_files_lie_beside_the_pages_and_links_lead_to_them(app: Kring, tmp_path: Path) -> None:
    result = export(app, tmp_path / "uit")
    assert result.stdout == "2 pages, 4 versions, 4 files exported\n", result.output
    names = {
        p.relative_to(tmp_path / "uit").as_posix() for p in (tmp_path / "uit").rglob("files/**/*.*")
    }
    assert names == {
        "files/huisbezoek/Lijst.txt", "files/huisbezoek/lijst-2.txt",
        "files/huisbezoek/Foto van de deur.jpg", "files/huisbezoek/con-bestand.png",
    }  # fmt: skip
    text = (tmp_path / "uit/pages/huisbezoek/index.md").read_text()
    assert "![Een deur](../../files/huisbezoek/Foto%20van%20de%20deur.jpg)" in text
    assert '<img src="../../files/huisbezoek/Foto%20van%20de%20deur.jpg"' in text
    assert "[de lijst](../../files/huisbezoek/Lijst.txt)" in text
    assert "owner: sam-specialist" in text
    told = [json.loads(line) for line in (tmp_path / "uit/files.jsonl").read_text().splitlines()]
    assert told[0]["title"] == "De lijst 0" and told[0]["author"] == "otto-ander"


@pytest.mark.usefixtures("visit")
def test_another_community_gets_the_same_files(
    app: Kring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export(app, tmp_path / "uit")
    before = files_of("Schuldhulp")
    assert len(before) == 4
    with another_community(tmp_path, monkeypatch) as other:
        person("Sam Specialist")
        db.session.commit()
        result = bring(other, tmp_path / "uit")
        assert result.stdout.splitlines()[-1] == (
            "2 pages, 4 versions imported, 0 unchanged, 4 files"
        ), result.output
        assert files_of("Schuldhulp") == before
        export(other, tmp_path / "weer")
        again = bring(other, tmp_path / "uit")
        assert again.stdout.splitlines()[-1] == "0 pages, 0 versions imported, 2 unchanged"
        assert files_of("Schuldhulp") == before
    for file in (tmp_path / "uit").rglob("*.*"):
        twin = tmp_path / "weer" / file.relative_to(tmp_path / "uit")
        assert twin.read_bytes() == file.read_bytes(), file.name


@pytest.mark.usefixtures("visit")
def test_its_own_export_brings_nothing_new(app: Kring, tmp_path: Path) -> None:
    """But for a link with an old name in it, which gets the present one."""
    export(app, tmp_path / "uit")
    before = files_of("Schuldhulp")
    bring(app, tmp_path / "uit")
    after = the_wiki("Schuldhulp")
    result = bring(app, tmp_path / "uit")
    assert result.stdout.splitlines()[-1] == "0 pages, 0 versions imported, 2 unchanged"
    assert files_of("Schuldhulp") == before and the_wiki("Schuldhulp") == after


def test_owner_review_date_and_order_come_back(
    app: Kring, cast: Cast, visit: WikiPage, tmp_path: Path
) -> None:
    visit.review_on = date(2027, 3, 1)
    db.session.commit()
    keeper = cast.specialist.id
    export(app, tmp_path / "uit")
    bring(app, tmp_path / "uit", "Elders")
    found = db.session.scalars(
        select(WikiPage).where(WikiPage.theme.has(name="Elders"), WikiPage.title == "Huisbezoek")
    ).one()
    assert (found.owner_id, found.review_on) == (keeper, date(2027, 3, 1))
    assert len(files_of("Elders")) == 4


def test_an_owner_who_is_no_member_is_told(
    app: Kring, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with another_community(tmp_path, monkeypatch) as other:
        assert "geen lid" in bring(other, folder).stderr


# Bad input -----------------------------------------------------------------------------------


@pytest.fixture
def folder(app: Kring, visit: WikiPage, tmp_path: Path) -> Path:
    """Return an export that a test can spoil."""
    export(app, tmp_path / "uit")
    return tmp_path / "uit"


def lines_of(folder: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (folder / "files.jsonl").read_text().splitlines()]


def put_lines(folder: Path, lines: list[dict[str, object]]) -> None:
    (folder / "files.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines))


@pytest.mark.parametrize(
    "change, said",
    [
        ({"path": "../../etc/passwd"}, "buiten de map"),
        ({"path": "/etc/passwd"}, "buiten de map"),
        ({"path": "pages/huisbezoek/index.md"}, "buiten de map"),
        ({"path": "files/../pages/huisbezoek/index.md"}, "buiten de map"),
        ({"path": "files/weg.txt"}, "bestand"),
        ({"kind": "map"}, "kind"),
        ({"pages": []}, "pages"),
        ({"pages": ["niet/hier.md"]}, "niet/hier.md"),
        ({"date": "gisteren"}, "gisteren"),
        ({"title": ""}, "title"),
        ({"filename": "lijst.exe"}, "overgeslagen"),
        ({"filename": "lijst.pdf"}, "overgeslagen"),
        ({"kind": "image"}, "overgeslagen"),
    ],
)
def test_a_bad_line_is_told_and_the_rest_comes(
    app: Kring, folder: Path, change: dict[str, object], said: str
) -> None:
    lines = lines_of(folder)
    lines[0] = {**lines[0], **change}
    put_lines(folder, lines)
    result = bring(app, folder, "Elders")
    assert result.exit_code == 0, result.output
    assert said in result.stderr
    assert "2 pages" in result.stdout and ", 3 files" in result.stdout


def test_what_is_no_json_no_text_or_double_is_told(app: Kring, folder: Path) -> None:
    good = (folder / "files.jsonl").read_bytes()
    (folder / "files.jsonl").write_bytes(b"[]\n{\n\xff\n" + good + good)
    result = bring(app, folder, "Elders")
    assert ", 4 files" in result.stdout and result.stderr.count("files.jsonl:") == 7


def test_links_and_pipes_are_not_followed(app: Kring, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "geheim.txt").write_text("geheim")
    place = folder / "files" / "huisbezoek"
    for name in ("Lijst.txt", "lijst-2.txt"):
        (place / name).unlink()
    (place / "Lijst.txt").symlink_to(tmp_path / "geheim.txt")
    os.mkfifo(place / "lijst-2.txt")
    result = bring(app, folder, "Elders")
    assert ", 2 files" in result.stdout
    assert "een verwijzing" in result.stderr or "naar een andere plek" in result.stderr
    shutil.move(folder / "files", tmp_path / "elders")
    (folder / "files").symlink_to(tmp_path / "elders")
    assert " files" not in bring(app, folder, "Nog elders").stdout


def test_a_bomb_of_pixels_and_a_huge_file_are_refused(
    app: Kring, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = folder / "files" / "huisbezoek"
    (place / "con-bestand.png").write_bytes(filemaking.image("PNG", (9000, 9000)))
    with (place / "Lijst.txt").open("wb") as file:
        file.truncate(attachments.largest() + 1)
    result = bring(app, folder, "Elders")
    assert ", 2 files" in result.stdout and "pixels" in result.stderr


def test_a_file_of_which_nothing_is_told_stays_out(app: Kring, folder: Path) -> None:
    (folder / "files" / "los.txt").write_text("los")
    assert "files/los.txt" in bring(app, folder, "Elders").stderr


# As a ZIP ------------------------------------------------------------------------------------


def zip_of(folder: Path) -> Path:
    return Path(shutil.make_archive(str(folder.parent / "export"), "zip", folder))


def test_a_zip_is_brought_in_as_its_folder_is(app: Kring, folder: Path) -> None:
    result = bring(app, zip_of(folder), "Elders")
    assert "2 pages, 4 versions imported, 0 unchanged, 4 files" in result.stdout, result.output


@pytest.fixture
def hostile(folder: Path) -> Iterator[zipfile.ZipFile]:
    with zipfile.ZipFile(zip_of(folder), "a") as archive:
        yield archive


def test_a_hostile_zip_writes_nothing_elsewhere(
    app: Kring, hostile: zipfile.ZipFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zip_folder, "MOST_EACH", 100_000)
    for name in ("../uitbraak.md", "/tmp/uitbraak.md", "pages/../../uitbraak.md", "a\\..\\x.md"):
        hostile.writestr(name, "# Uitbraak")
    hostile.writestr("PAGES/huisbezoek/INDEX.md", "# Dubbel")
    hostile.writestr("pages/bom.md", b"\0" * 10_000_000, zipfile.ZIP_DEFLATED)
    link = zipfile.ZipInfo("pages/koppeling.md")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    hostile.writestr(link, "/etc/passwd")
    hostile.close()
    result = bring(app, Path(hostile.filename or ""), "Elders")
    assert result.exit_code == 0 and "2 pages" in result.stdout, result.output
    assert result.stderr.count("overgeslagen") >= 7, result.stderr
    assert not [*tmp_path.rglob("uitbraak*"), *Path("/tmp").glob("uitbraak*")]  # nothing is there


def test_what_is_no_zip_or_holds_too_much_is_an_error(
    app: Kring, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "geen.zip").write_bytes(b"PK\x03\x04 en dan niets")
    result = bring(app, tmp_path / "geen.zip", "Elders")
    assert result.exit_code == 1 and "geen ZIP-bestand" in result.output
    monkeypatch.setattr(zip_folder, "MOST_FILES", 3)
    assert bring(app, zip_of(folder), "Elders").exit_code == 1


# Pictures and nothing else -------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_what_we_write_is_bare_and_what_tells_more_is_not(kind: str) -> None:
    bare = filemaking.image(kind)
    assert is_bare(BytesIO(bare))
    exif = Picture.Exif()
    exif[0x010F] = "Merk"
    assert not is_bare(BytesIO(filemaking.image(kind, exif=exif)))
    assert not is_bare(BytesIO(filemaking.image(kind, icc_profile=b"x" * 200)))
    assert not is_bare(BytesIO(bare + b"<script>"))
    for cut in range(0, len(bare), 7):
        is_bare(BytesIO(bare[:cut]))
    assert not is_bare(BytesIO(b"GIF89a")) and not is_bare(BytesIO(b""))
