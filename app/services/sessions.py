"""Signed-in browsers: opened, renewed, ended. The cookie holds a random token, we its hash."""

import hashlib
import secrets

from flask import request, session
from flask_login import login_user
from sqlalchemy import delete, update

from app.extensions import db
from app.models import User, UserSession


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
    user.session_token = token
    login_user(user)
    return kept


def end(user_session: UserSession) -> None:
    """Sign one browser out, at once."""
    db.session.delete(user_session)


def end_all(user_id: int, keep: int | None = None) -> None:
    """Sign a person out everywhere, but for the session `keep`."""
    gone = delete(UserSession).where(UserSession.user_id == user_id)
    db.session.execute(gone.where(UserSession.id != keep) if keep else gone)


def must_renew(user_id: int) -> None:
    """Let a person's sessions take a new id at their next page: roles have changed."""
    db.session.execute(
        update(UserSession).where(UserSession.user_id == user_id).values(must_renew=True)
    )
