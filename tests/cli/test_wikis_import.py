"""A folder of real Markdown becomes a wiki, whatever is wrong with some of it."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from app.extensions import Kring, db
from app.lib.markdown import MAX_LENGTH
from app.models import Content, Revision, Standing, Status, Theme, User, WikiLink, WikiPage
from app.queries import wikis as queries
from app.services import signin, wiki_versions, wikis
from tests.cast import Cast
from tests.conftest import CORPUS

FILES = {
    "index.md": "---\ntitle: Begin\n---\n\n# Begin\n\nZie [schulden](schulden/index.md).\n",
    "schulden/index.md": "---\ntitle: Schulden\ntags: [geld, hulp]\n---\nAlles over geld.\n",
    "schulden/aanmelden.md": (
        "---\ntitle: Aanmelden\nonderwerp:\n- eerste-hulp\nicon: vlag\n---\n# Zo meld je aan\n\n"
        '!!! tip\n    Bel [eerst](./10-bellen.md#nummers "bel").\n\n??? note "Meer"\n    Verborgen.\n\n'
        "| a | b |\n|---|---|\n| [weg](../weg.md) | 2 |\n\nNoot[^1].\n\n[^1]: De noot.\n\n"
        "![plaatje](beeld.png)\n\n`[code](index.md)`\n\n"
        '<p><a href="../schulden/10-bellen/">Bellen</a><script>alert(1)</script></p>\n'
    ),
    "schulden/10-bellen.md": "# Bellen\n\n## Nummers\n\nBel 14 0123.\n",
    "schulden/2-brief.md": "Een brief zonder titel.\n",
    "zonder/index/los.md": "---\ntitle: Los\nstanding: concept\n---\nStaat los.\n",
}
Import = Callable[..., Result]


def line(path: str, date: str, body: str, author: str = "auteur-01", **more: Any) -> str:
    return json.dumps({"path": path, "date": date, "author": author, "body": body, **more})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a small wiki as files."""
    root = tmp_path / "wiki"
    for name, text in FILES.items():
        write(root, name, text)
    return root


def write(root: Path, name: str, text: str | bytes) -> None:
    file = root / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text if isinstance(text, bytes) else text.encode())


@pytest.fixture
def run(app: Kring, app_context: None, folder: Path, tmp_path: Path) -> Import:
    """Return what runs the command on that folder, with these lines of history."""

    def on_folder(*history: str | bytes, theme: str = "Schulden") -> Result:
        arguments = ["wikis", "import", str(folder), "--theme", theme]
        if history:
            file = tmp_path / "history.jsonl"
            parts = [part if isinstance(part, bytes) else part.encode() for part in history]
            file.write_bytes(b"\n".join(parts))
            arguments += ["--history", str(file)]
        return invoke(app, *arguments)

    return on_folder


def invoke(app: Kring, *arguments: str) -> Result:
    """Run a command as a process of its own would: nobody holds the database."""
    db.session.rollback()
    result = app.test_cli_runner().invoke(args=list(arguments))
    db.session.rollback()
    return result


def last(result: Result) -> str:
    assert result.exit_code == 0, result.output
    return result.stdout.splitlines()[-1]


def page(title: str) -> WikiPage:
    found = select(WikiPage).where(WikiPage.title == title)
    return db.session.scalars(
        found.options(selectinload(WikiPage.tags), joinedload(WikiPage.theme))
    ).one()


def versions(title: str) -> list[Revision]:
    found = select(Revision).where(Revision.content_id == page(title).id).order_by(Revision.number)
    return list(db.session.scalars(found.options(joinedload(Revision.author))))


def test_folders_become_a_tree(run: Import) -> None:
    assert last(run()) == "6 pages, 6 versions imported, 0 unchanged, 3 notes"
    theme = db.session.scalars(select(Theme)).one()
    assert (theme.name, theme.slug) == ("Schulden", "schulden")
    above = page("Schulden")
    tops = db.session.scalars(queries.siblings(theme.id, None))
    assert [top.title for top in tops] == ["Begin", "Schulden", "Los"]
    below = db.session.scalars(queries.siblings(theme.id, above.id))
    assert [child.title for child in below] == ["2 brief", "Bellen", "Aanmelden"]
    assert page("Los").standing is Standing.CONCEPT


