"""The migrations lead to exactly what the models describe."""

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from app.cli.migrating import migrate, upgrade_schema
from app.cli.schema import MIGRATIONS, SchemaState, revisions, schema_state
from app.extensions import db
from app.lib.clock import now
from app.models import Attachment, Case, CaseState, Content, Notification, WikiLink, WikiPage
from app.services import activity, log_chain
from app.services.activity import Verb
from tests.cast import case, comment, discussion, document, make_cast, wiki_page
from tests.databases import KIND

pytestmark = pytest.mark.usefixtures("app_context", "alembic_ready")


@pytest.fixture
def alembic_ready(app_context: None) -> None:
    migrate.init_app(current_app)


def test_migrations_make_what_the_models_describe() -> None:
    options = migrate.alembic_ctx_kwargs
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=options)
        differences = compare_metadata(context, db.metadata)
    assert not differences, "run: flask db migrate -m '...'"


def test_migrations_leave_no_rows() -> None:
    with db.engine.connect() as connection:
        filled = [
            table.name
            for table in db.metadata.sorted_tables
            if connection.execute(table.select().limit(1)).first()
        ]
    assert not filled, (
        "tests/databases.py empties PostgreSQL's tables: rows must come from elsewhere"
    )


def test_names_of_migrations_tell_their_order() -> None:
    """`schema_state` goes by these names."""
    scripts = ScriptDirectory(str(MIGRATIONS))
    in_order = [script.revision for script in scripts.walk_revisions()][::-1]
    assert sorted(revisions()) == in_order, "name it by its number: flask db migrate --rev-id 0008"


def test_a_database_that_this_code_made_is_current() -> None:
    assert schema_state() is SchemaState.CURRENT


def test_what_stands_outlives_a_change_of_its_table() -> None:
    """SQLite makes a changed table anew: what refers to it must not go along."""
    cast = make_cast()
    page = wiki_page(cast.specialist, cast.theme)
    db.session.add(WikiLink(source_id=page.id, title="elders", target_id=page.id))
    file = document(page, cast.specialist)
    activity.notify(cast.member.id, Verb.WIKI_EDITED, page, cast.specialist)
    db.session.commit()
    kept = page.id, file.id, cast.member.id
    db.session.remove()
    try:
        flask_migrate.downgrade(revision="0003")
    finally:
        upgrade_schema()
    page_id, file_id, member_id = kept
    assert db.session.get(WikiPage, page_id) and db.session.get(Attachment, file_id)
    assert db.session.get(WikiLink, (page_id, "elders"))
    told = select(Notification.content_id).where(Notification.user_id == member_id)
    assert db.session.scalars(told).all() == [page_id]
    if KIND == "sqlite":
        assert not db.session.execute(text("PRAGMA foreign_key_check")).all()
        assert db.session.scalar(text("PRAGMA foreign_keys")) == 1


@pytest.mark.sqlite
def test_large_texts_stand_last() -> None:
    """Lists ask for neither, and SQLite reads a row only as far as it is asked for."""
    columns = db.session.execute(text("SELECT name FROM pragma_table_info('content')")).scalars()
    assert list(columns)[-2:] == [column.name for column in Content.__table__.c][-2:]
    assert [column.name for column in Content.__table__.c][-2:] == ["body", "body_html"]


def test_reports_come_together_in_cases_and_go_back() -> None:
    """What was reported, settled and logged before there were cases is there afterwards."""
    cast = make_cast()
    asked = discussion(cast.member)
    reply = comment(asked, cast.other)
    made = case(asked, cast.other)
    closed = case(reply, cast.member, state=CaseState.RESOLVED, closed_at=now(), outcome="Klopt.")
    case(cast.other, cast.member)
    activity.log(Verb.HIDDEN, reply, cast.moderator, reason="Te fel")
    db.session.commit()
    kept = made.content_id, closed.comment_id, reply.created_at
    db.session.remove()
    try:
        flask_migrate.downgrade(revision="0005")
        rows = db.session.execute(
            text("SELECT content_id, comment_id, state, outcome FROM reports ORDER BY id")
        ).all()
        assert [tuple(row) for row in rows] == [
            (kept[0], None, "open", ""), (None, kept[1], "upheld", "Klopt."),
        ]  # fmt: skip
        db.session.remove()
    finally:
        upgrade_schema()
    found = db.session.scalars(select(Case).order_by(Case.id)).all()
    assert [(each.content_id, each.comment_id, each.state) for each in found] == [
        (kept[0], None, CaseState.OPEN), (None, kept[1], CaseState.RESOLVED),
    ]  # fmt: skip
    assert db.session.get_one(Content, kept[0]).first_answer_at == kept[2]
    verdict = log_chain.verify()
    assert verdict.holds and verdict.rows == 1
    with pytest.raises(DatabaseError, match="the log cannot be changed"):
        db.session.execute(text("DELETE FROM log_entries"))
    db.session.rollback()
