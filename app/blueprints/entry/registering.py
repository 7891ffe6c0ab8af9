"""Asking to be let in, where the settings allow it. The answer never tells who has an account."""

from collections.abc import Callable

from flask import make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from app.access import public
from app.blueprints.entry.forms import JoinForm, RequestForm
from app.blueprints.entry.room import bp
from app.lib import addresses, htmx
from app.services import registrations
from app.services.attempts import TooManyAttempts
from app.site import site

TOO_MANY = _l("There were too many requests. Look in your mail first, or try again later.")


@bp.route("/register", methods=["GET", "POST"])
@public
def register() -> ResponseReturnValue:
    """Ask for a link by an address in a known domain, or ask to be let in."""
    if current_user.is_authenticated:
        return htmx.see_other(request, url_for("home.index"))
    if not site().entry_domains and not site().entry_requests:
        return render_template("entry/closed.html"), 200 if request.method == "GET" else 409
    form = asked_form()
    if not form.is_submitted():
        return page(form)
    if not form.validate():
        return page(form, 422)
    return judge(form, form.email.data or "")


def asked_form() -> JoinForm:
    """Return the form: who has no address in a known domain is asked for more than that."""
    asked_more = site().entry_requests and "message" in request.form
    return RequestForm() if asked_more or not site().entry_domains else JoinForm()


def judge(form: JoinForm, email: str) -> ResponseReturnValue:
    """Have a link sent, or a request kept, or ask for more."""
    if addresses.is_in(email, site().entry_domains):
        return answer(form, lambda: registrations.join(email), "entry/sent.html")
    if isinstance(form, RequestForm):
        name, message = form.name.data, form.message.data.strip()
        return answer(form, lambda: registrations.ask(email, name, message), "entry/asked.html")
    if site().entry_requests:
        return page(RequestForm(formdata=None, email=email))
    form.email.errors = [refusal(site().entry_domains)]
    return page(form, 422)


def answer(form: JoinForm, work: Callable[[], None], template: str) -> ResponseReturnValue:
    """Do what was asked and say so, in the same words for every address."""
    try:
        work()
    except TooManyAttempts as refused:
        form.form_errors.append(str(TOO_MANY))
        response = make_response(page(form, 429))
        response.headers["Retry-After"] = str(int(refused.wait.total_seconds()))
        return response
    return render_template(template, email=form.email.data)


def page(form: JoinForm, status: int = 200) -> tuple[str, int]:
    """Return the form; that of a request when there is more to fill in than an address."""
    html = render_template(
        "entry/register.html", form=form, asks_reason=isinstance(form, RequestForm)
    )
    return html, status


def refusal(domains: tuple[str, ...]) -> str:
    """Say which addresses are let in: that is no secret."""
    return str(
        _(
            "Use the e-mail address of your work, that ends in %(domains)s. Do you have another"
            " one? Ask the community manager for an invitation.",
            domains=", ".join(f"@{name}" for name in domains),
        )
    )
