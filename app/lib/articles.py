"""House rules have articles: each heading 2 is one, with a number and a lasting address."""

import re
from dataclasses import dataclass
from functools import lru_cache
from html import unescape

from app.lib.markdown import ID_PREFIX

ANCHOR = "artikel-"
HEADING = re.compile(r'<h2 id="([^"]*)">')
ARTICLE = re.compile(rf'<h2 id="{ANCHOR}(\d+)">(.*?)</h2>', re.DOTALL)
BESIDE = re.compile(r"<a [^>]*heading-link[^>]*>.*?</a>|<[^>]*>", re.DOTALL)
WRITTEN = re.compile(rf'href="#{ID_PREFIX}{ANCHOR}(\d+)"')


def numbered(html: str) -> str:
    """Return rendered HTML with its headings 2 as articles: `#artikel-3` leads to the third.

    Links to a heading, by its title or as `[artikel 3](#artikel-3)`, lead to the article.
    """
    headings = HEADING.findall(html)
    html = WRITTEN.sub(rf'href="#{ANCHOR}\1"', html)
    for number, old in enumerate(headings, start=1):
        anchor = f"{ANCHOR}{number}"
        html = html.replace(f'<h2 id="{old}">', f'<h2 id="{anchor}">{number}. ')
        html = html.replace(f'href="#{old}"', f'href="#{anchor}"')
    return html


@dataclass(frozen=True)
class Article:
    """An article of the rules: its text, such as "3. Elke vraag is welkom", and where it stands."""

    label: str
    anchor: str


@lru_cache(maxsize=8)
def articles_in(html: str) -> tuple[Article, ...]:
    """Return the articles of rules that `numbered` made."""
    return tuple(
        Article(unescape(BESIDE.sub("", heading)).strip(), f"{ANCHOR}{number}")
        for number, heading in ARTICLE.findall(html)
    )
