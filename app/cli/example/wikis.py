"""The example wiki, from Markdown files with their earlier versions."""

from typing import Any

from app.cli.example.community import DATA, Example, load
from app.cli.example.times import ago
from app.extensions import db
from app.lib.wiki_folder import Note, PageFile, read_pages
from app.models import Follow, WikiPage
from app.services import wiki_import, wikis
from app.services.wikis import Facts, Version

OLDEST = 52  # days


def add_wikis(example: Example) -> None:
    """Make the pages of every theme that has a folder; rendered when all of them exist."""
    earlier = load("wiki/versions.yaml")
    specialists = load("community.yaml")["specialists"]
    made: list[WikiPage] = []
    for key in example.themes:
        files = read_pages(DATA / "wiki" / key, unwanted) if (DATA / "wiki" / key).is_dir() else {}
        pages: dict[str, WikiPage] = {}
        for path in wiki_import.ordered(files):
            first = {"by": specialists[key][0], "days": OLDEST - 3 * len(made)}
            above = wiki_import.parent_path(path, pages)
            history = earlier.get(f"{key}/{path}", [first])
            pages[path] = add_page(
                example, key, files[path], history, pages[above] if above else None
            )
            pages[path].position = len(pages)
            made.append(pages[path])
    for page in made:
        wikis.render(page)


def unwanted(note: Note) -> None:
    """Raise for a file of ours that is not right."""
    raise ValueError(f"{note.place}: {note.reason} {note.detail}")


def add_page(
    example: Example, theme: str, file: PageFile, history: list[Any], parent: WikiPage | None
) -> WikiPage:
    """Add a page with its versions; its authors follow it."""
    header = file.document.header
    versions = [
        Version(
            header.title, each.get("body", file.document.body).strip(), example.people[each["by"]],
            each.get("note", ""), ago(example.start, each["days"]),
        )
        for each in history
    ]  # fmt: skip
    facts = Facts(wiki_import.standing_of(file.document), versions[-1].author, header.keywords)
    page = wikis.build(example.themes[theme], versions[0], parent=parent, facts=facts)
    for version in versions[1:]:
        wikis.add_version(page, version)
    for author in {version.author.id for version in versions}:
        db.session.add(Follow(user_id=author, content_id=page.id, created_at=page.created_at))
    return page