def test_front_matter_gives_title_and_keywords(run: Import) -> None:
    run()
    assert [tag.name for tag in page("Schulden").tags] == ["geld", "hulp"]
    assert page("Schulden").body == "Alles over geld."
    assert [tag.name for tag in page("Aanmelden").tags] == ["eerste hulp"]
    assert page("Begin").body.startswith("Zie [schulden]"), "the title is not repeated"
    assert page("Aanmelden").body.startswith("# Zo meld je aan"), "another heading stays"
    assert page("Bellen").body == "## Nummers\n\nBel 14 0123."


def test_links_lead_to_pages_and_survive_new_names(run: Import) -> None:
    result = run()
    made, target = page("Aanmelden"), page("Bellen")
    assert f'[eerst](kring:content/{target.id}#nummers "bel")' in made.body
    assert f'href="/wikis/{target.id}-bellen#h-nummers"' in made.body_html
    assert f'<a href="/wikis/{target.id}">Bellen</a>' in made.body
    assert r"[[Weg\|weg]]" in made.body and 'class="wiki-missing"' in made.body_html
    assert "`[code](index.md)`" in made.body, "code is left as it is"
    kept = select(WikiLink.target_id).where(WikiLink.source_id == made.id)
    assert set(db.session.scalars(kept)) == {target.id, None}
    assert "schulden/aanmelden.md: afbeelding die er niet is: beeld.png" in result.stderr
    assert "schulden/aanmelden.md: link naar een pagina die er niet is: ../weg.md" in result.stderr


def test_boxes_tables_and_notes_render_and_html_is_cleaned(run: Import) -> None:
    run()
    html = page("Aanmelden").body_html
    for part in ('class="admonition tip"', "<details", "<table", 'class="footnote"'):
        assert part in html
    assert "<script" not in html


HISTORY = (
    line("schulden/index.md", "2024-01-02T10:00:00+01:00", "---\ntitle: Geld\n---\nEerste."),
    line("schulden/index.md", "2024-02-02T10:00:00+01:00", "# Schulden\nTweede.", "auteur-02"),
    line("schulden/index.md", "2024-03-02T10:00:00+01:00", FILES["schulden/index.md"]),
    line("schulden/2-brief.md", "2023-01-01T00:00:00Z", "Oud", "Jan Bos", note="Begin"),
)


def test_history_gives_versions_with_dates_and_authors(run: Import) -> None:
    assert last(run(*HISTORY)) == "6 pages, 9 versions imported, 0 unchanged, 3 notes"
    first, second, third = versions("Schulden")
    assert (first.title, first.body, first.author.name) == ("Geld", "Eerste.", "Auteur 01")
    assert (second.title, second.body, second.author.name) == ("Schulden", "Tweede.", "Auteur 02")
    assert first.created_at.isoformat() == "2024-01-02T09:00:00+00:00"
    assert third.body == page("Schulden").body
    made = page("Schulden")
    assert (made.created_at, made.published_at, made.edited_at) == (
        first.created_at, first.created_at, third.created_at,
    )  # fmt: skip
    assert made.author_id == first.author_id
    brief = versions("2 brief")
    assert [(v.author.name, v.body, v.note) for v in brief] == [
        ("Jan Bos", "Oud", "Begin"), ("Import", "Een brief zonder titel.", ""),
    ]  # fmt: skip


def test_authors_cannot_sign_in(app: Kring, run: Import) -> None:
    run(*HISTORY)
    authors = db.session.scalars(select(User)).all()
    assert {author.email for author in authors} == {
        f"{name}@import.invalid" for name in ("auteur-01", "auteur-02", "jan-bos", "import")
    }
    for author in authors:
        assert author.password_hash is None and not author.is_active
        with app.test_request_context():
            assert signin.find(author.email, "") is None


def test_a_member_is_never_named_as_author(run: Import, cast: Cast) -> None:
    name = cast.member.handle
    run(line("index.md", "2024-01-01T00:00:00Z", "Nooit gezegd", name))
    assert versions("Begin")[0].author.email == f"{name}@import.invalid"


def test_a_second_run_changes_nothing(run: Import) -> None:
    run(*HISTORY)
    count = db.session.scalar(select(func.count()).select_from(Revision))
    assert last(run(*HISTORY)) == "0 pages, 0 versions imported, 6 unchanged"
    assert last(run()) == "0 pages, 0 versions imported, 6 unchanged"
    assert db.session.scalar(select(func.count()).select_from(Revision)) == count
    assert db.session.scalar(select(func.count()).select_from(User)) == 4


