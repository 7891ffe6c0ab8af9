"""What a row of the log says came of a deed, in the reader's words."""

from collections.abc import Callable
from datetime import date

from flask_babel import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.models import GroupKind, GroupRole, LogEntry, Role
from app.services.activity import Verb
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


WORDS: dict[str, Callable[[str], str]] = {
    Verb.ROLE_GRANTED: role,
    Verb.ROLE_WITHDRAWN: role,
    Verb.GROUP_MADE: kinds,
    Verb.GROUP_CHANGED: kinds,
    Verb.GROUP_ROLE_CHANGED: places,
    Verb.GROUP_MEMBER_ADDED: added,
    Verb.LOCKED: until,
    Verb.PINNED: until,
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
