"""What of a wiki can leave: as one page to print, or as files."""

from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import joinedload

from app.models import Status, Theme, WikiPage
from app.policy import visible_to
from app.queries.wikis import branch, in_tree


def agreed() -> ColumnElement[bool]:
    """Return the condition for the pages that can go at all: not hidden, and not for specialists only."""
    return WikiPage.hidden_at.is_(None) & (WikiPage.status == Status.PUBLISHED)


def readable(user: Any, of: Theme | WikiPage) -> ColumnElement[bool]:
    """Return the condition on `WikiPage` for what of a theme, or of a page with all below it, can go.

    What moderators hid stays behind, also for who can see it, and what a colleague must adopt first.
    """
    shown = visible_to(user) & agreed()
    if isinstance(of, Theme):
        return in_tree(of.id) & shown
    return in_tree(of.theme_id or 0) & shown & WikiPage.id.in_(select(branch(of.id).c.id))


def to_print(user: Any, of: Theme | WikiPage, most: int) -> Select[WikiPage]:
    """Select the pages that can be printed, in order among their siblings, at most so many."""
    return (
        select(WikiPage)
        .where(readable(user, of))
        .options(
            joinedload(WikiPage.owner), joinedload(WikiPage.edited_by), joinedload(WikiPage.author)
        )
        .order_by(WikiPage.position, WikiPage.id)
        .limit(most)
    )
