"""The articles of the house rules that hold now."""

from app.lib.articles import Article, articles_in
from app.queries.pages import RULES, current


def articles() -> tuple[Article, ...]:
    """Return the articles in the order of the page; none while its text has no headings."""
    return articles_in(current(RULES).html)
