"""How people get in, besides by an invitation of the manager."""

from typing import Any

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, IntegerField, TextAreaField
from wtforms.validators import InputRequired, NumberRange, ValidationError

from app.access import requires
from app.blueprints.settings.room import bp
from app.blueprints.settings.sections import save
from app.lib import addresses
from app.policy import Ability
from app.site import fixed, site

MOST_DOMAINS = 50
LONGEST = 90


class Domains(TextAreaField):
    """Domains of e-mail addresses, one on a line; `data` is a tuple of them as computers write."""

    data: Any

    def _value(self) -> str:
        return "\n".join(self.data or ())

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the lines; what is no domain is left as it was typed, for the form to refuse."""
        words = " ".join(valuelist).replace(",", " ").replace(";", " ").split()
        self.data = tuple(dict.fromkeys(as_kept(word) for word in words))


def as_kept(word: str) -> str:
    """Return a domain as it is kept."""
    try:
        return addresses.domain(word)
    except ValueError:
        return word.lower()


class EntryForm(FlaskForm):
    """Who can come in by themselves, who can ask, and how long an invitation works."""

    entry_domains = Domains(_l("Domains of e-mail addresses that are let in"))
    entry_requests = BooleanField(_l("Others can ask to be let in"))
    invitation_days = IntegerField(
        _l("Days that an invitation works"),
        [
            InputRequired(),
            NumberRange(1, LONGEST, _l("Fill in a number from 1 to 90.")),
        ],
    )

    def validate_entry_domains(self, field: Field) -> None:
        """Refuse what is no domain, and domains in which anyone can have an address."""
        if len(field.data) > MOST_DOMAINS:
            raise ValidationError(_("Fill in at most %(most)d domains.", most=MOST_DOMAINS))
        for name in () if field.name in fixed() else field.data:
            if refusal := objection(name):
                raise ValidationError(refusal)


def objection(name: str) -> str | None:
    """Return why addresses in this domain cannot be let in; None when they can."""
    try:
        kept = addresses.domain(name)
    except ValueError:
        return str(
            _(
                "“%(name)s” is not a domain. Fill in what stands after the @ in an address, such as"
                " voorbeeldstad.nl.",
                name=name[:80],
            )
        )
    if kept in addresses.PUBLIC_MAIL:
        return str(
            _(
                "Anyone can get an address that ends in %(name)s, so everyone could come in. Invite"
                " these people, or let them ask.",
                name=kept,
            )
        )
    return None


@bp.route("/settings/entry", methods=["GET", "POST"])
@requires(Ability.CHANGE_SETTINGS)
def entry() -> ResponseReturnValue:
    """Change how people get in."""
    return save("entry", EntryForm(obj=site()))
