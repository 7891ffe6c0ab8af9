"""What the community agreed with itself: how soon, and how many."""

from typing import Any

from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import IntegerField
from wtforms.validators import InputRequired, NumberRange

from app.access import requires
from app.blueprints.settings.room import bp
from app.blueprints.settings.sections import save
from app.policy import Ability
from app.site import BOUNDS, site


def whole(label: Any, name: str) -> IntegerField:
    """Return a field for a number within its bounds."""
    least, most = BOUNDS[name]
    return IntegerField(
        label,
        [InputRequired(), NumberRange(least, most)],
        render_kw={"inputmode": "numeric", "min": least, "max": most},
    )


class CommunityForm(FlaskForm):
    """How long things may wait, and how many ambassadors there can be."""

    unanswered_days = whole(_l("Working days after which a question stands out"), "unanswered_days")
    help_days = whole(_l("Working days within which the manager answers"), "help_days")
    ambassador_cap = whole(_l("Ambassadors, at most"), "ambassador_cap")


@bp.route("/settings/community", methods=["GET", "POST"])
@requires(Ability.CHANGE_SETTINGS)
def community() -> ResponseReturnValue:
    """Change what the community agreed."""
    return save("community", CommunityForm(obj=site()))
