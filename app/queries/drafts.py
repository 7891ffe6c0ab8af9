"""What someone was writing: the forms of which text is kept, and what is kept of them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from sqlalchemy import Integer, ScalarSelect, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import joinedload

from app.extensions import db
from app.models import Content, Draft, User
from app.models.unattached import Prepared
from app.policy import Ability, can, visible_to

LISTED = 200
FACTS = frozenset({"tags", "theme_id", "version"})
PAGE_FACTS = FACTS | {"note", "standing", "owner_id", "review_on"}
WRITER = "draft_writer"
"""Under this name the fields of a draft tell which opened form wrote it last."""


@dataclass(frozen=True)
class Kind:
    """A form of which the text is kept.

    `pattern` is its place, in which {id} and {name} vary; `path` leads to it. `texts` are the fields
    in which people write, `facts` those in which they choose: no other is kept, so that no secret
    is. `ability` is what sending it asks. The number in a place is of a piece, a reply or neither.
    """

    pattern: str
    path: str
    label: LazyString
    ability: Ability
    texts: frozenset[str]
    facts: frozenset[str] = frozenset()
    number: str = ""

    @cached_property
    def form(self) -> re.Pattern[str]:
        """Return what the places of this kind look like."""
        named = self.pattern.replace("{id}", "(?P<id>[0-9]{1,9})")
        return re.compile(named.replace("{name}", "(?P<name>[a-z0-9-]{1,40})"))


ORDER = ("title", "name", "message", "body")
TITLED, NAMED = frozenset({"title", "body"}), frozenset({"name", "body"})
ALONE = frozenset({"body"})

KINDS = (
    Kind("discussions:new", "/discussions/new", _l("New discussion"), Ability.START_DISCUSSION,
         TITLED, frozenset({"tags", "theme_id", "group_id", "is_question"})),
    Kind("discussions:{id}:edit", "/discussions/{id}/edit", _l("Change of a discussion"),
         Ability.EDIT, TITLED, FACTS | {"note", "reason", "is_question"}, "content"),
    Kind("discussions:{id}:comment", "/discussions/{id}#reply", _l("Reply"), Ability.COMMENT,
         ALONE, number="content"),
    Kind("comments:{id}:edit", "/comments/{id}/edit", _l("Change of a reply"), Ability.EDIT,
         ALONE, frozenset({"reason", "version"}), "comment"),
    Kind("wikis:new:{id}", "/wikis/new?in={id}", _l("New wiki page"), Ability.WRITE_WIKI,
         TITLED, PAGE_FACTS | {"parent_id"}),
    Kind("wikis:{id}:edit", "/wikis/{id}/edit", _l("Change of a wiki page"), Ability.WRITE_WIKI,
         TITLED, PAGE_FACTS, "content"),
    Kind("proposals:new", "/proposals/new", _l("Proposal for the wiki"), Ability.PROPOSE, TITLED,
         frozenset({"note", "theme_id"})),
    Kind("proposals:{id}:page", "/proposals/new?page={id}", _l("Proposal for the wiki"),
         Ability.PROPOSE, TITLED, frozenset({"note", "version"}), "content"),
    Kind("proposals:{id}:content", "/proposals/new?content={id}", _l("Proposal for the wiki"),
         Ability.PROPOSE, TITLED, frozenset({"note", "theme_id"}), "content"),
    Kind("proposals:{id}:comment", "/proposals/new?comment={id}", _l("Proposal for the wiki"),
         Ability.PROPOSE, TITLED, frozenset({"note", "theme_id"}), "comment"),
    Kind("proposals:{id}:adapt", "/proposals/{id}/adapt", _l("Proposal in other words"),
         Ability.WRITE_WIKI, TITLED, frozenset({"parent_id", "version"})),
    Kind("pages:{name}:edit", "/pages/{name}/edit", _l("Page of the community"),
         Ability.EDIT_PAGES, TITLED, frozenset({"note", "minor", "version"})),
    Kind("help:new", "/help-requests/new", _l("Question to the community manager"),
         Ability.ASK_HELP, frozenset({"message"}), frozenset({"topic", "theme"})),
    Kind("decisions:{id}:appeal", "/decisions/{id}/appeal", _l("Objection"), Ability.READ, ALONE),
    Kind("templates:new", "/templates/new", _l("Text to begin with"), Ability.MANAGE_TEMPLATES,
         NAMED, frozenset({"description", "folder", "theme_id"})),
    Kind("templates:{name}:edit", "/templates/{name}/edit", _l("Text to begin with"),
         Ability.MANAGE_TEMPLATES, NAMED, frozenset({"description", "theme_id"})),
)  # fmt: skip


@dataclass(frozen=True)
class Place:
    """One form: its kind, and about what it is."""

    name: str
    kind: Kind
    number: int | None

    @property
    def path(self) -> str:
        """Return where this form stands."""
        return self.kind.path.format(**self.match.groupdict())

    @property
    def match(self) -> re.Match[str]:
        """Return the parts of the place."""
        found = self.kind.form.fullmatch(self.name)
        assert found is not None
        return found


KEPT = Prepared(
    select(Draft.id).where(
        Draft.user_id == bindparam("user"),
        func.substr(Draft.place, 1, bindparam("size", type_=Integer())) == bindparam("place"),
    )
)
"""What someone wrote in forms of which the name begins with `place`, of this size: mostly nothing."""


def place_of(name: str) -> Place:
    """Return the form of this name; raises LookupError where there is none.

    Text that someone wrote in two windows at once is kept twice: the second place ends in `#2`.
    """
    base = name.partition("#")[0]
    for each in KINDS:
        if found := each.form.fullmatch(base):
            number = found.groupdict().get("id")
            return Place(base, each, int(number) if number else None)
    raise LookupError(name)


def at(user: User, name: str, key: int | None = None) -> Select[Draft]:
    """Select what `user` wrote in a form, newest first; only the one with the id `key`, if given."""
    here = or_(Draft.place == name, Draft.place.startswith(f"{name}#", autoescape=True))
    found = select(Draft).where(Draft.user_id == user.id, here)
    if key is not None:
        found = found.where(Draft.id == key)
    return found.order_by(Draft.updated_at.desc(), Draft.id.desc())


def own(user: User, key: int) -> Select[Draft]:
    """Select one draft of `user`."""
    return select(Draft).where(Draft.user_id == user.id, Draft.id == key)


def newest(user: User, name: str, key: int | None = None) -> ScalarSelect[int]:
    """Return the id of what `at` gives first, for a statement about more than that."""
    return at(user, name, key).with_only_columns(Draft.id).limit(1).scalar_subquery()


def stamp(draft: Draft) -> str:
    """Return which draft this is, and in which state."""
    return f"{draft.id}-{int(draft.updated_at.timestamp() * 1_000_000)}"


@dataclass(frozen=True)
class Listed:
    """A draft with its form, and the piece that it is about, if its writer can still see that.

    `open` tells whether the form still takes the text.
    """

    draft: Draft
    place: Place
    piece: Content | None
    open: bool

    @property
    def url(self) -> str:
        """Return where one goes on writing."""
        path, mark, part = self.place.path.partition("#")
        return f"{path}{'&' if '?' in path else '?'}draft={self.draft.id}{mark}{part}"


def drafts_of(user: User, key: int | None = None) -> Iterator[Listed]:
    """Yield the drafts of `user`, newest first; only the one with the id `key`, if given."""
    piece = and_(Content.id == Draft.content_id, visible_to(user))
    found = (
        select(Draft, Content)
        .outerjoin(Content, piece)
        .where(Draft.user_id == user.id)
        .options(joinedload(Content.group), joinedload(Content.author))
        .order_by(Draft.updated_at.desc(), Draft.id.desc())
        .limit(LISTED)
    )
    if key is not None:
        found = found.where(Draft.id == key)
    for draft, content in db.session.execute(found):
        try:
            place = place_of(draft.place)
        except LookupError:  # a form that a later version of Kring no longer has
            continue
        yield Listed(draft, place, content, is_open(user, place, content))


def is_open(user: User, place: Place, piece: Content | None) -> bool:
    """Tell whether a form takes what `user` writes, as far as that can be told without its reply."""
    if place.kind.number and piece is None:
        return False
    if place.kind.number == "comment":
        return True
    return can(user, place.kind.ability, piece)


def texts_in(place: Place, fields: dict[str, Any]) -> list[tuple[str, str]]:
    """Return what someone wrote in a form, by field, the title first."""
    names = [name for name in ORDER if name in place.kind.texts]
    return [(name, fields[name]) for name in names if fields.get(name, "").strip()]
