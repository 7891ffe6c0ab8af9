"""Parts of pages that are rendered once and kept, for every reader who gets to see the same.

A kept part is a template that knows nothing but what it is given: no reader, no request, no clock.
What it was given is its key, with the language. So another text, name, right or date makes another
part, and none is ever out of date; nothing has to be thrown away but what is no longer asked for.
"""

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from secrets import token_hex
from typing import Any

from flask import Flask, current_app, g
from flask_babel import get_locale
from jinja2 import Undefined, UndefinedError
from jinja2.utils import missing
from markupsafe import Markup, escape
from sqlalchemy.orm import object_session

from app.extensions import TOKEN, Base, csrf_token
from app.policy import Ability

MARK = f"\0{token_hex(8)}\0"
"""Around the name of a slot; nobody can write it in a text."""
NO_SLOTS: Mapping[str, object] = {}
MOST_KEPT, MOST_PAGES = 500, 30
"""Parts kept by each process: a few kilobytes each."""
KEPT, PAGES_KEPT = "kring_fragments", "kring_pages"
NO_RIGHTS: frozenset[Ability] = frozenset()
OUTSIDE = frozenset(
    {
        "config", "crisis_notice", "frame_footer", "frame_header", "crisis_stops", "csrf_token", "current_user", "form",
        "g", "get_flashed_messages", "lang", "now", "request", "session", "shown", "site",
    }
)  # fmt: skip
"""What templates ask of the reader, the request or the clock; a kept part cannot."""


class OutOfReach(Undefined):
    """What a template was not given: an optional input is empty, what lies outside is refused."""

    def __init__(
        self,
        hint: str | None = None,
        obj: Any = missing,
        name: str | None = None,
        exc: Any = UndefinedError,
    ) -> None:
        super().__init__(hint, obj, name, exc)
        if obj is missing and name in OUTSIDE:
            raise LookupError(f"a kept part cannot ask for {name}: give it what it needs")


@dataclass(frozen=True)
class Seen:
    """What of a part depends on who looks at it and when: rights, photos, and how long ago it was."""

    asked: frozenset[Ability] = frozenset()
    held: frozenset[Ability] = frozenset()
    moments: tuple[tuple[datetime, str], ...] = ()
    photos: tuple[tuple[int, str | None], ...] = ()

    def may(self, ability: Ability, _subject: object = None) -> bool:
        """Answer `can`. Raises LookupError for what was not found out beforehand."""
        if ability not in self.asked:
            raise LookupError(f"a kept part asks for a right that it was not given: {ability}")
        return ability in self.held

    def ago(self, value: datetime) -> str:
        """Answer `ago`, in the words of when this part was asked for."""
        return dict(self.moments)[value]

    def photo_of(self, person: Any) -> str | None:
        """Answer `photo_of`."""
        return dict(self.photos)[person.id]


_seen: ContextVar[Seen] = ContextVar("kring_fragment_seen")
_make: ContextVar[Callable[[], Mapping[str, Any]]] = ContextVar("kring_fragment_make")
NOTHING = Seen()


def slot(name: str) -> Markup:
    """Return the mark of what is put in each time that a part is asked for."""
    return Markup(f"{MARK}{name}{MARK}")  # noqa: S704  # holds no text of people


def fragment(
    template: str,
    given: Mapping[str, Any],
    *,
    seen: Seen = NOTHING,
    slots: Mapping[str, object] = NO_SLOTS,
    make: Callable[[], Mapping[str, Any]] = dict,
    page: bool = False,
) -> Markup:
    """Return a part of a page; `page` says that it is most of one, of which fewer are kept.

    `given` holds plain values, or objects that are never changed (app.models.unattached). `slots`
    are the texts that are put in where the template says `slot(name)`; the token of a form is one by
    itself. `make` returns what the template needs besides when it must be rendered; it may depend
    on nothing but `given`.
    """
    pieces = kept(template, given, seen, make, PAGES_KEPT if page else KEPT)
    if len(pieces) > 1:
        pieces = list(pieces)
        pieces[1::2] = [filling(name, slots) for name in pieces[1::2]]
    return Markup("".join(pieces))  # noqa: S704  # rendered with escaping, filled in with escaping


def kept(
    template: str,
    given: Mapping[str, Any],
    seen: Seen = NOTHING,
    make: Callable[[], Mapping[str, Any]] = dict,
    where: str = KEPT,
) -> list[str]:
    """Return a part in pieces: text, the name of a slot, text, and so on."""
    keep: Callable[..., list[str]] = current_app.extensions[where]
    reset = _make.set(make)
    try:
        return keep(
            template, g.get("language") or get_locale().language, seen, tuple(given.items())
        )
    finally:
        _make.reset(reset)


def filling(name: str, slots: Mapping[str, object]) -> str:
    """Return what belongs in a slot."""
    return csrf_token() if name == TOKEN else escape(slots[name])


def init_app(app: Flask) -> None:
    """Make the templates that know nothing but what they are given, and the place to keep parts."""
    environment = app.jinja_env.overlay(undefined=OutOfReach)
    environment.globals = {
        name: value for name, value in app.jinja_env.globals.items() if name not in OUTSIDE
    }
    environment.globals.update(
        slot=slot,
        csrf_token=lambda: slot(TOKEN),
        can=lambda ability, subject=None: _seen.get().may(ability, subject),
        ago=lambda value: _seen.get().ago(value),
        fragment=in_part,
        photo_of=lambda person: _seen.get().photo_of(person),
    )

    def keep(
        template: str, _language: str, seen: Seen, given: tuple[tuple[str, Any], ...]
    ) -> list[str]:
        refuse_changeable(given)
        reset = _seen.set(seen)
        try:
            made = environment.get_template(template).render({**dict(given), **_make.get()()})
        finally:
            _seen.reset(reset)
        return made.split(MARK)

    app.extensions[KEPT] = lru_cache(MOST_KEPT)(keep)
    app.extensions[PAGES_KEPT] = lru_cache(MOST_PAGES)(keep)
    app.jinja_env.globals["fragment"] = in_template


def in_template(template: str, **given: Any) -> Markup:
    """Return a part from within a template: one that does not ask who looks at it, and when."""
    return fragment(template, given)


def in_part(template: str, **given: Any) -> Markup:
    """Return a part from within another; its slots are filled in where that one is asked for."""
    return Markup(MARK.join(kept(template, given)))  # noqa: S704  # as in fragment


def refuse_changeable(given: tuple[tuple[str, Any], ...]) -> None:
    """Raise TypeError for an object of the database that can still change."""
    for name, value in given:
        if isinstance(value, Base) and object_session(value) is not None:
            raise TypeError(f"{name} can change: a kept part needs plain values")
