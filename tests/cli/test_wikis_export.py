"""A wiki leaves as files, from which the same wiki can be made anywhere."""

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from app import create_app
from app.cli.migrating import upgrade_schema
from app.extensions import Kring, db
from app.lib.clock import now
from app.models import Revision, Standing, WikiPage
from app.services import wikis
from app.services.import_authors import is_import
from app.services.wikis import Facts, Version
from tests.cast import Cast, document, person
from tests.conftest import CORPUS

NUMBER = re.compile(r"(kring:content|/wikis)/(\d+)")


def invoke(app: Kring, *arguments: str) -> Result:
    """Run a command as a process of its own would: nobody holds the database."""
    db.session.rollback()
    result = app.test_cli_runner().invoke(args=["wikis", *arguments])
    db.session.rollback()
    return result


def export(app: Kring, folder: Path, theme: str = "Schuldhulp") -> Result:
    return invoke(app, "export", str(folder), "--theme", theme)


def bring(app: Kring, folder: Path, theme: str) -> Result:
    history = str(folder / "history.jsonl")
    return invoke(app, "import", str(folder / "pages"), "--theme", theme, "--history", history)


@pytest.fixture
def pages(cast: Cast) -> dict[str, WikiPage]:
    """Make a small wiki with all that an export should keep."""

    def make(title: str, body: str, parent: str = "", **facts: object) -> None:
        made[title] = wikis.create(
            cast.theme, Version(title, body, cast.specialist, "Eerste"),
            parent=made.get(parent), facts=Facts(**facts),  # type: ignore[arg-type]
        )  # fmt: skip

    made: dict[str, WikiPage] = {}
    make("Zorg voor schulden", "# Zorg voor schulden\n\nEen kop die er mag staan.\n")
    make("Aanmelden: zo", "Zo.", "Zorg voor schulden", keywords=["eerste hulp", "e-mail"])
    make("Concept", "Nog niet.", "Zorg voor schulden", standing=Standing.CONCEPT)
    make("Index", "Een lastige naam.")
    target = made["Aanmelden: zo"]
    text = f'Zie [zo](kring:content/{target.id}#kop) en [[Concept]] en <a href="/wikis/{target.id}">a</a>.'
    wikis.save(made["Concept"], Version("Concept", text, cast.other), expected_version=1)
    wikis.move(made["Index"], cast.specialist, theme=cast.theme, parent=None, after=wikis.FIRST)
    db.session.commit()
    return made


def the_wiki(theme: str) -> list[object]:
    """Return all that counts of a wiki, without numbers that another database gives otherwise."""
    found = select(WikiPage).where(WikiPage.theme.has(name=theme)).order_by(WikiPage.position)
    kept = list(db.session.scalars(found.options(selectinload(WikiPage.tags))))
    titles = {page.id: page.title for page in kept}

    def neutral(body: str) -> str:
        return NUMBER.sub(lambda match: f"{match[1]}/{titles[int(match[2])]}", body)

    facts: list[object] = []
    for page in sorted(kept, key=lambda page: (titles.get(page.parent_id or 0, ""), page.position)):
        found_versions = select(Revision).where(Revision.content_id == page.id)
        history = db.session.scalars(
            found_versions.order_by(Revision.number).options(joinedload(Revision.author))
        )
        versions = [
            (v.number, v.title, neutral(v.body).strip(), v.created_at, author_word(v), v.note)
            for v in history
        ]
        tags = [tag.name for tag in page.tags]
        above = titles.get(page.parent_id or 0)
        facts.append((page.title, above, page.standing, tags, neutral(page.body_html), versions))
    return facts


def author_word(version: Revision) -> tuple[str, str]:
    author = version.author
    word = author.email.partition("@")[0] if is_import(author) else author.handle
    return word, author.name


@contextmanager
def another_community(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Kring]:
    """Yield an application with an empty database of its own."""
    monkeypatch.setenv("KRING_INSTANCE", str(tmp_path / "other"))
    monkeypatch.setenv("KRING_DATABASE_URL", f"sqlite:///{tmp_path / 'other.db'}")
    app = create_app({"TESTING": True})
    with app.app_context():
        upgrade_schema()
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.mark.usefixtures("pages")
def test_files_say_what_the_pages_say(app: Kring, tmp_path: Path) -> None:
    result = export(app, tmp_path / "uit", "schuldhulp")
    assert result.exit_code == 0, result.output
    assert result.stdout == "4 pages, 5 versions exported\n"
    root = tmp_path / "uit" / "pages"
    names = {file.relative_to(root).as_posix() for file in root.rglob("*.md")}
    assert len(names) == 4
    folder = "zorg-voor-schulden"
    assert {f"{folder}/index.md", f"{folder}/aanmelden-zo.md", f"{folder}/concept.md"} < names
    text = (root / folder / "concept.md").read_text()
    assert text.startswith("---\ntitle: Concept\norder: 2\nstanding: concept\n---\n\nZie ")
    assert "[zo](aanmelden-zo.md#kop)" in text and 'href="aanmelden-zo.md"' in text
    assert "tags:\n- e-mail\n- eerste hulp\n" in (root / folder / "aanmelden-zo.md").read_text()
    history = [json.loads(x) for x in (tmp_path / "uit" / "history.jsonl").read_text().splitlines()]
    last = {line["path"]: line["body"] for line in history}
    assert all((root / path).read_text() == body for path, body in last.items())
    authors = {(line["author"], line["author_name"]) for line in history}
    assert ("sam-specialist", "Sam Specialist") in authors


