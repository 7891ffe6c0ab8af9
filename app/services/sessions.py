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

    Runs before each request, in a transaction of its own. A page is fetched alone, while fragments
    may be under way together: so only a page renews, and no other request is left with an old id.
    """
    if "_user_id" not in session or not current_user.is_authenticated:
        return
    kept: UserSession = g.user_session
    renewing = kept.must_renew and request.method in SAFE_METHODS and not htmx.is_htmx(request)
    if not renewing and kept.last_seen_at > now() - SEEN_EVERY:
        return
    token = secrets.token_urlsafe(32) if renewing else session["_user_id"]
    try:
        note_use(kept.id, kept.user_id, token, renewing=renewing)
    except OperationalError:
        # A database that is busy or full can still be read: the note is made another time.
        db.session.rollback()
        token = session["_user_id"]
    session["_user_id"] = token
    # What the ended transaction knew of the person is stale: the request loads it anew, at once.
    g.pop("_login_user", None)


def note_use(key: int, user_id: int, token: str, *, renewing: bool) -> None:
    """Store when a session was last used, and its id when that is new."""
    db.session.rollback()
    values = {"last_seen_at": now()}
    db.session.execute(
        update(UserSession)
        .where(UserSession.id == key)
        .values(
            **values, **({"token_hash": hash_token(token), "must_renew": False} if renewing else {})
        )
    )
    db.session.execute(update(User).where(User.id == user_id).values(**values))
    db.session.commit()
