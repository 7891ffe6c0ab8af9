"""The house keeps its floors: a module imports its own floor or a lower one."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

APP = Path(__file__).parents[1] / "app"
FLOORS = (
    ("lib",),
    ("extensions",),
    ("models",),
    ("policy", "site"),
    ("queries",),
    ("services",),
    (
        "access",
        "drafting",
        "forms",
        "fragments",
        "list_parts",
        "piece_parts",
        "templating",
        "errors",
        "removing",
        "reporting",
    ),
    ("blueprints",),
)
FLOOR = {name: number for number, names in enumerate(FLOORS) for name in names}
KNOWS_ALL = {"__init__", "config", "cli"}
MODULES = sorted(APP.rglob("*.py"))
ASKING = [path for path in MODULES if {"queries", "blueprints"} & set(path.relative_to(APP).parts)]
SETS_OF_ROLES = {"ADMINISTRATOR", "EVERYONE", "KEEPERS", "MANAGER", "MODERATORS"}


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """Yield what a module imports of ours, with the line."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "app":
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from ((name, node.lineno) for name in names)
        elif isinstance(node, ast.Import):
            yield from ((a.name, node.lineno) for a in node.names if a.name.startswith("app."))


def floor_of(name: str) -> int | None:
    """Return the floor of a dotted name, or None for those that know every other one."""
    parts = name.split(".")
    return FLOOR.get(parts[1]) if len(parts) > 1 else None


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(APP)))
def test_a_module_imports_its_own_floor_or_a_lower_one(path: Path) -> None:
    room = path.relative_to(APP).with_suffix("").parts
    if room[0] in KNOWS_ALL:
        return
    here = FLOOR.get(room[0])
    assert here is not None, f"{room[0]} has no floor: add it to FLOORS, or put it in a room"
    for name, line in imports(path):
        there = floor_of(name)
        assert there is not None and there <= here, f"line {line}: {name} lies above {room[0]}"
        in_room = room[0] == "blueprints" and len(room) > 2
        other_room = in_room and name.startswith("app.blueprints.")
        assert not other_room or name.split(".")[2] == room[1], (
            f"line {line}: rooms do not import each other; what both need lives on a lower floor"
        )


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(APP)))
def test_imports_stand_at_the_top(path: Path) -> None:
    """An import inside a function hides what a module needs, and breaks at run time only."""
    for function in ast.walk(ast.parse(path.read_text())):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            inside = [n for n in ast.walk(function) if isinstance(n, ast.Import | ast.ImportFrom)]
            assert not inside, f"line {inside[0].lineno}"


def roles_asked(path: Path) -> Iterator[int]:
    """Yield the lines that ask for a role of someone, or that know which roles go together."""
    for node in ast.walk(ast.parse(path.read_text())):
        match node:
            case ast.Compare(
                left=ast.Attribute(value=ast.Name(id="Role")),
                comparators=[ast.Attribute(value=whose, attr="roles")],
            ) if ast.unparse(whose) != "way":
                yield node.lineno
            case ast.ImportFrom(module="app.policy", names=names):
                yield from (name.lineno for name in names if name.name in SETS_OF_ROLES)


@pytest.mark.parametrize("path", ASKING, ids=lambda path: str(path.relative_to(APP)))
def test_only_the_policy_decides_by_a_role(path: Path) -> None:
    """Elsewhere it would be forgotten when the table of abilities changes."""
    assert not list(roles_asked(path)), "put the condition in app/policy.py, next to its like"


def test_names_say_what_is_inside() -> None:
    assert not [path for path in MODULES if path.stem in {"utils", "helpers", "common", "misc"}]


def test_migrations_know_no_models() -> None:
    """A migration must mean the same next year, when the models have changed."""
    for path in (APP.parent / "migrations").rglob("*.py"):
        assert not list(imports(path)), path
