"""How the database means to answer a statement: which large tables it would read from end to end."""

import re
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection

from app.extensions import Base

SMALL = frozenset({
    "crises", "crisis_notes", "departments", "edit_notices", "grants", "groups", "log_heads",
    "page_versions", "pages", "settings", "tags", "tag_aliases", "templates", "theme_aliases", "themes",
})  # fmt: skip
"""What stays small however long a community lives; every other table, also a new one, is large."""
LARGE = frozenset(Base.metadata.tables) - SMALL | {"search_index"}
PARTIAL = frozenset(
    str(index.name)
    for table in Base.metadata.tables.values()
    for index in table.indexes
    if index.dialect_options["sqlite"]["where"] is not None
)
"""Indexes that hold few of the rows, such as what is pinned: reading one whole is what they are for."""


def full_scans(connection: Connection, statement: str, parameters: Any) -> set[str]:
    """Return the large tables that a statement reads whole, in an order of its own or an index's.

    Reading along an index until a page of a list is full is no such thing.
    """
    if statement.startswith("INSERT"):
        # SQLite would name all tables that refer to this one, and look at none of them.
        statement = chosen_by(statement)
    if not statement:
        return set()
    if connection.dialect.name == "sqlite":
        raw = connection.connection.driver_connection
        assert raw is not None
        rows = raw.execute(f"EXPLAIN QUERY PLAN {statement}", parameters).fetchall()
        return set(in_sqlite(rows, statement))
    explained = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", parameters)
    return set(in_postgres(explained.scalar_one()[0]["Plan"]))


def chosen_by(statement: str) -> str:
    """Return the SELECT that gives an INSERT its rows; nothing for rows of the statement's own."""
    found = re.match(
        r"INSERT INTO \w+ \([^)]*\) (SELECT .*?)( RETURNING .*)?$", statement, re.DOTALL
    )
    return found[1] if found else ""


def only_indexes(connection: Connection) -> None:
    """Let PostgreSQL read a table whole only where no index will do, however small it is."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("ANALYZE")
        connection.exec_driver_sql("SET enable_seqscan = off")


def in_sqlite(rows: list[tuple[int, int, int, str]], statement: str) -> Iterator[str]:
    """Yield the tables of a plan, whose rows have an id, that of the row above them, and a step."""
    names = {alias: table for table, alias in re.findall(r"(\w+) AS (\w+)", statement)}
    steps = {key: step for key, _above, _n, step in rows}
    sorts = {above for _key, above, _n, step in rows if step.startswith("USE TEMP B-TREE")}
    for _key, above, _n, step in rows:
        found = re.match(r"SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?", step)
        in_order = above not in sorts and has_limit(steps.get(above, ""), statement)
        if found and found[2] not in PARTIAL and not in_order:
            table = names.get(found[1], found[1])
            if table in LARGE and "VIRTUAL TABLE" not in step:
                yield table


def has_limit(part: str, statement: str) -> bool:
    """Tell whether a part of a plan, such as `CO-ROUTINE anon_1`, or all of it, has a LIMIT."""
    end = rf"\) AS {re.escape(part.rsplit(maxsplit=1)[-1])}\b" if part else r"\s*$"
    return re.search(rf"\sLIMIT \?(\s+OFFSET \?)?{end}", statement) is not None


def in_postgres(node: dict[str, Any]) -> Iterator[str]:
    """Yield the tables of a plan, from its first step on."""
    if node["Node Type"] == "Seq Scan" and node["Relation Name"] in LARGE:
        yield node["Relation Name"]
    for part in node.get("Plans", ()):
        yield from in_postgres(part)
