"""Looking people up."""

from math import ceil

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.access import requires, with_person
from app.blueprints.people.room import bp
from app.extensions import db
from app.forms import tidy_line
from app.models import Content, Role, User
from app.policy import Ability, can
from app.queries.listing import BY_ACTIVITY, listed, page_of
from app.queries.people import PAGE, grants_of, number_of, people, people_page

RECENT = 10


@bp.get("/people")
@requires(Ability.SEE_PEOPLE)
def index() -> ResponseReturnValue:
    """List members; `q` searches by name, `role` keeps who has that role."""
    q = tidy_line(request.args.get("q"))[:120]
    role = request.args.get("role", type=Role)
    number = request.args.get("page", 1, type=int)
    found = people(q, role)
    total = db.session.scalar(number_of(found)) or 0
    if not 1 <= number <= max(1, ceil(total / PAGE)):
        abort(404)
    return render_template(
        "people/index.html",
        people=db.session.scalars(people_page(found, number)).all(),
        total=total,
        q=q,
        role=role,
        page=number,
        pages=ceil(total / PAGE),
        page_url=lambda n: url_for(".index", q=q or None, role=role, page=n),
    )


@bp.get("/people/<ref:ref>")
@with_person(Ability.SEE_PEOPLE)
def show(person: User) -> ResponseReturnValue:
    """Show what a person is and made, as far as the reader may see."""
    written = listed(current_user).where(
        Content.author_id == person.id, Content.withdrawn_at.is_(None)
    )
    return render_template(
        "people/show.html",
        person=person,
        grants=db.session.scalars(grants_of(person)).all(),
        recent=page_of(written, BY_ACTIVITY, None, None, RECENT).rows,
        sees_reasons=person == current_user
        or can(current_user, Ability.GRANT_ROLES, person)
        or can(current_user, Ability.GRANT_ADMINISTRATOR, person),
    )
