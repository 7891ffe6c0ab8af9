"""Who may do what: the one place where the product decides it.

`ABILITIES` maps each ability to the ways to hold it. `can` answers for one person and one subject;
`visible_to` is the SQL twin of READ for lists, feeds, files and counts. Two rules stand above the
table: nobody does anything to what they cannot see, and an account out of use may do nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, and_, false, func, or_, select, true

from app.models import (
    Attachment,
    Comment,
    Content,
    Discussion,
    Group,
    GroupKind,
    GroupRole,
    LogEntry,
    Membership,
    Report,
    Role,
    Status,
    Theme,
    User,
    WikiPage,
    unindexed,
)


class Person(Protocol):
    """Who asks: a user, or the visitor who has not signed in."""

    @property
    def is_active(self) -> bool:
        """Tell whether the account is in use; never so for a visitor."""


class Ability(StrEnum):
    """What can be allowed. The text beside each is what `/pages/who-may-what` shows."""

    READ = "read"
    SEE_HIDDEN = "see_hidden"
    START_DISCUSSION = "start_discussion"
    COMMENT = "comment"
    LIKE = "like"
    FOLLOW = "follow"
    BOOKMARK = "bookmark"
    REPORT = "report"
    EDIT = "edit"
    WITHDRAW = "withdraw"
    SEE_REVISIONS = "see_revisions"
    MARK_ANSWER = "mark_answer"
    MARK_SUMMARY = "mark_summary"
    HIDE = "hide"
    MOVE = "move"
    LOCK = "lock"
    PIN = "pin"
    FEATURE = "feature"
    HANDLE_REPORTS = "handle_reports"
    SEE_LOG = "see_log"
    WRITE_WIKI = "write_wiki"
    ATTACH = "attach"
    REMOVE_ATTACHMENT = "remove_attachment"
    SEE_PEOPLE = "see_people"
    GRANT_ROLES = "grant_roles"
    GRANT_ADMINISTRATOR = "grant_administrator"
    MAKE_GROUP = "make_group"
    JOIN_GROUP = "join_group"
    LEAVE_GROUP = "leave_group"
    SEE_MEMBERS = "see_members"
    MANAGE_GROUP = "manage_group"
    MANAGE_KEYWORDS = "manage_keywords"
    CHANGE_SETTINGS = "change_settings"


LABELS: dict[Ability, LazyString] = {
    Ability.READ: _l("Read what your audience may see"),
    Ability.SEE_HIDDEN: _l("See what has been hidden"),
    Ability.START_DISCUSSION: _l("Start a discussion"),
    Ability.COMMENT: _l("Reply"),
    Ability.LIKE: _l("Appreciate a piece or a reply"),
    Ability.FOLLOW: _l("Follow a piece"),
    Ability.BOOKMARK: _l("Keep a piece, to find it back"),
    Ability.REPORT: _l("Report a piece or a reply"),
    Ability.EDIT: _l("Edit a discussion or a reply"),
    Ability.WITHDRAW: _l("Withdraw a discussion or a reply"),
    Ability.SEE_REVISIONS: _l("Look at earlier versions"),
    Ability.MARK_ANSWER: _l("Mark the answer to a question"),
    Ability.MARK_SUMMARY: _l("Mark a reply as summary"),
    Ability.HIDE: _l("Hide and restore"),
    Ability.MOVE: _l("Move to another theme"),
    Ability.LOCK: _l("Lock and unlock"),
    Ability.PIN: _l("Pin until a date"),
    Ability.FEATURE: _l("Feature on the home page"),
    Ability.HANDLE_REPORTS: _l("Handle reports"),
    Ability.SEE_LOG: _l("Look at the moderation log"),
    Ability.WRITE_WIKI: _l("Make, edit, move and restore wiki pages"),
    Ability.ATTACH: _l("Add a document to a discussion or a wiki page"),
    Ability.REMOVE_ATTACHMENT: _l("Remove a document"),
    Ability.SEE_PEOPLE: _l("Look up people"),
    Ability.GRANT_ROLES: _l("Grant and withdraw roles"),
    Ability.GRANT_ADMINISTRATOR: _l("Grant and withdraw the role of administrator"),
    Ability.MAKE_GROUP: _l("Make a group"),
    Ability.JOIN_GROUP: _l("Join an open group"),
    Ability.LEAVE_GROUP: _l("Leave a group"),
    Ability.SEE_MEMBERS: _l("See who are in a group"),
    Ability.MANAGE_GROUP: _l("Manage a group and its members"),
    Ability.MANAGE_KEYWORDS: _l("Rename, merge and delete keywords"),
    Ability.CHANGE_SETTINGS: _l("Change settings, sign-in, mail and backups"),
}

MODERATORS = frozenset({Role.AMBASSADOR, Role.MODERATOR, Role.MANAGER})
EVERYONE = frozenset(Role)
Test = Callable[[User, Any], bool]


@dataclass(frozen=True)
class Way:
    """One way to hold an ability: some role, and what must hold for this person and subject."""

    roles: frozenset[Role]
    test: Test
    note: LazyString | None = None
    leaders: bool = False
    """Held by owners and moderators of a group, inside it; whatever their roles outside."""

    def holds(self, user: User, subject: Any) -> bool:
        """Tell whether `user` holds the ability in this way."""
        return not self.roles.isdisjoint(user.roles) and self.test(user, subject)


def piece_of(subject: object) -> Content | None:
    """Return the piece that a subject is or belongs to."""
    match subject:
        case Comment() | Report():
            return subject.content or piece_of(getattr(subject, "comment", None))
        case Attachment():
            return subject.content
        case Content():
            return subject
    return None


def always(_user: User, _subject: object) -> bool:
    return True


def is_member(user: User, group: Group | int | None) -> bool:
    """Tell whether `user` belongs to `group`, given as itself or by its id."""
    group_id = group.id if isinstance(group, Group) else group
    return any(membership.group_id == group_id for membership in user.memberships)


def leads(user: User, group_id: int | None) -> bool:
    """Tell whether `user` is an owner or a moderator of the group."""
    return any(
        membership.group_id == group_id and membership.role is not GroupRole.MEMBER
        for membership in user.memberships
    )


def leads_any(user: User) -> bool:
    """Tell whether `user` is an owner or a moderator of some group."""
    return any(membership.role is not GroupRole.MEMBER for membership in user.memberships)


def leads_here(user: User, subject: object) -> bool:
    """Tell whether the subject lies in a group that `user` owns or moderates."""
    piece = piece_of(subject)
    return piece is not None and piece.group_id is not None and leads(user, piece.group_id)


def is_author(user: User, subject: Content | Comment) -> bool:
    return subject.author_id == user.id


def in_audience(user: User, content: Content) -> bool:
    """Tell whether the piece is meant for `user`: the community, an open group, or their own."""
    group = content.group
    return group is None or group.kind is GroupKind.OPEN or is_member(user, group)


def may_write_in(user: User, subject: Content | Group | None) -> bool:
    """Tell whether `user` may write here: in the community, or in a group of which they are."""
    match subject:
        case Group():
            return is_member(user, subject)
        case Content() if subject.group_id is not None:
            return is_member(user, subject.group_id)
    return True


def open_for_comments(user: User, content: Content) -> bool:
    return (
        content.allows_comments
        and may_write_in(user, content)
        and content.hidden_at is None
        and content.withdrawn_at is None
        and not content.is_locked
    )


def own_text(user: User, subject: Content | Comment) -> bool:
    """Tell whether `user` wrote this and can still change it: not hidden, not locked."""
    piece = piece_of(subject)
    return (
        isinstance(subject, Discussion | Comment)
        and is_author(user, subject)
        and subject.hidden_at is None
        and piece is not None
        and piece.hidden_at is None
        and not piece.is_locked
    )


def own_standing_text(user: User, subject: Content | Comment) -> bool:
    """Tell whether `user` can edit this: own text that was not withdrawn."""
    return own_text(user, subject) and subject.withdrawn_at is None


def moderated_text(_user: User, subject: object) -> bool:
    """Tell whether moderators may edit this: never a wiki page."""
    return isinstance(subject, Discussion | Comment) and subject.withdrawn_at is None


def markable(_user: User, subject: object) -> bool:
    """Tell whether this is a discussion, or a reply to one that stands and can be marked."""
    standing = not isinstance(subject, Comment) or live(_user, subject)
    return isinstance(piece_of(subject), Discussion) and standing


def own_discussion(user: User, subject: object) -> bool:
    piece = piece_of(subject)
    return piece is not None and markable(user, subject) and is_author(user, piece)


def a_question(user: User, subject: object) -> bool:
    piece = piece_of(subject)
    return isinstance(piece, Discussion) and piece.is_question and markable(user, subject)


def own_question(user: User, subject: object) -> bool:
    return a_question(user, subject) and own_discussion(user, subject)


def a_discussion(_user: User, subject: object) -> bool:
    return isinstance(subject, Discussion)


def own_theme(user: User, subject: Theme | WikiPage | None) -> bool:
    """Tell whether the page lies in a theme of this specialist; None asks for any theme."""
    if subject is None:
        return True
    theme_id = subject.id if isinstance(subject, Theme) else subject.theme_id
    return isinstance(subject, Theme | WikiPage) and theme_id in user.specialist_theme_ids


def own_open_discussion(user: User, subject: Content) -> bool:
    """Tell whether `user` started this discussion and it is open."""
    return (
        isinstance(subject, Discussion)
        and own_standing_text(user, subject)
        and may_write_in(user, subject)
    )


def own_theme_page(user: User, subject: object) -> bool:
    """Tell whether this is a wiki page in a theme of this specialist, or a document at one."""
    piece = piece_of(subject)
    return isinstance(piece, WikiPage) and own_theme(user, piece)


def own_document(user: User, subject: Attachment) -> bool:
    """Tell whether `user` added this to a discussion that they can still change."""
    piece = subject.content
    return (
        isinstance(piece, Discussion)
        and subject.uploader_id == user.id
        and piece.hidden_at is None
        and not piece.is_locked
    )


def document_of_discussion(_user: User, subject: Attachment) -> bool:
    return isinstance(subject.content, Discussion)


def others(user: User, subject: User | None) -> bool:
    return subject is None or subject.id != user.id


def open_group(_user: User, subject: Group) -> bool:
    return subject.kind is GroupKind.OPEN


def open_or_own_group(user: User, subject: Group) -> bool:
    return subject.kind is GroupKind.OPEN or is_member(user, subject)


def owns_group(user: User, subject: Group | None) -> bool:
    return subject is not None and any(
        membership.group_id == subject.id and membership.role is GroupRole.OWNER
        for membership in user.memberships
    )


def live(_user: User, subject: Content | Comment) -> bool:
    """Tell whether the subject stands: not withdrawn, not hidden."""
    return subject.hidden_at is None and subject.withdrawn_at is None


def by_another(user: User, subject: Content | Comment) -> bool:
    return live(user, subject) and not is_author(user, subject)


def not_own(user: User, subject: Content | Comment | None) -> bool:
    """Moderators do not judge what they wrote themselves; None asks in general."""
    return subject is None or not is_author(user, subject)


everyone = Way(EVERYONE, always)
by_moderators = Way(MODERATORS, always)
of_other_people = Way(MODERATORS, not_own, _l("not what they wrote themselves"))


def inside(test: Test) -> Way:
    """Return the way of those who lead the group in which the subject lies."""
    return Way(EVERYONE, lambda user, s: leads_here(user, s) and test(user, s), leaders=True)


in_own_group = inside(always)
by_author = _l("their own")

ABILITIES: dict[Ability, tuple[Way, ...]] = {
    Ability.READ: (everyone,),
    Ability.SEE_HIDDEN: (by_moderators, in_own_group, Way(EVERYONE, is_author, by_author)),
    Ability.START_DISCUSSION: (Way(EVERYONE, may_write_in, _l("in a group: its members")),),
    Ability.COMMENT: (Way(EVERYONE, open_for_comments),),
    Ability.LIKE: (Way(EVERYONE, by_another, _l("not their own")),),
    Ability.FOLLOW: (everyone,),
    Ability.BOOKMARK: (everyone,),
    Ability.REPORT: (Way(EVERYONE, by_another, _l("not their own")),),
    Ability.EDIT: (
        Way(EVERYONE, own_standing_text, by_author),
        Way(MODERATORS, moderated_text),
        inside(moderated_text),
    ),
    Ability.WITHDRAW: (Way(EVERYONE, own_text, by_author),),
    Ability.SEE_REVISIONS: (
        Way(EVERYONE, lambda u, s: isinstance(s, WikiPage) or live(u, s)),
        by_moderators,
        in_own_group,
        Way(EVERYONE, is_author, by_author),
    ),
    Ability.MARK_ANSWER: (
        Way(EVERYONE, own_question, _l("their own question")),
        Way(MODERATORS, a_question),
        inside(a_question),
    ),
    Ability.MARK_SUMMARY: (
        Way(EVERYONE, own_discussion, by_author),
        Way(MODERATORS, markable),
        inside(markable),
    ),
    Ability.HIDE: (of_other_people, inside(not_own)),
    Ability.MOVE: (
        Way(MODERATORS, a_discussion),
        inside(a_discussion),
    ),
    Ability.LOCK: (
        Way(MODERATORS, a_discussion),
        inside(a_discussion),
    ),
    Ability.PIN: (by_moderators, in_own_group),
    Ability.FEATURE: (by_moderators,),
    Ability.HANDLE_REPORTS: (
        of_other_people,
        Way(
            EVERYONE,
            lambda u, s: leads_any(u) if s is None else leads_here(u, s) and not_own(u, s),
            leaders=True,
        ),
    ),
    Ability.SEE_LOG: (
        by_moderators,
        Way(EVERYONE, lambda u, _s: leads_any(u), leaders=True),
    ),
    Ability.WRITE_WIKI: (Way(frozenset({Role.SPECIALIST}), own_theme, _l("in their own themes")),),
    Ability.ATTACH: (
        Way(EVERYONE, own_open_discussion, _l("to their own discussion, while it is open")),
        Way(frozenset({Role.SPECIALIST}), own_theme_page, _l("to wiki pages in their own themes")),
    ),
    Ability.REMOVE_ATTACHMENT: (
        Way(EVERYONE, own_document, _l("from their own discussion, while it is open")),
        Way(
            frozenset({Role.SPECIALIST}), own_theme_page, _l("from wiki pages in their own themes")
        ),
        Way(MODERATORS, document_of_discussion, _l("from discussions")),
        inside(document_of_discussion),
    ),
    Ability.SEE_PEOPLE: (everyone,),
    Ability.GRANT_ROLES: (Way(frozenset({Role.MANAGER}), others, _l("not their own")),),
    Ability.GRANT_ADMINISTRATOR: (
        Way(frozenset({Role.ADMINISTRATOR}), others, _l("not their own")),
    ),
    Ability.MAKE_GROUP: (Way(frozenset({Role.MANAGER}), always),),
    Ability.JOIN_GROUP: (Way(EVERYONE, open_group),),
    Ability.LEAVE_GROUP: (Way(EVERYONE, is_member, _l("its members")),),
    Ability.SEE_MEMBERS: (Way(EVERYONE, open_or_own_group, _l("of an open group, or their own")),),
    Ability.MANAGE_GROUP: (Way(EVERYONE, owns_group, _l("owners of the group"), leaders=True),),
    Ability.MANAGE_KEYWORDS: (Way(frozenset({Role.MANAGER}), always),),
    Ability.CHANGE_SETTINGS: (Way(frozenset({Role.ADMINISTRATOR}), always),),
}


def can(user: Any, ability: Ability, subject: object = None) -> bool:
    """Tell whether `user` may do `ability` to `subject` (None where it is about nothing yet).

    `subject` needs its `group` (and a reply its `content` with `group`) loaded.
    """
    if not isinstance(user, User) or not user.is_active or not sees(user, subject):
        return False
    return any(way.holds(user, subject) for way in ABILITIES[ability])


def sees(user: User, subject: object) -> bool:
    """Tell whether `user` can see the subject at all."""
    if isinstance(subject, Group):
        return subject.kind is not GroupKind.HIDDEN or is_member(user, subject)
    piece = piece_of(subject)
    if isinstance(subject, Attachment) and not stands(user, subject):
        return False
    return piece is None or sees_piece(user, piece)


def stands(user: User, attachment: Attachment) -> bool:
    """Tell whether a document is there for `user`, who can see its piece.

    Who takes a text back takes its documents back as well.
    """
    piece = attachment.content
    return attachment.removed_at is None and (piece.withdrawn_at is None or is_author(user, piece))


def sees_piece(user: User, content: Content) -> bool:
    """Tell whether `user` can read this piece: the twin of `visible_to`."""
    if not in_audience(user, content):
        return False
    if is_author(user, content):
        return True
    if content.status is Status.ARCHIVED:
        return keeps_bin(user, content)
    if content.status is not Status.PUBLISHED:
        return False
    if content.hidden_at is None and (content.withdrawn_at is None or content.comment_count > 0):
        return True
    return not MODERATORS.isdisjoint(user.roles) or leads(user, content.group_id)


def keeps_bin(user: User, content: Content) -> bool:
    """Tell whether `user` can look into the bin in which this piece lies."""
    return content.kind == "wiki" and content.theme_id in user.specialist_theme_ids


def visible_to(user: Any) -> ColumnElement[bool]:
    """Return the condition on `Content` that holds for every piece that `user` can read."""
    if not isinstance(user, User) or not user.is_active:
        return false()
    mine = [membership.group_id for membership in user.memberships]
    led = [m.group_id for m in user.memberships if m.role is not GroupRole.MEMBER]
    themes = list(user.specialist_theme_ids)
    open_groups = select(Group.id).where(Group.kind == GroupKind.OPEN)
    group_id = unindexed(Content.group_id)
    audience = or_(group_id.is_(None), group_id.in_(mine), group_id.in_(open_groups))
    standing = and_(
        Content.hidden_at.is_(None),
        or_(Content.withdrawn_at.is_(None), Content.comment_count > 0),
    )
    guards = not MODERATORS.isdisjoint(user.roles)
    published = and_(
        Content.status == Status.PUBLISHED,
        true() if guards else or_(standing, Content.group_id.in_(led)),
    )
    binned = and_(
        Content.status == Status.ARCHIVED, Content.kind == "wiki", Content.theme_id.in_(themes)
    )
    return and_(audience, or_(Content.author_id == user.id, published, binned))


def attachments_visible_to(user: Any) -> ColumnElement[bool]:
    """Return the condition on `Attachment`, joined to its `Content`, for what `user` may download.

    The twin of READ for documents.
    """
    if not isinstance(user, User):
        return false()
    not_withdrawn = or_(Content.withdrawn_at.is_(None), Content.author_id == user.id)
    return and_(Attachment.removed_at.is_(None), not_withdrawn, visible_to(user))


def handled_by(user: Any) -> ColumnElement[bool]:
    """Return the condition for every report that `user` may handle: the twin of HANDLE_REPORTS.

    For reports joined to their piece (`Content`) and, outer, to the reply that they are about.
    """
    led = led_by(user)
    guards = isinstance(user, User) and not MODERATORS.isdisjoint(user.roles)
    of_others = func.coalesce(Comment.author_id, Content.author_id) != getattr(user, "id", None)
    here = true() if guards else Content.group_id.in_(led)
    return and_(visible_to(user), of_others, here)


def log_visible_to(user: Any) -> ColumnElement[bool]:
    """Return the condition on `LogEntry` for what `user` may look at, who holds SEE_LOG.

    Moderators see what happened in the community and in groups that they can read; leaders of a
    group what happened there.
    """
    if not isinstance(user, User) or not user.is_active:
        return false()
    if MODERATORS.isdisjoint(user.roles):
        return LogEntry.group_id.in_(led_by(user))
    mine = [membership.group_id for membership in user.memberships]
    open_groups = select(Group.id).where(Group.kind == GroupKind.OPEN)
    return or_(
        LogEntry.group_id.is_(None), LogEntry.group_id.in_(mine), LogEntry.group_id.in_(open_groups)
    )


def led_by(user: Any) -> list[int]:
    """Return the ids of the groups that `user` owns or moderates."""
    memberships = user.memberships if isinstance(user, User) else []
    return [m.group_id for m in memberships if m.role is not GroupRole.MEMBER]


def groups_visible_to(user: Any) -> ColumnElement[bool]:
    """Return the condition on `Group` that holds for every group that `user` may know of."""
    if not isinstance(user, User) or not user.is_active:
        return false()
    mine = select(Membership.group_id).where(Membership.user_id == user.id)
    return or_(Group.kind != GroupKind.HIDDEN, Group.id.in_(mine))


def readers_of(content: Content) -> ColumnElement[bool]:
    """Return the condition on `User` that holds for those in the audience of `content`."""
    active = User.deactivated_at.is_(None)
    if content.group_id is None or (content.group and content.group.kind is GroupKind.OPEN):
        return active
    members = select(Membership.user_id).where(Membership.group_id == content.group_id)
    return and_(active, User.id.in_(members))
