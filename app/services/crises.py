"""A crisis is started and ended here; what it changes stands among the settings meanwhile."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.extensions import db
from app.lib.clock import now
from app.models import Crisis, CrisisMode, CrisisNote, Group, Theme, User
from app.services import activity, log_chain, settings
from app.services.activity import Verb

NOTHING = {"crisis_mode": "", "crisis_banner": "", "crisis_theme": 0, "crisis_group": 0}


class UnderWay(Exception):
    """There is a crisis already."""


@dataclass(frozen=True)
class Plan:
    """What a crisis changes, where, and what members read."""

    mode: CrisisMode
    banner: str
    reason: str
    theme: Theme | None = None
    group: Group | None = None


def start(plan: Plan, actor: User) -> Crisis:
    """Start a crisis: from now on, in all processes within ten seconds. Raises UnderWay."""
    log_chain.hold_end()  # Nobody else starts one meanwhile.
    if db.session.scalar(select(Crisis.id).where(Crisis.ended_at.is_(None)).limit(1)):
        raise UnderWay
    crisis = Crisis(
        mode=plan.mode, banner=plan.banner, reason=plan.reason, theme=plan.theme, group=plan.group,
        started_by=actor,
    )  # fmt: skip
    db.session.add(crisis)
    db.session.flush()
    activity.log(Verb.CRISIS_STARTED, crisis, actor, reason=plan.reason, result=plan.mode)
    settings.change(
        {
            "crisis_mode": plan.mode.value,
            "crisis_banner": told(plan),
            "crisis_theme": plan.theme.id if plan.theme else 0,
            "crisis_group": plan.group.id if plan.group else 0,
        },
        actor,
    )
    return crisis


def told(plan: Plan) -> str:
    """Return the message with the place that it is about: of a group only its members read it."""
    place = plan.theme or plan.group
    return f"{place.name}: {plan.banner}" if place else plan.banner


def end(crisis: Crisis, actor: User) -> bool:
    """End a crisis, and let everything be as before; tell whether it still went on."""
    db.session.refresh(crisis, ["ended_at"], with_for_update=True)
    if crisis.ended_at is not None:
        return False
    crisis.ended_at, crisis.ended_by = now(), actor
    activity.log(Verb.CRISIS_ENDED, crisis, actor)
    settings.change(NOTHING, actor)
    return True


def note(crisis: Crisis, actor: User, text: str) -> CrisisNote:
    """Write down what was done; the same text sent twice in a row by one person is one note."""
    mine = (CrisisNote.crisis_id == crisis.id, CrisisNote.author_id == actor.id)
    last = db.session.scalar(
        select(CrisisNote).where(*mine).order_by(CrisisNote.id.desc()).limit(1)
    )
    if last is not None and last.text == text:
        return last
    made = CrisisNote(crisis_id=crisis.id, author=actor, text=text)
    db.session.add(made)
    db.session.flush()
    return made


def report(crisis: Crisis, text: str) -> None:
    """Keep what happened and what was learned of it."""
    crisis.report = text


def prepare(call_list: str, review_on: date | None, actor: User) -> int:
    """Keep who to call, and when to look again at how we moderate; tell how much changed."""
    values = {
        "call_list": call_list,
        "moderation_review_on": review_on.isoformat() if review_on else "",
    }
    return settings.change(values, actor)
