"""What is filled in to add a document."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms.validators import Length

from app.forms import TITLE_LENGTH, Line
from app.lib.file_types import Wrong

REFUSALS = {
    Wrong.EMPTY: _l("This file is empty."),
    Wrong.MISMATCH: _l(
        "What is in this file is not what its name says. Save it anew in the program in which you"
        " made it."
    ),
    Wrong.MACROS: _l("This file holds macros, and those can do harm. Save it without macros."),
    Wrong.BROKEN: _l("This file is damaged. Open it, save it anew and try again."),
    Wrong.BOMB: _l("This file becomes many times larger when it is opened. It cannot be added."),
    Wrong.MOVING: _l("A moving image can be added as a GIF only."),
}


class DocumentForm(FlaskForm):
    """A document, and how it is called."""

    file = FileField(_l("File"), [FileRequired(_l("Choose a file."))])
    title = Line(_l("Title"), [Length(max=TITLE_LENGTH)])
