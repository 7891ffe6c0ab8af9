"""People get an account, with a handle of their own."""

from itertools import count

from sqlalchemy import select

from app.extensions import db
from app.lib.slugs import slugify
from app.models import Department, User


def free_handle(name: str) -> str:
    """Return a handle made from a name that nobody has yet: `anna-bos`, then `anna-bos-2`."""
    wanted = slugify(name, max_length=70)
    taken = set(db.session.scalars(select(User.handle).where(User.handle.startswith(wanted))))
    if wanted not in taken:
        return wanted
    return next(handle for n in count(2) if (handle := f"{wanted}-{n}") not in taken)


def add(
    name: str,
    email: str,
    *,
    password_hash: str | None = None,
    job_title: str = "",
    department: str = "",
) -> User:
    """Add a person. Without a password hash the account cannot sign in."""
    user = User(
        name=name,
        email=email.strip().lower(),
        handle=free_handle(name),
        password_hash=password_hash,
        job_title=job_title,
        department=department_named(department) if department else None,
    )
    db.session.add(user)
    db.session.flush()
    return user


def department_named(name: str) -> Department:
    """Return the department of this name, made when it is new."""
    found = db.session.scalar(select(Department).where(Department.name == name))
    if found is None:
        found = Department(name=name)
        db.session.add(found)
    return found
