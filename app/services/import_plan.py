"""What an import of people would do: made for a preview, and anew when it is done for real."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from app.extensions import db
from app.lib import people_csv
from app.lib.people_csv import Entry
from app.lib.slugs import slugify
from app.models import Department, Grant, Role, Theme, User
from app.services import attempts, import_roles, invitations, roles
from app.services.import_problems import Refusal, refusal_of
from app.services.people import folded

AT_ONCE = 500
REASON = "import"
Item = TypeVar("Item")


class LineRefused(ValueError):
    """A line cannot be carried out; the text says why."""


class Change(NamedTuple):
    """What becomes of one thing that we know of a person."""

    field: str
    old: str
    new: str


RoleWish = tuple[Role, Theme | None]


@dataclass(frozen=True)
class Step:
    """What is done for one line: `user` is who has the account already."""

    entry: Entry
    user: User | None
    changes: tuple[Change, ...]
    roles: tuple[RoleWish, ...]


@dataclass(frozen=True)
class Plan:
    """What is done for each line; `departments` are new, `ignored` are columns that we don't know."""

    added: tuple[Step, ...]
    updated: tuple[Step, ...]
    unchanged: tuple[Step, ...]
    refused: tuple[Refusal, ...]
    departments: tuple[str, ...]
    ignored: tuple[str, ...]

    @property
    def steps(self) -> tuple[Step, ...]:
        """Return what changes something."""
        return self.added + self.updated


def plan(content: bytes, actor: User | None, *, writing: bool = False) -> Plan:
    """Return what an import of this file by `actor` would do; None is a command on the server.

    When it is for writing, who is in it stays as they are meanwhile. Raises FileRefused.
    """
    sheet = people_csv.read(content)
    if writing:
        attempts.one_at_a_time(invitations.TURN)  # an address gets one account
        db.session.execute(select(Grant.id).where(Grant.role == Role.AMBASSADOR).with_for_update())
    planner = Planner(accounts([entry.email for entry in sheet.entries], lock=writing), actor)
    steps, refused = [], [refusal_of(fault) for fault in sheet.faults]
    for entry in sheet.entries:
        try:
            steps.append(planner.step(entry))
        except LineRefused as refusal:
            refused.append(Refusal(entry.number, entry.email, str(refusal)))
    kinds = {kind: tuple(step for step in steps if kind_of(step) == kind) for kind in KINDS}
    return Plan(
        **kinds,
        refused=tuple(sorted(refused, key=lambda line: line.number)),
        departments=tuple(new_departments(steps)),
        ignored=sheet.ignored,
    )


KINDS = ("added", "updated", "unchanged")


def kind_of(step: Step) -> str:
    """Return under which of KINDS a step falls."""
    if step.user is None:
        return "added"
    return "updated" if step.changes or step.roles else "unchanged"


def accounts(emails: Collection[str], *, lock: bool) -> dict[str, User]:
    """Return who has an account with one of these addresses, in a statement or two per 500."""
    found: dict[str, User] = {}
    for part in parts(sorted(emails)):
        query = (
            select(User)
            .where(User.email.in_(part))
            .options(joinedload(User.department), selectinload(User.grants))
            .order_by(User.id)
        )
        query = query.with_for_update(of=User) if lock else query
        found |= {user.email: user for user in db.session.scalars(query)}
    return found


def parts(items: list[Item]) -> Iterator[list[Item]]:
    """Yield so many items at once as one statement is for."""
    yield from (items[at : at + AT_ONCE] for at in range(0, len(items), AT_ONCE))


def new_departments(steps: Iterable[Step]) -> Iterator[str]:
    """Yield the names of departments that there are not yet, each once."""
    known = {folded(name) for name in db.session.scalars(select(Department.name))}
    for step in steps:
        name = step.entry.department
        if name and folded(name) not in known:
            known.add(folded(name))
            yield name


class Planner:
    """Judges the lines of one file, with what there is by now."""

    def __init__(self, known: dict[str, User], actor: User | None) -> None:
        self.known = known
        self.actor = actor
        self.ambassadors = roles.holders(Role.AMBASSADOR)
        themes = list(db.session.scalars(select(Theme)))
        self.themes = {theme.slug: theme for theme in themes}
        self.themes |= {folded(theme.name): theme for theme in themes}

    def step(self, entry: Entry) -> Step:
        """Return what is done for a line. Raises LineRefused."""
        user = self.known.get(entry.email)
        if user is not None and not user.is_active:
            raise LineRefused(_("This account is closed. Open it first."))
        wishes = tuple(self.wishes(entry, user))
        self.ambassadors += sum(role is Role.AMBASSADOR for role, _theme in wishes)
        return Step(entry, user, tuple(changes(entry, user)) if user else (), wishes)

    def wishes(self, entry: Entry, user: User | None) -> Iterator[RoleWish]:
        """Yield the roles of a line that the person does not have yet. Raises LineRefused."""
        try:
            wanted = import_roles.read(entry.roles)
        except import_roles.UnknownRole as unknown:
            raise LineRefused(_("There is no role “%(name)s”.", name=unknown)) from None
        held = {(grant.role, grant.theme_id) for grant in user.grants} if user else set()
        person = user or User(name=entry.name, email=entry.email)
        for role, name in wanted:
            theme = self.theme(role, name)
            if (role, theme.id if theme else None) not in held:
                self.refuse(person, role, theme)
                yield role, theme

    def theme(self, role: Role, name: str) -> Theme | None:
        """Return the theme that stands behind a role. Raises LineRefused."""
        if role is Role.SPECIALIST and not name:
            raise LineRefused(
                _("Write the theme behind the role, such as: themaspecialist: Wonen.")
            )
        if not name:
            return None
        found = self.themes.get(folded(name)) or self.themes.get(slugify(name))
        if found is None:
            raise LineRefused(_("There is no theme “%(name)s”.", name=name))
        return found

    def refuse(self, person: User, role: Role, theme: Theme | None) -> None:
        """Raise LineRefused for a role that cannot be given, or not by this actor."""
        if role is Role.ADMINISTRATOR:
            raise LineRefused(
                _("An import makes nobody administrator. Do that on the person's own page.")
            )
        try:
            roles.check(person, role, REASON, self.actor)
            roles.refuse_unfit(person, role, theme)
            roles.refuse_beyond_cap(role, self.ambassadors)
        except roles.RoleRefused as refusal:
            raise LineRefused(str(refusal)) from None
        except PermissionError:
            own = self.actor is not None and person.id == self.actor.id
            raise LineRefused(
                _("You cannot give yourself a role.")
                if own
                else _("You cannot give roles: the community manager does. Leave the cell empty.")
            ) from None


def changes(entry: Entry, user: User) -> Iterator[Change]:
    """Yield what a line changes of an account; an empty cell changes nothing."""
    if entry.name != user.name:
        yield Change("name", user.name, entry.name)
    if entry.job_title not in {"", user.job_title}:
        yield Change("job_title", user.job_title, entry.job_title)
    department = user.department.name if user.department else ""
    if entry.department and folded(entry.department) != folded(department):
        yield Change("department", department, entry.department)
