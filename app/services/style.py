"""The community's own style sheet: made when it is chosen, from one colour or from a token file."""

import hashlib
from pathlib import Path

from flask import current_app

from app.extensions import db
from app.lib import palette, theme, tokens
from app.lib.colours import Colour
from app.lib.theme import Pair
from app.lib.tokens import Tokens
from app.models import Setting, User
from app.services import settings
from app.site import site

SHEET = "style_css"
"""The key under which the sheet itself lies; the settings have its mark only, and so has the log."""
MARK_LENGTH = 12
OWN_SHEETS = ("vendor/nlds.css", "css/kring.css")


class Unreadable(ValueError):
    """With these tokens people could not read some text; `pairs` says which."""

    def __init__(self, pairs: list[Pair]) -> None:
        super().__init__(", ".join(pair.name for pair in pairs))
        self.pairs = pairs


def use_colour(colour: Colour, actor: User) -> None:
    """Let the community have this colour."""
    keep(palette.sheet_of(colour), str(colour), actor)


def use_tokens(text: str, actor: User) -> list[Pair]:
    """Let the community have its own tokens; return the pairs of which the contrast is unknown.

    Raises TokensRefused and Unreadable.
    """
    own = own_sheets()
    found = tokens.in_use(tokens.read(text), own)
    ours = own_tokens()
    pairs = theme.pairs_changed(found, ours)
    if bad := theme.unreadable(pairs):
        raise Unreadable(bad)
    keep(theme.sheet_of(found, ours), "", actor)
    return [pair for pair in pairs if pair.ratio is None]


def reset(actor: User) -> None:
    """Let the community look as Kring comes."""
    stored = db.session.get(Setting, SHEET)
    if stored is not None:
        db.session.delete(stored)
    settings.change({"style": "", "brand_colour": ""}, actor)


def keep(css: str, colour: str, actor: User) -> None:
    """Store a style sheet, and its mark among the settings."""
    db.session.merge(Setting(key=SHEET, value=css))
    settings.change({"style": mark_of(css), "brand_colour": colour}, actor)


def mark_of(css: str) -> str:
    """Return what tells one style sheet from another, for its address."""
    return hashlib.sha256(css.encode()).hexdigest()[:MARK_LENGTH]


def sheet_marked(mark: str) -> str | None:
    """Return the style sheet in use, when it has this mark."""
    if not site().style or mark != site().style:
        return None
    stored = db.session.get(Setting, SHEET)
    return str(stored.value) if stored and mark_of(stored.value) == mark else None


def own_sheets() -> str:
    """Return the style sheets that Kring comes with."""
    folder = Path(current_app.root_path) / "static"
    return "\n".join((folder / name).read_text() for name in OWN_SHEETS)


def own_tokens() -> Tokens:
    """Return what these declare for all pages."""
    return theme.root_tokens(own_sheets())
