"""Looking people up, and the page of one."""

from dataclasses import dataclass
from math import ceil
from typing import Any

from flask import Response, abort, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.access import requires, with_person
from app.blueprints.people.room import bp
from app.extensions import db
from app.forms import tidy_line
from app.lib import htmx
from app.lib.content_security import FILE
from app.models import Audience, Content, Department, Role, Theme, User
from app.policy import PARTS, Ability, can, memberships_of, shows
from app.queries.following import ties_to
from app.queries.listing import BY_ACTIVITY, listed, page_of
from app.queries.people import (
    PAGE,
    Wanted,
    departments,
    expertise_of,
    grants_of,
    known_expertise,
    number_of,
    people,
    people_page,
)
from app.queries.themes import themes as in_use
from app.services import attachments
from app.templating import role_label

RECENT = 10
PREVIEW = "members"
LONGEST = 120


@dataclass(frozen=True)
class Choices:
    """What can be chosen on the page, and what was."""

    departments: list[Department]
    themes: list[Theme]
    wanted: Wanted

    def department_options(self) -> list[tuple[int, str]]:
        """Return what the page offers, as pairs of value and label."""
        return [(one.id, one.name) for one in self.departments]

    def theme_options(self) -> list[tuple[str, str]]:
        """Return what the page offers, as pairs of value and label."""
        return [(theme.slug, theme.name) for theme in self.themes]

    def role_options(self) -> list[tuple[str, str]]:
        """Return what the page offers, as pairs of value and label."""
        return [(role.value, role_label(role)) for role in Role if role is not Role.MEMBER]

    def parameters(self, **changes: Any) -> dict[str, Any]:
        """Return the parameters of the address of this list, without empty ones."""
        wanted = self.wanted
        found = {
            "q": wanted.words, "expertise": wanted.expertise, "role": wanted.role,
            "department": wanted.department and wanted.department.id,
            "theme": wanted.theme and wanted.theme.slug, **changes,
        }  # fmt: skip
        return {name: value for name, value in found.items() if value}


def asked() -> Choices:
    """Return whom the address asks for; what cannot be chosen does not count."""
    units, themes = (list(db.session.scalars(query)) for query in (departments(), in_use()))
    unit, slug = request.args.get("department", type=int), request.args.get("theme")
    wanted = Wanted(
        words=tidy_line(request.args.get("q"))[:LONGEST],
        expertise=tidy_line(request.args.get("expertise"))[:LONGEST],
        department=next((one for one in units if one.id == unit), None),
        theme=next((theme for theme in themes if theme.slug == slug), None),
        role=request.args.get("role", type=Role),
    )
    return Choices(units, themes, wanted)


@bp.get("/people")
@requires(Ability.SEE_PEOPLE)
def index() -> ResponseReturnValue:
    """List members, by what they tell about themselves; a fragment has the list only."""
    choices = asked()
    number = request.args.get("page", 1, type=int)
    found = people(current_user, choices.wanted)
    total = db.session.scalar(number_of(found)) or 0
    pages = ceil(total / PAGE)
    if not 1 <= number <= max(1, pages):
        abort(404)
    rows = db.session.scalars(people_page(found, number)).all()
    page = {"asked": choices, "people": rows, "total": total, "page": number, "pages": pages}
    if htmx.is_htmx(request):
        return render_template("people/index.htmx.html", **page)
    known = db.session.scalars(known_expertise(current_user)).all()
    return render_template("people/index.html", **page, known=known)


@bp.get("/people/<ref:ref>")
@with_person(Ability.SEE_PEOPLE)
def show(person: User) -> ResponseReturnValue:
    """Show what a person is and made, as far as the reader may see."""
    own = person.id == current_user.id
    preview = own and request.args.get("view") == PREVIEW
    following, kept_away = db.session.execute(ties_to(person, current_user)).one()
    written = listed(current_user).where(
        Content.author_id == person.id, Content.withdrawn_at.is_(None)
    )
    return render_template(
        "people/show.html",
        person=person,
        own=own,
        preview=preview,
        seen=parts_for_members(person) if preview else parts_seen(person),
        grants=db.session.scalars(grants_of(person)).all(),
        expertise=db.session.scalars(expertise_of(person)).all(),
        following=following,
        kept_away=kept_away,
        together=groups_with(person),
        recent=page_of(written, BY_ACTIVITY, None, None, RECENT).rows,
        sees_reasons=own
        or can(current_user, Ability.GRANT_ROLES, person)
        or can(current_user, Ability.GRANT_ADMINISTRATOR, person),
    )


def parts_seen(person: User) -> set[str]:
    """Return the parts of a profile that the reader may see."""
    return {part for part in PARTS if shows(person, part, current_user)}


def parts_for_members(person: User) -> set[str]:
    """Return the parts of a profile that every member may see."""
    return {part for part in PARTS if getattr(person, f"{part}_audience") is Audience.MEMBERS}


def groups_with(person: User) -> list[str]:
    """Return the names of the groups in which both the person and the reader are."""
    theirs = {membership.group_id for membership in person.memberships}
    mine = [membership.group for membership in memberships_of(current_user)]
    shared = [group.name for group in mine if group.id in theirs]
    return [] if person.id == current_user.id else sorted(shared, key=str.casefold)


@bp.get("/people/<ref:ref>/photo")
@with_person(Ability.SEE_PEOPLE)
def photo(person: User) -> ResponseReturnValue:
    """Hand out someone's photo; its address changes with it, so that browsers can keep it."""
    if person.photo_sha256 is None or not shows(person, "photo", current_user):
        abort(404)
    try:
        with attachments.storage().open(person.photo_sha256) as file:
            response = Response(file.read(), mimetype="image/jpeg")
    except FileNotFoundError:
        current_app.logger.error("the photo of person %d is lost", person.id)  # noqa: TRY400  # known
        abort(404)
    response.headers["Cache-Control"] = "private, max-age=3600"
    response.headers["Content-Security-Policy"] = FILE
    return response
