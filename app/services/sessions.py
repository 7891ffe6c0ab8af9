"""Signed-in browsers: opened, renewed, ended. The cookie holds a random token, we its hash."""

import hashlib
import secrets
from datetime import timedelta

from flask import g, request, session
from flask_login import current_user, login_user
from sqlalchemy import delete, update
from sqlalchemy.exc import OperationalError

from app.extensions import SAFE_METHODS, db
from app.lib import htmx
from app.lib.clock import now
from app.models import User, UserSession
from app.services import views

SEEN_EVERY = timedelta(minutes=15)


def hash_token(token: str) -> str:
    """Return what we keep of a token: random enough for a plain hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def begin(user: User) -> UserSession:
    """Sign `user` in on this browser under a new session id; whatever was kept before is dropped."""
    token = secrets.token_urlsafe(32)
    kept = UserSession(
        token_hash=hash_token(token),
        user_id=user.id,
        browser=(request.user_agent.string or "")[:200],
        address=request.remote_addr or "",
    )
    db.session.add(kept)
    session.clear()
    # A form token of the session that is gone would be refused in the next form.
    g.pop("csrf_token", None)
    session.permanent = True
    user.session_token = token
    login_user(user)
    return kept


def end(token: str) -> None:
    """Sign out the browser that holds this token, at once."""
    gone = delete(UserSession).where(UserSession.token_hash == hash_token(token))
    db.session.execute(gone)


def end_one(user_id: int, key: int) -> None:
    """Sign one browser of a person out; nothing happens when it is not theirs or over already."""
    gone = delete(UserSession).where(UserSession.user_id == user_id, UserSession.id == key)
    db.session.execute(gone)


def end_all(user_id: int, keep: int | None = None) -> None:
    """Sign a person out everywhere, but for the session `keep`."""
    gone = delete(UserSession).where(UserSession.user_id == user_id)
    db.session.execute(gone.where(UserSession.id != keep) if keep else gone)


def must_renew(*user_ids: int) -> None:
    """Let the sessions of people take a new id at their next page: roles have changed."""
    db.session.execute(
        update(UserSession).where(UserSession.user_id.in_(user_ids)).values(must_renew=True)
    )


def keep_alive() -> None:
    """Note that this session is in use, and renew its id when that is asked for.

    Runs before each request. A page is fetched alone, while fragments may be under way together: so
    only a page renews, and no other request is left with an old id.
    """
    if "_user_id" not in session or not current_user.is_authenticated:
        return
    kept: UserSession = g.user_session
    renewing = kept.must_renew and request.method in SAFE_METHODS and not htmx.is_htmx(request)
    if renewing or kept.last_seen_at <= now() - SEEN_EVERY:
        views.used(kept)
        # The cookie lives as long as the session from now on; other answers do not send it.
        session.modified = True
    if renewing:
        renew(kept.id)


def renew(key: int) -> None:
    """Give a session a new id, in a transaction of its own."""
    token = secrets.token_urlsafe(32)
    db.session.rollback()
    new = {"token_hash": hash_token(token), "must_renew": False}
    try:
        db.session.execute(update(UserSession).where(UserSession.id == key).values(new))
        db.session.commit()
        session["_user_id"] = token
    except OperationalError:
        # A database that is busy or full can still be read: the id is renewed another time.
        db.session.rollback()
    # What the ended transaction knew of the person is stale: the request loads it anew, at once.
    g.pop("_login_user", None)
