"""Deciding about a proposal: taken over as it is or in other words, declined, or taken back."""

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from app import drafting
from app.access import look_again, with_proposal
from app.blueprints.proposals.forms import AdaptForm, DeclineForm, PlaceForm
from app.blueprints.proposals.room import bp
from app.blueprints.proposals.sheet import page_of, placed, rendering_of, show_page
from app.extensions import db
from app.forms import join_changes, refuse_text
from app.lib import diff, htmx
from app.lib.markdown import MarkdownRefused
from app.models import Proposal, WikiPage
from app.policy import Ability
from app.queries import wikis as pages
from app.services import proposals as service
from app.services import text, wikis
from app.services.proposals import Words

PREVIEW = "preview"
GONE = _l("The page was hidden or thrown away meanwhile. Nothing has changed.")
MOVED = _l("Someone changed the page just now. Look again at what would change.")
REFUSALS = {
    "other_theme": _l("That page is in another theme. Choose a page of this theme."),
    "in_bin": _l("That page is in the bin. Choose another one."),
    "too_deep": _l("The tree would become too deep. Choose a page that is higher up."),
}


@bp.post("/proposals/<id:proposal_id>/take")
@with_proposal(Ability.DECIDE_PROPOSAL)
def take(proposal: Proposal) -> ResponseReturnValue:
    """Put a proposal in the wiki as it was proposed, joined with what others changed since."""
    form = PlaceForm()
    placed(form, proposal)
    if not form.validate_on_submit():
        return show_page(proposal, form), 422
    words = Words(proposal.title, proposal.body)
    if proposal.page is not None:
        words = service.joined(proposal, proposal.page)
    if words.conflicts:
        return show_page(proposal, refused=str(MOVED)), 409
    try:
        return taken(proposal, form, words)
    except wikis.MisplacedError as error:
        form.parent_id.errors = [str(REFUSALS[error.reason])]
        return show_page(look_again(), form), 422
    except (service.PageGone, wikis.Conflict) as error:
        refused = GONE if isinstance(error, service.PageGone) else MOVED
        return show_page(look_again(), refused=str(refused)), 409


def taken(proposal: Proposal, form: PlaceForm, words: Words) -> ResponseReturnValue:
    """Put these words in the wiki and lead to the page; who is too late hears what happened."""
    parent_id = form.parent_id.data if form.parent_id else None
    try:
        page = service.take(
            proposal, current_user, words,
            parent=db.session.get(WikiPage, parent_id) if parent_id else None,
            expected_version=form.version.data or 0,
        )  # fmt: skip
    except service.DecidedMeanwhile:
        return too_late()
    drafting.sent(place_of(proposal))
    flash(
        _("The proposal is in the wiki. %(name)s has been told.", name=proposal.proposer.name), "ok"
    )
    return htmx.see_other(request, url_for("wikis.show", ref=page))


def too_late() -> ResponseReturnValue:
    """Show what someone else decided meanwhile."""
    return show_page(look_again(), refused=_("You were too late: this was decided already.")), 409


@bp.get("/proposals/<id:proposal_id>/adapt")
@with_proposal(Ability.DECIDE_PROPOSAL)
def adapt(proposal: Proposal) -> ResponseReturnValue:
    """Show the proposal in a form, joined with what others changed since, to be made better."""
    page = proposal.page
    words = service.joined(proposal, page) if page else Words(proposal.title, proposal.body)
    form = AdaptForm(
        formdata=None, title=words.title, body=words.body, version=page.version if page else 0
    )
    return adapt_page(proposal, form, joined=page is not None and not words.conflicts)