def test_a_changed_file_is_a_version(run: Import, folder: Path) -> None:
    run(*HISTORY)
    write(folder, "schulden/index.md", "---\ntitle: Schulden\n---\nAnders.\n")
    write(folder, "nieuw.md", "# Nieuw\nZie [geld](schulden/).")
    assert last(run(*HISTORY)) == "1 pages, 2 versions imported, 5 unchanged"
    assert page("Schulden").body == "Anders." and page("Schulden").version == 4
    assert page("Nieuw").position == 4
    assert last(run(*HISTORY)) == "0 pages, 0 versions imported, 7 unchanged"


def test_work_done_in_kring_is_not_undone(run: Import, cast: Cast) -> None:
    key = cast.specialist.id
    run(*HISTORY, theme="Schuldhulp")
    better = wikis.Version("Geldzorgen", "Beter.", db.session.get_one(User, key))
    wikis.save(page("Schulden"), better, expected_version=3)
    db.session.commit()
    assert last(run(*HISTORY, theme="Schuldhulp")).endswith("6 unchanged")
    db.session.expire_all()
    assert page("Geldzorgen").version == 4


def test_what_is_in_the_bin_stays_there(run: Import, cast: Cast, folder: Path) -> None:
    key = cast.specialist.id
    run(theme="Schuldhulp")
    wikis.archive(page("Los"), db.session.get_one(User, key))
    db.session.commit()
    assert last(run(theme="Schuldhulp")).endswith("6 unchanged")
    write(folder, "zonder/index/los.md", "---\ntitle: Los\n---\nAnders.")
    assert "prullenbak" in run(theme="Schuldhulp").stderr
    db.session.expire_all()
    assert page("Los").status is Status.ARCHIVED


BAD_FILES: list[tuple[str, str | bytes, str]] = [
    ("latin.md", "# Caf\u00e9".encode("latin-1"), "geen UTF-8"),
    ("stuk.md", "---\ntitle: [open\n---\nTekst", "front matter"),
    ("open.md", "---\ntitle: Geen einde\n\nTekst", "front matter"),
    ("lijst.md", "---\n- een\n---\nTekst", "front matter"),
    ("diep.md", "---\ntitle: " + "[" * 9000 + "\n---\nTekst", "front matter"),
    ("groot.md", "a " * MAX_LENGTH, "te lang"),
    ("reus.md", b"a" * (MAX_LENGTH * 4 + 1), "te lang"),
    ("druk.md", "*a* " * 20_000, "te veel"),
    ("nul.md", "a\0b", "tekens"),
    ("genest.md", "".join(f"{'>' * n} a\n\n" for n in range(1, 60)), "te veel"),
]


@pytest.mark.parametrize("name, text, reason", BAD_FILES)
def test_a_bad_file_is_named_and_the_rest_imported(
    run: Import, folder: Path, name: str, text: str | bytes, reason: str
) -> None:
    write(folder, name, text)
    write(folder, "ernaast.md", f"Zie [dat]({name}).")
    result = run()
    assert last(result).startswith("7 pages, 7 versions imported, 0 unchanged, ")
    assert any(name in line and reason in line for line in result.stderr.splitlines()), (
        result.stderr
    )
    assert not db.session.scalars(select(Content).where(Content.status == Status.DRAFT)).all()
    assert "href" not in page("Ernaast").body_html, "no link to what is not there"


def test_what_lies_elsewhere_is_not_read(run: Import, folder: Path, tmp_path: Path) -> None:
    write(tmp_path, "geheim/wachtwoord.md", "# Geheim")
    (folder / "link.md").symlink_to(tmp_path / "geheim" / "wachtwoord.md")
    (folder / "map").symlink_to(tmp_path / "geheim")
    os.mkfifo(folder / "pijp.md")
    result = run()
    assert last(result).startswith("6 pages")
    for name in ("link.md", "map", "pijp.md"):
        assert f"{name}: " in result.stderr
    assert not db.session.scalars(select(Content).where(Content.title == "Geheim")).all()


