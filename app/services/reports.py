"""Reports: members raise an alarm, moderators settle it, and those who reported hear how."""

from sqlalchemy import ColumnElement, and_, select, update

from app.extensions import db
from app.lib.clock import now
from app.models import Comment, Content, Report, ReportReason, ReportState, User
from app.policy import readers_of
from app.services import activity, moderation, outbox, reactions
from app.services.activity import Verb

Subject = Content | Comment
VERBS = {
    ReportState.UPHELD: Verb.REPORT_UPHELD,
    ReportState.DISMISSED: Verb.REPORT_DISMISSED,
}


def file(subject: Subject, reporter: User, reason: ReportReason, note: str) -> bool:
    """Report a piece or a reply; False when this member's earlier report of it is still open."""
    key = "comment_id" if isinstance(subject, Comment) else "content_id"
    return reactions.add_once(
        Report, **{key: subject.id}, reporter_id=reporter.id, reason=reason, note=note
    )


def about(subject: Subject) -> ColumnElement[bool]:
    """Return the condition on `Report` for those about this piece or this reply."""
    if isinstance(subject, Comment):
        return Report.comment_id == subject.id
    return Report.content_id == subject.id


def settle(
    subject: Subject, actor: User, state: ReportState, outcome: str, hide_because: str = ""
) -> bool:
    """Settle all open reports of a subject at once; False when nothing was open any more.

    `outcome` goes to those who reported. With `hide_because` the subject is hidden too, and its
    author told that reason; who reported is never told.
    """
    settled = db.session.scalars(
        update(Report)
        .where(and_(about(subject), Report.state == ReportState.OPEN))
        .values(state=state, outcome=outcome, handled_by_id=actor.id, handled_at=now())
        .returning(Report.reporter_id)
        .execution_options(synchronize_session=False)
    ).all()
    if not settled:
        return False
    if hide_because:
        moderation.hide(subject, actor, hide_because)
    activity.record(VERBS[state], subject, actor, reason=outcome)
    tell(subject, actor, list(settled), VERBS[state], outcome)
    return True


def tell(subject: Subject, actor: User, reporter_ids: list[int], verb: Verb, outcome: str) -> None:
    """Tell the outcome to those who reported and still belong to the audience."""
    content = subject.content if isinstance(subject, Comment) else subject
    people = select(User).where(User.id.in_(reporter_ids), readers_of(content))
    for person in db.session.scalars(people):
        if person.id == actor.id:
            continue
        activity.notify(person.id, verb, subject, actor, outcome)
        outbox.post(
            person, "report_settled", content=content, upheld=verb is Verb.REPORT_UPHELD,
            outcome=outcome,
        )  # fmt: skip
