"""How moderators work: what they must see first, and how long things may take."""

from typing import Any

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, TextAreaField
from wtforms.validators import ValidationError

from app.access import requires
from app.blueprints.settings.community import whole
from app.blueprints.settings.room import bp
from app.blueprints.settings.sections import save
from app.forms import tidy_line
from app.policy import Ability
from app.site import site

MOST_WORDS = 200
SHORTEST_WORD = 3
LONGEST_WORD = 60


class Lines(TextAreaField):
    """Words or short phrases, one on a line; `data` is a tuple of them, each once."""

    data: Any

    def _value(self) -> str:
        return "\n".join(self.data or ())

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the lines without what is empty; capitals make no difference."""
        lines = [tidy_line(line).lower() for line in "\n".join(valuelist).splitlines()]
        self.data = tuple(dict.fromkeys(filter(None, lines)))


class ModerationForm(FlaskForm):
    """What the moderators agreed with each other and with the members."""

    case_hours = whole(_l("Hours until a reminder of a report"), "case_hours")
    appeal_days = whole(_l("Days to object to a decision"), "appeal_days")
    own_edit_days = whole(_l("Days to change or withdraw your own text"), "own_edit_days")
    premoderated_posts = whole(_l("First texts of a new member that wait"), "premoderated_posts")
    hide_after_reports = whole(_l("Reports after which something is hidden"), "hide_after_reports")
    watched_words = Lines(_l("Words that a moderator wants to know of"))

    def validate_watched_words(self, field: Field) -> None:
        """Refuse more words than anyone keeps up, and what would stand in any text."""
        if len(field.data) > MOST_WORDS:
            raise ValidationError(_("Fill in at most %(most)d words.", most=MOST_WORDS))
        for word in field.data:
            if not SHORTEST_WORD <= len(word) <= LONGEST_WORD:
                raise ValidationError(
                    _(
                        "“%(word)s” does not fit: a word has from %(least)d to %(most)d characters.",
                        word=word[:80], least=SHORTEST_WORD, most=LONGEST_WORD,
                    )
                )  # fmt: skip


@bp.route("/settings/moderation", methods=["GET", "POST"])
@requires(Ability.CHANGE_SETTINGS)
def moderation() -> ResponseReturnValue:
    """Change how moderators work."""
    return save("moderation", ModerationForm(obj=site()))
