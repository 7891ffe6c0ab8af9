"""People get an account, with a handle of their own."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import count

from sqlalchemy import select

from app.extensions import db
from app.lib.slugs import slugify
from app.models import Department, User
from app.services import search_index


def free_handle(name: str) -> str:
    """Return a handle made from a name that nobody has yet: `anna-bos`, then `anna-bos-2`."""
    wanted = slugify(name, max_length=70)
    taken = set(db.session.scalars(select(User.handle).where(User.handle.startswith(wanted))))
    return next(handle for handle in handles(wanted) if handle not in taken)


def free_handles(names: Sequence[str]) -> list[str]:
    """Return a handle for each of these names, as `free_handle` does, in one statement."""
    taken = set(db.session.scalars(select(User.handle)))
    possible: dict[str, Iterator[str]] = {}
    found = []
    for wanted in (slugify(name, max_length=70) for name in names):
        more = possible.setdefault(wanted, handles(wanted))
        found.append(next(handle for handle in more if handle not in taken))
        taken.add(found[-1])
    return found


def handles(wanted: str) -> Iterator[str]:
    """Yield a handle, and what can be had instead of it: `anna-bos-2`, `-3` and on."""
    yield wanted
    yield from (f"{wanted}-{n}" for n in count(2))


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
    search_index.index(user)
    return user


def department_named(name: str) -> Department:
    """Return the department of this name, made when it is new."""
    return departments_named([name])[folded(name)]


def departments_named(names: Iterable[str]) -> dict[str, Department]:
    """Return all departments by their folded names; those of these names are made when new."""
    found = {folded(one.name): one for one in db.session.scalars(select(Department))}
    for name in names:
        if folded(name) not in found:
            found[folded(name)] = Department(name=" ".join(name.split()))
            db.session.add(found[folded(name)])
    return found


def folded(name: str) -> str:
    """Return a name as it is compared: capitals and surplus spaces make no difference."""
    return " ".join(name.split()).casefold()
