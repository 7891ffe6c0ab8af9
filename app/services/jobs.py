"""Work in the background: mail that is due, and tidying up at night."""

import logging
from collections.abc import Callable, Iterable
from datetime import timedelta

from huey import crontab
from sqlalchemy import ColumnElement, delete, or_, select

from app.extensions import Kring, db
from app.lib.batches import Batch
from app.lib.clock import now
from app.lib.job_queue import UNREACHABLE
from app.models import (
    AddressChange,
    Attempt,
    EditNotice,
    Invitation,
    Notification,
    OutgoingMail,
    Registration,
    RequestState,
    StaffNote,
    Token,
    UserSession,
)
from app.models.user import SESSION_LIFETIME
from app.services import (
    appeals,
    attachments,
    attention,
    case_clock,
    group_life,
    images,
    import_files,
    invitations,
    outbox,
    password_reset,
    redaction,
    registrations,
    reviews,
    search_rebuild,
    text,
    wiki_bin,
)
from app.site import site

YEAR = timedelta(days=365)
NOTES_KEPT = 2 * YEAR
BATCH = 1000
WAITING = "kring_jobs"
Job = tuple[Callable[..., object], tuple[object, ...]]
# What requests leave to the background, by the names under which they ask for it.
ON_REQUEST: dict[str, Callable[..., object]] = {
    "compact": redaction.compact,
    "deliver_mail": outbox.deliver_due,
    "invite_imported": invitations.invite_imported,
    "keep_request": registrations.keep_request,
    "let_in": registrations.let_in,
    "render_stale": text.render_stale,
    "send_again": invitations.send_again,
    "send_reset_link": password_reset.send_link,
}

_log = logging.getLogger(__name__)


def init_app(app: Kring) -> None:
    """Register the jobs with this application's queue."""
    app.extensions[WAITING] = Batch[Job](hand_over)
    for name, work in ON_REQUEST.items():
        app.extensions[name] = background(app, name, work)

    @app.jobs.periodic_task(crontab(minute="*"))  # type: ignore[untyped-decorator]  # huey has no types
    def every_minute() -> None:
        with app.app_context():
            outbox.deliver_due()
            import_files.sweep()
            search_rebuild.go_on()

    @app.jobs.periodic_task(crontab(hour="3", minute="20"))  # type: ignore[untyped-decorator]  # huey has no types
    def tidy_up() -> None:
        with app.app_context():
            tidy()
            wiki_bin.empty()
            images.forget()
            db.session.commit()
            text.render_stale()
            attachments.sweep()

    @app.jobs.periodic_task(crontab(minute="15"))  # type: ignore[untyped-decorator]  # huey has no types
    def every_hour() -> None:
        with app.app_context():
            case_clock.remind()

    @app.jobs.periodic_task(crontab(hour="5", minute="10"))  # type: ignore[untyped-decorator]  # huey has no types
    def remind() -> None:
        with app.app_context():
            reviews.remind()
            group_life.ask_owners()
            appeals.remind()

    @app.jobs.periodic_task(crontab(hour="7-18", minute="25"))  # type: ignore[untyped-decorator]  # huey has no types
    def look_after_answers() -> None:
        with app.app_context():
            attention.look()


def background(app: Kring, name: str, work: Callable[..., object]) -> Callable[..., object]:
    """Return what lets the queue do some work, in an application context of its own."""

    def run(*values: object) -> None:
        with app.app_context():
            work(*values)

    task: Callable[..., object] = app.jobs.task(name=name)(run)

    def ask(*values: object) -> None:
        """Put the work in the queue; while that is away it waits here, and nobody's page fails."""
        try:
            task(*values)
        except UNREACHABLE as error:
            _log.error("the queue of jobs cannot be reached, %s waits: %s", name, error)
            app.extensions[WAITING].add((task, values))

    return ask


def hand_over(waiting: Iterable[Job]) -> None:
    """Put in the queue what waited for it; a job may come there twice, but is not left out."""
    for task, values in waiting:
        task(*values)


def tidy() -> None:
    """Delete what has served: what is over, old failures, stale notices."""
    moment = now()
    for gone in (
        delete(UserSession).where(UserSession.last_seen_at < moment - SESSION_LIFETIME),
        delete(Token).where(Token.expires_at < moment - SESSION_LIFETIME),
        delete(AddressChange).where(AddressChange.expires_at < moment),
        delete(Attempt).where(Attempt.made_at < moment - timedelta(days=site().keep_attempts_days)),
        delete(StaffNote).where(StaffNote.created_at < moment - NOTES_KEPT),
        delete(EditNotice).where(EditNotice.seen_at < moment - SESSION_LIFETIME),
        delete(Invitation).where(
            Invitation.accepted_at.is_(None),
            or_(Invitation.expires_at < moment - YEAR, Invitation.withdrawn_at < moment - YEAR),
        ),
        delete(Registration).where(
            Registration.state != RequestState.OPEN, Registration.decided_at < moment - YEAR
        ),
    ):
        db.session.execute(gone)
    db.session.commit()
    mail_before = moment - timedelta(days=site().keep_mail_days)
    news_before = moment - timedelta(days=site().keep_notifications_days)
    delete_in_batches(
        OutgoingMail,
        or_(OutgoingMail.sent_at < mail_before, OutgoingMail.failed_at < mail_before),
    )
    delete_in_batches(Notification, Notification.read_at < news_before)


def delete_in_batches(
    model: type[OutgoingMail | Notification], condition: ColumnElement[bool]
) -> None:
    """Delete rows, some thousand in each transaction: others can write in between."""
    found = select(model.id).where(condition).order_by(model.id).limit(BATCH)
    while keys := db.session.scalars(found).all():
        gone = delete(model).where(model.id.in_(keys))
        db.session.execute(gone.execution_options(synchronize_session=False))
        db.session.commit()
