"""What the tests of a crisis share."""

from app.extensions import db
from app.models import Crisis, CrisisMode, Group, Theme, User
from app.services import crises
from app.services.crises import Plan

GOOD = {"mode": "banner", "place": "all", "banner": "Er is brand geweest.", "reason": "Veel vragen"}


def started(
    manager: User, mode: CrisisMode = CrisisMode.BANNER, *, theme: Theme | None = None,
    group: Group | None = None,
) -> Crisis:  # fmt: skip
    """Return a crisis that goes on."""
    plan = Plan(mode, "Er is brand geweest.", "Veel vragen", theme, group)
    made = crises.start(plan, manager)
    db.session.commit()
    return made
