"""Search: what can be found, its words, and what people looked for.

Revision: 0005, after 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

SUBJECTS = {
    "content_id": "content",
    "comment_id": "comments",
    "attachment_id": "attachments",
    "user_id": "users",
    "tag_id": "tags",
    "theme_id": "themes",
    "group_id": "groups",
}


def upgrade() -> None:
    op.create_table(
        "search_documents",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("part", sa.String(length=20), server_default="", nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=True) for name in SUBJECTS),
        sa.Column("page", sa.String(length=40), nullable=True),
        *(
            sa.ForeignKeyConstraint([name], [f"{table}.id"], name=f"fk_search_documents_{name}_{table}", ondelete="CASCADE")
            for name, table in SUBJECTS.items()
        ),
        sa.PrimaryKeyConstraint("id", name="pk_search_documents"),
    )
    for name in (*SUBJECTS, "page"):
        columns = [name, "part"] if name == "user_id" else [name]
        condition = sa.text(f"{name} IS NOT NULL")
        op.create_index(
            f"uq_search_documents_{name}", "search_documents", columns, unique=True,
            sqlite_where=condition, postgresql_where=condition,
        )
    op.create_table(
        "search_words",
        sa.Column("word", sa.String(length=40), nullable=False),
        sa.Column("sound", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("word", name="pk_search_words"),
    )
    op.create_index("ix_search_words_sound", "search_words", ["sound"])
    op.create_table(
        "search_terms",
        sa.Column("term", sa.String(length=80), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("times", sa.Integer(), server_default="0", nullable=False),
        sa.Column("without_result", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("term", "day", name="pk_search_terms"),
    )
    op.create_index("ix_search_terms_day", "search_terms", ["day"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE TABLE search_index (id BIGINT PRIMARY KEY REFERENCES search_documents "
            "ON DELETE CASCADE, words TSVECTOR NOT NULL)"
        )
        op.execute("CREATE INDEX ix_search_index_words ON search_index USING gin (words)")
        return
    # Words come folded and separated by spaces: the tokenizer has nothing left to decide.
    op.execute(
        "CREATE VIRTUAL TABLE search_index USING fts5("
        "title, title_stems, body, body_stems, tokenize='ascii', prefix='2 3 4')"
    )
    op.execute(
        "CREATE TRIGGER search_documents_gone AFTER DELETE ON search_documents "
        "BEGIN DELETE FROM search_index WHERE rowid = old.id; END"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        op.execute("DROP TRIGGER search_documents_gone")
    for table in ("search_index", "search_terms", "search_words", "search_documents"):
        op.drop_table(table)
