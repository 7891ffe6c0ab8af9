"""People: looked up by name, and the roles of one."""

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.lib.slugs import UNTITLED, slugify
from app.models import Grant, Role, Theme, User

PAGE = 30


def people(name: str = "", role: Role | None = None) -> Select[User]:
    """Select members by name, with department and roles; each word must occur in the name."""
    found = select(User).where(User.deactivated_at.is_(None))
    for word in name.split():
        # The handle is the name without capitals and accents: "zoe" finds Zoë.
        folded = slugify(word)
        in_name = User.name.icontains(word, autoescape=True)
        in_handle = User.handle.contains(folded, autoescape=True)
        found = found.where(in_name if folded == UNTITLED else or_(in_name, in_handle))
    if role is not None and role is not Role.MEMBER:
        found = found.where(User.id.in_(select(Grant.user_id).where(Grant.role == role)))
    return found


def people_page(found: Select[User], number: int) -> Select[User]:
    """Select one page of people, by name, with what a row shows of them."""
    return (
        found.options(
            joinedload(User.department), selectinload(User.grants).joinedload(Grant.theme)
        )
        .order_by(func.lower(User.name), User.id)
        .limit(PAGE)
        .offset((number - 1) * PAGE)
    )


def number_of(found: Select[User]) -> Select[int]:
    """Count people."""
    return select(func.count()).select_from(found.order_by(None).subquery())


def grants_of(person: User) -> Select[Grant]:
    """Select a person's roles with theme and giver, in the order in which they were given."""
    return (
        select(Grant)
        .where(Grant.user_id == person.id)
        .options(joinedload(Grant.theme), joinedload(Grant.granted_by), joinedload(Grant.user))
        .order_by(Grant.granted_at, Grant.id)
    )


def open_themes() -> Select[Theme]:
    """Select the themes in use, in their own order."""
    return select(Theme).where(Theme.archived_at.is_(None)).order_by(Theme.position, Theme.name)
