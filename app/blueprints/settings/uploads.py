"""How large documents can be, and of which kinds."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectMultipleField
from wtforms.fields.choices import Choice  # type: ignore[attr-defined]  # stubs lag
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput

from app.access import requires
from app.blueprints.settings.community import whole
from app.blueprints.settings.room import bp
from app.blueprints.settings.sections import save
from app.forms import preset
from app.lib.file_types import TYPES
from app.policy import Ability
from app.site import site

NAMES = {
    "pdf": _l("PDF"),
    "odt": _l("OpenDocument text (.odt)"),
    "ods": _l("OpenDocument spreadsheet (.ods)"),
    "odp": _l("OpenDocument presentation (.odp)"),
    "docx": _l("Word (.docx)"),
    "xlsx": _l("Excel (.xlsx)"),
    "pptx": _l("PowerPoint (.pptx)"),
    "txt": _l("Plain text (.txt)"),
    "csv": _l("Table as text (.csv)"),
    "md": _l("Markdown (.md)"),
    "png": _l("PNG image"),
    "jpg": _l("JPEG image"),
    "gif": _l("GIF image, also moving"),
    "webp": _l("WebP image"),
}


class Kinds(SelectMultipleField):
    """A box for each kind of file; `data` has the media types, and nothing when all are ticked.

    So a kind that a later version knows is taken too, where all of them are.
    """

    option_widget = CheckboxInput()
    data: Any
    none = False
    unknown: Sequence[str] = ()

    def iter_choices(self) -> Iterator[Choice]:
        """Yield the kinds; those that are taken are ticked."""
        for kind in TYPES.values():
            ticked = not self.none and (not self.data or kind.media_type in self.data)
            yield Choice(kind.extension, NAMES[kind.extension], ticked, self.render_kw or {})

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read which boxes are ticked."""
        self.none, self.unknown = not valuelist, [one for one in valuelist if one not in TYPES]
        chosen = tuple(kind.media_type for name, kind in TYPES.items() if name in valuelist)
        self.data = () if len(chosen) == len(TYPES) else chosen

    def pre_validate(self, _form: FlaskForm) -> None:
        """Refuse kinds that there are not, and no kind at all."""
        if self.unknown:
            raise ValidationError(self.gettext("Not a valid choice."))
        if self.none:
            raise ValidationError(_l("Choose at least one kind."))


class UploadsForm(FlaskForm):
    """The largest document, and the kinds that are taken."""

    upload_megabytes = whole(_l("Largest document, in MB"), "upload_megabytes")
    upload_types = Kinds(_l("Which kinds of documents can members add?"), [preset])


@bp.route("/settings/uploads", methods=["GET", "POST"])
@requires(Ability.CHANGE_SETTINGS)
def uploads() -> ResponseReturnValue:
    """Change what documents can be added."""
    return save("uploads", UploadsForm(obj=site()))
