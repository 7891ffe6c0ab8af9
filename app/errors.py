"""What people see when something does not work: plain words, their text kept, never a trace."""

import json
import logging
from typing import Any

from flask import (
    Flask,
    Response,
    current_app,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import AnonymousUserMixin, current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, OperationalError
from werkzeug.exceptions import HTTPException, InternalServerError, Unauthorized

from app.access import DECLARED
from app.extensions import SAFE_METHODS, db
from app.forms import SignInForm
from app.lib import htmx
from app.lib.storage import NO_ROOM
from app.policy import stopped_by_crisis
from app.templating import date

# Secrets are typed again; tokens are made anew.
NOT_KEPT = frozenset({"csrf_token", "password", "new_password", "current_password", "kept"})
RETRY_AFTER_SECONDS = 5

logger = logging.getLogger(__name__)


def kept_fields() -> list[tuple[str, str]]:
    """Return what the person had filled in, without secrets."""
    return [(key, value) for key, value in request.form.items(multi=True) if key not in NOT_KEPT]


def explanations() -> dict[int, tuple[str, str]]:
    """Return title and advice for each kind of refusal."""
    return {
        400: (_("That did not work"), _("Something in your request was not right. Try it again.")),
        403: (_("This is not for you"), _("You can see this, but you may not do that with it.")),
        404: (
            _("This page does not exist"),
            _("Or it is not meant for you. Check the address, or go to the home page."),
        ),
        405: (_("That is not possible here"), _("Go back and use the buttons on the page.")),
        410: (_("This is no longer here"), _("It was taken away. Go to the home page.")),
        413: (
            _("That is too much at once"),
            _("Make your text shorter or choose a smaller file, then send it again."),
        ),
        429: (_("Too many attempts"), _("Wait a while, then try again.")),
        500: (
            _("Something went wrong with us"),
            _("It is not your fault. Try again in a moment, or tell the administrator."),
        ),
        503: (
            _("We are busy for a moment"),
            _("Wait a few seconds, then load the page again."),
        ),
    }


def page(status: int) -> Response:
    """Return the page that explains a refusal; a fragment takes the place of the whole page."""
    title, advice = explanations().get(status, explanations()[400])
    return in_place(render_template("errors/error.html", title=title, advice=advice), status)


def in_place(html: str, status: int) -> Response:
    """Return a full page; htmx is told to put it in place of what stands on the screen."""
    response = make_response(html, status)
    if htmx.is_htmx(request):
        htmx.retarget(response, "body")
        htmx.reswap(response, "innerHTML")
    return response


def resend(title: str, advice: str, status: int) -> Response:
    """Return a page with the person's text, and one button that sends it again."""
    html = render_template(
        "errors/resend.html", title=title, advice=advice, path=request.full_path.rstrip("?"),
        fields=kept_fields(),
    )  # fmt: skip
    return in_place(html, status)


def sign_in_first(_error: Any = None) -> ResponseReturnValue:
    """Lead a visitor to the sign-in page and from there on; what they had written goes along."""
    if request.method in SAFE_METHODS:
        path = url_for("account.sign_in", next=request.full_path.rstrip("?"))
        if htmx.is_htmx(request):
            return htmx.hx_redirect(Response(status=401), path)
        return redirect(path, 303)
    kept = json.dumps({"path": request.full_path.rstrip("?"), "fields": kept_fields()})
    form = SignInForm(formdata=None, kept=kept)
    return in_place(render_template("account/signed_out.html", form=form), 401)


def form_expired(_error: CSRFError) -> ResponseReturnValue:
    """Answer a form whose token is no longer good."""
    if request.endpoint == "account.sign_in":
        return sign_in_again()
    view = current_app.view_functions.get(request.endpoint or "")
    if getattr(view, DECLARED, "") != "public" and not current_user.is_authenticated:
        return sign_in_first()
    return resend(
        _("This page had been open too long"),
        _("Nothing is lost: your text is here. Send it once more."),
        400,
    )


def sign_in_again() -> ResponseReturnValue:
    """Ask the password once more; what had been written before goes along."""
    form = SignInForm()
    form.form_errors.append(_("This page had been open too long. Sign in once more."))
    return in_place(render_template("account/sign_in.html", form=form), 400)


def go_bare() -> None:
    """Let the page that follows do without user and database: asking them would fail again."""
    db.session.rollback()
    g.bare = True
    g._login_user = AnonymousUserMixin()  # noqa: SLF001  # where flask-login keeps who is signed in


def database_unavailable(error: OperationalError) -> ResponseReturnValue:
    """Answer while the database is busy or its disk is full; what was written is kept."""
    logger.error("database unavailable: %s", error.orig)
    go_bare()
    if request.method in SAFE_METHODS:
        response = page(503)
    else:
        response = resend(
            _("We are busy for a moment"),
            _(
                "Your text is here and has not been stored yet. Wait a few seconds and send it"
                " again."
            ),
            503,
        )
    response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def no_value(error: DataError) -> ResponseReturnValue:
    """Answer a request with a value that the database does not take, such as a NUL in a text."""
    logger.warning("a value that the database does not take: %s", error.orig)
    go_bare()
    return page(400)


def disk_unavailable(error: OSError) -> ResponseReturnValue:
    """Answer while the disk is full or fails; any other OSError is a fault of ours."""
    if error.errno not in NO_ROOM:
        raise error
    logger.error("disk unavailable: %s", error)
    db.session.rollback()
    response = page(503)
    response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def refused(error: HTTPException) -> ResponseReturnValue:
    """Answer any other refusal in our own words."""
    if error.response is not None or (error.code or 500) < 400:
        return error
    if error.code == 403:
        return forbidden()
    return page(error.code or 500)


def forbidden() -> ResponseReturnValue:
    """Answer what is not allowed, or no longer: a text that was being written is kept."""
    title, advice = explanations()[403]
    if current_user.is_authenticated and stopped_by_crisis(current_user):
        title = _("Nobody can write for a while")
        advice = _("The community is in a crisis. You can read everything.")
    if getattr(current_user, "is_silenced", False):
        until = date(current_user.silenced_until)
        advice += " " + _("You cannot write until and including %(date)s.", date=until)
    if request.method in SAFE_METHODS or not request.form.get("body", "").strip():
        return in_place(render_template("errors/error.html", title=title, advice=advice), 403)
    kept = _("Your text is here: keep it, or send it again later.")
    return resend(title, f"{advice} {kept}", 403)


def broken(error: InternalServerError) -> ResponseReturnValue:
    """Answer a fault of ours; the trace goes to the log only.

    A database that fails while another refusal is being put into words is no fault of ours.
    """
    if isinstance(error.original_exception, OperationalError):
        return database_unavailable(error.original_exception)
    go_bare()
    return page(500)


def init_app(app: Flask) -> None:
    """Put these answers in place of the framework's own."""
    app.register_error_handler(CSRFError, form_expired)
    app.register_error_handler(Unauthorized, sign_in_first)
    app.register_error_handler(OperationalError, database_unavailable)
    app.register_error_handler(DataError, no_value)
    app.register_error_handler(OSError, disk_unavailable)
    app.register_error_handler(InternalServerError, broken)
    app.register_error_handler(HTTPException, refused)
