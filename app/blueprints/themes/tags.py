"""Keywords: which there are, and what stands under one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.access import requires
from app.blueprints.themes.room import bp
from app.blueprints.themes.views import asked_page
from app.extensions import db
from app.lib.keyset import BadCursorError
from app.models import Content, Theme
from app.policy import Ability, can
from app.queries.blocks import unmuted
from app.queries.listing import Rows, has_tag, listed
from app.queries.tags import (
    kinds_and_themes,
    often_with,
    page_of,
    tag_formerly,
    tag_known_to,
    unused,
)


@dataclass(frozen=True)
class Choices:
    """The pieces of a keyword by kind and theme (rows of `kinds_and_themes`), and what was chosen."""

    rows: Sequence[Any]
    kind: str
    theme: str

    @classmethod
    def asked(cls, rows: Sequence[Any]) -> "Choices":
        """Read from the address what was chosen; what cannot be chosen does not count."""
        kind, theme = request.args.get("kind", ""), request.args.get("theme", "")
        return cls(
            rows,
            kind if kind in {row.kind for row in rows} else "",
            theme if theme in {row.slug for row in rows} else "",
        )

    @property
    def themes(self) -> list[tuple[str, str]]:
        """Return slug and name of the themes that there are, by name."""
        found = {row.slug: row.name for row in self.rows if row.slug}
        return sorted(found.items(), key=lambda pair: pair[1].casefold())

    @property
    def kinds(self) -> list[tuple[str, int]]:
        """Return the kinds that there are, each with its number of pieces in the chosen theme."""
        kinds = dict.fromkeys(row.kind for row in self.rows)
        return [(kind, self.number(kind)) for kind in kinds]

    def number(self, kind: str = "") -> int:
        """Return how many pieces there are in the chosen theme, of one kind or of all."""
        return sum(
            row.pieces
            for row in self.rows
            if kind in {"", row.kind} and self.theme in {"", row.slug}
        )

    def parameters(self, **changes: Any) -> dict[str, Any]:
        """Return the parameters of the address, without empty ones."""
        found = {"kind": self.kind, "theme": self.theme, **changes}
        return {name: value for name, value in found.items() if value}

    def narrow(self, query: Rows) -> Rows:
        """Keep of a list what was chosen."""
        query = query.where(Content.kind == self.kind) if self.kind else query
        return query.where(Theme.slug == self.theme) if self.theme else query


@bp.get("/tags")
@requires(Ability.READ)
def tags() -> ResponseReturnValue:
    """Show the keywords in use, with how many pieces the reader finds under each."""
    try:
        page = page_of(current_user, request.args.get("after"), request.args.get("before"))
    except BadCursorError:
        abort(404)
    manages = can(current_user, Ability.MANAGE_KEYWORDS)
    idle = db.session.scalars(unused()).all() if manages else []
    return render_template("themes/tags.html", page=page, unused=idle)


@bp.get("/tags/<slug:slug>")
@requires(Ability.READ)
def tag(slug: str) -> ResponseReturnValue:
    """Show the pieces of all types with a keyword, by kind and theme; 404 where none is in sight.

    The address of a name that it had before leads on to the present one.
    """
    found = db.session.scalar(tag_known_to(current_user, slug))
    if found is None:
        return moved(slug)
    choices = Choices.asked(db.session.execute(kinds_and_themes(found, current_user)).all())
    page = asked_page(
        choices.narrow(listed(current_user).where(has_tag(found.slug), unmuted(current_user)))
    )
    together = db.session.execute(often_with(found, current_user)).all()
    return render_template(
        "themes/tag.html", tag=found, page=page, asked=choices, together=together
    )


def moved(slug: str) -> ResponseReturnValue:
    """Lead on from an old name; 404 where there is none that the reader may know of."""
    now_called = db.session.scalar(tag_formerly(current_user, slug))
    if now_called is None:
        abort(404)
    query = request.query_string.decode("ascii", "replace")
    path = url_for(".tag", slug=now_called.slug)
    return redirect(f"{path}?{query}" if query else path, 301)
