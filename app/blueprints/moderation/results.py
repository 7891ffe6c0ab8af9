"""What a row of the log says came of a deed, in the reader's words."""

from collections.abc import Callable
from datetime import date, datetime

from flask_babel import format_date, format_datetime
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.blueprints.moderation.measure_forms import pace
from app.models import GroupKind, GroupRole, LogEntry, Role
from app.services.activity import Verb
from app.services.log_words import ACTIONS
from app.templating import role_label

ARROW = " → "
KINDS = {
    GroupKind.OPEN: _l("Open group"),
    GroupKind.CLOSED: _l("Closed group"),
    GroupKind.HIDDEN: _l("Hidden group"),
}
PLACES = {
    GroupRole.OWNER: _l("Owner"),
    GroupRole.MODERATOR: _l("Group moderator"),
    GroupRole.MEMBER: _l("Member"),
}

OF_ACCOUNT = {
    "name": _l("Name"),
    "job_title": _l("Job title"),
    "department": _l("Department"),
    "signed_out": _l("Signed out everywhere"),
    "former_member": _l("“Former member”, without a name"),
}


def of_account(result: str) -> str:
    """Say "name, job_title" as what of an account was changed."""
    return ", ".join(str(OF_ACCOUNT.get(word, word)) for word in result.split(", "))


def role(result: str) -> str:
    """Say "specialist: Wonen" as "Themaspecialist: Wonen"."""
    name, colon, theme = result.partition(": ")
    return role_label(Role(name)) + colon + theme


def kinds(result: str) -> str:
    """Say "open → closed", or one of them, as kinds of groups."""
    return ARROW.join(str(KINDS[GroupKind(word)]) for word in result.split(ARROW))


def places(result: str) -> str:
    """Say "Otto: member → owner" as roles within a group."""
    name, colon, change = result.rpartition(": ")
    return name + colon + ARROW.join(str(PLACES[GroupRole(word)]) for word in change.split(ARROW))


def added(result: str) -> str:
    """Say "Otto (member)" with the role within the group."""
    name, bracket, word = result.removesuffix(")").rpartition(" (")
    return f"{name}{bracket}{PLACES[GroupRole(word)]})"


def until(result: str) -> str:
    """Say "→ 2026-12-05" as a day."""
    day = date.fromisoformat(result.removeprefix(ARROW.lstrip()))
    return str(_("until and including %(date)s", date=format_date(day, "d MMMM y")))


def ended(result: str) -> str:
    """Say "empty" as why a group went into the archive by itself."""
    return str(_("Nobody is left in it")) if result == "empty" else result


def measure(result: str) -> str:
    """Say "silenced" as what was done."""
    return str(ACTIONS.get(result, result))


OF_CARE = {"four_eyes: ": _l("Four eyes"), "review_months: ": _l("Months until a review")}
SWITCH = {"0": _l("no"), "1": _l("yes")}


def of_theme(result: str) -> str:
    """Say "four_eyes: 0 → 1" in words; another name stays as it is."""
    for start, label in OF_CARE.items():
        if result.startswith(start):
            values = result.removeprefix(start).split(ARROW)
            if start == "four_eyes: ":
                values = [str(SWITCH.get(value, value)) for value in values]
            return f"{label}: {ARROW.join(values)}"
    return result


def slowed(result: str) -> str:
    """Say "15 → 2026-12-05 10:00" as a pace, and until when."""
    minutes, arrow, end = result.partition(ARROW)
    text = pace(int(minutes))
    if not arrow:
        return text
    moment = datetime.fromisoformat(end)
    told = _("until %(date)s", date=format_datetime(moment, "d MMMM y, HH:mm", rebase=False))
    return f"{text}, {told}"


WORDS: dict[str, Callable[[str], str]] = {
    Verb.ROLE_GRANTED: role,
    Verb.ROLE_WITHDRAWN: role,
    Verb.GROUP_MADE: kinds,
    Verb.GROUP_CHANGED: kinds,
    Verb.GROUP_ROLE_CHANGED: places,
    Verb.GROUP_MEMBER_ADDED: added,
    Verb.GROUP_ARCHIVED: ended,
    Verb.LOCKED: until,
    Verb.PINNED: until,
    Verb.SLOWED: slowed,
    Verb.SILENCED: until,
    Verb.SUSPENDED: until,
    Verb.MEASURE_ENDED: measure,
    Verb.APPEAL_UPHELD: measure,
    Verb.APPEAL_DISMISSED: measure,
    Verb.ACCOUNT_CHANGED: of_account,
    Verb.ACCOUNT_CLOSED: of_account,
    Verb.THEME_CHANGED: of_theme,
}


def in_words(entry: LogEntry) -> str:
    """Return the result of a row; as it was stored where it says something else than expected."""
    say = WORDS.get(entry.action)
    if say is None or not entry.result:
        return entry.result
    try:
        return say(entry.result)
    except ValueError:
        return entry.result