@bp.post("/proposals/<id:proposal_id>/adapt")
@with_proposal(Ability.DECIDE_PROPOSAL)
def save(proposal: Proposal) -> ResponseReturnValue:
    """Put a proposal in the wiki in the specialist's words."""
    form = AdaptForm()
    placed(form, proposal)
    if PREVIEW in request.form:
        html = previewed(form, proposal)
        part = render_template("content/_preview.html", preview=html, errors=form.body.errors)
        return part if htmx.is_htmx(request) else adapt_page(proposal, form, preview=html)
    if not form.validate_on_submit():
        return adapt_page(proposal, form), 422
    try:
        return taken(proposal, form, form.words())
    except wikis.MisplacedError as error:
        form.parent_id.errors = [str(REFUSALS[error.reason])]
        return adapt_page(look_again(), form), 422
    except service.PageGone:
        return adapt_page(look_again(), form, refused=str(GONE)), 409
    except wikis.Conflict:
        return joined_page(look_again(), form), 409


def joined_page(proposal: Proposal, form: AdaptForm) -> str:
    """Show the form again after someone else saved the page: with both changes, if that can be."""
    page = proposal.page
    assert page is not None
    latest = db.session.scalars(pages.version(page, page.version)).one()
    base = db.session.scalars(pages.version(page, form.version.data or 0)).one_or_none()
    joined = join_changes(form, base, latest, page.version)
    refused = _("%(name)s saved this page while you were writing.", name=latest.author.name)
    return adapt_page(proposal, form, refused=refused, joined=joined)


def adapt_page(
    proposal: Proposal,
    form: AdaptForm,
    preview: str | None = None,
    refused: str = "",
    *,
    joined: bool = False,
) -> str:
    """Return the form with what it is made from; `joined`: it holds the changes of others as well."""
    placed(form, proposal)
    page = page_of(proposal)
    sheet = drafting.sheet(place_of(proposal), form)
    return render_template(
        "proposals/adapt.html", proposal=proposal, form=form, page=page, preview=preview, sheet=sheet,
        refused=refused, joined=joined,
        moved_on=page is not None and page.version != proposal.base_version,
        rows=diff.lines(page.body, form.body.data or "") if page else None,
    )  # fmt: skip


def place_of(proposal: Proposal) -> str:
    """Return under which name the adapted text is kept while someone writes."""
    return f"proposals:{proposal.id}:adapt"


def previewed(form: AdaptForm, proposal: Proposal) -> str:
    """Return the text of the form as it will look; a refusal goes to its field."""
    try:
        body = form.body.data or ""
        return text.preview(body, theme_id=proposal.theme_id, breaks=False).html
    except MarkdownRefused as refusal:
        refuse_text(form.body, refusal)
        return ""


@bp.get("/proposals/<id:proposal_id>/decline")
@with_proposal(Ability.DECIDE_PROPOSAL)
def decline(proposal: Proposal) -> ResponseReturnValue:
    """Ask why the proposal does not go into the wiki."""
    return decline_page(proposal, DeclineForm(formdata=None))


@bp.post("/proposals/<id:proposal_id>/decline")
@with_proposal(Ability.DECIDE_PROPOSAL)
def refuse(proposal: Proposal) -> ResponseReturnValue:
    """Turn a proposal down; the proposer reads why."""
    form = DeclineForm()
    if not form.validate_on_submit():
        return decline_page(proposal, form), 422
    try:
        service.decline(proposal, current_user, form.reason.data.strip())
    except service.DecidedMeanwhile:
        return too_late()
    flash(
        _("The proposal has been declined. %(name)s reads why.", name=proposal.proposer.name), "ok"
    )
    return htmx.see_other(request, url_for(".index"))


def decline_page(proposal: Proposal, form: DeclineForm) -> str:
    return render_template(
        "proposals/decline.html", proposal=proposal, form=form, preview=rendering_of(proposal)
    )


@bp.post("/proposals/<id:proposal_id>/withdraw")
@with_proposal(Ability.WITHDRAW_PROPOSAL)
def withdraw(proposal: Proposal) -> ResponseReturnValue:
    """Take one's own proposal back."""
    try:
        service.withdraw(proposal, current_user)
    except service.DecidedMeanwhile:
        return too_late()
    flash(_("You have taken your proposal back."), "ok")
    return htmx.see_other(request, url_for(".index", view="mine"))
