"""Why a token file is not taken, in words."""

from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.lib.theme import Pair
from app.lib.tokens import TokensRefused, Wrong

NO_FILE = _l("Choose a file.")
REASONS = {
    Wrong.EMPTY: _l("This file is empty."),
    Wrong.JSON: _l(
        "This is a JSON file. Upload the CSS file that is made from it: it is often called"
        " theme.css or variables.css."
    ),
    Wrong.BROKEN: _l("This is not CSS as Kring can read it."),
    Wrong.AT_RULE: _l("Only tokens may stand in the file, no rules such as @import or @media."),
    Wrong.SELECTOR: _l("Tokens stand under :root or under one class, such as .voorbeeld-theme."),
    Wrong.THEMES: _l("There is more than one theme in the file. Upload a file with one of them."),
    Wrong.PROPERTY: _l("Only tokens may stand in the file: names that start with two dashes."),
    Wrong.VALUE: _l("This value is not taken: tokens are colours, sizes and names of fonts only."),
    Wrong.NOT_TOKENS: _l(
        "There is no token of NL Design System in this file: none starts with --utrecht- or --nl-."
    ),
}
PAIRS = {
    "text": _l("text on the page"),
    "text_on_card": _l("text on a white card"),
    "soft_text": _l("small text on the page"),
    "heading": _l("headings on the page"),
    "link": _l("links on the page"),
    "link_on_card": _l("links on a white card"),
    "link_hover": _l("links under the mouse"),
    "button": _l("letters on the main button"),
    "button_hover": _l("letters on the main button under the mouse"),
    "other_button": _l("letters on other buttons"),
    "label": _l("labels in forms"),
    "field": _l("what is filled in"),
    "notice": _l("letters in notices"),
}


def pair_label(name: str) -> str:
    """Return what has to be read, in words."""
    return str(PAIRS[name])


def refusal_of(refusal: TokensRefused) -> str:
    """Return why a file is not taken, and where that stands in it."""
    reason = str(REASONS[refusal.reason])
    if not refusal.line:
        return reason
    if not refusal.what:
        return str(_("Line %(line)d: %(reason)s", line=refusal.line, reason=reason))
    return str(
        _("Line %(line)d (%(what)s): %(reason)s", line=refusal.line, what=refusal.what, reason=reason)
    )  # fmt: skip


def unreadable(pairs: list[Pair]) -> str:
    """Return which text could not be read well, and by how much."""
    seen = {pair_label(pair.name): ratio(pair.ratio or 0) for pair in reversed(pairs)}
    what = ", ".join(f"{label} ({number})" for label, number in reversed(seen.items()))
    return str(
        _("With this file people could not read everything well: %(what)s. The contrast must be at"
          " least 4.5 to 1.", what=what)
    )  # fmt: skip


def ratio(number: float) -> str:
    """Return a contrast ratio as people write it, never rounded up."""
    return str(_("%(number)s to 1", number=format_decimal(int(number * 10) / 10)))
