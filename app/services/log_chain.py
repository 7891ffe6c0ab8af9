"""The log as a chain: each row carries a hash over itself and the row before it.

Who can write to the database file can still make the whole chain anew, and its head with it. A copy
of the last hash kept elsewhere, such as in a backup, shows that too.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select, update

from app.extensions import db
from app.lib.log_chain import FIELDS, link
from app.models import LogEntry, LogHead
from app.services.reactions import add_once

READ_AT_ONCE = 1000


def append(rows: Iterable[LogEntry]) -> list[LogEntry]:
    """Give new rows their place at the end of the chain; others who add to the log wait meanwhile.

    They must be added to the session in this order, before the next call.
    """
    last = hold_end()
    placed = list(rows)
    for row in placed:
        row.hash = last = link(last, [getattr(row, name) for name in FIELDS])
    db.session.execute(
        update(LogHead)
        .where(LogHead.id == 1)
        .values(rows=LogHead.rows + len(placed), hash=last)
        .execution_options(synchronize_session=False)
    )
    return placed


def hold_end() -> str:
    """Return the hash of the last row, and keep others from adding to it until we are done."""
    held = (
        update(LogHead)
        .where(LogHead.id == 1)
        .values(rows=LogHead.rows)
        .returning(LogHead.hash)
        .execution_options(synchronize_session=False)
    )
    last = db.session.scalar(held)
    if last is None:  # nothing was logged before
        add_once(LogHead, id=1, rows=0, hash="")
        last = db.session.scalars(held).one()
    return last


@dataclass(frozen=True)
class Verdict:
    """What a look at the whole chain found: its number of rows, and the first that does not fit.

    `last` is the hash of the last row: kept elsewhere, it shows later that nothing was made anew.
    """

    rows: int
    broken_at: int | None = None
    shortened: bool = False
    last: str = ""

    @property
    def holds(self) -> bool:
        """Tell whether nothing was changed, put between, or taken away."""
        return self.broken_at is None and not self.shortened


def verify() -> Verdict:
    """Walk the chain from its first row to its head."""
    before, number = "", 0
    columns = [getattr(LogEntry, name) for name in FIELDS]
    found = select(LogEntry.id, LogEntry.hash, *columns).order_by(LogEntry.id)
    with db.session.execute(found.execution_options(yield_per=READ_AT_ONCE)) as rows:
        for key, kept, *values in rows:
            number += 1
            before = link(before, values)
            if before != kept:
                return Verdict(number, broken_at=key)
    head = db.session.execute(
        select(LogHead.rows, LogHead.hash).where(LogHead.id == 1)
    ).one_or_none()
    whole = (number, before) == (tuple(head) if head else (0, ""))
    return Verdict(number, shortened=not whole, last=before)
