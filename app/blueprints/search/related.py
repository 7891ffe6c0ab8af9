"""What goes with a piece."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.access import with_content
from app.blueprints.search.room import bp
from app.extensions import db
from app.lib import htmx
from app.models import Content
from app.policy import Ability
from app.queries.related import related_to


@bp.get("/content/<id:content_id>/related")
@with_content(Content, Ability.READ)
def related(content: Content) -> ResponseReturnValue:
    """Show the pieces that go with this one; a fragment has the list only, or nothing at all."""
    rows = db.session.execute(related_to(content, current_user)).all()
    name = "search/related.htmx.html" if htmx.is_htmx(request) else "search/related.html"
    return render_template(name, content=content, rows=rows)
