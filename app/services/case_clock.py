"""What the clock does for cases: remind who may handle them, and bring what waits on to the manager."""

from collections import defaultdict
from datetime import timedelta

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import and_, or_, select

from app.extensions import db
from app.lib.clock import now
from app.models import UNDER_WAY, Case, User
from app.queries.cases import handlers, late, with_all
from app.services import activity, cases, links, outbox
from app.services.activity import Verb
from app.site import site


def remind() -> int:
    """Tell who may handle them of cases that are late; return how many. One transaction.

    Once for each case, and again when it was taken after that and time passed once more. What is
    late twice over comes before the community manager by itself.
    """
    moment, term = now(), timedelta(hours=site().case_hours)
    taken_since = and_(Case.taken_at > Case.reminded_at, Case.taken_at <= moment - term)
    found = with_all(
        select(Case)
        .where(Case.state.in_(UNDER_WAY), late(), or_(Case.reminded_at.is_(None), taken_since))
        .order_by(Case.id)
    )
    mails: defaultdict[User, list[Case]] = defaultdict(list)
    waiting = db.session.scalars(found).unique().all()
    for case in waiting:
        for person in [case.taken_by] if case.taken_by else handlers(case):
            activity.notify(person.id, Verb.CASE_LATE, case, None)
            mails[person].append(case)
        case.reminded_at = moment
    for person, theirs in mails.items():
        outbox.post(person, "cases_late", cases=theirs, path_of=links.address)
    bring_on()
    db.session.commit()
    return len(waiting)


def bring_on() -> None:
    """Bring before the manager what waits twice as long as it should, in groups too."""
    term = timedelta(hours=site().case_hours)
    found = with_all(
        select(Case)
        .where(Case.state.in_(UNDER_WAY), Case.escalated_at.is_(None), Case.due_at <= now() - term)
        .order_by(Case.id)
    )
    with force_locale(site().locale):
        reason = _("Nobody closed this report in time.")
    for case in db.session.scalars(found).unique().all():
        try:
            cases.escalate(case, None, reason)
        except (cases.NobodyError, cases.ClosedError, cases.AlreadyEscalatedError):
            continue  # it still stands in the queue, too late
