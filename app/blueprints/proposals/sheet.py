"""What the page of a proposal shows."""

from typing import Any

from flask import render_template
from flask_login import current_user

from app.blueprints.proposals.forms import PlaceForm
from app.extensions import db
from app.lib import diff
from app.lib.branches import grow
from app.lib.markdown import MarkdownRefused
from app.models import Comment, Content, Proposal, ProposalState, WikiPage
from app.policy import Ability, can
from app.queries import wikis
from app.services import proposals as service
from app.services import text


def show_page(proposal: Proposal, form: PlaceForm | None = None, refused: str = "") -> str:
    """Return the page of a proposal; `refused` tells why a decision was not taken just now."""
    page = page_of(proposal)
    base = service.base(proposal) if page else None
    return render_template(
        "proposals/show.html",
        proposal=proposal,
        page=page,
        source=source_of(proposal),
        preview=rendering_of(proposal),
        base=base,
        changes=diff.lines(base.body, proposal.body) if base else None,
        gone=is_open(proposal) and proposal.page is not None and not service.stands(proposal.page),
        form=form or place_form(proposal) if is_open(proposal) else None,
        refused=refused,
        **meanwhile(proposal, page),
    )


def is_open(proposal: Proposal) -> bool:
    return proposal.state is ProposalState.OPEN


def meanwhile(proposal: Proposal, page: WikiPage | None) -> dict[str, Any]:
    """Return the newest version of a page that moved on since, and the proposal joined with it."""
    if page is None or not is_open(proposal) or proposal.base_version == page.version:
        return {}
    joined = service.joined(proposal, page)
    return {
        "latest": db.session.scalars(wikis.version(page, page.version)).one_or_none(),
        "joined": joined,
        "joined_changes": diff.lines(page.body, joined.body),
    }


def page_of(proposal: Proposal) -> WikiPage | None:
    """Return the page that a proposal changes or became, when the reader can see it."""
    page = proposal.page
    return page if page is not None and can(current_user, Ability.READ, page) else None


def source_of(proposal: Proposal) -> Content | Comment | None:
    """Return the reply or the piece that a proposal comes from, when the reader can see it."""
    source, reply = proposal.source, proposal.source_comment
    if source is None or not can(current_user, Ability.READ, source):
        return None
    return reply if reply is not None and service.is_shown(reply) else source


def rendering_of(proposal: Proposal) -> str | None:
    """Return the proposed text as it will look; None when it cannot be rendered any more."""
    try:
        return text.preview(proposal.body, theme_id=proposal.theme_id, breaks=False).html
    except MarkdownRefused:
        return None


def place_form(proposal: Proposal) -> PlaceForm:
    """Return the form with which a proposal is taken over as it is."""
    version = proposal.page.version if proposal.page else 0
    return placed(PlaceForm(formdata=None, version=version), proposal)


def placed(form: PlaceForm, proposal: Proposal) -> PlaceForm:
    """Offer the places where a new page can stand; a change stays where it is."""
    if proposal.page is not None:
        del form.parent_id
    elif can(current_user, Ability.DECIDE_PROPOSAL, proposal):
        rows = db.session.execute(wikis.tree(current_user, proposal.theme_id))
        form.offer_places(grow(rows))
    return form
