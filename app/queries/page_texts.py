"""The texts of standing pages that ship with Kring, in Dutch: app/pages/<name>.md."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path

from flask_babel import force_locale
from flask_babel import gettext as _

from app.lib import front_matter
from app.lib.articles import numbered
from app.lib.markdown import Labels, PictureResolver, render

FOLDER = Path(__file__).parents[1] / "pages"
SHIPPED_ON = date(2026, 11, 21)
LANGUAGE = "nl"
RULES = "house-rules"
NAMES = (
    "house-rules", "help", "welcome", "what-goes-where", "tone", "moderation", "about",
    "privacy", "accessibility",
)  # fmt: skip


@dataclass(frozen=True)
class PageText:
    """The text of a page at one time, as HTML too; the one that ships has no author and no moment.

    `in_force` is the day from which it holds. One that is `minor` mends wording only.
    """

    name: str
    title: str
    body: str
    html: str
    number: int
    in_force: date
    edited_at: datetime | None = None
    author: str | None = None
    note: str = ""
    minor: bool = False


@cache
def shipped(name: str) -> PageText:
    """Return the text that ships; raises KeyError for a page that there is not."""
    if name not in NAMES:
        raise KeyError(name)
    document = front_matter.read((FOLDER / f"{name}.md").read_text(encoding="utf-8"), name)
    with force_locale(LANGUAGE):
        labels = Labels(
            heading=_("Link to {title}"), footnote=_("Back to the text of note {number}")
        )
    html = html_of(name, document.body, labels)
    return PageText(name, document.header.title, document.body, html, 1, SHIPPED_ON)


def html_of(name: str, body: str, labels: Labels, pictures: PictureResolver | None = None) -> str:
    """Render the text of a page: without links to wikis and people, because visitors read it too.

    Raises app.lib.markdown.MarkdownRefused.
    """
    html = render(body, labels=labels, pictures=pictures).html
    return numbered(html) if name == RULES else html
