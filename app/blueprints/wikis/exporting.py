"""A wiki, or a page with all below it, on paper and as files."""

from collections.abc import Iterator
from io import SEEK_END
from typing import IO

from flask import Response, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.access import with_content, with_theme
from app.blueprints.wikis.views import bp
from app.extensions import db
from app.lib.clock import local, now
from app.models import Theme, WikiPage
from app.policy import Ability
from app.queries.wiki_files import to_print
from app.services.wiki_export import parcel_of
from app.services.wiki_print import MOST, sheets
from app.services.wiki_zip import Busy, TooMuch, pieces, zipped


@bp.get("/wikis/<ref:ref>/print")
@with_content(WikiPage, Ability.READ)
def print_page(page: WikiPage) -> ResponseReturnValue:
    """Show a page with all below it as one document."""
    return document(page)


@bp.get("/wikis/themes/<slug:slug>/print")
@with_theme(Ability.READ)
def print_theme(theme: Theme) -> ResponseReturnValue:
    """Show all pages of a theme as one document."""
    return document(theme)


def document(of: Theme | WikiPage) -> str:
    """Return the document; what is beyond the most that fits is told in it."""
    found = db.session.scalars(to_print(current_user, of, MOST + 1)).all()
    return render_template(
        "wikis/print.html", of=of, title=of.name if isinstance(of, Theme) else of.title,
        sheets=sheets(found[:MOST]), cut_off=len(found) > MOST, most=MOST, today=now(),
    )  # fmt: skip


@bp.get("/wikis/<ref:ref>/export")
@with_content(WikiPage, Ability.READ)
def export(page: WikiPage) -> ResponseReturnValue:
    """Offer a page with all below it as files."""
    return render_template("wikis/export.html", of=page, title=page.title)


@bp.get("/wikis/themes/<slug:slug>/export")
@with_theme(Ability.READ)
def export_theme(theme: Theme) -> ResponseReturnValue:
    """Offer all pages of a theme as files."""
    return render_template("wikis/export.html", of=theme, title=theme.name)


@bp.get("/wikis/<ref:ref>/export.zip")
@with_content(WikiPage, Ability.READ)
def export_zip(page: WikiPage) -> ResponseReturnValue:
    """Hand out a page with all below it as files."""
    return download(page, page.slug, url_for(".export", ref=page))


@bp.get("/wikis/themes/<slug:slug>/export.zip")
@with_theme(Ability.READ)
def export_theme_zip(theme: Theme) -> ResponseReturnValue:
    """Hand out all pages of a theme as files."""
    return download(theme, theme.slug, url_for(".export_theme", slug=theme.slug))


def download(of: Theme | WikiPage, name: str, back: str) -> ResponseReturnValue:
    """Return the ZIP; when it cannot be made, lead back and say why."""
    try:
        file = zipped(parcel_of(of, current_user))
    except Busy:
        flash(_("Others are downloading just now. Try again in a minute."), "error")
    except TooMuch:
        flash(_("This is too large to download. The administrator can export it."), "error")
    except OSError as error:
        current_app.logger.exception("no export of %s: %s", name, error.strerror)
        flash(_("The export could not be made. Try again later."), "error")
    else:
        return sent(file, f"{name}-{local(now()).date()}.zip")
    return redirect(back, 303)


def sent(file: IO[bytes], name: str) -> Response:
    """Return an answer that hands out a file piece by piece, and closes it whatever happens."""

    def parts() -> Iterator[bytes]:
        with file:
            yield b""
            yield from pieces(file)

    size = file.seek(0, SEEK_END)
    file.seek(0)
    begun = parts()
    next(begun)  # from here on the file is closed also when nobody reads it
    response = Response(begun, mimetype="application/zip")
    response.content_length = size
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
