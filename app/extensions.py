"""The objects that the whole application shares, and the one transaction of a request."""

from collections.abc import Callable
from typing import Any

from flask import Flask, Response, g, has_request_context, request
from flask_babel import Babel
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from huey import Huey, SqliteHuey
from sqlalchemy import Engine, MetaData, event
from sqlalchemy.orm import DeclarativeBase

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class Base(DeclarativeBase):
    """What every model builds on; names constraints alike on both databases."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def _is_a_model(name: str | None, kind: str, _parents: Any) -> bool:
    """Tell whether migrations compare this with the models: each database has its own text index."""
    return kind != "table" or not (name or "").startswith("search_index")


db = SQLAlchemy(model_class=Base)
migrate = Migrate(render_as_batch=True, include_name=_is_a_model)
login = LoginManager()
csrf = CSRFProtect()
babel = Babel()


class Kring(Flask):
    """A Flask application in which one request is one transaction."""

    jobs: Huey

    def dispatch_request(self) -> Response:
        """Commit when the answer is a success of a writing method, else roll back."""
        response = self.make_response(super().dispatch_request())
        if request.method not in SAFE_METHODS and (
            response.status_code < 400 or g.get("keep_writes", False)
        ):
            commit()
        else:
            db.session.rollback()
            g.pop("after_commit", None)
        return response


def keep_writes() -> None:
    """Let this request commit although its answer is an error, such as a refused sign-in."""
    g.keep_writes = True


def after_commit(action: Callable[[], Any]) -> None:
    """Run `action` when the current transaction is safely stored, and not when it fails.

    Asked more than once, it runs once.
    """
    waiting = g.setdefault("after_commit", [])
    if action not in waiting:
        waiting.append(action)


def commit() -> None:
    """Commit the current transaction and run what waits for that."""
    db.session.commit()
    for action in g.pop("after_commit", []):
        action()


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _record: Any) -> None:
    if not type(connection).__module__.startswith("sqlite3"):
        return
    # The driver must not begin transactions by itself: _begin below does.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "temp_store=MEMORY",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


@event.listens_for(Engine, "begin")
def _begin(connection: Any) -> None:
    """Take SQLite's write lock at the start of a writing request: no deadlock half-way."""
    if connection.dialect.name == "sqlite":
        reading = has_request_context() and request.method in SAFE_METHODS
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def make_jobs(app: Flask) -> Huey:
    """Return the queue of background jobs, kept beside the database; immediate in tests."""
    return SqliteHuey(
        "kring",
        filename=str(app.config["INSTANCE"] / "jobs.db"),
        immediate=app.testing,
        fsync=True,
    )
