"""Making a proposal: a new page, a change of one, or what was said somewhere."""

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app import drafting
from app.access import requires
from app.blueprints.proposals.forms import ChangeForm, NewPageForm, ProposalForm
from app.blueprints.proposals.room import bp
from app.blueprints.proposals.subjects import About, asked_about, prefilled
from app.extensions import db
from app.forms import refuse_text, tidy_line
from app.lib import htmx
from app.lib.markdown import MarkdownRefused
from app.models import Theme
from app.policy import Ability
from app.queries.proposals import waiting_of
from app.queries.themes import themes
from app.services import proposals as service
from app.services import text

PREVIEW = "preview"
MOST_PREFILLED = 200


@bp.get("/proposals/new")
@requires(Ability.PROPOSE)
def new() -> ResponseReturnValue:
    """Show the form; the address tells what it is about, and can suggest a theme and a title."""
    about = asked_about()
    title = tidy_line(request.args.get("title"))[:MOST_PREFILLED]
    values = {**({"title": title} if title else {}), **prefilled(about)}
    return new_page(form_about(about, formdata=None, **values), about)


@bp.post("/proposals/new")
@requires(Ability.PROPOSE)
def create() -> ResponseReturnValue:
    """Put a proposal before the specialists, or show what its text will look like."""
    about = asked_about()
    form = form_about(about)
    if PREVIEW in request.form:
        html = previewed(form)
        return preview_part(form, html) if htmx.is_htmx(request) else new_page(form, about, html)
    if not form.validate_on_submit() or about.gone:
        return new_page(form, about), 422
    if (db.session.scalar(waiting_of(current_user)) or 0) >= service.MOST_OPEN:
        said = _("You have %(most)d proposals that wait.", most=service.MOST_OPEN)
        form.form_errors.append(said)
        return new_page(form, about), 422
    made = service.propose(
        current_user, theme_for(form, about), form.title.data, form.body.data,
        note=form.note.data, page=about.page, base_version=base_version(form, about),
        source=about.source, source_comment=about.reply,
        submission_key=form.submission_key.data or "",
    )  # fmt: skip
    drafting.sent(about.place)
    flash(_("Your proposal is with the specialists of the theme. You hear what they decide."), "ok")
    return htmx.see_other(request, url_for(".show", proposal_id=made))


def form_about(about: About, **values: object) -> ProposalForm:
    """Return the form for a new page, or for a change of one."""
    if about.page is not None:
        change = ChangeForm(**values)
        change.against(about.page)
        return change
    form = NewPageForm(**values)
    found = db.session.scalars(themes()).all()
    slug = request.args.get("theme")
    named = next((theme.id for theme in found if theme.slug == slug), None)
    chosen = named or (about.source.theme_id if about.source else None)
    form.offer(found, chosen if "formdata" in values else None)
    return form


def theme_for(form: ProposalForm, about: About) -> Theme:
    """Return the theme whose specialists decide."""
    if isinstance(form, NewPageForm):
        return form.themes[form.theme_id.data]
    theme = about.page.theme if about.page else None
    assert theme is not None
    return theme


def base_version(form: ProposalForm, about: About) -> int:
    """Return the version of the page that the proposer saw: one that there is."""
    if not isinstance(form, ChangeForm) or about.page is None:
        return 0
    return max(1, min(form.version.data or about.page.version, about.page.version))


def new_page(form: ProposalForm, about: About, preview: str | None = None) -> str:
    sheet = drafting.sheet(about.place, form, begun="title" in request.args)
    return render_template(
        "proposals/new.html", form=form, about=about, preview=preview, sheet=sheet
    )


def previewed(form: ProposalForm) -> str:
    """Return the text of the form as it will look; a refusal goes to its field."""
    try:
        return text.preview(form.body.data or "", breaks=False).html
    except MarkdownRefused as refusal:
        refuse_text(form.body, refusal)
        return ""


def preview_part(form: ProposalForm, html: str) -> str:
    return render_template("content/_preview.html", preview=html, errors=form.body.errors)
