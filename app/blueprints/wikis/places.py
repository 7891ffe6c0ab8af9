"""The place that someone chose for a page: loaded, and checked by the policy as any other door."""

from typing import TypeVar

from flask import abort
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from wtforms import Field

from app.extensions import db
from app.models import Theme, WikiPage
from app.policy import Ability, can, visible_to
from app.queries.wikis import LARGEST
from app.services.wikis import MisplacedError

Place = TypeVar("Place", Theme, WikiPage)

REFUSALS = {
    "own_branch": _l("A page cannot stand under itself. Choose another one."),
    "other_theme": _l("That page is in another theme. Choose a page of this theme."),
    "in_bin": _l("That page is in the bin. Choose another one."),
    "too_deep": _l("The tree would become too deep. Choose a page that is higher up."),
}


def chosen_theme(key: int | None) -> Theme:
    """Return the theme with this id; 404 when there is none, 403 when it is not yours to write in."""
    theme = db.session.get(Theme, key) if key is not None and key < LARGEST else None
    if theme is None:
        abort(404)
    return writable(theme)


def chosen_parent(key: int | None) -> WikiPage | None:
    """Return the page with this id, None for no id; 404 and 403 as for a theme."""
    if key is None:
        return None
    if key >= LARGEST:
        abort(404)
    page = db.session.scalar(
        select(WikiPage)
        .where(WikiPage.id == key, visible_to(current_user))
        .options(joinedload(WikiPage.group), joinedload(WikiPage.theme))
    )
    if page is None:
        abort(404)
    return writable(page)


def writable(place: Place) -> Place:
    """Return a theme or a page; 403 when the person may not write there."""
    if not can(current_user, Ability.WRITE_WIKI, place):
        abort(403)
    return place


def refuse(field: Field, error: MisplacedError) -> None:
    """Tell at the field why a page cannot stand there."""
    field.errors = [str(REFUSALS[error.reason])]
