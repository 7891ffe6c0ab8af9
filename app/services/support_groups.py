"""The groups that a community begins with: one for help, and one of its ambassadors."""

from collections.abc import Sequence

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select

from app.extensions import db
from app.models import Group, GroupKind, Role, User
from app.queries.templates import named
from app.services import groups
from app.services.groups import Facts
from app.site import site

QUESTION = "vraag-met-context"


class ThereIsOneError(Exception):
    """There is a group for help in use already."""


def make_support(owners: Sequence[User], actor: User | None) -> Group:
    """Make the open group in which members ask and help each other. Raises ThereIsOneError."""
    in_use = select(Group.id).where(Group.is_support, Group.archived_at.is_(None))
    if db.session.scalar(in_use.limit(1)) is not None:
        raise ThereIsOneError
    question = named(QUESTION)
    with force_locale(site().locale):
        facts = Facts(
            name=str(_("Question and help")),
            kind=GroupKind.OPEN,
            description=str(_(
                "Are you stuck, in your work or in this community? Ask it here. Everyone can read"
                " along, so that the answer helps others too."
            )),
            welcome=str(_(
                "Nice that you help. Ask what you like: no question is too small. Do you know an"
                " answer? Give it, with a link if it is written down already. Did an answer help"
                " you? Mark it, so that others find it."
            )),
            question_text=question.body if question else "",
        )  # fmt: skip
    return groups.make(facts, owners, actor, is_support=True)


def make_ambassadors(owners: Sequence[User], actor: User | None) -> Group:
    """Make the closed group to which the ambassadors belong by themselves."""
    with force_locale(site().locale):
        facts = Facts(
            name=str(_("Ambassadors")),
            kind=GroupKind.CLOSED,
            description=str(_(
                "Here the ambassadors and the community manager talk about how the community does."
            )),
            welcome=str(_(
                "Good that you are an ambassador. Here you talk with the others and with the"
                " community manager: what strikes you, who needs help, what could be better?"
            )),
            auto_role=Role.AMBASSADOR,
        )  # fmt: skip
    return groups.make(facts, owners, actor)
