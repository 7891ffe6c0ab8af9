"""What the database holds, to compare before and after."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import select

from app.extensions import Base, Kring, db
from app.lib.batches import Batch

Dump = dict[str, list[dict[str, Any]]]
# A visit is noted, in a transaction of its own: knowingly, and nowhere else.
NOTED = frozenset({"last_seen_at"})


def dump(app: Kring, without: Collection[str] = NOTED) -> Dump:
    """Return the rows of all tables, in the order of their keys, without the columns named.

    What waits to be written outside requests is written first: what was left by making the scene is
    in the dump before, what a request left in the dump after.
    """
    for batch in [each for each in app.extensions.values() if isinstance(each, Batch)]:
        assert batch.flush_now()
    with app.app_context(), db.engine.connect() as connection:
        return {
            table.name: [
                {name: value for name, value in row.items() if name not in without}
                for row in connection.execute(
                    select(table).order_by(*table.primary_key.columns)
                ).mappings()
            ]
            for table in Base.metadata.sorted_tables
        }


def changed(before: Dump, after: Dump) -> list[str]:
    """Say which tables differ, and by which rows."""
    return [
        f"{name}: {[row for row in after[name] if row not in rows][:2]} for"
        f" {[row for row in rows if row not in after[name]][:2]}"
        for name, rows in before.items()
        if rows != after[name]
    ]
