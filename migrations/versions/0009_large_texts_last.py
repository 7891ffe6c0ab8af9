"""SQLite reads what a list shows of a piece without the large texts of that piece.

It stores a row in the order of the columns and reads it up to the last one that is asked for. With
the texts in the middle the tree of the wiki read three pages of the file for each wiki page. Where
`body` and `body_html` stand last they are read only when they are shown. PostgreSQL keeps large
texts outside the row by itself.

Revision: 0009, after 0008
"""

from alembic import op
from sqlalchemy import inspect

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

LARGE = ("body", "body_html")


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        return
    names = [column["name"] for column in inspect(connection).get_columns("content")]
    in_order = (*(name for name in names if name not in LARGE), *LARGE)
    with op.batch_alter_table("content", recreate="always", partial_reordering=[in_order]):
        pass


def downgrade() -> None:
    """Leave it: older code asks for columns by name."""
