"""Work in the background: mail that is due, and tidying up at night."""

from huey import crontab
from sqlalchemy import delete

from app.extensions import Kring, db
from app.lib.clock import now
from app.models import Attempt, EditNotice, Token, UserSession
from app.models.user import SESSION_LIFETIME
from app.services import attachments, outbox, password_reset, text


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
            attachments.sweep()

    @app.jobs.task()  # type: ignore[untyped-decorator]  # huey has no types
    def send_reset_link(email: str) -> None:
        with app.app_context():
            password_reset.send_link(email)

    @app.jobs.task()  # type: ignore[untyped-decorator]  # huey has no types
    def render_stale() -> None:
        with app.app_context():
            text.render_stale()

    app.extensions["deliver_mail"] = deliver_mail
    app.extensions["render_stale"] = render_stale
    app.extensions["send_reset_link"] = send_reset_link


def tidy() -> None:
    """Delete what has served: sessions and links that are over, old failures, stale notices."""
    moment = now()
    for gone in (
        delete(UserSession).where(UserSession.last_seen_at < moment - SESSION_LIFETIME),
        delete(Token).where(Token.expires_at < moment - SESSION_LIFETIME),
        delete(Attempt).where(Attempt.made_at < moment - SESSION_LIFETIME),
        delete(EditNotice).where(EditNotice.seen_at < moment - SESSION_LIFETIME),
    ):
        db.session.execute(gone)
    db.session.commit()
