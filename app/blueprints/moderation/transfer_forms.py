"""The forms by which replies and discussions go elsewhere."""

import re

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from wtforms import Field
from wtforms.validators import Length, ValidationError

from app.blueprints.moderation.measure_forms import MeasureForm, Subject
from app.extensions import db
from app.forms import TITLE_LENGTH, Line, filled
from app.models import Content
from app.policy import visible_to
from app.queries.content import comment_visible, detail
from app.services import transfers
from app.services.transfers import Refusal

LONGEST_ADDRESS = 500
PIECE = re.compile(r"(?:^|/)(comments|[a-z]+)/([0-9]{1,9})(?:[-/?#]|$)")
REFUSALS = {
    Refusal.SAME: _l("This is the same discussion. Choose another one."),
    Refusal.KIND: _l("This is not a discussion: only discussions can be merged."),
    Refusal.READERS: _l("Other people can read that one. Replies never go to other readers."),
    Refusal.GONE: _l("One of the two was hidden or withdrawn. Show it again first."),
    Refusal.MERGED: _l("One of the two was merged into another already. Choose that one."),
    Refusal.ARCHIVED: _l("The group is in the archive: nothing changes there."),
    Refusal.NOTHING: _l("These replies are not here any more. Choose them anew."),
    Refusal.NO_OPENING: _l(
        "The first reply that you chose was hidden or withdrawn: it cannot be an opening."
    ),
    Refusal.UNDONE: _l("This was undone already."),
    Refusal.MOVED_ON: _l("Some of these replies went on to another discussion. Undo that first."),
    Refusal.NEW_REPLIES: _l(
        "There are new replies in the new discussion. Merge it with the old one instead."
    ),
}


class TargetForm(MeasureForm):
    """To which discussion something goes."""

    target = Line(
        _l("Address of the other discussion"), [filled, Length(max=LONGEST_ADDRESS)],
        render_kw={"autocomplete": "off"},
    )  # fmt: skip

    def fit(self, subject: Subject) -> None:
        """Remember from which discussion it goes."""
        assert isinstance(subject, Content)
        self.source = subject

    def validate_target(self, field: Field) -> None:
        """Refuse what is not there for this moderator, and where replies cannot go."""
        found = piece_at(field.data)
        if found is None:
            raise ValidationError(
                _("There is no discussion at this address. Copy it from the bar of your browser.")
            )
        reason = transfers.refusal(self.source, found)
        if reason is not None:
            raise ValidationError(str(REFUSALS[reason]))
        self.found = found


def piece_at(address: str) -> Content | None:
    """Return the piece at an address, also of a reply to it; None when the reader sees none there."""
    match = PIECE.search(address)
    if match is None:
        return None
    key = int(match[2])
    if match[1] == "comments":
        found = db.session.scalar(comment_visible(key).where(visible_to(current_user)))
        return found.content if found is not None else None
    return db.session.scalar(detail(Content, key).where(visible_to(current_user)))


class SplitForm(MeasureForm):
    """What a discussion is called that is made of replies."""

    title = Line(
        _l("Title of the new discussion"),
        [filled, Length(max=TITLE_LENGTH)],
        render_kw={"maxlength": TITLE_LENGTH},
    )
