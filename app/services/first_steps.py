"""The three first steps of a new member. Each is ticked when it is taken, and stays so."""

from collections.abc import Iterable

from flask import flash, has_request_context
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import func, select, update

from app.extensions import after_commit, db
from app.lib.clock import now
from app.models import Content, Discussion, PersonFollow, ThemeFollow, User
from app.services import tags

INTRODUCTION = "even-voorstellen"
"""The keyword of a discussion in which someone introduces themselves."""

ENOUGH = 3
STEPS = ("introduced_at", "followed_at", "answered_at")


def are_done(user: User) -> bool:
    """Tell whether `user` took all three."""
    return all(getattr(user, step) for step in STEPS)


def started(author: User, keywords: Iterable[str]) -> None:
    """Note that someone introduced themselves, if that is what they started.

    It goes by the keywords as they were typed: the manager may have renamed or merged this one.
    """
    if any(tags.slug_of(name) == INTRODUCTION for name in keywords):
        tick(author, "introduced_at")


def replied(content: Content, author: User) -> None:
    """Note that someone answered a question of another."""
    if isinstance(content, Discussion) and content.is_question and content.author_id != author.id:
        tick(author, "answered_at")


def followed(user: User) -> None:
    """Note that someone follows enough people and themes together."""
    if user.followed_at is None and number_followed(user) >= ENOUGH:
        tick(user, "followed_at")


def number_followed(user: User) -> int:
    """Count the people and the themes that `user` follows."""
    people = select(func.count()).where(PersonFollow.user_id == user.id).scalar_subquery()
    themes = select(func.count()).where(ThemeFollow.user_id == user.id).scalar_subquery()
    return db.session.scalar(select(people + themes)) or 0


def tick(user: User, step: str) -> None:
    """Tick a step off, the first time only; the last one is told on the next page.

    Unless it is another who lets the text through with which the step is taken.
    """
    if getattr(user, step) is not None:
        return
    # A request may know its reader by an object that others share: the row is changed, not that.
    first = update(User).where(User.id == user.id, getattr(User, step).is_(None))
    db.session.execute(first.values({step: now()}))
    others_done = all(getattr(user, other) for other in STEPS if other != step)
    reads_on = has_request_context() and current_user.is_authenticated and current_user == user
    if reads_on and others_done and user.steps_closed_at is None:
        after_commit(tell_done)


def tell_done() -> None:
    """Say once that the first steps are taken."""
    flash(_("You have taken your first steps. Good to have you here!"), "ok")


def close(user: User) -> None:
    """Show the steps to `user` no more."""
    user.steps_closed_at = user.steps_closed_at or now()
