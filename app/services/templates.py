"""Texts to begin a piece with: made, changed, put in order, archived, and put back as they shipped."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.extensions import db
from app.lib.clock import now
from app.models import Template, Theme, User
from app.queries import templates as queries
from app.queries.templates import Beginning, shipped
from app.services import activity
from app.services.activity import Verb


@dataclass(frozen=True)
class Words:
    """What a text to begin with says; `theme` None: it is for all."""

    name: str
    description: str
    body: str
    theme: Theme | None = None


def add(folder: str, words: Words, actor: User) -> Template:
    """Add a text, last in its room."""
    last = max((b.position for b in in_room(folder)), default=-1)
    row = Template(folder=folder, position=last + 1)
    write(row, words)
    db.session.add(row)
    db.session.flush()
    activity.log(Verb.TEMPLATE_CHANGED, row, actor, result="added")
    return row


def change(text: Beginning, words: Words, actor: User) -> bool:
    """Give a text other words; tells whether they are other ones."""
    row = row_of(text)
    before = (*queries.texts(row), row.theme_id)
    write(row, words)
    if before == (*queries.texts(row), words.theme.id if words.theme else None):
        return False
    db.session.flush()
    activity.log(Verb.TEMPLATE_CHANGED, row, actor, result="changed")
    return True


def write(row: Template, words: Words) -> None:
    row.name, row.description, row.body = words.name, words.description, words.body
    row.theme_id = words.theme.id if words.theme else None


def move(text: Beginning, places: int) -> None:
    """Move a text so many places on in its room, or back when negative; the ends hold it."""
    order = in_room(text.folder)
    here = next(number for number, each in enumerate(order) if each.key == text.key)
    order.insert(max(0, min(here + places, len(order) - 1)), order.pop(here))
    for number, each in enumerate(order):
        row_of(each).position = number


def in_room(folder: str) -> list[Beginning]:
    """Return all texts of a room in their order."""
    return [each for each in queries.beginnings(archived=True) if each.folder == folder]


def archive(text: Beginning, actor: User) -> None:
    """Offer a text no longer."""
    row = row_of(text)
    if row.archived_at is None:
        row.archived_at = now()
        activity.log(Verb.TEMPLATE_CHANGED, row, actor, result="archived")


def restore(text: Beginning, actor: User) -> None:
    """Offer a text again."""
    row = row_of(text)
    if row.archived_at is not None:
        row.archived_at = None
        activity.log(Verb.TEMPLATE_CHANGED, row, actor, result="in use again")


def reset(text: Beginning, actor: User) -> None:
    """Give a text back the words with which it ships; raises KeyError for one of the community."""
    first, row = shipped()[text.key], row_of(text)
    if queries.texts(row) != queries.texts(first):
        row.name, row.description, row.body = queries.texts(first)
        activity.log(Verb.TEMPLATE_CHANGED, row, actor, result="as it shipped")


def row_of(text: Beginning) -> Template:
    """Return the row of a text; its first change makes one of what ships."""
    known = Template.key == text.key if text.shipped else Template.id == int(text.key)
    found = db.session.scalar(select(Template).where(known).with_for_update())
    if found is not None:
        return found
    row = Template(
        key=text.key, folder=text.folder, name=text.name, description=text.description,
        body=text.body, position=text.position,
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:  # another manager changed it at the same moment
        return db.session.scalars(select(Template).where(known)).one()
    return row