OK = ("index.md", "2024-01-01T00:00:00Z", "Tekst")
BAD_LINES: list[tuple[str | bytes, str]] = [
    ("{half", "geen JSON"),
    ("[" * 100_000, "geen JSON"),
    (b'{"path": "\xff"}', "geen UTF-8"),
    ("[1, 2]", "zijn nodig"),
    ('{"path": "index.md"}', "zijn nodig"),
    (line(OK[0], OK[1], 5), "zijn nodig"),  # type: ignore[arg-type]  # that is the point
    (line("../index.md", *OK[1:]), "buiten de map"),
    (line("schulden/../../index.md", *OK[1:]), "buiten de map"),
    (line("/etc/passwd", *OK[1:]), "buiten de map"),
    (line("weg.md", *OK[1:]), "weg.md (1)"),
    (line("index.md", "gisteren", "Tekst"), "datum"),
    (line("index.md", "2024-01-01T00:00:00", "Tekst"), "datum"),
    (line("index.md", "2999-01-01T00:00:00Z", "Tekst"), "datum"),
    (line("index.md", "0001-01-01T00:00:00+14:00", "Tekst"), "datum"),
    (line("index.md", OK[1], "a\ud800b"), "tekens"),
    (line("index.md", OK[1], "a" * (MAX_LENGTH + 1)), "te lang"),
    ("x" * (MAX_LENGTH * 7 + 5), "te lang"),
    (line("index.md", OK[1], "---\ntitle: [open\n---\nTekst"), "front matter"),
]


@pytest.mark.parametrize("bad, reason", BAD_LINES, ids=range(len(BAD_LINES)))
def test_a_bad_line_is_named_and_the_rest_imported(
    run: Import, bad: str | bytes, reason: str
) -> None:
    result = run(HISTORY[0], bad, *HISTORY[1:])
    assert last(result) == "6 pages, 9 versions imported, 0 unchanged, 4 notes"
    assert reason in result.stderr
    assert ":2" in result.stderr or "(2)" in result.stderr
    assert "Traceback" not in result.output


def test_nothing_to_import_is_an_error(run: Import, folder: Path) -> None:
    for file in folder.rglob("*.md"):
        file.unlink()
    result = run()
    assert result.exit_code == 1 and "geen pagina" in result.output
    assert not db.session.scalars(select(Theme)).all()


@pytest.mark.parametrize("theme", ["", "x" * 121])
def test_an_impossible_theme_is_an_error(run: Import, theme: str) -> None:
    result = run(theme=theme)
    assert result.exit_code == 1 and "Traceback" not in result.output


def test_a_broken_off_run_is_taken_up_again(run: Import, monkeypatch: pytest.MonkeyPatch) -> None:
    bring = wiki_versions.bring
    brought: list[str] = []

    def until_the_third(batch: Any, path: str) -> int:
        if len(brought) == 2:
            bring(batch, path)
            raise KeyboardInterrupt
        brought.append(path)
        return bring(batch, path)

    monkeypatch.setattr(wiki_versions, "bring", until_the_third)
    result = run(*HISTORY)
    assert result.exit_code == 130 and "opnieuw" in result.stderr
    shown = select(func.count()).select_from(WikiPage).where(WikiPage.status == Status.PUBLISHED)
    assert db.session.scalar(shown) == 2
    monkeypatch.undo()
    assert last(run(*HISTORY)).startswith("4 pages, ")
    assert db.session.scalar(shown) == 6
    assert db.session.scalar(select(func.count()).select_from(Revision)) == 9
    assert f'href="/wikis/{page("Schulden").id}-schulden"' in page("Begin").body_html


def test_links_that_hoped_for_a_page_find_it(run: Import, folder: Path) -> None:
    run()
    write(folder, "weg.md", "---\ntitle: Weg\n---\nGevonden.")
    run()
    db.session.expire_all()
    assert f'href="/wikis/{page("Weg").id}-weg"' in page("Aanmelden").body_html


@pytest.mark.corpus
@pytest.mark.usefixtures("app_context")
def test_the_real_knowledge_base(app: Kring) -> None:
    base = CORPUS / "kennisbank"
    arguments = [
        "wikis", "import", str(base / "pages"), "--theme", "Algoritmes",
        "--history", str(base / "history.jsonl"),
    ]  # fmt: skip
    first = last(invoke(app, *arguments))
    assert first.startswith("213 pages, 2000 versions imported, 0 unchanged, ")
    assert last(invoke(app, *arguments)) == "0 pages, 0 versions imported, 213 unchanged"
    with (base / "history.jsonl").open() as lines:
        authors = {json.loads(line)["author"] for line in lines}
    accounts = set(db.session.scalars(select(User.email)))
    assert {f"{author}@import.invalid" for author in authors} < accounts
    assert not db.session.scalars(select(Content.id).where(Content.body_html == "")).all()
