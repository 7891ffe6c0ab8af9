"""The objects that the whole application shares, and the one transaction of a request."""

import re
import sqlite3
from collections.abc import Callable, MutableMapping
from functools import cache, cached_property, lru_cache
from typing import Any, TypeVar

from babel.support import NullTranslations, Translations
from flask import Flask, Request, Response, current_app, g, has_request_context, request, session
from flask.templating import Environment
from flask_babel import Babel, get_locale
from flask_login import LoginManager, current_user
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from flask_wtf.csrf import generate_csrf
from huey import Huey
from sqlalchemy import Engine, MetaData, event
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase
from wtforms.i18n import messages_path

from app.lib.job_queue import make_queue
from app.lib.late_rules import LateRule
from app.lib.session_cookies import SessionCookies

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
READS_FIRST = "_reads_first"
TOKEN = "csrf_token"
INDENT = re.compile(r"^[ \t]+", re.MULTILINE)


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


db = SQLAlchemy(model_class=Base)
login = LoginManager()
csrf = CSRFProtect()
babel = Babel()


class Templates(Environment):
    """The templates of one application, which add no variables of their own to what all know."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return what a template knows: a plain dictionary, for it is looked at by every macro."""
        return {**self.globals, **d} if d else self.globals

    def preprocess(self, source: str, name: str | None = None, filename: str | None = None) -> str:
        """Leave out what indents our own lines: pages are a tenth lighter. Texts of people stay."""
        found = super().preprocess(source, name, filename)
        return INDENT.sub("", found) if (name or "").endswith(".html") else found


class KringRequest(Request):
    """A request that knows the words of WTForms in its reader's language, read from disk once."""

    @cached_property
    def wtforms_translations(self) -> NullTranslations:
        """Return what flask-wtf looks for before it reads the file of those words."""
        return form_words(str(get_locale()))


@cache
def form_words(locale: str) -> NullTranslations:
    """Return what WTForms says in a language."""
    return Translations.load(messages_path(), [locale], domain="wtforms")


class Kring(Flask):
    """A Flask application in which one request is one transaction."""

    request_class = KringRequest
    url_rule_class = LateRule
    session_interface = SessionCookies()
    jinja_environment = Templates
    jobs: Huey

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function as it is: no view waits by itself, and finding that out takes time."""
        return func

    def dispatch_request(self) -> Response:
        """Commit when the answer is a success of a writing method, else roll back.

        What only reads is rolled back where its session of the database ends: with the request.
        """
        response = self.make_response(super().dispatch_request())
        if request.method not in SAFE_METHODS and (
            response.status_code < 400 or g.get("keep_writes", False)
        ):
            commit()
        elif request.method not in SAFE_METHODS:
            db.session.rollback()
            g.pop("after_commit", None)
        return response


def reader() -> Any:
    """Return who reads, itself: through `current_user` each look at it costs a search."""
    # flask-login keeps it there once it was looked up.
    return g.get("_login_user") or current_user._get_current_object()  # noqa: SLF001  # as werkzeug says


View = TypeVar("View", bound=Callable[..., Any])


def reads_first(view: View) -> View:
    """Let a view prepare what it writes while others write: see `app.access.begin_to_write`."""
    setattr(view, READS_FIRST, True)
    return view


def is_prepared() -> bool:
    """Tell whether the view of this request `reads_first`."""
    view = current_app.view_functions.get(request.endpoint or "") if has_request_context() else None
    return hasattr(view, READS_FIRST)


def csrf_token() -> str:
    """Return the token for forms; that of a session is signed once, for it does not expire."""
    raw = session.get(TOKEN)
    return signed_once(raw, current_app.secret_key) if raw else str(generate_csrf())


@lru_cache(1000)
def signed_once(_raw: str, _key: str | bytes | None) -> str:
    """Return the token of the session that holds this, not one from before it changed."""
    g.pop(TOKEN, None)
    return str(generate_csrf())


def only_reads() -> bool:
    """Tell whether the request at work changes nothing, or nothing yet, or nothing any more."""
    if not has_request_context():
        return False
    return request.method in SAFE_METHODS or (is_prepared() and not g.get("writes", False))


def turn_to_writing() -> None:
    """End the transaction that only read, and begin one that writes; what was read is forgotten."""
    g.writes = True
    connection = db.session.connection()
    if connection.dialect.name != "sqlite":
        db.session.rollback()
        return
    # On the same connection: to give it back and take it anew costs as much as many statements.
    db.session.expire_all()
    connection.connection.rollback()
    _begin(connection)


def store() -> None:
    """Commit before the answer is made, which nobody has to wait for; what was loaded stays."""
    db.session().expire_on_commit = False
    commit()
    g.writes = False


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
    if not isinstance(connection, sqlite3.Connection):
        return
    # The driver must not begin transactions by itself: _begin below does.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "temp_store=MEMORY",
        # In kilobytes: each thread at work has a connection, and the system keeps the file as well.
        "cache_size=-1000",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


@event.listens_for(Engine, "begin")
def _begin(connection: Any) -> None:
    """Take SQLite's write lock at the start of a writing request: no deadlock half-way."""
    if connection.dialect.name != "sqlite":
        return
    own = connection.connection.dbapi_connection
    try:
        if only_reads():
            own.execute("BEGIN")
        else:
            own.begin_to_write()
    except sqlite3.OperationalError as error:
        raise OperationalError("BEGIN", None, error) from error


def make_jobs(app: Flask) -> Huey:
    """Return the queue of background jobs; immediate in tests."""
    file = app.config["INSTANCE"] / "jobs.db"
    return make_queue(app.config["REDIS_URL"], file, immediate=app.testing)
