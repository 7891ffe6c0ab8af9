"""Who can read what, in sentences; the roles in them come from the policy itself."""

from typing import NamedTuple

from babel.lists import format_list
from flask_babel import get_locale
from flask_babel import gettext as _

from app.models import Role
from app.policy import ABILITIES, Ability
from app.site import site
from app.templating import role_label


class Watched(NamedTuple):
    """Something that can be read, and by whom."""

    what: str
    who: str


def watchers() -> list[Watched]:
    """Return who can read what, in the reader's language."""
    return [*of_pieces(), *of_power(), *of_people()]


def of_pieces() -> list[Watched]:
    """Return who can read what members write."""
    return [
        Watched(_("Pieces for everyone, and in open groups"), _("Everyone with an account.")),
        Watched(
            _("Pieces in closed and hidden groups"),
            _("Only the members of that group. Moderators, the community manager and the administrator cannot read them either, unless they are members. In need the administrator can read along for an hour, with a reason: the owners hear of it at once, and the page of the group tells its members who looked, when and why."),
        ),
        Watched(
            _("That a hidden group exists"), _("Only its members. Who knows its exact name can look into it as administrator, in sight of its members.")
        ),
        Watched(
            _("What a moderator has hidden"),
            _("The author and these roles: %(roles)s. In a group also who leads it; in a closed group only its members among them.", roles=roles(Ability.SEE_HIDDEN)),
        ),
        Watched(
            _("Wiki pages in the bin"), _("The theme specialists of that theme, and the author.")
        ),
        Watched(
            _("Who read a piece"),
            _("Nobody. Kring counts readers and shows only the number.") if site().show_views
            else _("Nobody. Kring does not count readers here."),
        ),
        Watched(
            _("What you bookmark, whom you mute or block, and your notifications"), _("Only you.")
        ),
    ]  # fmt: skip


def of_power() -> list[Watched]:
    """Return who can look along with those who guard and run the community."""
    return [
        Watched(
            _("Reports, and who made them"),
            _("These roles: %(roles)s. In a group also who leads it; in a closed group only its members among them. Nobody handles a report about their own piece, and its author is never told who reported it.", roles=roles(Ability.HANDLE_REPORTS)),
        ),
        Watched(
            _("The log of what moderators and the community manager did"),
            _("These roles: %(roles)s. Of a closed group only its members among them. Who leads a group sees what happened there.", roles=roles(Ability.SEE_LOG)),
        ),
        Watched(
            _("Settings, and what was changed in them"),
            _("These roles: %(roles)s.", roles=roles(Ability.CHANGE_SETTINGS)),
        ),
    ]  # fmt: skip


def of_people() -> list[Watched]:
    """Return who can read what Kring keeps about people."""
    return [
        Watched(
            _("Your profile"),
            _("Your name and roles: everyone with an account. For each other part you choose: all members, only those who are in a group with you, or only the community manager. The community manager always sees all parts."),
        ),
        Watched(
            _("Your e-mail address"),
            _("Whom you choose in your profile. Accounts, with their addresses, are managed by these roles: %(roles)s.", roles=roles(Ability.MANAGE_ACCOUNTS)),
        ),
        Watched(
            _("Invitations, and requests to be let in"),
            _("These roles: %(roles)s.", roles=roles(Ability.INVITE)),
        ),
        Watched(
            _("What you ask the community manager"),
            _("You and these roles: %(roles)s.", roles=roles(Ability.READ_HELP)),
        ),
        Watched(
            _("Who is new, and whose first post has no answer yet"),
            _("These roles: %(roles)s.", roles=roles(Ability.SEE_NEWCOMERS)),
        ),
        Watched(
            _("The server: the database, the files and the backups"),
            _("Whoever manages the server can reach everything on it. That is so with every program. Your municipality makes agreements with them about it."),
        ),
    ]  # fmt: skip


def roles(ability: Ability) -> str:
    """Return the names of the roles that hold an ability by what they are: "a, b and c"."""
    ways = [way for way in ABILITIES[ability] if not way.leaders and Role.MEMBER not in way.roles]
    names = [role_label(role) for role in Role if any(role in way.roles for way in ways)]
    return format_list([name.lower() for name in names], locale=get_locale() or "nl")
