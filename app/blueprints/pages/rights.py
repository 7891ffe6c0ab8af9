"""The table of who may what, made from the policy itself."""

from dataclasses import dataclass

from app.models import Role
from app.policy import ABILITIES, LABELS, Ability


@dataclass(frozen=True)
class Cell:
    """Whether a role may do something; `notes` are the numbers of the conditions, if there are."""

    allowed: bool
    notes: tuple[int, ...] = ()


@dataclass(frozen=True)
class Table:
    """Roles by column, abilities by row, and the conditions in the order of their numbers."""

    roles: list[Role]
    rows: list[tuple[str, list[Cell]]]
    notes: list[str]


def table() -> Table:
    """Return the table in the reader's language."""
    notes: list[str] = []
    rows = [
        (str(LABELS[ability]), [cell(ability, role, notes) for role in Role]) for ability in Ability
    ]
    return Table(list(Role), rows, notes)


def cell(ability: Ability, role: Role, notes: list[str]) -> Cell:
    """Return what a role may; a way without a condition makes the others beside the point."""
    ways = [way for way in ABILITIES[ability] if role in way.roles]
    if any(way.note is None for way in ways):
        return Cell(allowed=True)
    texts = dict.fromkeys(str(way.note) for way in ways)
    notes.extend(text for text in texts if text not in notes)
    return Cell(bool(ways), tuple(sorted(notes.index(text) + 1 for text in texts)))
