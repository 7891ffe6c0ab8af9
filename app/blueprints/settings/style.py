"""The house style: Kring's own, one colour of the municipality, or its own token file."""

from flask import Response, abort, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import StringField
from wtforms.validators import ValidationError
from wtforms.widgets import ColorInput

from app.access import public, requires, takes_file
from app.blueprints.settings.room import bp
from app.blueprints.settings.sections import plain_page
from app.blueprints.settings.style_words import NO_FILE, pair_label, ratio, refusal_of, unreadable
from app.forms import Line, preset
from app.lib import htmx, palette
from app.lib.colours import Colour, parse
from app.lib.tokens import TokensRefused
from app.policy import Ability
from app.services import style as service
from app.site import site

LARGEST = 300 * 1024
KEPT_FOR = "private, max-age=31536000, immutable"
"""Its address changes with what is in it. Private: no proxy keeps what came with a cookie."""
FIRST = "#154273"


class ColourForm(FlaskForm):
    """One colour: typed, or picked where it was not typed anew."""

    colour = Line(_l("Colour, as a code"), [preset])
    picked = StringField(_l("Or pick it"), [preset], widget=ColorInput())
    chosen: Colour | None = None

    def validate_colour(self, field: Line) -> None:
        """Find which colour is meant."""
        untouched = field.data == site().brand_colour
        try:
            self.chosen = parse((untouched and self.picked.data) or field.data)
        except ValueError:
            raise ValidationError(
                _("That is no colour. Fill in a code such as #154273 or #fd0.")
            ) from None


class TokensForm(FlaskForm):
    """A token file."""

    file = FileField(_l("Token file (CSS)"), [FileRequired(NO_FILE)], render_kw={"accept": ".css"})


@bp.get("/settings/style")
@requires(Ability.CHANGE_SETTINGS)
def style() -> ResponseReturnValue:
    """Show the present style, and the ways to another."""
    return style_page()


@bp.post("/settings/style")
@requires(Ability.CHANGE_SETTINGS)
def use_colour() -> ResponseReturnValue:
    """Use one colour, or show what it would do."""
    form = ColourForm()
    if not form.validate_on_submit() or form.chosen is None:
        return style_page(colour_form=form), 422
    if "preview" in request.form:
        return style_page(colour_form=form, tried=form.chosen)
    service.use_colour(form.chosen, current_user)
    return done(_("Your community has its own colour now."))


@bp.post("/settings/style/tokens")
@takes_file
@requires(Ability.CHANGE_SETTINGS)
def use_tokens() -> ResponseReturnValue:
    """Use a token file, when it is one and all can still be read."""
    form = TokensForm()
    if not form.validate_on_submit():
        return style_page(tokens_form=form), 422
    try:
        unknown = service.use_tokens(text_of(form), current_user)
    except UnicodeDecodeError:
        form.file.errors = [_("This is not a text file. Upload the CSS file with your tokens.")]
    except TooLong:
        form.file.errors = [_("This file is larger than 300 kB. That is no token file.")]
    except TokensRefused as refusal:
        form.file.errors = [refusal_of(refusal)]
    except service.Unreadable as refusal:
        form.file.errors = [unreadable(refusal.pairs)]
    else:
        for label in dict.fromkeys(pair_label(pair.name) for pair in unknown):
            flash(_("Look for yourself whether this can be read well: %(what)s. Kring cannot work out the contrast.", what=label), "warning")  # fmt: skip
        return done(_("Your community has its own house style now."))
    return style_page(tokens_form=form), 422


class TooLong(ValueError):
    """The file is larger than a token file is."""


def text_of(form: TokensForm) -> str:
    """Return what is in the file. Raises TooLong and UnicodeDecodeError."""
    content: bytes = form.file.data.stream.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise TooLong
    return content.decode("utf-8-sig")


@bp.post("/settings/style/reset")
@requires(Ability.CHANGE_SETTINGS)
def reset_style() -> ResponseReturnValue:
    """Go back to the colours that Kring comes with."""
    service.reset(current_user)
    return done(_("Your community has the colours of Kring again."))


def done(text: str) -> ResponseReturnValue:
    """Go back to the page, with what happened."""
    flash(text, "ok")
    return htmx.see_other(request, url_for("settings.style"))


def style_page(
    colour_form: ColourForm | None = None, tokens_form: TokensForm | None = None,
    tried: Colour | None = None,
) -> str:  # fmt: skip
    """Return the page; `tried` is a colour to look at before it is used."""
    present = site().brand_colour
    shown = tried or (parse(present) if present else None)
    blank = ColourForm(formdata=None, colour=present, picked=present or FIRST)
    return plain_page(
        "style", colour_form=colour_form or blank, tokens_form=tokens_form or TokensForm(formdata=None),
        tried=tried, shown=shown, schemes=schemes_of(shown) if shown else (),
        ratio=ratio,
    )  # fmt: skip


def schemes_of(colour: Colour) -> list[palette.Report]:
    """Return how a colour is used in the light and in the dark scheme."""
    return [palette.report(colour, dark_scheme=dark) for dark in (False, True)]


@bp.get("/settings/style/try/<colour>.css")
@requires(Ability.CHANGE_SETTINGS)
def try_colour(colour: str) -> ResponseReturnValue:
    """Give the style sheet with which the page shows what a colour would do."""
    try:
        return Response(palette.sample_sheet(parse(colour)), mimetype="text/css")
    except ValueError:
        abort(404)


@bp.get("/style/<mark>.css")
@public
def style_sheet(mark: str) -> ResponseReturnValue:
    """Give the community's own style sheet."""
    found = service.sheet_marked(mark)
    if found is None:
        abort(404)
    return Response(found, mimetype="text/css", headers={"Cache-Control": KEPT_FOR})
