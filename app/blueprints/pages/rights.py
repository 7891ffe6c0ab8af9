"""The table of who may what, made from the policy itself."""

from dataclasses import dataclass

from app.models import Role
from app.policy import ABILITIES, LABELS, Ability, Way


@dataclass(frozen=True)
class Cell:
    """Whether a role may do something; `notes` are the numbers of the conditions, if there are."""

    allowed: bool
    notes: tuple[int, ...] = ()


@dataclass(frozen=True)
class Table:
    """Abilities by row; roles by column, and last those who lead a group. Conditions by number."""

    roles: list[Role]
    rows: list[tuple[str, list[Cell]]]
    notes: list[str]


def table() -> Table:
    """Return the table in the reader's language."""
    notes: list[str] = []
    rows = [
        (
            str(LABELS[ability]),
            [*(of_role(ability, role, notes) for role in Role), of_leaders(ability, notes)],
        )
        for ability in Ability
    ]
    return Table(list(Role), rows, notes)


def of_role(ability: Ability, role: Role, notes: list[str]) -> Cell:
    """Return what a role may, apart from what comes with leading a group."""
    return cell([way for way in ABILITIES[ability] if role in way.roles and not way.leaders], notes)


def of_leaders(ability: Ability, notes: list[str]) -> Cell:
    """Return what the owners and moderators of a group may inside it; they are members too."""
    ways = [way for way in ABILITIES[ability] if way.leaders]
    return cell(ways, notes) if ways else of_role(ability, Role.MEMBER, notes)


def cell(ways: list[Way], notes: list[str]) -> Cell:
    """Return what these ways allow; one without a condition makes the others beside the point."""
    if any(way.note is None for way in ways):
        return Cell(allowed=True)
    texts = dict.fromkeys(str(way.note) for way in ways)
    notes.extend(text for text in texts if text not in notes)
    return Cell(bool(ways), tuple(sorted(notes.index(text) + 1 for text in texts)))
