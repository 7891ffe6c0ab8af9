"""People: looked up by what they tell about themselves, and the roles of one."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.lib.slugs import UNTITLED, slugify
from app.models import Department, Expertise, Grant, Role, Theme, User
from app.policy import part_visible_to

PAGE = 30
SUGGESTED = 50
SLUG = 60


@dataclass(frozen=True)
class Wanted:
    """Whom someone looks for; what is empty does not count."""

    words: str = ""
    expertise: str = ""
    department: Department | None = None
    theme: Theme | None = None
    role: Role | None = None


def people(reader: Any, wanted: Wanted) -> Select[User]:
    """Select members; what someone keeps from `reader` finds them for nobody else either."""
    found = select(User).where(User.deactivated_at.is_(None))
    for word in wanted.words.split():
        found = found.where(matches(word, reader))
    if wanted.expertise:
        found = found.where(knows_about(wanted.expertise, reader))
    if wanted.department:
        here = User.department_id == wanted.department.id
        found = found.where(here, part_visible_to("department", reader))
    if wanted.theme:
        specialists = select(Grant.user_id).where(Grant.theme_id == wanted.theme.id)
        found = found.where(User.id.in_(specialists))
    if wanted.role is not None and wanted.role is not Role.MEMBER:
        found = found.where(User.id.in_(select(Grant.user_id).where(Grant.role == wanted.role)))
    return found


def matches(word: str, reader: Any) -> ColumnElement[bool]:
    """Hold for who has this word in their name, or in a job title or expertise to be seen."""
    in_name = User.name.icontains(word, autoescape=True)
    in_title = and_(
        User.job_title.icontains(word, autoescape=True), part_visible_to("job_title", reader)
    )
    # The handle is the name without capitals and accents: "zoe" finds Zoë.
    folded = slugify(word)
    if folded == UNTITLED:
        return or_(in_name, in_title)
    in_handle = User.handle.contains(folded, autoescape=True)
    return or_(in_name, in_handle, in_title, knows_about(word, reader))


def knows_about(words: str, reader: Any) -> ColumnElement[bool]:
    """Hold for who names something with these words as their expertise, for `reader` to see."""
    slug = Expertise.slug.contains(slugify(words, max_length=SLUG), autoescape=True)
    return and_(
        User.id.in_(select(Expertise.user_id).where(slug)), part_visible_to("expertise", reader)
    )


def people_page(found: Select[User], number: int) -> Select[User]:
    """Select one page of people, by name, with what a row shows of them."""
    return (
        found.options(
            joinedload(User.department),
            selectinload(User.grants).joinedload(Grant.theme),
            selectinload(User.expertise),
            selectinload(User.memberships),
        )
        .order_by(func.lower(User.name), User.id)
        .limit(PAGE)
        .offset((number - 1) * PAGE)
    )


def number_of(found: Select[User]) -> Select[int]:
    """Count people."""
    return select(func.count()).select_from(found.order_by(None).subquery())


def expertise_of(person: User) -> Select[str]:
    """Select what a person knows about, in order of the alphabet."""
    return select(Expertise.name).where(Expertise.user_id == person.id).order_by(Expertise.slug)


def known_expertise(reader: Any) -> Select[str]:
    """Select what people know about, as far as `reader` may see it; what most name comes first."""
    return (
        select(func.min(Expertise.name))
        .join(User, User.id == Expertise.user_id)
        .where(User.deactivated_at.is_(None), part_visible_to("expertise", reader))
        .group_by(Expertise.slug)
        .order_by(func.count().desc(), Expertise.slug)
        .limit(SUGGESTED)
    )


def departments() -> Select[Department]:
    """Select the departments, by name."""
    return select(Department).order_by(func.lower(Department.name), Department.id)


def grants_of(person: User) -> Select[Grant]:
    """Select a person's roles with theme and giver, in the order in which they were given."""
    return (
        select(Grant)
        .where(Grant.user_id == person.id)
        .options(joinedload(Grant.theme), joinedload(Grant.granted_by), joinedload(Grant.user))
        .order_by(Grant.granted_at, Grant.id)
    )
