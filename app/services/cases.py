"""Cases: members raise an alarm, moderators settle all alarms about one thing together.

Who reported hears how it ended, and so does who made it when something was done. Every step is
taken under a lock, so that of two moderators at once the second hears what the first did.
"""

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import func, select

from app.extensions import db
from app.lib.clock import now
from app.models import (
    UNDER_WAY,
    Attachment,
    Case,
    CaseEvent,
    CaseState,
    CaseStep,
    Comment,
    Content,
    Report,
    User,
)
from app.policy import readers_of
from app.queries.cases import deciders
from app.services import activity, attachments, links, moderation, outbox
from app.services.activity import Grounds, Verb
from app.services.alarms import Subject, key_of, sound, under_way
from app.site import site

__all__ = [
    "AlreadyEscalatedError", "ClosedError", "NobodyError", "TakenError", "close", "escalate", "file",
    "hand_over", "key_of", "note", "release", "subject_of", "take", "under_way",
]  # fmt: skip

VERBS = {
    CaseState.RESOLVED: Verb.REPORT_UPHELD,
    CaseState.REJECTED: Verb.REPORT_DISMISSED,
}


class ClosedError(Exception):
    """Someone closed the case before."""


class TakenError(Exception):
    """Another moderator took the case before."""


class AlreadyEscalatedError(Exception):
    """The manager was asked already."""


class NobodyError(Exception):
    """There is no manager who can decide about this."""


def subject_of(case: Case) -> Subject:
    """Return what a case is about; its four subjects must be loaded."""
    subject = case.comment or case.attachment or case.person or case.content
    assert subject is not None
    return subject


def file(subject: Subject, reporter: User, reason: str, note: str) -> bool:
    """Report something; False when this member's earlier report of it is still under way.

    Where the community set so, what enough members report is hidden until a moderator looks.
    """
    new = sound(subject, reporter, reason, note)
    if new and isinstance(subject, Content | Comment) and subject.hidden_at is None:
        case = db.session.scalars(under_way(subject)).one()
        if 0 < site().hide_after_reports <= reporters(case):
            hide_by_itself(case, subject)
    return new


def reporters(case: Case) -> int:
    """Count the members who reported; a watched word is nobody."""
    found = select(func.count(Report.reporter_id)).where(Report.case_id == case.id)
    return db.session.scalar(found) or 0


def hide_by_itself(case: Case, subject: Content | Comment) -> None:
    """Hide what many reported, without judging it."""
    with force_locale(site().locale):
        reason = _("Several members reported this. A moderator will look at it.")
    if moderation.hide(subject, None, reason, Grounds(case_id=case.id)):
        add_step(case, CaseStep.HIDDEN, None)


def add_step(
    case: Case, step: CaseStep, actor: User | None, text: str = "", to: User | None = None
) -> None:
    """Write a step in the history of a case; the first of a moderator tells when somebody looked."""
    if actor is not None:
        case.first_look_at = case.first_look_at or now()
    db.session.add(
        CaseEvent(
            case_id=case.id, step=step, actor_id=actor.id if actor else None,
            to_id=to.id if to else None, text=text,
        )
    )  # fmt: skip


def lock(case: Case) -> None:
    """Let nobody else change a case meanwhile. Raises ClosedError for one that was closed."""
    columns = ["state", "taken_by_id", "taken_at", "escalated_at", "closed_at", "closed_by_id"]
    db.session.refresh(case, columns, with_for_update=True)
    if case.state not in UNDER_WAY:
        raise ClosedError


def give_to(case: Case, person: User | None) -> None:
    """Put a case in someone's hands, or in nobody's."""
    case.state = CaseState.TAKEN if person else CaseState.OPEN
    case.taken_by_id, case.taken_at = (person.id, now()) if person else (None, None)


def take(case: Case, actor: User) -> None:
    """Take a case in hand. Raises TakenError when another has it, ClosedError when it is closed."""
    lock(case)
    if case.taken_by_id == actor.id:
        return
    if case.taken_by_id is not None:
        raise TakenError
    give_to(case, actor)
    add_step(case, CaseStep.TAKEN, actor)


def release(case: Case, actor: User) -> None:
    """Let someone else take a case: one's own, or that of who is away. Raises ClosedError."""
    lock(case)
    if case.taken_by_id is not None:
        give_to(case, None)
        add_step(case, CaseStep.RELEASED, actor)


def note(case: Case, actor: User, text: str) -> None:
    """Write something to the other moderators; also in a case that is closed."""
    add_step(case, CaseStep.NOTE, actor, text)


