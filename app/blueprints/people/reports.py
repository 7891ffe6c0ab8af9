"""Reporting a profile."""

from flask.typing import ResponseReturnValue

from app.access import with_person
from app.blueprints.people.room import bp
from app.models import User
from app.policy import Ability
from app.reporting import take_report


@bp.route("/people/<ref:ref>/report", methods=["GET", "POST"])
@with_person(Ability.REPORT)
def report(person: User) -> ResponseReturnValue:
    """Tell the moderators that something is the matter with a profile."""
    return take_report(person)
