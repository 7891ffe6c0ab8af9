"""Rows of a tree, put under each other for templates."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Branch:
    """A page in a tree (a row with `id`, `title`, `slug`, `parent_id` …) with what stands below it."""

    page: Any
    below: list["Branch"] = field(default_factory=list)


def grow(rows: Iterable[Any]) -> list[Branch]:
    """Return the rows as branches, in the order of the rows.

    A page whose parent is not among the rows, such as one that is hidden, stands on top.
    """
    branches = {row.id: Branch(row) for row in rows}
    top: list[Branch] = []
    for branch in branches.values():
        parent = branches.get(branch.page.parent_id)
        (parent.below if parent else top).append(branch)
    return top


def above(rows: Iterable[Any], parent_id: int | None) -> list[Any]:
    """Return the pages from the top down to `parent_id`."""
    pages = {row.id: row for row in rows}
    found: list[Any] = []
    while parent_id in pages:
        page = pages.pop(parent_id)
        found.append(page)
        parent_id = page.parent_id
    return found[::-1]


def flatten(branches: Sequence[Branch], depth: int = 0) -> list[tuple[int, Any]]:
    """Return all pages with their depth, in the order in which a tree shows them."""
    found: list[tuple[int, Any]] = []
    for branch in branches:
        found.append((depth, branch.page))
        found += flatten(branch.below, depth + 1)
    return found


def without(branches: Sequence[Branch], page_id: int) -> list[Branch]:
    """Return the branches without that of one page."""
    return [
        Branch(branch.page, without(branch.below, page_id))
        for branch in branches
        if branch.page.id != page_id
    ]
