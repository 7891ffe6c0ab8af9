"""What is filled in to put an image in a text."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms.validators import InputRequired, Length

from app.forms import Line, filled
from app.lib.file_types import Wrong
from app.services.images import LONGEST_ALT

KINDS = "image/jpeg,image/png,image/webp,image/gif"
REFUSALS = {
    Wrong.KIND: _l("This is not an image that can stand in a text. Choose a JPEG, PNG or WebP."),
    Wrong.BROKEN: _l("This file is damaged. Open it, save it anew and try again."),
    Wrong.MOVING: _l("This image moves. Choose one that stands still."),
}


class ImageForm(FlaskForm):
    """An image, and what it shows in words."""

    file = FileField(
        _l("Image"), [FileRequired(_l("Choose an image."))], render_kw={"accept": KINDS}
    )
    alt = Line(
        _l("What the image shows"),
        [
            InputRequired(_l("Tell what the image shows, for who cannot see it.")),
            filled,
            Length(max=LONGEST_ALT),
        ],
    )
