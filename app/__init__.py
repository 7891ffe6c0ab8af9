"""Kring: the intranet of a community of practice."""

from collections.abc import Mapping
from typing import Any
from wsgiref.headers import Headers as FileHeaders

from flask import Response, current_app, g, has_request_context, request
from flask_login import current_user
from werkzeug.datastructures import Headers
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from app import (
    access,
    blueprints,
    cli,
    errors,
    fragments,
    list_parts,
    piece_parts,
    site,
    templating,
)
from app.config import engine_options, from_environment
from app.extensions import (
    SAFE_METHODS,
    Kring,
    babel,
    csrf,
    db,
    is_prepared,
    login,
    make_jobs,
)
from app.lib import content_security, htmx
from app.models import User
from app.models.user import SESSION_LIFETIME
from app.queries.sessions import signed_in
from app.services import attachments, editing, jobs, searches, sessions, views

YEAR = 365 * 24 * 3600


def create_app(config: Mapping[str, Any] | None = None) -> Kring:
    """Return the application; `config` overrules what the environment says."""
    app = Kring(__name__, static_folder=None)
    app.config.from_mapping(from_environment())
    app.config.from_mapping(
        MAX_CONTENT_LENGTH=2 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        BABEL_DEFAULT_LOCALE="nl",
        BABEL_DEFAULT_TIMEZONE="Europe/Amsterdam",
        PERMANENT_SESSION_LIFETIME=SESSION_LIFETIME,
        DATABASE_PATIENCE=5.0,
    )
    app.config.from_mapping(config or {})
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(
        app.config["SQLALCHEMY_DATABASE_URI"], app.config["DATABASE_PATIENCE"]
    )
    app.before_request(access.allow_files)
    start_extensions(app)
    parts = (
        site, access, templating, list_parts, fragments, piece_parts, errors, blueprints, cli, jobs, views, editing, attachments,
        searches,
    )  # fmt: skip
    for part in parts:
        part.init_app(app)
    app.before_request(sessions.keep_alive)
    app.after_request(secure)
    serve_files(app)
    return app


def start_extensions(app: Kring) -> None:
    """Tie the shared objects to this application."""
    db.init_app(app)
    csrf.init_app(app)
    babel.init_app(app, locale_selector=reader_locale)
    login.init_app(app)
    login.user_loader(load_user)
    app.jobs = make_jobs(app)


def reader_locale() -> str:
    """Return the language of who reads; that of the community for a visitor, Dutch for commands.

    A page that must do without the database, and a command, must not ask it for this.
    """
    if g.get("bare") or not has_request_context():
        return "nl"
    chosen: str = getattr(current_user, "locale", "") or site.site().locale
    return chosen


def load_user(token: str) -> User | None:
    """Return who holds this session, with roles, groups and news in one statement."""
    to_read = request.method in SAFE_METHODS or is_prepared()
    found = signed_in(sessions.hash_token(token), to_read=to_read)
    if found is None:
        return None
    user_session, g.unread_count = found
    if user_session.is_over():
        return None
    g.user_session = user_session
    user: User = user_session.user
    user.session_token = token
    return user


def secure(response: Response) -> Response:
    """Put the headers that keep a page private and inert on every answer."""
    headers = response.headers
    if "Cache-Control" not in headers:
        headers.add("Cache-Control", "private, no-store")
    protect(headers, https=current_app.config["SESSION_COOKIE_SECURE"])
    return htmx.vary(response)


PROTECTION = (
    ("X-Content-Type-Options", "nosniff"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
)
BY_DEFAULT = (
    ("Content-Security-Policy", content_security.PAGE),
    ("Referrer-Policy", "same-origin"),
)
ENCRYPTED = ("Strict-Transport-Security", f"max-age={YEAR}; includeSubDomains")


def protect(headers: Headers | FileHeaders, *, https: bool) -> None:
    """Put the headers on an answer or a file that let it do nothing but what we mean.

    `https` tells whether members reach Kring by HTTPS: a proxy may end that before us.
    """
    for name, value in BY_DEFAULT:
        if name not in headers:
            headers.add_header(name, value)
    for name, value in PROTECTION:
        headers.add_header(name, value)
    if https:
        headers.add_header(*ENCRYPTED)


def serve_files(app: Kring) -> None:
    """Serve `app/static` with names that change with their content; trust the named proxies."""

    def add_headers(headers: FileHeaders, _path: str, _url: str) -> None:
        protect(headers, https=app.config["SESSION_COOKIE_SECURE"])

    files = WhiteNoise(
        app.wsgi_app, root=str(templating.STATIC), prefix="static/", max_age=YEAR,
        allow_all_origins=False, add_headers_function=add_headers,
    )  # fmt: skip
    proxies = app.config["PROXIES"]
    app.wsgi_app = (  # type: ignore[method-assign]  # the way in which Flask is wrapped
        ProxyFix(files, x_for=proxies, x_proto=proxies, x_host=proxies) if proxies else files
    )
