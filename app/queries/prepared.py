"""Statements that are made once for all readers alike: making one costs more than its rows.

What a function of queries makes of a user, it makes of a `policy.Sight` as well, in which names
stand for what is of this reader: `prepared` has it made once for each kind of reader, and fills in
the names each time. So there is one condition of what a reader sees, and it is always decided anew.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, Executable, bindparam

from app.lib.clock import now
from app.models import Content
from app.models.unattached import MAKING, Prepared
from app.policy import reader_of, sight_of

MOST_MADE = 300
"""Each takes up to 130 KB; there are some 15 for each kind of reader."""


@dataclass(frozen=True)
class Asked:
    """A statement, and what belongs in the places of its names."""

    made: Prepared
    values: Mapping[str, Any]

    def rows(self) -> Sequence[Any]:
        """Return its rows."""
        return self.made.rows(**self.values)


@lru_cache(MOST_MADE)
def made(
    build: Callable[..., Executable], kind: tuple[Any, ...], given: tuple[Any, ...]
) -> Prepared:
    """Return a statement for readers of a kind."""
    return Prepared(build(reader_of(kind), *given), named=True)


def prepared(build: Callable[..., Any], user: Any, *given: Any, **values: Any) -> Asked:
    """Return what `build(user, *given)` selects.

    `build` must make the same of the same: what changes by itself, it leaves to names (`values`) or
    to `at_present`. What is `given` decides what the statement looks like, and there is little of it.
    """
    sight = sight_of(user)
    named = {**sight.values(), **values, PRESENT: now()}
    with MAKING:
        found = made(build, sight.kind, given)
    return Asked(found, named)


PRESENT = "at_present"


def at_present() -> BindParameter[Any]:
    """Return the moment at which a statement is executed, whenever it was made."""
    return bindparam(PRESENT, callable_=now, type_=Content.created_at.type)
