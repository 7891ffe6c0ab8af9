"""What waits for who keeps the community going, in words, with where to go for it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from app.policy import Ability, can
from app.queries.attention import MOST, Matter
from app.services import security_txt


@dataclass(frozen=True)
class Errand:
    """One line: a number (nothing where there is nothing to count), what it is of, and where."""

    number: str
    text: str
    url: str
    note: str = ""


# What follows the number of each matter.
TEXTS: dict[Matter, Callable[[int], str]] = {
    Matter.REPORTS: lambda n: ngettext("report to handle", "reports to handle", n),
    Matter.HELD: lambda n: ngettext("text waits for approval", "texts wait for approval", n),
    Matter.APPEALS: lambda n: ngettext(
        "objection to decide about", "objections to decide about", n
    ),
    Matter.HELP: lambda n: ngettext("question to you", "questions to you", n),
    Matter.REQUESTS: lambda n: ngettext("request to be let in", "requests to be let in", n),
    Matter.OVERDUE: lambda n: ngettext(
        "discussion waits too long for an answer", "discussions wait too long for an answer", n
    ),
    Matter.PAGES_LATE: lambda n: ngettext(
        "wiki page was not looked through in time", "wiki pages were not looked through in time", n
    ),
    Matter.PAGES_OFFERED: lambda n: ngettext(
        "wiki page is offered for adoption", "wiki pages are offered for adoption", n
    ),
    Matter.PAGES_DOUBTED: lambda n: ngettext(
        "wiki page is doubted by a reader", "wiki pages are doubted by readers", n
    ),
    Matter.NEWCOMERS: lambda n: ngettext(
        "first post of a newcomer has no answer", "first posts of newcomers have no answer", n
    ),
    Matter.PROPOSALS: lambda n: ngettext("proposal for the wiki", "proposals for the wiki", n),
    Matter.GROUPS: lambda n: ngettext(
        "group may not live any more", "groups may not live any more", n
    ),
    Matter.NOT_INVITED: lambda n: ngettext(
        "account was not invited", "accounts were not invited", n
    ),
    Matter.EXPIRED: lambda n: ngettext("invitation is over", "invitations are over", n),
    Matter.REVIEW: lambda _n: _("Look again at how we moderate, and choose the next day"),
    Matter.MAIL: lambda n: ngettext("mail could not be sent", "mails could not be sent", n),
}
# Where someone deals with each.
PLACES: dict[Matter, tuple[str, dict[str, str]]] = {
    Matter.REPORTS: ("moderation.queue", {}),
    Matter.HELD: ("moderation.held", {}),
    Matter.APPEALS: ("decisions.appeals", {}),
    Matter.HELP: ("help.index", {"state": "open"}),
    Matter.REQUESTS: ("entry.requests", {}),
    Matter.OVERDUE: ("discussions.index", {"view": "unanswered"}),
    Matter.PAGES_LATE: ("wikis.register", {"state": "overdue", "mine": "1"}),
    Matter.PAGES_OFFERED: ("wikis.register", {"state": "offered", "mine": "1"}),
    Matter.PAGES_DOUBTED: ("wikis.register", {"state": "doubted", "mine": "1"}),
    Matter.NEWCOMERS: ("people.newcomers", {}),
    Matter.PROPOSALS: ("proposals.index", {}),
    Matter.GROUPS: ("groups.index", {}),
    Matter.NOT_INVITED: ("entry.index", {}),
    Matter.EXPIRED: ("entry.index", {"state": "expired"}),
    Matter.REVIEW: ("crisis.preparation", {}),
    Matter.MAIL: ("settings.mail_failed", {}),
}
LATE = {Matter.REPORTS: Matter.REPORTS_LATE, Matter.HELP: Matter.HELP_LATE}
"""Of these is told how many wait too long."""
AT_THE_DESK: dict[Matter, tuple[str, dict[str, str]]] = {
    Matter.OVERDUE: ("desk.attention", {"view": "late"}),
    Matter.NEWCOMERS: ("desk.attention", {"view": "new"}),
}


def errands(counts: Mapping[Matter, int]) -> list[Errand]:
    """Return a line for each matter of which there is any."""
    found = [errand(matter, counts) for matter in TEXTS if counts.get(matter)]
    if can(current_user, Ability.CHANGE_SETTINGS) and security_txt.needs_renewal():
        found.append(Errand("", security_text(), url_for("settings.security")))
    return found


def errand(matter: Matter, counts: Mapping[Matter, int]) -> Errand:
    """Return the line of one matter."""
    number = counts[matter]
    endpoint, values = place_of(matter)
    return Errand(
        number_of(matter, number),
        TEXTS[matter](number),
        url_for(endpoint, **values),  # type: ignore[arg-type]  # values are those of the address
        note_of(matter, counts),
    )


def place_of(matter: Matter) -> tuple[str, dict[str, str]]:
    """Return where the reader deals with a matter: some have a desk where they see to what waits."""
    if can(current_user, Ability.SEE_ATTENTION):
        return AT_THE_DESK.get(matter, PLACES[matter])
    return PLACES[matter]


def number_of(matter: Matter, number: int) -> str:
    """Return the number as it is shown; nothing where there is nothing to count."""
    if matter is Matter.REVIEW:
        return ""
    return f"{MOST}+" if number > MOST else str(number)


def note_of(matter: Matter, counts: Mapping[Matter, int]) -> str:
    """Return what else there is to know: how many reports or questions wait too long."""
    late = counts.get(LATE[matter], 0) if matter in LATE else 0
    if late:
        return str(
            ngettext("%(num)d of them waits too long", "%(num)d of them wait too long", late)
        )
    return ""


def security_text() -> str:
    """Tell how long security.txt still holds."""
    left = security_txt.days_left() or 0
    if left < 0:
        return str(_("security.txt is over: choose a new day"))
    return str(
        ngettext(
            "security.txt holds for %(num)d more day",
            "security.txt holds for %(num)d more days",
            left,
        )
    )
