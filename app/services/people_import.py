"""A list of people becomes accounts, by a plan that was shown before.

Run again it finds nothing to do. New accounts have no password: an invitation opens them.
"""

from collections.abc import Callable

from flask_babel import gettext as _
from sqlalchemy import select, update

from app.extensions import db
from app.models import Department, User
from app.services import activity, people, roles, search_index
from app.services.activity import Verb
from app.services.import_plan import Plan, Step, accounts, parts, plan
from app.services.people import folded
from app.services.roles import Wish
from app.site import site

Departments = dict[str, Department]


def bring(content: bytes, actor: User | None) -> Plan:
    """Import a file, and return what was done. Raises FileRefused.

    Raises sqlalchemy.exc.IntegrityError when someone else makes the same accounts meanwhile.
    """
    made = plan(content, actor, writing=True)
    carry_out(made, actor)
    return made


def nothing(_number: int) -> None:
    """Show nobody how far it is."""


def carry_out(made: Plan, actor: User | None, advance: Callable[[int], object] = nothing) -> None:
    """Do what a plan says; `advance` hears for how many more people it has been done.

    A few statements for every 500 lines, in one transaction. Everything is logged.
    """
    departments = people.departments_named(made.departments)
    db.session.flush()
    for name in made.departments:
        activity.log(Verb.DEPARTMENT_ADDED, departments[folded(name)], actor)
    wishes: list[Wish] = []
    handles = people.free_handles([step.entry.name for step in made.added])
    for part in parts(list(zip(made.added, handles, strict=True))):
        new = [account(step, handle, departments) for step, handle in part]
        users = add(new, actor)
        wishes += [w for step, _handle in part for w in wishes_of(step, users[step.entry.email])]
        advance(len(part))
    for changed in parts(list(made.updated)):
        change(changed, departments, actor)
        wishes += [wish for step in changed if step.user for wish in wishes_of(step, step.user)]
        advance(len(changed))
    roles.grant_all(wishes, _("Import of a list of people"), actor)


def add(new: list[User], actor: User | None) -> dict[str, User]:
    """Store new accounts; return them by their addresses."""
    db.session.bulk_save_objects(new)
    found = accounts([user.email for user in new], lock=False)
    activity.log_all(activity.row(Verb.ACCOUNT_ADDED, user, actor) for user in found.values())
    search_index.index(*found.values())
    return found


def account(step: Step, handle: str, departments: Departments) -> User:
    """Return a new account."""
    entry = step.entry
    department = departments.get(folded(entry.department))
    return User(
        email=entry.email, name=entry.name, handle=handle, job_title=entry.job_title,
        department_id=department.id if department else None, locale=site().locale,
    )  # fmt: skip


def change(steps: list[Step], departments: Departments, actor: User | None) -> None:
    """Change accounts, all in one statement, and write down what of them."""
    rows, written = [], []
    for step in steps:
        if step.user is None or not step.changes:
            continue
        row = {"id": step.user.id, "name": step.user.name, "job_title": step.user.job_title,
               "department_id": step.user.department_id}  # fmt: skip
        for field, _old, new in step.changes:
            if field == "department":
                row["department_id"] = departments[folded(new)].id
            else:
                row[field] = new
        rows.append(row)
        fields = ", ".join(field for field, _old, _new in step.changes)
        written.append(activity.row(Verb.ACCOUNT_CHANGED, step.user, actor, result=fields))
    if rows:
        db.session.execute(update(User), rows)
        changed = select(User).where(User.id.in_([row["id"] for row in rows]))
        fresh = changed.execution_options(populate_existing=True)
        search_index.index(*db.session.scalars(fresh))
    activity.log_all(written)


def wishes_of(step: Step, user: User) -> list[Wish]:
    """Return the roles that a line gives."""
    return [Wish(user, role, theme) for role, theme in step.roles]
