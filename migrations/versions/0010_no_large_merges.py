"""No reply waits while SQLite's index of words merges all that came in.

When sixteen parts of one size lie together, FTS5 merges them at once, whatever their size, in the
transaction of whoever wrote last. After a bulk of texts, as `flask reindex` or an import brings,
those parts are large: one reply among 100,000 took 0.4 s, and everyone else's waited. Step by step,
in pieces of a megabyte, it merges them all the same; meanwhile more of them may lie there.

Revision: 0010, after 0009
"""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def merge_at_once(parts: int) -> None:
    """Let FTS5 merge at once only when there are so many; it keeps that in a table of its own."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"INSERT INTO search_index (search_index, rank) VALUES ('crisismerge', {parts})")


def upgrade() -> None:
    merge_at_once(500)


def downgrade() -> None:
    merge_at_once(16)
