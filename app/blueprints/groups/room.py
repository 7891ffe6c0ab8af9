"""The room itself, and the words for what groups are."""

from flask import Blueprint
from flask_babel import lazy_gettext as _l

from app.models import GroupKind, GroupRole

bp = Blueprint("groups", __name__)

KINDS = {
    GroupKind.OPEN: _l("Open group"),
    GroupKind.CLOSED: _l("Closed group"),
    GroupKind.HIDDEN: _l("Hidden group"),
}
READERS = {
    GroupKind.OPEN: _l("Everyone in the community can read along and join."),
    GroupKind.CLOSED: _l(
        "Everyone sees the name. Only members see who are in it and what is written here."
    ),
    GroupKind.HIDDEN: _l("Only members know that this group exists."),
}
ROLES = {
    GroupRole.OWNER: _l("Owner"),
    GroupRole.MODERATOR: _l("Group moderator"),
    GroupRole.MEMBER: _l("Member"),
}
