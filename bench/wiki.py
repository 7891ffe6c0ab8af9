"""Wiki pages of a seed, with their earlier versions, as rows; the product renders them itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from app.lib.slugs import slugify
from app.models import Standing, Status
from bench import vocabulary as words
from bench.people import People
from bench.texts import Writer

Row = dict[str, Any]
DEEPEST = 3


@dataclass
class WikiText:
    """A page with its place in the tree of its theme."""

    id: int
    theme: int
    title: str
    parent: int | None
    depth: int
    versions: int


def pages(first: int, number: int, people: People, writer: Writer) -> list[WikiText]:
    """Return pages in trees, one for each theme, numbered from `first`."""
    made: list[WikiText] = []
    for place in range(number):
        theme = place % len(words.THEMES) + 1
        above = [page for page in made if page.theme == theme and page.depth < DEEPEST]
        parent = people.chance.choice(above) if above and people.chance.random() < 0.8 else None
        title = f"{writer.fill('NPDAN')} {place + 1}"
        made.append(
            WikiText(
                first + place, theme, title, parent.id if parent else None,
                parent.depth + 1 if parent else 0, people.chance.randint(2, 6),
            )
        )  # fmt: skip
    return made


def rows(
    found: list[WikiText], people: People, writer: Writer
) -> Iterator[tuple[Row, Row, list[Row]]]:
    """Yield of each page its row of content, its own row and its versions, the newest last."""
    for page in found:
        others = [other.title for other in found if other.theme == page.theme and other is not page]
        linked = people.chance.sample(others, min(3, len(others)))
        body = writer.page(linked)
        made = people.before(people.chance.uniform(100, 900))
        authors = people.specialists[page.theme]
        versions = [
            {
                "content_id": page.id, "number": number, "title": page.title,
                "body": earlier(body, page.versions - number), "author_id": people.chance.choice(authors),
                "created_at": made + timedelta(days=number * 10), "note": writer.fill("VDN"),
            }
            for number in range(1, page.versions + 1)
        ]  # fmt: skip
        last = versions[-1]["created_at"]
        content = {
            "id": page.id, "kind": "wiki", "title": page.title, "slug": slugify(page.title),
            "body": body, "body_html": "", "renderer": 0, "author_id": versions[0]["author_id"],
            "theme_id": page.theme, "status": Status.PUBLISHED, "created_at": made,
            "published_at": made, "last_active_at": last, "edited_at": last,
            "edited_by_id": versions[-1]["author_id"], "version": page.versions,
        }  # fmt: skip
        own = {
            "id": page.id, "parent_id": page.parent, "position": page.id,
            "standing": Standing.IN_FORCE, "owner_id": authors[0],
            "review_on": people.before(-200).date(),
        }  # fmt: skip
        yield content, own, versions


def earlier(body: str, steps: int) -> str:
    """Return the text as it was so many versions ago: with less at the end."""
    parts = body.rstrip().split("\n\n")
    return "\n\n".join(parts[: max(1, len(parts) - 2 * steps)]) + "\n"
