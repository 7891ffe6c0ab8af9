"""All accounts, also those that are closed, as the administrator looks them up."""

from enum import StrEnum

from sqlalchemy import ColumnElement, Select, func, or_, select, true
from sqlalchemy.orm import joinedload, selectinload

from app.lib.clock import now
from app.lib.slugs import UNTITLED, slugify
from app.models import Grant, User, UserSession
from app.models.user import SESSION_LIFETIME

PAGE = 50


class State(StrEnum):
    """Which accounts to show."""

    ALL = "all"
    OPEN = "open"
    CLOSED = "closed"
    NEVER = "never"


def in_state(state: State) -> ColumnElement[bool]:
    """Hold for the accounts in a state; who never signed in has an open account as well."""
    match state:
        case State.OPEN:
            return User.deactivated_at.is_(None)
        case State.CLOSED:
            return User.deactivated_at.is_not(None)
        case State.NEVER:
            return User.deactivated_at.is_(None) & User.last_seen_at.is_(None)
    return true()


def accounts(words: str, state: State) -> Select[User]:
    """Select accounts of which the name or the address has each of these words."""
    found = select(User).where(in_state(state))
    for word in words.split():
        # The handle is the name without capitals and accents: "zoe" finds Zoë.
        folded = slugify(word)
        names = [User.name.icontains(word, autoescape=True)]
        names += [] if folded == UNTITLED else [User.handle.contains(folded, autoescape=True)]
        found = found.where(or_(*names, User.email.icontains(word, autoescape=True)))
    return found


def number_of(found: Select[User]) -> Select[int]:
    """Count accounts."""
    return select(func.count()).select_from(found.subquery())


def in_full(found: Select[User]) -> Select[User]:
    """Select what a list shows of accounts, by name."""
    return found.options(
        joinedload(User.department), selectinload(User.grants).joinedload(Grant.theme)
    ).order_by(func.lower(User.name), User.id)


def accounts_page(found: Select[User], number: int) -> Select[User]:
    """Select one page of accounts."""
    return in_full(found).limit(PAGE).offset((number - 1) * PAGE)


def number_of_sessions(user_id: int) -> Select[int]:
    """Count on how many devices someone is signed in."""
    return (
        select(func.count())
        .select_from(UserSession)
        .where(UserSession.user_id == user_id, UserSession.last_seen_at > now() - SESSION_LIFETIME)
    )