@pytest.mark.usefixtures("pages")
def test_another_community_gets_the_same_wiki(
    app: Kring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export(app, tmp_path / "uit")
    before = the_wiki("Schuldhulp")
    with another_community(tmp_path, monkeypatch) as other:
        result = bring(other, tmp_path / "uit", "Schuldhulp")
        assert result.stdout.splitlines()[-1] == "4 pages, 5 versions imported, 0 unchanged"
        assert the_wiki("Schuldhulp") == before
        export(other, tmp_path / "weer")
    for file in (tmp_path / "uit").rglob("*.*"):
        twin = tmp_path / "weer" / file.relative_to(tmp_path / "uit")
        assert twin.read_bytes() == file.read_bytes(), file.name


@pytest.mark.usefixtures("pages")
def test_its_own_export_is_nothing_new(app: Kring, tmp_path: Path) -> None:
    export(app, tmp_path / "uit")
    before = the_wiki("Schuldhulp")
    result = bring(app, tmp_path / "uit", "Schuldhulp")
    assert result.stdout.splitlines()[-1] == "0 pages, 0 versions imported, 4 unchanged"
    assert the_wiki("Schuldhulp") == before


def test_what_is_out_of_sight_stays_behind(
    app: Kring, cast: Cast, pages: dict[str, WikiPage], tmp_path: Path
) -> None:
    pages["Zorg voor schulden"].hidden_at = now()
    wikis.archive(pages["Index"], cast.specialist)
    db.session.commit()
    result = export(app, tmp_path / "uit")
    assert "verborgen: 1" in result.stderr
    names = {file.name for file in (tmp_path / "uit").rglob("*.md")}
    assert names == {"aanmelden-zo.md", "concept.md"}


def test_links_to_another_theme_keep_the_name(
    app: Kring, cast: Cast, pages: dict[str, WikiPage], tmp_path: Path
) -> None:
    text = f"Zie [hier](kring:content/{pages['Concept'].id})."
    wikis.create(cast.other_theme, Version("Huren", text, cast.other_specialist))
    db.session.commit()
    export(app, tmp_path / "uit", "Wonen")
    assert "Zie [[Concept|hier]]." in (tmp_path / "uit" / "pages" / "huren.md").read_text()


def test_names_cannot_lead_out_of_the_folder(
    app: Kring, pages: dict[str, WikiPage], tmp_path: Path
) -> None:
    for page, path in zip(
        pages.values(), ("../../x.md", "...md", "a/../index.md", ".md"), strict=True
    ):
        page.source_path = path
    db.session.commit()
    assert export(app, tmp_path / "uit" / "diep").exit_code == 0
    written = [file for file in tmp_path.rglob("*.md") if "pages" not in file.parts]
    assert not written


@pytest.mark.usefixtures("pages")
def test_it_writes_over_nothing(app: Kring, tmp_path: Path) -> None:
    export(app, tmp_path / "uit")
    result = export(app, tmp_path / "uit")
    assert result.exit_code == 1 and "Kies een lege map" in result.output
    shutil.rmtree(tmp_path / "uit" / "pages")
    assert export(app, tmp_path / "uit").exit_code == 1


@pytest.mark.usefixtures("cast")
def test_an_unknown_theme_or_a_bad_place_is_an_error(app: Kring, tmp_path: Path) -> None:
    result = export(app, tmp_path / "uit", "Sport")
    assert result.exit_code == 1 and "Er is geen thema Sport" in result.output
    (tmp_path / "bestand").write_text("")
    result = export(app, tmp_path / "bestand" / "uit")
    assert result.exit_code == 1 and "Traceback" not in result.output


@pytest.mark.sqlite  # once is enough: on PostgreSQL the same texts are read in, without the way back
@pytest.mark.corpus
@pytest.mark.usefixtures("app_context")
def test_the_real_knowledge_base_goes_round(
    app: Kring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(app, CORPUS / "kennisbank", "Algoritmes")
    before = the_wiki("Algoritmes")
    assert len(before) == 213
    export(app, tmp_path / "uit", "Algoritmes")
    db.session.rollback()
    with another_community(tmp_path, monkeypatch) as other:
        result = bring(other, tmp_path / "uit", "Algoritmes")
        assert "213 pages, 2000 versions imported, 0 unchanged" in result.stdout
        assert the_wiki("Algoritmes") == before
        export(other, tmp_path / "weer", "Algoritmes")
    for file in (tmp_path / "uit").rglob("*.*"):
        twin = tmp_path / "weer" / file.relative_to(tmp_path / "uit")
        assert twin.read_bytes() == file.read_bytes(), file.name


@pytest.mark.sqlite  # once is enough: on PostgreSQL the same texts are read in, without the way back
@pytest.mark.corpus
@pytest.mark.usefixtures("app_context")
def test_the_real_knowledge_base_goes_round_with_files(
    app: Kring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(app, CORPUS / "kennisbank", "Algoritmes")
    adder = person("Sam Specialist")
    pages = db.session.scalars(select(WikiPage).order_by(WikiPage.id).limit(60)).all()
    db.session.commit()
    for number, page in enumerate(pages):
        document(page, adder, f"Bijlage {number}", f"bijlage {number % 7}.txt")
    export(app, tmp_path / "uit", "Algoritmes")
    with another_community(tmp_path, monkeypatch) as other:
        result = invoke(other, "import", str(tmp_path / "uit"), "--theme", "Algoritmes")
        assert "213 pages, 2000 versions imported, 0 unchanged, 60 files" in result.stdout
        export(other, tmp_path / "weer", "Algoritmes")
    names = list((tmp_path / "uit").rglob("*.*"))
    assert len(names) == 213 + 60 + 2
    for file in names:
        twin = tmp_path / "weer" / file.relative_to(tmp_path / "uit")
        assert twin.read_bytes() == file.read_bytes(), file.name
