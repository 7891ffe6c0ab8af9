"""The card that leads the administrator of a new community through what to arrange first."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import current_app, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.policy import Ability, can
from app.queries.attention import Matter
from app.site import Site, site


@dataclass(frozen=True)
class Step:
    """Something to arrange, with whether it has been."""

    done: bool
    label: str
    why: str
    url: str


def steps(counts: Mapping[Matter, int], *, has_themes: bool) -> list[Step]:
    """Return what to arrange first; nothing for others, and once all of it has been."""
    if not can(current_user, Ability.CHANGE_SETTINGS):
        return []
    mails = bool(site().mail_host or current_app.config["MAIL_URL"])
    found = [
        Step(site().name != Site.name, _("Name your community"),
             _("Choose a name, and a logo and a colour that people know."),
             url_for("settings.general")),
        Step(mails, _("Connect the mail"),
             _("Without a mail server no invitation leaves."), url_for("settings.mail")),
        Step(has_themes, _("Add the first themes"),
             _("Themes are the parts of your profession. You can change them later."),
             url_for("settings.themes")),
        Step(counts.get(Matter.PEOPLE, 0) > 1, _("Invite the first people"),
             _("Begin with a handful who like to help the community along."),
             url_for("entry.index")),
    ]  # fmt: skip
    return [] if all(step.done for step in found) else found
