"""The one door to what exists."""

from app.models.comment import Comment, Follow, Like, Report, ReportReason, ReportState
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
)
from app.models.group import Group, GroupKind, GroupRole, Membership
from app.models.record import LogEntry, Notification, OutgoingMail, Setting
from app.models.theme import Tag, Theme, content_tags
from app.models.user import (
    Department,
    Grant,
    Role,
    SignInFailure,
    Token,
    TokenPurpose,
    User,
    UserSession,
)

__all__ = [
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
    "SignInFailure",
    "Standing",
    "Status",
    "Tag",
    "Theme",
    "Token",
    "TokenPurpose",
    "User",
    "UserSession",
    "WikiLink",
    "WikiPage",
    "content_tags",
]
