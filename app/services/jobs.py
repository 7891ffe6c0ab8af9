"""Work in the background: mail that is due, and tidying up at night."""

from huey import crontab
from sqlalchemy import delete

from app.extensions import Kring, db
from app.lib.clock import now
from app.models import EditNotice, SignInFailure, Token, UserSession
from app.models.user import SESSION_LIFETIME
from app.services import outbox


def init_app(app: Kring) -> None:
    """Register the jobs with this application's queue."""

    @app.jobs.task()  # type: ignore[untyped-decorator]  # huey has no types
    def deliver_mail() -> None:
        with app.app_context():
            outbox.deliver_due()

    @app.jobs.periodic_task(crontab(minute="*"))  # type: ignore[untyped-decorator]  # huey has no types
    def deliver_late_mail() -> None:
        with app.app_context():
            outbox.deliver_due()

    @app.jobs.periodic_task(crontab(hour="3", minute="20"))  # type: ignore[untyped-decorator]  # huey has no types
    def tidy_up() -> None:
        with app.app_context():
            tidy()

    app.extensions["deliver_mail"] = deliver_mail


def tidy() -> None:
    """Delete what has served: sessions and links that are over, old failures, stale notices."""
    moment = now()
    for gone in (
        delete(UserSession).where(UserSession.last_seen_at < moment - SESSION_LIFETIME),
        delete(Token).where(Token.expires_at < moment - SESSION_LIFETIME),
        delete(SignInFailure).where(SignInFailure.failed_at < moment - SESSION_LIFETIME),
        delete(EditNotice).where(EditNotice.seen_at < moment - SESSION_LIFETIME),
    ):
        db.session.execute(gone)
    db.session.commit()
