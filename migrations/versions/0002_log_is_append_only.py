"""The log is append-only: the database refuses to change or remove a row.

Revision: 0002, after 0001
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'the log cannot be changed'; END $$"
        )
        op.execute(
            "CREATE TRIGGER log_entries_stay BEFORE UPDATE OR DELETE ON log_entries "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        return
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER log_entries_no_{change.lower()} BEFORE {change} ON log_entries "
            "BEGIN SELECT RAISE(ABORT, 'the log cannot be changed'); END"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER log_entries_stay ON log_entries")
        op.execute("DROP FUNCTION refuse_change()")
        return
    for change in ("update", "delete"):
        op.execute(f"DROP TRIGGER log_entries_no_{change}")
