"""Cases: members raise an alarm, moderators settle all alarms about one thing together.

Who reported hears how it ended, and so does who made it when something was done.
"""

from datetime import timedelta

from sqlalchemy import Select, select, update

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
from app.services import activity, moderation, outbox, reactions
from app.services.activity import Grounds, Verb
from app.site import site

Subject = Content | Comment | Attachment | User
KEYS: dict[type, str] = {Comment: "comment_id", Attachment: "attachment_id", User: "user_id"}
VERBS = {
    CaseState.RESOLVED: Verb.REPORT_UPHELD,
    CaseState.REJECTED: Verb.REPORT_DISMISSED,
}


def key_of(subject: Subject) -> str:
    """Return the column of `Case` that leads to this kind of subject."""
    return KEYS.get(type(subject), "content_id")


def subject_of(case: Case) -> Subject:
    """Return what a case is about; its four subjects must be loaded."""
    subject = case.comment or case.attachment or case.person or case.content
    assert subject is not None
    return subject


def under_way(subject: Subject) -> Select[Case]:
    """Select the case of a subject that is not closed, if there is one."""
    about = getattr(Case, key_of(subject)) == subject.id
    return select(Case).where(about, Case.state.in_(UNDER_WAY))


def file(subject: Subject, reporter: User | None, reason: str, note: str) -> bool:
    """Report something; False when this member's earlier report of it is still under way.

    Without a reporter a watched word gives the alarm. Reports of one subject come in one case.
    """
    reactions.add_once(
        Case, **{key_of(subject): subject.id}, state=CaseState.OPEN, created_at=now(),
        due_at=now() + timedelta(hours=site().case_hours),
    )  # fmt: skip
    case_id = db.session.scalars(under_way(subject).with_only_columns(Case.id)).one()
    return reactions.add_once(
        Report, case_id=case_id, reporter_id=reporter.id if reporter else None,
        reason=reason, note=note,
    )  # fmt: skip


def add_step(
    case: Case, step: CaseStep, actor: User | None, text: str = "", to: User | None = None
) -> None:
    """Write a step in the history of a case; the first one tells when somebody looked."""
    case.first_look_at = case.first_look_at or now()
    db.session.add(
        CaseEvent(
            case_id=case.id, step=step, actor_id=actor.id if actor else None,
            to_id=to.id if to else None, text=text,
        )
    )  # fmt: skip


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

    With `hide_because` a text is hidden too, and its author told that reason; who reported is never
    told. The subjects of the case must be loaded.
    """
    closed = db.session.scalar(
        update(Case)
        .where(Case.id == case.id, Case.state.in_(UNDER_WAY))
        .values(state=state, outcome=outcome, rule=rule, closed_by_id=actor.id, closed_at=now())
        .returning(Case.id)
        .execution_options(synchronize_session=False)
    )
    if closed is None:
        return False
    db.session.expire(case, ["state", "outcome", "rule", "closed_by_id", "closed_at"])
    subject = subject_of(case)
    add_step(case, CaseStep.CLOSED, actor, outcome)
    if hide_because and isinstance(subject, Content | Comment):
        moderation.hide(subject, actor, hide_because, Grounds(rule, case_id=case.id))
    activity.record(VERBS[state], subject, actor, reason=outcome)
    tell(case, subject, actor, VERBS[state], outcome)
    return True


def tell(case: Case, subject: Subject, actor: User, verb: Verb, outcome: str) -> None:
    """Tell the outcome to those who reported and still belong to the audience."""
    piece = subject if isinstance(subject, Content) else getattr(subject, "content", None)
    people = select(User).join(Report, Report.reporter_id == User.id).where(
        Report.case_id == case.id, User.id != actor.id, User.deactivated_at.is_(None)
    )  # fmt: skip
    if piece is not None:
        people = people.where(readers_of(piece))
    for person in db.session.scalars(people):
        if isinstance(subject, Content | Comment):
            activity.notify(person.id, verb, subject, actor, outcome)
        outbox.post(
            person, "report_settled", label=activity.label_of(subject),
            upheld=verb is Verb.REPORT_UPHELD, outcome=outcome,
        )  # fmt: skip
