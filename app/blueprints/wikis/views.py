"""Reading wikis: the themes, the tree of one, and a page."""

from itertools import groupby

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.access import requires, with_content, with_theme
from app.extensions import db
from app.lib.branches import above, grow
from app.models import Theme, WikiPage
from app.policy import Ability
from app.queries import wikis as queries
from app.queries.attachments import documents_of
from app.queries.reactions import reactions_of
from app.queries.reviews import is_overdue
from app.queries.themes import specialists, themes
from app.services.views import saw

bp = Blueprint("wikis", __name__)


@bp.get("/wikis")
@requires(Ability.READ)
def index() -> ResponseReturnValue:
    """Show the themes with their first pages."""
    rows = db.session.execute(queries.first_pages(current_user)).all()
    first = {key: list(pages) for key, pages in groupby(rows, key=lambda row: row.theme_id)}
    found = db.session.scalars(themes()).all()
    return render_template("wikis/index.html", themes=found, first=first)


@bp.get("/wikis/themes/<slug:slug>")
@with_theme(Ability.READ)
def theme(theme: Theme) -> ResponseReturnValue:
    """Show the whole tree of a theme."""
    rows = db.session.execute(queries.tree(current_user, theme.id)).all()
    people = db.session.scalars(specialists(theme)).all()
    return render_template(
        "wikis/theme.html", theme=theme, branches=grow(rows), number=len(rows), specialists=people
    )


@bp.get("/wikis/<ref:ref>")
@with_content(WikiPage, Ability.READ)
def show(page: WikiPage) -> ResponseReturnValue:
    """Show a page, with where it stands and what links to it; count the reader."""
    rows = db.session.execute(queries.neighbours(current_user, page)).all()
    saw(current_user, page)
    return render_template(
        "wikis/show.html",
        content=page,
        documents=documents_of(current_user, page),
        above=above(rows, page.parent_id),
        branches=grow(rows),
        ties=db.session.execute(queries.ties(current_user, page)).all(),
        reactions=reactions_of(current_user, page),
        late=is_overdue(page),
    )


@bp.get("/wikis/<ref:ref>/download")
@with_content(WikiPage, Ability.READ)
def download(page: WikiPage) -> ResponseReturnValue:
    """Hand out the text of a page as a Markdown file, with its title on top."""
    text = f"# {page.title}\n\n{page.body.rstrip()}\n"
    response = Response(text, mimetype="text/markdown")
    response.headers.set("Content-Disposition", "attachment", filename=f"{page.slug}.md")
    return response
