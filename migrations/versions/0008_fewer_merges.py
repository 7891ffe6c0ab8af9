"""SQLite's index of words merges half as often.

Of each four new parts of the index FTS5 made one, in the transaction of a reply: that was most of
what indexing cost, and one reply in a hundred waited 20 ms for it. Now it does so with eight.

Revision: 0008, after 0007
"""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def merge(parts: int) -> None:
    """Let FTS5 merge so many parts of its index at a time; it keeps that in a table of its own."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"INSERT INTO search_index (search_index, rank) VALUES ('automerge', {parts})")


def upgrade() -> None:
    merge(8)


def downgrade() -> None:
    merge(4)
