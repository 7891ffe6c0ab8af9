"""Reading wikis: the themes, the tree of one, and a page."""

from functools import partial

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from app.access import requires, with_content, with_reading, with_theme
from app.extensions import db, reader
from app.lib.branches import above, grow
from app.models import Theme, WikiPage
from app.policy import Ability
from app.queries import wikis as queries
from app.queries.attachments import documents_of
from app.queries.prepared import prepared
from app.queries.reading import Reading, read_piece
from app.queries.themes import specialists, themes_in_use
from app.services.views import saw

bp = Blueprint("wikis", __name__)


@bp.get("/wikis")
@requires(Ability.READ)
def index() -> ResponseReturnValue:
    """Show the themes with their first pages."""
    pages = tuple(prepared(queries.first_pages, reader()).rows())
    return render_template("wikis/index.html", themes=themes_in_use(), pages=pages)


@bp.get("/wikis/themes/<slug:slug>")
@with_theme(Ability.READ)
def theme(theme: Theme) -> ResponseReturnValue:
    """Show the whole tree of a theme."""
    rows = db.session.execute(queries.tree(reader(), theme.id)).all()
    people = db.session.scalars(specialists(theme)).all()
    return render_template(
        "wikis/theme.html", theme=theme, branches=grow(rows), number=len(rows), specialists=people
    )


@bp.get("/wikis/<ref:ref>")
@with_reading(partial(read_piece, WikiPage))
def show(reading: Reading) -> ResponseReturnValue:
    """Show a page, with where it stands and what links to it; count the reader."""
    page, person = reading.content, reader()
    around = {"page": page.id, "theme": page.theme_id}
    rows = tuple(prepared(queries.neighbours, person, **around).rows())
    saw(person, page)
    return render_template(
        "wikis/show.html",
        content=page,
        reading=reading,
        documents=documents_of(person, page) if page.attachment_count else (),
        rows=rows,
        above=tuple(above(rows, page.parent_id)),
        ties=tuple(prepared(queries.ties, person, page=page.id).rows()),
    )


@bp.get("/wikis/<ref:ref>/download")
@with_content(WikiPage, Ability.READ)
def download(page: WikiPage) -> ResponseReturnValue:
    """Hand out the text of a page as a Markdown file, with its title on top."""
    text = f"# {page.title}\n\n{page.body.rstrip()}\n"
    response = Response(text, mimetype="text/markdown")
    response.headers.set("Content-Disposition", "attachment", filename=f"{page.slug}.md")
    return response
