"""Indexes for what was read from end to end.

Revision: 0007, after 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# Of columns that are mostly empty: only the rows with a value take room.
WHERE_NAMED = (
    ("notifications", "comment_id"),
    ("notifications", "proposal_id"),
    ("notifications", "decision_id"),
    ("notifications", "case_id"),
    ("outgoing_mail", "failed_at"),
    ("proposals", "source_comment_id"),
)
WHOLE = {
    "ix_content_theme_published": ("content", "theme_id", "published_at", "id"),
    "ix_invitations_newest": ("invitations", "sent_at", "id"),
    "ix_invitations_email": ("invitations", "email"),
    "ix_proposals_state": ("proposals", "state", "created_at"),
    "ix_registrations_decided": ("registrations", "decided_at", "id"),
    "ix_users_created_at": ("users", "created_at"),
}
PARTIAL = {
    "ix_appeals_undecided": ("appeals", "due_at", "decided_at IS NULL"),
    "ix_users_without_password": ("users", "id", "password_hash IS NULL"),
}


def upgrade() -> None:
    for table, column in WHERE_NAMED:
        filled = sa.text(f"{column} IS NOT NULL")
        op.create_index(f"ix_{table}_{column}", table, [column], sqlite_where=filled, postgresql_where=filled)
    for name, (table, *columns) in WHOLE.items():
        op.create_index(name, table, columns)
    for name, (table, column, condition) in PARTIAL.items():
        op.create_index(
            name, table, [column], sqlite_where=sa.text(condition), postgresql_where=sa.text(condition)
        )


def downgrade() -> None:
    for name, (table, *_rest) in (WHOLE | PARTIAL).items():
        op.drop_index(name, table)
    for table, column in WHERE_NAMED:
        op.drop_index(f"ix_{table}_{column}", table)
