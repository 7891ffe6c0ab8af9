"""The one door to what exists."""

from app.models.attachment import Attachment
from app.models.comment import Bookmark, Comment, Follow, Like, Report, ReportReason, ReportState
from app.models.content import (
    Content,
    ContentView,
    Discussion,
    EditNotice,
    Revision,
    Standing,
    Status,
    WikiLink,
    WikiPage,
    folder_of,
)
from app.models.group import Group, GroupKind, GroupRole, Membership
from app.models.record import LogEntry, Notification, OutgoingMail, Setting
from app.models.theme import Tag, TagAlias, Theme, content_tags
from app.models.types import unindexed
from app.models.user import (
    Attempt,
    AttemptKind,
    Department,
    Grant,
    Role,
    Token,
    TokenPurpose,
    User,
    UserSession,
)

__all__ = [
    "Attachment",
    "Attempt",
    "AttemptKind",
    "Bookmark",
    "Comment",
    "Content",
    "ContentView",
    "Department",
    "Discussion",
    "EditNotice",
    "Follow",
    "Grant",
    "Group",
    "GroupKind",
    "GroupRole",
    "Like",
    "LogEntry",
    "Membership",
    "Notification",
    "OutgoingMail",
    "Report",
    "ReportReason",
    "ReportState",
    "Revision",
    "Role",
    "Setting",
    "Standing",
    "Status",
    "Tag",
    "TagAlias",
    "Theme",
    "Token",
    "TokenPurpose",
    "User",
    "UserSession",
    "WikiLink",
    "WikiPage",
    "content_tags",
    "folder_of",
    "unindexed",
]
