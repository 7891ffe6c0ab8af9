"""What is filled in to add a document, or to remove one."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms.validators import Length, ValidationError

from app.forms import REASON_LENGTH, TITLE_LENGTH, Line, Text
from app.lib.file_types import ACCEPT, Wrong

REFUSALS = {
    Wrong.EMPTY: _l("This file is empty."),
    Wrong.KIND: _l(
        "This kind of file cannot be added. Choose a PDF, a document, spreadsheet or presentation"
        " (OpenDocument or Office), plain text, CSV, Markdown, or an image."
    ),
    Wrong.MISMATCH: _l(
        "What is in this file is not what its name says. Save it anew in the program in which you"
        " made it."
    ),
    Wrong.MACROS: _l("This file holds macros, and those can do harm. Save it without macros."),
    Wrong.BROKEN: _l("This file is damaged. Open it, save it anew and try again."),
    Wrong.MOVING: _l("A moving image can be added as a GIF only."),
}


class DocumentForm(FlaskForm):
    """A document, and how it is called."""

    file = FileField(_l("File"), [FileRequired(_l("Choose a file."))], render_kw={"accept": ACCEPT})
    title = Line(_l("Title"), [Length(max=TITLE_LENGTH)])


class RemoveForm(FlaskForm):
    """Why a document is removed. Nobody has to explain that of their own."""

    reason = Text(_l("Reason"), [Length(max=REASON_LENGTH)])

    def fit(self, *, own: bool) -> None:
        """Ask a reason for what someone else added."""
        self.own = own
        self.reason.flags.required = not own

    def validate_reason(self, field: Text) -> None:
        """Refuse to remove what someone else added without telling why."""
        if not self.own and not field.data.strip():
            raise ValidationError(_l("Tell why you remove it."))