def hand_over(case: Case, actor: User, to: User, text: str = "") -> None:
    """Put a case in the hands of a colleague, who hears of it. Raises ClosedError."""
    lock(case)
    if case.taken_by_id == to.id:
        return
    give_to(case, to)
    add_step(case, CaseStep.HANDED_OVER, actor, text, to)
    activity.notify(to.id, Verb.CASE_HANDED, case, actor, text)


def escalate(case: Case, actor: User | None, reason: str) -> None:
    """Ask the community manager to decide; without an actor because it waited too long.

    A manager may look at such a case in a closed group too. Raises ClosedError,
    AlreadyEscalatedError, and NobodyError where no manager may decide about this.
    """
    lock(case)
    if case.escalated_at is not None:
        raise AlreadyEscalatedError
    managers = deciders(case, actor)
    if not managers:
        raise NobodyError
    case.escalated_at, case.escalated_by_id = now(), actor.id if actor else None
    give_to(case, None)
    add_step(case, CaseStep.ESCALATED, actor, reason)
    activity.log(Verb.CASE_ESCALATED, subject_of(case), actor)
    for manager in managers:
        activity.notify(manager.id, Verb.CASE_ESCALATED, case, actor, reason)
        outbox.post(
            manager, "case_escalated", case=case, actor=actor, reason=reason, path_of=links.address
        )


def close(
    case: Case,
    actor: User,
    state: CaseState,
    outcome: str,
    *,
    rule: str = "",
    hide_because: str = "",
) -> bool:
    """Close a case, with an answer to all who reported; False when it was closed already.

    With `hide_because` a text is hidden too, or a document removed, and its author told that reason;
    who reported is never told. What Kring hid by itself is shown again when it can stay. The
    subjects of the case must be loaded.
    """
    try:
        lock(case)
    except ClosedError:
        return False
    case.state, case.outcome, case.rule = state, outcome, rule
    case.closed_by_id, case.closed_at = actor.id, now()
    subject = subject_of(case)
    add_step(case, CaseStep.CLOSED, actor, outcome)
    if hide_because:
        put_out_of_sight(case, subject, actor, hide_because)
    elif isinstance(subject, Content | Comment) and hidden_by_itself(case, subject):
        with force_locale(site().locale):
            reason = _("A moderator looked at it.")
        moderation.restore(subject, actor, reason)
    activity.record(VERBS[state], subject, actor, reason=outcome)
    tell(case, subject, actor, VERBS[state], outcome)
    return True


def put_out_of_sight(case: Case, subject: Subject, actor: User, reason: str) -> None:
    """Hide a text or remove a document, by the rule of the case; a profile stays as it is."""
    if isinstance(subject, Attachment) and subject.removed_at is None:
        attachments.remove(subject, actor, f"{case.rule}: {reason}" if case.rule else reason)
    if isinstance(subject, Content | Comment):
        if hidden_by_itself(case, subject):
            subject.hidden_at = None  # so that the author hears why a moderator keeps it hidden
            db.session.flush()
        moderation.hide(subject, actor, reason, Grounds(case.rule, case_id=case.id))


def hidden_by_itself(case: Case, subject: Content | Comment) -> bool:
    """Tell whether a text is out of sight because many reported it, and for no other reason."""
    db.session.refresh(subject, ["hidden_at", "hidden_by_id", "held_at"])
    if subject.hidden_at is None or subject.hidden_by_id is not None or subject.held_at is not None:
        return False
    by_kring = select(CaseEvent.id).where(
        CaseEvent.case_id == case.id, CaseEvent.step == CaseStep.HIDDEN
    )
    return db.session.scalar(by_kring.limit(1)) is not None


def tell(case: Case, subject: Subject, actor: User, verb: Verb, outcome: str) -> None:
    """Tell the outcome to those who reported and still belong to the audience."""
    piece = subject if isinstance(subject, Content) else getattr(subject, "content", None)
    people = select(User).join(Report, Report.reporter_id == User.id).where(
        Report.case_id == case.id, User.id != actor.id, User.deactivated_at.is_(None)
    )  # fmt: skip
    if piece is not None:
        people = people.where(readers_of(piece))
    about = subject if isinstance(subject, Comment) else piece
    for person in db.session.scalars(people):
        if about is not None:
            activity.notify(person.id, verb, about, actor, outcome)
        outbox.post(
            person, "report_settled", label=case.label, upheld=verb is Verb.REPORT_UPHELD,
            outcome=outcome,
        )  # fmt: skip
