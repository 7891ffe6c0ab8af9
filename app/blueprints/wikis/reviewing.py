"""Whether a page still holds: confirmed in one click, doubted by readers, and the history of both."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.access import with_content
from app.blueprints.wikis.forms import DoubtForm, SettleForm
from app.blueprints.wikis.views import bp
from app.extensions import db
from app.lib import htmx
from app.models import Doubt, WikiPage
from app.policy import Ability
from app.queries import reviews as queries
from app.services import doubts as doubting
from app.services import reviews as service


@bp.get("/wikis/<ref:ref>/reviews")
@with_content(WikiPage, Ability.SEE_REVISIONS)
def reviews(page: WikiPage) -> ResponseReturnValue:
    """List who found when that a page holds, newest first."""
    before = request.args.get("before", type=int)
    found = db.session.scalars(queries.reviews_of(page, before)).all()
    return render_template(
        "wikis/reviews.html", content=page, reviews=found[: queries.PAGE],
        more=len(found) > queries.PAGE, before=before,
    )  # fmt: skip


@bp.post("/wikis/<ref:ref>/reviews")
@with_content(WikiPage, Ability.REVIEW_WIKI)
def confirm(page: WikiPage) -> ResponseReturnValue:
    """Note that a page still holds, unchanged."""
    try:
        service.confirm(page, current_user, request.form.get("version", 0, type=int))
    except service.Outdated:
        flash(_("Somebody changed this page just now. Look at it again."), "warning")
        return htmx.see_other(request, url_for(".show", ref=page))
    said = _("Noted: you looked through this page, and it is right.")
    if htmx.is_htmx(request):
        return render_template("wikis/confirm.htmx.html", content=page, late=False, said=said)
    flash(said, "ok")
    return redirect(url_for(".show", ref=page), 303)


# Doubts ---------------------------------------------------------------------------------------


@bp.get("/wikis/<ref:ref>/doubts/new")
@with_content(WikiPage, Ability.DOUBT)
def new_doubt(page: WikiPage) -> ResponseReturnValue:
    """Show the form in which a reader says what is no longer right."""
    return doubt_page(page, DoubtForm(formdata=None, version=page.version))


@bp.post("/wikis/<ref:ref>/doubts")
@with_content(WikiPage, Ability.DOUBT)
def doubt(page: WikiPage) -> ResponseReturnValue:
    """Put what a reader doubts before who keeps the page."""
    form = DoubtForm().about(page)
    if not form.validate_on_submit():
        return doubt_page(page, form), 422
    doubting.doubt(page, current_user, form.line.data, form.version.data or 0)
    said = _("Thank you. Who keeps this page hears it, and answers you.")
    if htmx.is_htmx(request):
        return render_template("wikis/doubted.htmx.html", said=said)
    flash(said, "ok")
    return redirect(url_for(".show", ref=page), 303)


def doubt_page(page: WikiPage, form: DoubtForm) -> str:
    part = htmx.is_htmx(request)
    name = "wikis/new_doubt.htmx.html" if part else "wikis/new_doubt.html"
    return render_template(name, content=page, form=form)


@bp.get("/wikis/<ref:ref>/doubts")
@with_content(WikiPage, Ability.REVIEW_WIKI)
def doubts(page: WikiPage) -> ResponseReturnValue:
    """Show who keeps a page what readers doubt about it."""
    return doubts_page(page)


@bp.post("/wikis/<ref:ref>/doubts/<id:number>/settle")
@with_content(WikiPage, Ability.REVIEW_WIKI)
def settle(page: WikiPage, number: int) -> ResponseReturnValue:
    """Answer a doubt: who had it hears the answer."""
    found = db.session.scalar(queries.one_doubt(page, number))
    if found is None:
        abort(404)
    form = SettleForm()
    if not form.validate_on_submit():
        return doubts_page(page, found, form), 422
    doubting.settle(found, current_user, form.answer.data)
    db.session.flush()
    if htmx.is_htmx(request):
        return doubts_page(page, said=_("Your answer is on its way."))
    flash(_("Your answer is on its way."), "ok")
    return redirect(url_for(".doubts", ref=page), 303)


def doubts_page(
    page: WikiPage, wrong: Doubt | None = None, form: SettleForm | None = None, said: str = ""
) -> str:
    """Return the open doubts, each with a form; that of the `wrong` one as it was sent."""
    part = htmx.is_htmx(request)
    found = db.session.scalars(queries.doubts_of(page)).all()
    forms = {each.id: SettleForm(formdata=None) for each in found}
    if wrong is not None and form is not None:
        forms[wrong.id] = form
    return render_template(
        "wikis/doubts.htmx.html" if part else "wikis/doubts.html",
        content=page, doubts=found, forms=forms, said=said,
    )  # fmt: skip
