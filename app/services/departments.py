"""Departments are added, renamed, merged and taken away here. The log keeps their former names."""

from sqlalchemy import func, select, update

from app.extensions import db
from app.models import Department, User
from app.services import activity, search_index
from app.services.activity import Verb
from app.services.people import folded


class NameTaken(Exception):
    """Another department is called so."""


class SameDepartment(Exception):
    """A department cannot be merged into itself."""


class StillUsed(Exception):
    """There are people in this department."""


def add(name: str, actor: User) -> Department:
    """Add a department. Raises NameTaken."""
    check_free(name, hold())
    department = Department(name=name)
    db.session.add(department)
    db.session.flush()
    activity.log(Verb.DEPARTMENT_ADDED, department, actor)
    return department


def rename(department: Department, name: str, actor: User) -> None:
    """Give a department another name. Raises NameTaken."""
    check_free(name, [each for each in hold() if each.id != department.id])
    if name != department.name:
        result = f"{department.name} → {name}"
        activity.log(Verb.DEPARTMENT_RENAMED, department, actor, result=result)
        department.name = name
        found_by(department)


def merge(department: Department, into: Department, actor: User) -> int:
    """Put everyone of a department in another, and take it away; return how many people moved.

    Raises SameDepartment.
    """
    hold()
    if department.id == into.id:
        raise SameDepartment
    number = people_in(department)
    result = f"{department.name} → {into.name}"
    activity.log(Verb.DEPARTMENT_MERGED, department, actor, result=result)
    moving = update(User).where(User.department_id == department.id)
    db.session.execute(
        moving.values(department_id=into.id).execution_options(synchronize_session=False)
    )
    db.session.delete(department)
    db.session.flush()
    found_by(into)
    return number


def remove(department: Department, actor: User) -> None:
    """Take an empty department away. Raises StillUsed."""
    hold()
    if people_in(department):
        raise StillUsed
    activity.log(Verb.DEPARTMENT_REMOVED, department, actor)
    db.session.delete(department)


def hold() -> list[Department]:
    """Return all departments; changes to them wait for each other."""
    everyone = select(Department).order_by(Department.id).with_for_update()
    return list(db.session.scalars(everyone))


def check_free(name: str, others: list[Department]) -> None:
    """Raise NameTaken when another department has this name, whatever its capitals."""
    if any(folded(each.name) == folded(name) for each in others):
        raise NameTaken(name)


def people_in(department: Department) -> int:
    """Return how many accounts there are in a department, closed ones included."""
    found = select(func.count()).where(User.department_id == department.id)
    return db.session.scalar(found) or 0


def found_by(department: Department) -> None:
    """Let people be found by the name that their department has now."""
    people = select(User).where(User.department_id == department.id)
    fresh = people.execution_options(populate_existing=True)
    db.session.flush()
    search_index.index(*db.session.scalars(fresh))
