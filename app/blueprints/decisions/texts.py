"""Decisions in words: what was done, who decided, and how it stands now."""

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.models import Decision, Role
from app.services.activity import Verb
from app.templating import role_label

MEASURES: dict[str, LazyString] = {
    Verb.HIDDEN: _l("Hidden"),
    Verb.EDITED: _l("Edited by a moderator"),
    Verb.MOVED: _l("Moved"),
    Verb.LOCKED: _l("Locked"),
    Verb.SLOWED: _l("Slowed down"),
    Verb.MERGED: _l("Merged with another discussion"),
    Verb.REJECTED: _l("Not let through"),
    Verb.ATTACHMENT_REMOVED: _l("Document removed"),
    Verb.IMAGE_REMOVED: _l("Image removed"),
    Verb.REDACTED: _l("Personal data blacked out"),
    Verb.WARNED: _l("Warning"),
    Verb.SILENCED: _l("Reading, but not writing"),
    Verb.SUSPENDED: _l("Suspended"),
}
LASTING = frozenset(
    {Verb.HIDDEN, Verb.LOCKED, Verb.SLOWED, Verb.REJECTED, Verb.SILENCED, Verb.SUSPENDED}
)
"""What goes on until it ends; the other measures were done once."""
DECIDERS = (Role.MANAGER, Role.MODERATOR, Role.AMBASSADOR, Role.ADMINISTRATOR)


def measure_label(decision: Decision) -> str:
    """Return what was done, in a few words."""
    return str(MEASURES.get(decision.measure, decision.measure))


def decider(decision: Decision) -> str:
    """Return in which role someone decided, and who it was. The actor's roles must be loaded."""
    actor = decision.actor
    if actor is None:
        return str(_("Kring itself"))
    role = next((role for role in DECIDERS if role in actor.roles), None)
    if role is not None:
        return f"{role_label(role)} {actor.name}"
    if decision.group is not None:
        return f"{_('Group moderator')} {actor.name}"
    return actor.name
