"""Who may do what: the one place where the product decides it.

`ABILITIES` maps each ability to the ways to hold it. `can` answers for one person and one subject;
`visible_to` is the SQL twin of READ for lists, feeds, files and counts. Two rules stand above the
table: nobody does anything to what they cannot see, and an account out of use may do nothing.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import cache, lru_cache
from typing import Any, NamedTuple, Protocol

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from sqlalchemy import (
    ColumnElement,
    Select,
    SQLColumnExpression,
    String,
    and_,
    bindparam,
    cast,
    exists,
    false,
    func,
    join,
    or_,
    select,
    true,
    union,
)

from app.lib.clock import now
from app.models import (
    Appeal,
    Attachment,
    Audience,
    Case,
    Comment,
    Content,
    Crisis,
    CrisisMode,
    Decision,
    Discussion,
    Grant,
    Group,
    GroupKind,
    GroupRequest,
    GroupRole,
    HelpRequest,
    Image,
    ImageUse,
    LogEntry,
    Membership,
    Proposal,
    Role,
    Standing,
    Status,
    Theme,
    User,
    WikiPage,
    kinds_in,
    unindexed,
)
from app.site import site


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
    SAY_HELPED = "say_helped"
    SEE_HELPED = "see_helped"
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
    MERGE = "merge"
    LOCK = "lock"
    PIN = "pin"
    FEATURE = "feature"
    HANDLE_REPORTS = "handle_reports"
    DECIDE_ESCALATED = "decide_escalated"
    SEE_LOG = "see_log"
    SEE_FIGURES = "see_figures"
    SEE_ATTENTION = "see_attention"
    TAKE_FROM_COLLEAGUE = "take_from_colleague"
    MEASURE_PERSON = "measure_person"
    SEE_DECISION = "see_decision"
    APPEAL = "appeal"
    DECIDE_APPEAL = "decide_appeal"
    RUN_CRISIS = "run_crisis"
    WRITE_WIKI = "write_wiki"
    ADOPT_WIKI = "adopt_wiki"
    REVIEW_WIKI = "review_wiki"
    DOUBT = "doubt"
    PROPOSE = "propose"
    READ_PROPOSAL = "read_proposal"
    DECIDE_PROPOSAL = "decide_proposal"
    WITHDRAW_PROPOSAL = "withdraw_proposal"
    MANAGE_TEMPLATES = "manage_templates"
    ATTACH = "attach"
    REMOVE_ATTACHMENT = "remove_attachment"
    ADD_IMAGE = "add_image"
    REMOVE_IMAGE = "remove_image"
    REDACT = "redact"
    SEE_PEOPLE = "see_people"
    GRANT_ROLES = "grant_roles"
    GRANT_ADMINISTRATOR = "grant_administrator"
    MAKE_GROUP = "make_group"
    JOIN_GROUP = "join_group"
    REQUEST_MEMBERSHIP = "request_membership"
    LEAVE_GROUP = "leave_group"
    SEE_MEMBERS = "see_members"
    MANAGE_MEMBERS = "manage_members"
    MANAGE_GROUP = "manage_group"
    ARCHIVE_GROUP = "archive_group"
    BREAK_GLASS = "break_glass"
    FOLLOW_PERSON = "follow_person"
    MUTE = "mute"
    FOLLOW_THEME = "follow_theme"
    MANAGE_KEYWORDS = "manage_keywords"
    MANAGE_THEMES = "manage_themes"
    EDIT_PAGES = "edit_pages"
    ASK_HELP = "ask_help"
    READ_HELP = "read_help"
    ANSWER_HELP = "answer_help"
    INVITE = "invite"
    SEE_NEWCOMERS = "see_newcomers"
    SEE_SEARCHES = "see_searches"
    OPEN_SETTINGS = "open_settings"
    CHANGE_SETTINGS = "change_settings"
    MANAGE_ACCOUNTS = "manage_accounts"


LABELS: dict[Ability, LazyString] = {
    Ability.READ: _l("Read what your audience may see"),
    Ability.SEE_HIDDEN: _l("See what has been hidden"),
    Ability.START_DISCUSSION: _l("Start a discussion"),
    Ability.COMMENT: _l("Reply"),
    Ability.LIKE: _l("Appreciate a piece or a reply"),
    Ability.SAY_HELPED: _l("Say that a piece or a reply helped"),
    Ability.SEE_HELPED: _l("See what helped people, for stories of success"),
    Ability.FOLLOW: _l("Follow a piece"),
    Ability.BOOKMARK: _l("Keep a piece, to find it back"),
    Ability.REPORT: _l("Report a piece, a reply, a document or a profile"),
    Ability.EDIT: _l("Edit a discussion or a reply"),
    Ability.WITHDRAW: _l("Withdraw a discussion or a reply"),
    Ability.SEE_REVISIONS: _l("Look at earlier versions"),
    Ability.MARK_ANSWER: _l("Mark the answer to a question"),
    Ability.MARK_SUMMARY: _l("Mark a reply as summary"),
    Ability.HIDE: _l("Hide and restore, and let through what waits"),
    Ability.MOVE: _l("Move to another theme or group"),
    Ability.MERGE: _l("Merge and split discussions, and move replies"),
    Ability.LOCK: _l("Lock and slow down"),
    Ability.PIN: _l("Pin until a date"),
    Ability.FEATURE: _l("Feature on the home page"),
    Ability.HANDLE_REPORTS: _l("Handle reports"),
    Ability.DECIDE_ESCALATED: _l("Decide about reports that a colleague passes on"),
    Ability.SEE_LOG: _l("Look at the moderation log"),
    Ability.SEE_FIGURES: _l("Look at figures about moderation, without names"),
    Ability.SEE_ATTENTION: _l("See what waits for an answer, and take care of it"),
    Ability.TAKE_FROM_COLLEAGUE: _l("Take over or hand over what a colleague takes care of"),
    Ability.MEASURE_PERSON: _l(
        "Warn a member, silence them or keep them out, and keep notes of that"
    ),
    Ability.SEE_DECISION: _l("Read a decision about someone and the reason for it"),
    Ability.APPEAL: _l("Object to a decision"),
    Ability.DECIDE_APPEAL: _l("Decide about an objection"),
    Ability.RUN_CRISIS: _l("Switch on and off what a crisis needs"),
    Ability.WRITE_WIKI: _l("Make, edit, move and restore wiki pages"),
    Ability.ADOPT_WIKI: _l("Adopt a wiki page that was offered"),
    Ability.REVIEW_WIKI: _l("Confirm that a wiki page still holds, and settle doubts about it"),
    Ability.DOUBT: _l("Say that a wiki page is no longer right"),
    Ability.PROPOSE: _l("Propose a wiki page, or a change of one"),
    Ability.READ_PROPOSAL: _l("Read a proposal for the wiki"),
    Ability.DECIDE_PROPOSAL: _l("Take over or decline a proposal for the wiki"),
    Ability.WITHDRAW_PROPOSAL: _l("Withdraw a proposal for the wiki"),
    Ability.MANAGE_TEMPLATES: _l("Write the texts to begin a page with"),
    Ability.ATTACH: _l("Add a document to a discussion, a reply or a wiki page"),
    Ability.REMOVE_ATTACHMENT: _l("Remove a document"),
    Ability.ADD_IMAGE: _l("Put an image in a text"),
    Ability.REMOVE_IMAGE: _l("Remove an image from all texts"),
    Ability.REDACT: _l("Black out personal data in all versions of a text"),
    Ability.SEE_PEOPLE: _l("Look up people"),
    Ability.GRANT_ROLES: _l("Grant and withdraw roles"),
    Ability.GRANT_ADMINISTRATOR: _l("Grant and withdraw the role of administrator"),
    Ability.MAKE_GROUP: _l("Make a group"),
    Ability.JOIN_GROUP: _l("Join an open group"),
    Ability.REQUEST_MEMBERSHIP: _l("Ask to belong to a closed group"),
    Ability.LEAVE_GROUP: _l("Leave a group"),
    Ability.SEE_MEMBERS: _l("See who are in a group"),
    Ability.MANAGE_MEMBERS: _l("Invite members to a group, let them in and remove them"),
    Ability.MANAGE_GROUP: _l("Manage a group and the roles in it"),
    Ability.ARCHIVE_GROUP: _l("Put a group in the archive, and take it out again"),
    Ability.BREAK_GLASS: _l("Look into a closed group for an hour; its members see when and why"),
    Ability.FOLLOW_PERSON: _l("Follow a person"),
    Ability.MUTE: _l("Mute or block another member"),
    Ability.FOLLOW_THEME: _l("Follow a theme"),
    Ability.MANAGE_KEYWORDS: _l("Rename, merge and delete keywords"),
    Ability.MANAGE_THEMES: _l("Add, rename, merge, order and archive themes"),
    Ability.EDIT_PAGES: _l("Edit the house rules, the help and other standing pages"),
    Ability.ASK_HELP: _l("Ask the community manager something"),
    Ability.READ_HELP: _l("Read a question to the community manager and its answer"),
    Ability.ANSWER_HELP: _l("Answer questions to the community manager"),
    Ability.INVITE: _l("Invite people, and decide who is let in"),
    Ability.SEE_NEWCOMERS: _l("See who is new, and who was not answered yet"),
    Ability.SEE_SEARCHES: _l("See what was searched for, without who did"),
    Ability.OPEN_SETTINGS: _l("Open the settings"),
    Ability.CHANGE_SETTINGS: _l("Change settings, sign-in, mail and backups"),
    Ability.MANAGE_ACCOUNTS: _l("Import people, and close and open accounts"),
}

SETTING = "setting"
GROUPS = "groups"
ANSWER_WITHIN = timedelta(days=30)
"""So long owners have to say that their group lives, before the community manager looks at it."""
WIKIS = "wikis"
MANAGER = frozenset({Role.MANAGER})
ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})
KEEPERS = MANAGER | ADMINISTRATOR
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


def piece_of(subject: object) -> Content | None:
    """Return the piece that a subject is or belongs to."""
    match subject:
        case Comment() | Attachment():
            return subject.content
        case Case():
            return subject.content or piece_of(subject.comment) or piece_of(subject.attachment)
        case Content():
            return subject
    return None


def in_use(user: Any) -> bool:
    """Tell whether this is a person who may do anything at all now."""
    return isinstance(user, User) and user.is_active and not user.is_suspended


def always(_user: User, _subject: object) -> bool:
    return True


def groups_are_off() -> bool:
    """Tell whether the community does without groups: nobody sees them, nor what is in them."""
    return GROUPS in site().modules_off


def memberships_of(user: User) -> Sequence[Membership]:
    """Return to which groups `user` belongs; to none while groups are off."""
    return () if groups_are_off() else user.memberships


def is_member(user: User, group: Group | int | None) -> bool:
    """Tell whether `user` belongs to `group`, given as itself or by its id."""
    group_id = group.id if isinstance(group, Group) else group
    return any(membership.group_id == group_id for membership in memberships_of(user))


def reads_in(user: User, group: Group | int | None) -> bool:
    """Tell whether `user` reads what stands in a closed group: as a member, or behind broken glass."""
    group_id = group.id if isinstance(group, Group) else group
    opened = user.opened_group_id
    return is_member(user, group_id) or (
        opened is not None and opened == group_id and not groups_are_off()
    )


def leads(user: User, group_id: int | None) -> bool:
    """Tell whether `user` is an owner or a moderator of the group."""
    return any(
        membership.group_id == group_id and membership.role is not GroupRole.MEMBER
        for membership in memberships_of(user)
    )


def leads_any(user: User) -> bool:
    """Tell whether `user` is an owner or a moderator of some group."""
    return any(membership.role is not GroupRole.MEMBER for membership in memberships_of(user))


def keeps_order(user: User, group: Group | None) -> bool:
    """Tell whether `user` is a moderator, or leads this group: what they write waits for nobody."""
    return not MODERATORS.isdisjoint(user.roles) or (group is not None and leads(user, group.id))


def keeping_order(group_id: int | None = None) -> ColumnElement[bool]:
    """Return the condition on `User` for who can keep order outside groups, or in this one as well.

    The twin of `keeps_order`, for accounts in use.
    """
    guards = select(Grant.user_id).where(Grant.role.in_(MODERATORS))
    outside = group_id is None or groups_are_off()
    # A union, not an OR: so the databases look these people up, and do not go through all accounts.
    people = guards if outside else union(guards, leaders_of(group_id))
    return and_(User.deactivated_at.is_(None), User.id.in_(people))


def leaders_of(group_id: int | None) -> Select[int]:
    """Select the ids of the owners and moderators of a group: the twin of `leads`."""
    return select(Membership.user_id).where(
        Membership.group_id == group_id, Membership.role != GroupRole.MEMBER
    )


def leads_here(user: User, subject: object) -> bool:
    """Tell whether the subject lies in a group that `user` owns or moderates."""
    piece = piece_of(subject)
    return piece is not None and piece.group_id is not None and leads(user, piece.group_id)


def person_behind(subject: object) -> int | None:
    """Return the id of whose work a subject is, or of the person that it is about."""
    match subject:
        case Content() | Comment():
            return subject.author_id
        case Attachment():
            return subject.uploader_id
        case User():
            return subject.id
        case Case():
            of = subject.comment or subject.attachment or subject.content
            return subject.user_id or person_behind(of)
    return None


def is_author(user: User, subject: object) -> bool:
    return person_behind(subject) == user.id


def in_audience(user: User, content: Content) -> bool:
    """Tell whether the piece is meant for `user`: the community, an open group, or their own."""
    return in_audience_of(user, content.group)


def in_audience_of(user: User, group: Group | None) -> bool:
    """Tell whether what stands in a group, or outside any, is meant for `user`."""
    open_to_all = group is None or (group.kind is GroupKind.OPEN and not groups_are_off())
    return open_to_all or reads_in(user, group)


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
        and content.merged_into_id is None
        and may_write_in(user, content)
        and content.hidden_at is None
        and content.withdrawn_at is None
        and not content.is_locked
    )


def own_text(user: User, subject: Content | Comment) -> bool:
    """Tell whether `user` wrote this and can still change it: not hidden, not locked, not too old."""
    piece = piece_of(subject)
    days = site().own_edit_days
    return (
        isinstance(subject, Discussion | Comment)
        and is_author(user, subject)
        and unhidden(subject)
        and not_merged(subject)
        and piece is not None
        and unhidden(piece)
        and not piece.is_locked
        and (not days or subject.created_at > now() - timedelta(days=days))
    )


def unhidden(subject: Content | Comment) -> bool:
    """Tell whether no moderator put this out of sight; what waits to be let through is the author's."""
    return subject.hidden_at is None or subject.held_at is not None


def own_standing_text(user: User, subject: Content | Comment) -> bool:
    """Tell whether `user` can edit this: own text that was not withdrawn."""
    return own_text(user, subject) and subject.withdrawn_at is None


def moderated_text(_user: User, subject: object) -> bool:
    """Tell whether moderators may edit this: never a wiki page, nor what only leads on."""
    return (
        isinstance(subject, Discussion | Comment)
        and subject.withdrawn_at is None
        and not_merged(subject)
    )


def not_merged(subject: object) -> bool:
    """Tell whether this is more than a page that leads to the discussion it was merged into."""
    return not (isinstance(subject, Content) and subject.merged_into_id is not None)


def no_wiki(_user: User, subject: object) -> bool:
    return isinstance(subject, Discussion | Comment)


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
    return isinstance(subject, Discussion) and not_merged(subject)


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


def own_open_reply(user: User, subject: Content | Comment) -> bool:
    """Tell whether `user` wrote this reply and can still add to it."""
    return (
        isinstance(subject, Comment)
        and own_standing_text(user, subject)
        and may_write_in(user, subject.content)
    )


def live_page(_user: User, subject: Content) -> bool:
    """Tell whether this is a wiki page that members can read: neither hidden nor in the bin."""
    return (
        isinstance(subject, WikiPage)
        and subject.status is Status.PUBLISHED
        and subject.hidden_at is None
    )


def proposable(user: User, subject: object) -> bool:
    """Tell whether something can become a proposal: a page to change, or a piece to record.

    A wiki is for everyone: what stands in a closed group stays there. None asks in general.
    """
    if WIKIS in site().modules_off:
        return False
    if isinstance(subject, WikiPage):
        return live_page(user, subject)
    piece = piece_of(subject)
    if subject is None or piece is None:
        return subject is None
    open_to_all = piece.group is None or piece.group.kind is GroupKind.OPEN
    own_words = not isinstance(subject, Comment) or live(user, subject)
    return open_to_all and own_words and piece.status is Status.PUBLISHED and live(user, piece)


def of_own_theme(user: User, subject: Proposal) -> bool:
    """Tell whether a proposal is for a theme of this specialist."""
    return subject.theme_id in user.specialist_theme_ids


def decidable(user: User, subject: Proposal) -> bool:
    """Tell whether this specialist may decide: with four eyes, not about their own proposal.

    Whether it waits is no matter of rights: who is too late hears what happened.
    """
    own = subject.proposer_id == user.id
    return of_own_theme(user, subject) and not (own and subject.theme.four_eyes)


def own_proposal(user: User, subject: Proposal) -> bool:
    return subject.proposer_id == user.id


def adoptable(user: User, subject: object) -> bool:
    """Tell whether this specialist may adopt a page: offered, and by another where four eyes count.

    What nobody offered, such as a page that was brought in as offered, is offered by who wrote it
    last. `subject.theme` is needed.
    """
    if not (isinstance(subject, WikiPage) and own_theme(user, subject)):
        return False
    offerer_id = subject.offered_by_id or subject.edited_by_id or subject.author_id
    return (
        subject.standing is Standing.OFFERED
        and subject.status is not Status.ARCHIVED
        and not (subject.theme and subject.theme.four_eyes and offerer_id == user.id)
    )


def owned_page(user: User, subject: object) -> bool:
    return (
        isinstance(subject, WikiPage) and subject.owner_id == user.id and live_page(user, subject)
    )


def live_page_of_own_theme(user: User, subject: object) -> bool:
    return isinstance(subject, WikiPage) and live_page(user, subject) and own_theme(user, subject)


def own_image(user: User, subject: Image) -> bool:
    return subject.uploader_id == user.id


def document_of_discussion(_user: User, subject: Attachment) -> bool:
    return isinstance(subject.content, Discussion)


def others(user: User, subject: User | None) -> bool:
    return subject is None or subject.id != user.id


def another_member(user: User, subject: User) -> bool:
    return subject.id != user.id and subject.is_active


def own_help_request(user: User, subject: HelpRequest) -> bool:
    return subject.asker_id == user.id


def open_group(_user: User, subject: Group) -> bool:
    return subject.kind is GroupKind.OPEN and subject.archived_at is None


def to_be_asked(user: User, subject: Group) -> bool:
    """Tell whether one comes into this group by asking: closed, in use, and not in it yet."""
    return (
        subject.kind is GroupKind.CLOSED
        and subject.archived_at is None
        and not is_member(user, subject)
    )


def open_or_own_group(user: User, subject: Group) -> bool:
    return subject.kind is GroupKind.OPEN or reads_in(user, subject)


def manages_members(user: User, subject: Group | Membership | GroupRequest | None) -> bool:
    """Tell whether `user` leads this group; who leads it too is for its owners to remove."""
    match subject:
        case None:
            return leads_any(user)
        case Group():
            return leads(user, subject.id)
        case Membership() if subject.role is not GroupRole.MEMBER:
            return owns(user, subject.group_id)
    return leads(user, subject.group_id)


def left_unanswered(_user: User, subject: Group) -> bool:
    """Tell whether the owners of a group did not say in time that it still lives."""
    asked = subject.check_asked_at
    return subject.archived_at is None and asked is not None and asked <= now() - ANSWER_WITHIN


def owns(user: User, group_id: int) -> bool:
    return any(
        membership.group_id == group_id and membership.role is GroupRole.OWNER
        for membership in memberships_of(user)
    )


def owns_group(user: User, subject: Group | None) -> bool:
    return subject is not None and owns(user, subject.id)


def live(_user: User, subject: Content | Comment) -> bool:
    """Tell whether the subject stands: not withdrawn, not hidden, not merged into another."""
    return subject.hidden_at is None and subject.withdrawn_at is None and not_merged(subject)


def by_another(user: User, subject: Content | Comment) -> bool:
    return live(user, subject) and not is_author(user, subject)


def reportable(user: User, subject: object) -> bool:
    """Tell whether this is of another, and there: a text, a document, or someone's profile."""
    standing = not isinstance(subject, Content | Comment) or live(user, subject)
    in_community = not isinstance(subject, User) or subject.is_active
    return standing and in_community and not is_author(user, subject)


def not_own(user: User, subject: object) -> bool:
    """Moderators do not judge what they wrote themselves; None asks in general."""
    return subject is None or not is_author(user, subject)


def handed_up(user: User, subject: object) -> bool:
    """Tell whether this is a case that was escalated, and not about this manager."""
    return isinstance(subject, Case) and subject.escalated_at is not None and not_own(user, subject)


def own_decision(user: User, subject: Decision) -> bool:
    return subject.person_id == user.id


def guards_decision(user: User, subject: Decision) -> bool:
    """Tell whether a moderator may know of a decision: outside groups, or in one that they read."""
    return subject.group_id is None or in_audience_of(user, subject.group)


def led_decision(user: User, subject: Decision) -> bool:
    return subject.group_id is not None and leads(user, subject.group_id)


def open_to_objection(subject: Decision) -> bool:
    """Tell whether a decision was not taken back, was taken in the term, and nobody objected yet.

    That is no matter of rights: who is too late hears until when it could. `subject.appeal` is
    needed.
    """
    in_time = subject.created_at > now() - timedelta(days=site().appeal_days)
    return in_time and subject.ended_at is None and subject.appeal is None


def keeps_out(_user: User, subject: Decision) -> bool:
    """Tell whether someone cannot sign in by this decision, and so cannot object in Kring itself."""
    return subject.measure == "suspended" and subject.in_force


def of_another_moderator(user: User, subject: Decision | None) -> bool:
    """Tell whether `user` neither took this decision nor is the person whom it concerns."""
    return subject is None or user.id not in (subject.actor_id, subject.person_id)


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
    Ability.SAY_HELPED: (Way(EVERYONE, by_another, _l("not their own")),),
    Ability.SEE_HELPED: (Way(MANAGER | {Role.AMBASSADOR}, always),),
    Ability.FOLLOW: (everyone,),
    Ability.BOOKMARK: (everyone,),
    Ability.REPORT: (Way(EVERYONE, reportable, _l("not their own")),),
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
    Ability.MERGE: (
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
        Way(MANAGER, handed_up, _l("what was escalated, from closed groups too")),
    ),
    Ability.DECIDE_ESCALATED: (Way(MANAGER, always),),
    Ability.SEE_LOG: (
        by_moderators,
        Way(EVERYONE, lambda u, _s: leads_any(u), leaders=True),
    ),
    Ability.SEE_FIGURES: (by_moderators,),
    Ability.SEE_ATTENTION: (by_moderators,),
    Ability.TAKE_FROM_COLLEAGUE: (Way(MANAGER, always),),
    Ability.MEASURE_PERSON: (Way(MANAGER, others, _l("not themselves")),),
    Ability.SEE_DECISION: (
        Way(EVERYONE, own_decision, _l("about themselves")),
        Way(MODERATORS, guards_decision),
        Way(MANAGER, always),
        Way(EVERYONE, led_decision, leaders=True),
    ),
    Ability.APPEAL: (
        Way(EVERYONE, own_decision, _l("about themselves, once")),
        Way(MANAGER, keeps_out, _l("for who cannot sign in")),
    ),
    Ability.DECIDE_APPEAL: (
        Way(
            MODERATORS,
            lambda u, s: of_another_moderator(u, s) and (s is None or guards_decision(u, s)),
            _l("not about what they decided themselves"),
        ),
        Way(MANAGER, of_another_moderator, _l("not about what they decided themselves")),
        Way(
            EVERYONE,
            lambda u, s: (
                leads_any(u) if s is None else led_decision(u, s) and of_another_moderator(u, s)
            ),
            leaders=True,
        ),
    ),
    Ability.RUN_CRISIS: (Way(MANAGER, always),),
    Ability.WRITE_WIKI: (Way(frozenset({Role.SPECIALIST}), own_theme, _l("in their own themes")),),
    Ability.ADOPT_WIKI: (
        Way(
            frozenset({Role.SPECIALIST}),
            adoptable,
            _l("in their own themes; with four eyes, not what they offered themselves"),
        ),
    ),
    Ability.REVIEW_WIKI: (
        Way(frozenset({Role.SPECIALIST}), live_page_of_own_theme, _l("in their own themes")),
        Way(EVERYONE, owned_page, _l("pages that they own")),
    ),
    Ability.DOUBT: (Way(EVERYONE, live_page),),
    Ability.PROPOSE: (Way(EVERYONE, proposable, _l("not from closed groups")),),
    Ability.READ_PROPOSAL: (
        Way(EVERYONE, own_proposal, by_author),
        Way(frozenset({Role.SPECIALIST}), of_own_theme, _l("in their own themes")),
    ),
    Ability.DECIDE_PROPOSAL: (
        Way(
            frozenset({Role.SPECIALIST}),
            decidable,
            _l("in their own themes; with four eyes, not their own"),
        ),
    ),
    Ability.WITHDRAW_PROPOSAL: (Way(EVERYONE, own_proposal, by_author),),
    Ability.MANAGE_TEMPLATES: (Way(MANAGER, always),),
    Ability.ATTACH: (
        Way(EVERYONE, own_open_discussion, _l("to their own discussion, while it is open")),
        Way(EVERYONE, own_open_reply, _l("to their own reply, while its discussion is open")),
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
    Ability.ADD_IMAGE: (everyone,),
    Ability.REMOVE_IMAGE: (
        Way(EVERYONE, own_image, by_author),
        by_moderators,
    ),
    Ability.REDACT: (
        Way(MODERATORS, no_wiki, _l("in discussions and replies")),
        inside(no_wiki),
        Way(frozenset({Role.SPECIALIST}), own_theme_page, _l("in wiki pages of their own themes")),
    ),
    Ability.SEE_PEOPLE: (everyone,),
    Ability.GRANT_ROLES: (Way(MANAGER, others, _l("not their own")),),
    Ability.GRANT_ADMINISTRATOR: (Way(ADMINISTRATOR, others, _l("not their own")),),
    Ability.FOLLOW_PERSON: (Way(EVERYONE, another_member, _l("not themselves")),),
    Ability.MUTE: (Way(EVERYONE, others, _l("not themselves")),),
    Ability.FOLLOW_THEME: (everyone,),
    Ability.MAKE_GROUP: (Way(MANAGER, always),),
    Ability.JOIN_GROUP: (Way(EVERYONE, open_group),),
    Ability.REQUEST_MEMBERSHIP: (Way(EVERYONE, to_be_asked),),
    Ability.LEAVE_GROUP: (Way(EVERYONE, is_member, _l("its members")),),
    Ability.SEE_MEMBERS: (Way(EVERYONE, open_or_own_group, _l("of an open group, or their own")),),
    Ability.MANAGE_MEMBERS: (Way(EVERYONE, manages_members, leaders=True),),
    Ability.MANAGE_GROUP: (Way(EVERYONE, owns_group, _l("owners of the group"), leaders=True),),
    Ability.ARCHIVE_GROUP: (
        Way(EVERYONE, owns_group, _l("owners of the group"), leaders=True),
        Way(MANAGER, left_unanswered, _l("when its owners do not say that it lives")),
    ),
    Ability.BREAK_GLASS: (Way(ADMINISTRATOR, always),),
    Ability.MANAGE_KEYWORDS: (Way(KEEPERS, always),),
    Ability.MANAGE_THEMES: (Way(KEEPERS, always),),
    Ability.EDIT_PAGES: (Way(MANAGER, always),),
    Ability.ASK_HELP: (everyone,),
    Ability.READ_HELP: (Way(EVERYONE, own_help_request, by_author), Way(MANAGER, always)),
    Ability.ANSWER_HELP: (Way(MANAGER, always),),
    Ability.INVITE: (Way(KEEPERS, always),),
    Ability.SEE_NEWCOMERS: (Way(MANAGER | {Role.AMBASSADOR}, always),),
    Ability.SEE_SEARCHES: (Way(MANAGER, always),),
    Ability.OPEN_SETTINGS: (Way(KEEPERS, always),),
    Ability.CHANGE_SETTINGS: (Way(ADMINISTRATOR, always),),
    Ability.MANAGE_ACCOUNTS: (Way(ADMINISTRATOR, always),),
}


WRITING = frozenset(
    {
        Ability.START_DISCUSSION, Ability.COMMENT, Ability.SAY_HELPED, Ability.EDIT,
        Ability.MARK_ANSWER, Ability.MARK_SUMMARY, Ability.WRITE_WIKI, Ability.DOUBT,
        Ability.PROPOSE, Ability.ATTACH, Ability.ADD_IMAGE,
    }
)  # fmt: skip
"""What who is silenced cannot do, and nobody in an archived group or where a crisis stops it."""


def stopped(user: User, subject: object) -> bool:
    """Tell whether `user` cannot write here now: silenced, in an archived group, or in a crisis.

    A crisis that makes things read only leaves moderators their work.
    """
    piece = piece_of(subject)
    group = subject if isinstance(subject, Group) else piece.group if piece else None
    if user.is_silenced or (group is not None and group.archived_at is not None):
        return True
    theme_id = subject.id if isinstance(subject, Theme) else piece.theme_id if piece else None
    return stopped_by_crisis(user, group.id if group else None, theme_id)


def stopped_by_crisis(user: User, group_id: int | None = None, theme_id: int | None = None) -> bool:
    """Tell whether a crisis keeps `user` from writing here; moderators go on."""
    return MODERATORS.isdisjoint(user.roles) and in_crisis(CrisisMode.READ_ONLY, group_id, theme_id)


LOOKING = frozenset(
    {
        Ability.READ, Ability.SEE_HIDDEN, Ability.SEE_REVISIONS, Ability.SEE_MEMBERS,
        Ability.BOOKMARK, Ability.REPORT, Ability.REQUEST_MEMBERSHIP,
    }
)  # fmt: skip
"""What an administrator can do in a closed group behind broken glass: no more than look."""


def only_looks(user: User, subject: object) -> bool:
    """Tell whether `user` sees this because the glass is broken, and for no other reason."""
    opened = user.opened_group_id
    if opened is None or not isinstance(subject, Attachment | Comment | Content | Group):
        return False
    piece = piece_of(subject)
    group_id = subject.id if isinstance(subject, Group) else piece.group_id if piece else None
    return group_id == opened and not is_member(user, opened)


def in_crisis(mode: CrisisMode, group_id: int | None, theme_id: int | None) -> bool:
    """Tell whether there is a crisis of this kind here: everywhere, or in this group or theme."""
    now_set = site()
    if now_set.crisis_mode != mode:
        return False
    if now_set.crisis_group:
        return group_id == now_set.crisis_group
    return not now_set.crisis_theme or theme_id == now_set.crisis_theme


def can(user: Any, ability: Ability, subject: object = None) -> bool:
    """Tell whether `user` may do `ability` to `subject` (None where it is about nothing yet).

    `subject` needs its `group` (and a reply its `content` with `group`) loaded.
    """
    return bool(held(user, (ability,), subject))


def held(user: Any, asked: Iterable[Ability], subject: object = None) -> frozenset[Ability]:
    """Return which of these abilities `user` has, about one subject: `can` for many at once."""
    if not in_use(user) or not sees(user, subject):
        return frozenset()
    refused: frozenset[Ability] = frozenset()
    if not WRITING.isdisjoint(asked) and stopped(user, subject):
        refused = WRITING
    if only_looks(user, subject):
        refused |= EVERYTHING - LOOKING
    tests, found = tests_of(user.roles), []
    for ability in asked:
        if ability in refused:
            continue
        for test in tests[ability]:
            if test(user, subject):
                found.append(ability)
                break
    return frozenset(found)


@cache
def tests_of(roles: frozenset[Role]) -> Mapping[Ability, Sequence[Test]]:
    """Return what must hold for someone with these roles: one of the tests of an ability."""
    return {
        ability: [way.test for way in ways if not roles.isdisjoint(way.roles)]
        for ability, ways in ABILITIES.items()
    }


EVERYTHING = frozenset(Ability)


def sees(user: User, subject: object) -> bool:
    """Tell whether `user` can see the subject at all."""
    if isinstance(subject, Proposal):
        return WIKIS not in site().modules_off and (
            own_proposal(user, subject) or of_own_theme(user, subject)
        )
    if isinstance(subject, Group):
        known = subject.kind is not GroupKind.HIDDEN and not groups_are_off()
        return known or reads_in(user, subject)
    if isinstance(subject, Crisis):
        return subject.group_id is None or in_audience_of(user, subject.group)
    if isinstance(subject, Case) and Role.MANAGER in user.roles and subject.escalated_at:
        return True
    piece = piece_of(subject)
    if isinstance(subject, Attachment) and not stands(user, subject):
        return False
    if isinstance(subject, Image) and subject.removed_at is not None:
        return False
    return piece is None or sees_piece(user, piece)


def stands(user: User, attachment: Attachment) -> bool:
    """Tell whether a document is there for `user`, who can see its piece.

    Who takes a text back takes its documents back as well.
    """
    piece, reply = attachment.content, attachment.comment
    return (
        attachment.removed_at is None
        and (piece.withdrawn_at is None or is_author(user, piece))
        and (reply is None or shows_text(user, reply))
    )


def shows_text(user: User, comment: Comment) -> bool:
    """Tell whether `user`, who can see the piece, can read the text of a reply to it.

    `comment.content` is needed.
    """
    if comment.withdrawn_at is not None:
        return is_author(user, comment)
    return comment.hidden_at is None or can(user, Ability.SEE_HIDDEN, comment)


def sees_piece(user: User, content: Content) -> bool:
    """Tell whether `user` can read this piece: the twin of `visible_to`."""
    if content.folder in site().modules_off or not in_audience(user, content):
        return False
    if is_author(user, content):
        return True
    if content.status in UNSEEN:
        return keeps_wiki(user, content)
    if content.status is not Status.PUBLISHED:
        return False
    if content.hidden_at is None and (content.withdrawn_at is None or content.comment_count > 0):
        return True
    return not MODERATORS.isdisjoint(user.roles) or leads(user, content.group_id)


UNSEEN = (Status.ARCHIVED, Status.PENDING)
"""Wiki pages that only the specialists of their theme see: in the bin, or to be adopted first."""


def keeps_wiki(user: User, content: Content) -> bool:
    """Tell whether `user` sees all pages of the wiki in which this piece stands."""
    return content.kind == "wiki" and content.theme_id in user.specialist_theme_ids


LISTS = ("groups", "opened", "led", "themes")


class Kind(NamedTuple):
    """What is alike of all readers whose statements are the same: `counts` are of their LISTS."""

    used: bool
    guards: bool
    manages: bool
    no_groups: bool
    modules_off: tuple[str, ...]
    counts: tuple[int, ...]


@dataclass(frozen=True)
class Sight:
    """What of a reader decides what they see: itself, or the names of what comes later.

    In place of a user it makes a statement that serves all readers of a `kind` (`reader_of`). The
    ids of `groups` are those of which they are, those of `opened` lie behind broken glass.
    """

    kind: Kind
    id: Any = 0
    groups: Any = ()
    opened: Any = ()
    led: Any = ()
    themes: Any = ()

    @property
    def groups_read(self) -> list[Any]:
        """Return the groups of which they read everything: the twin of `reads_in`."""
        return [*self.groups, *self.opened]

    def values(self) -> dict[str, Any]:
        """Return what a statement made for readers of this kind must be given."""
        named: dict[str, Any] = {"reader": self.id}
        for name in LISTS:
            named.update(
                (f"{name}_{number}", key) for number, key in enumerate(getattr(self, name))
            )
        return named


NOBODY = Sight(
    Kind(
        used=False, guards=False, manages=False, no_groups=True, modules_off=(), counts=(0, 0, 0, 0)
    )
)


def sight_of(user: Any) -> Sight:
    """Return what decides what `user` sees."""
    if isinstance(user, Sight):
        return user
    if not isinstance(user, User):
        return NOBODY
    off = groups_are_off()
    groups = filled_up([membership.group_id for membership in memberships_of(user)])
    opened = [user.opened_group_id] if user.opened_group_id is not None and not off else []
    led, themes = filled_up(led_by(user)), filled_up(list(user.specialist_theme_ids))
    kind = Kind(
        used=in_use(user), guards=not MODERATORS.isdisjoint(user.roles),
        manages=Role.MANAGER in user.roles, no_groups=off, modules_off=site().modules_off,
        counts=(len(groups), len(opened), len(led), len(themes)),
    )  # fmt: skip
    return Sight(kind, user.id, groups, opened, led, themes)


def filled_up(ids: list[int]) -> list[int]:
    """Return 1, 2, 4, 8 ... ids, the last one repeated: then there are few kinds of readers."""
    return ids + ids[-1:] * ((1 << (len(ids) - 1).bit_length()) - len(ids)) if ids else ids


@lru_cache(256)
def reader_of(kind: Kind) -> Sight:
    """Return who stands for all readers of a kind in a statement that is made once."""
    whole = Content.author_id.type
    names = {
        name: [bindparam(f"{name}_{number}", type_=whole) for number in range(count)]
        for name, count in zip(LISTS, kind.counts, strict=True)
    }
    return Sight(kind, bindparam("reader", type_=whole), **names)


def visible_to(user: Any) -> ColumnElement[bool]:
    """Return the condition on `Content` that holds for every piece that `user` can read."""
    sight = sight_of(user)
    if not sight.kind.used:
        return false()
    standing = and_(
        Content.hidden_at.is_(None),
        or_(Content.withdrawn_at.is_(None), Content.comment_count > 0),
    )
    if sight.led:
        standing = or_(standing, Content.group_id.in_(sight.led))
    published = and_(Content.status == Status.PUBLISHED, true() if sight.kind.guards else standing)
    ways = [Content.author_id == sight.id, published]
    if sight.themes:
        unseen = or_(*(Content.status == status for status in UNSEEN))
        kept = Content.theme_id.in_(sight.themes)
        ways.append(and_(unseen, Content.kind == "wiki", kept))
    condition = and_(open_to(sight, unindexed(Content.group_id)), or_(*ways))
    closed = kinds_in(sight.kind.modules_off)
    return and_(condition, *(Content.kind != kind for kind in closed))


def open_to(user: Any, group_id: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    """Return the condition that something lies outside groups, or in one that `user` can read."""
    sight = sight_of(user)
    if sight.kind.no_groups:
        return group_id.is_(None)
    mine = [group_id.in_(sight.groups_read)] if sight.groups_read else []
    open_groups = select(Group.id).where(Group.kind == GroupKind.OPEN)
    return or_(group_id.is_(None), *mine, group_id.in_(open_groups))


def openings_shown_to(user: Any) -> ColumnElement[bool]:
    """Return the condition on `Content` that `user` may read its own text: withdrawn, it is the author's."""
    return or_(Content.withdrawn_at.is_(None), Content.author_id == sight_of(user).id)


def attachments_visible_to(user: Any) -> ColumnElement[bool]:
    """Return the condition on `Attachment`, joined to its `Content`, for what `user` may download.

    The twin of READ for documents.
    """
    sight = sight_of(user)
    if not sight.kind.used:
        return false()
    reply_shown = exists().where(Comment.id == Attachment.comment_id, texts_shown_to(sight))
    at_a_text = or_(Attachment.comment_id.is_(None), reply_shown.correlate(Attachment, Content))
    return and_(
        Attachment.removed_at.is_(None), openings_shown_to(sight), at_a_text, visible_to(sight)
    )


def texts_shown_to(user: Any) -> ColumnElement[bool]:
    """Return the condition on `Comment`, with its `Content`, for replies of which `user` reads the text.

    The twin of `shows_text`; combine it with `visible_to`.
    """
    sight = sight_of(user)
    own = Comment.author_id == sight.id
    led = [Content.group_id.in_(sight.led)] if sight.led else []
    seen = true() if sight.kind.guards else or_(own, *led)
    return and_(or_(Comment.withdrawn_at.is_(None), own), or_(Comment.hidden_at.is_(None), seen))


def images_visible_to(user: Any) -> ColumnElement[bool]:
    """Return the condition on `Image` for what `user` may see: what stands in a text that they read.

    Standing pages are everyone's. Before it stands in a text, an image is its uploader's alone, and
    of those who read a proposal in which its uploader put it: by its address, as `images.place`
    writes it. Nobody shows an image of another by naming it.
    """
    if not in_use(user):
        return false()
    in_text = (
        exists()
        .select_from(
            join(ImageUse, Content, Content.id == ImageUse.content_id).outerjoin(
                Comment, Comment.id == ImageUse.comment_id
            )
        )
        .where(
            ImageUse.image_id == Image.id,
            or_(
                and_(ImageUse.comment_id.is_(None), openings_shown_to(user)),
                and_(ImageUse.comment_id.is_not(None), texts_shown_to(user)),
            ),
            visible_to(user),
        )
        .correlate(Image)
    )
    on_page = exists().where(ImageUse.image_id == Image.id, ImageUse.page_id.is_not(None))
    proposed = exists().where(
        Proposal.proposer_id == Image.uploader_id,
        Proposal.body.contains("/images/" + cast(Image.id, String) + "-"),
        proposals_visible_to(user),
    )
    seen = or_(Image.uploader_id == user.id, in_text, on_page, proposed.correlate(Image))
    return and_(Image.removed_at.is_(None), seen)


def proposals_visible_to(user: Any) -> ColumnElement[bool]:
    """Return the condition on `Proposal` for what `user` may read: the twin of READ_PROPOSAL."""
    if not in_use(user) or WIKIS in site().modules_off:
        return false()
    themes = list(user.specialist_theme_ids)
    return or_(Proposal.proposer_id == user.id, Proposal.theme_id.in_(themes))


def keeps_pages(user: User) -> bool:
    """Tell whether `user` keeps wiki pages by a role: specialists those of their themes."""
    return bool(user.specialist_theme_ids) or Role.MANAGER in user.roles


def pages_kept_by(user: User) -> ColumnElement[bool]:
    """Return the condition on `WikiPage` for those that `user` keeps: the manager keeps all.

    Of their themes, or their own.
    """
    if Role.MANAGER in user.roles:
        return true()
    themes = list(user.specialist_theme_ids)
    return or_(WikiPage.theme_id.in_(themes), WikiPage.owner_id == user.id)


def help_requests_visible_to(user: Any) -> ColumnElement[bool]:
    """Return the condition on `HelpRequest` for what `user` may read: the twin of READ_HELP."""
    if not in_use(user):
        return false()
    return or_(HelpRequest.asker_id == user.id, true() if Role.MANAGER in user.roles else false())


PARTS = ("photo", "job_title", "department", "expertise", "about", "phone", "email")


def shows(person: User, part: str, reader: Any) -> bool:
    """Tell whether `reader` may see a part of someone's profile, one of PARTS.

    The person and the manager see all of it; of who left, the manager alone. `person.memberships`
    are needed for what groups share.
    """
    if not in_use(reader):
        return False
    if reader.id == person.id or Role.MANAGER in reader.roles:
        return True
    if not person.is_active:
        return False
    match getattr(person, f"{part}_audience"):
        case Audience.MEMBERS:
            return True
        case Audience.GROUPS:
            return any(is_member(reader, membership.group_id) for membership in person.memberships)
    return False


def part_visible_to(part: str, user: Any) -> ColumnElement[bool]:
    """Return the condition on `User` for those of whom `user` may see a part: the twin of `shows`."""
    sight = sight_of(user)
    if not sight.kind.used:
        return false()
    if sight.kind.manages:
        return true()
    audience = getattr(User, f"{part}_audience")
    shared = audience == Audience.MEMBERS
    if sight.groups:
        together = select(Membership.user_id).where(Membership.group_id.in_(sight.groups))
        shared = or_(shared, and_(audience == Audience.GROUPS, User.id.in_(together)))
    return or_(User.id == sight.id, and_(User.deactivated_at.is_(None), shared))


def guarded_by(user: Any) -> ColumnElement[bool]:
    """Return the condition on `Content` for what `user` keeps an eye on.

    For moderators all that they can read, for the leaders of a group what stands in it.
    """
    guards = isinstance(user, User) and not MODERATORS.isdisjoint(user.roles)
    here = true() if guards else Content.group_id.in_(led_by(user))
    return and_(visible_to(user), here)


def handled_by(user: Any) -> ColumnElement[bool]:
    """Return the condition on `Case` for those that `user` may handle: the twin of HANDLE_REPORTS.

    For cases joined, outer, to their reply, their document and their piece (`Content`).
    """
    if not in_use(user):
        return false()
    about = func.coalesce(
        Case.user_id, Attachment.uploader_id, Comment.author_id, Content.author_id
    )
    roles = user.roles
    profiles = Case.user_id.is_not(None) if not MODERATORS.isdisjoint(roles) else false()
    handed = Case.escalated_at.is_not(None) if Role.MANAGER in roles else false()
    return and_(about != user.id, or_(profiles, handed, guarded_by(user)))


def decisions_visible_to(user: Any) -> ColumnElement[bool]:
    """Return the condition on `Decision` for what `user` may read: the twin of SEE_DECISION."""
    if not in_use(user):
        return false()
    if Role.MANAGER in user.roles:
        return true()
    guards = not MODERATORS.isdisjoint(user.roles)
    guarded = open_to(user, Decision.group_id) if guards else Decision.group_id.in_(led_by(user))
    return or_(Decision.person_id == user.id, guarded)


def appeals_decided_by(user: Any) -> ColumnElement[bool]:
    """Return the condition on `Appeal`, joined to its `Decision`, for those that `user` may decide.

    The twin of DECIDE_APPEAL. An actor who is not known, such as a command, is nobody's equal.
    """
    if not in_use(user):
        return false()
    taken_by_another = or_(Decision.actor_id.is_(None), Decision.actor_id != user.id)
    return and_(
        Appeal.decided_at.is_(None), taken_by_another, Decision.person_id != user.id,
        decisions_visible_to(user),
    )  # fmt: skip


def log_visible_to(user: Any) -> ColumnElement[bool]:
    """Return the condition on `LogEntry` for what `user` may look at, who holds SEE_LOG.

    Moderators see what happened in the community and in groups that they can read; leaders of a
    group what happened there. What was set is shown to the administrator, beside the settings.
    """
    if not in_use(user):
        return false()
    if MODERATORS.isdisjoint(user.roles):
        return LogEntry.group_id.in_(led_by(user))
    beside = (SETTING, *kinds_in(site().modules_off))
    return and_(open_to(user, LogEntry.group_id), LogEntry.subject_kind.not_in(beside))


def groups_in_log_of(user: User) -> ColumnElement[bool]:
    """Return the condition on `Group` for those of which `user`, who holds SEE_LOG, sees the log."""
    if groups_are_off():
        return false()
    led = MODERATORS.isdisjoint(user.roles)
    return Group.id.in_(led_by(user)) if led else open_to(user, Group.id)


def led_by(user: Any) -> list[int]:
    """Return the ids of the groups that `user` owns or moderates."""
    memberships = memberships_of(user) if isinstance(user, User) else ()
    return [m.group_id for m in memberships if m.role is not GroupRole.MEMBER]


def groups_visible_to(user: Any) -> ColumnElement[bool]:
    """Return the condition on `Group` that holds for every group that `user` may know of."""
    sight = sight_of(user)
    if not sight.kind.used or sight.kind.no_groups:
        return false()
    mine = [Group.id.in_(sight.groups_read)] if sight.groups_read else []
    return or_(Group.kind != GroupKind.HIDDEN, *mine)


def destinations_of(user: User) -> ColumnElement[bool]:
    """Return the condition on `Group` for those in which `user`, who holds MOVE, may put a piece.

    Moderators: open ones, and those to which they belong. Who leads groups: those.
    """
    if MODERATORS.isdisjoint(user.roles):
        return Group.id.in_(led_by(user))
    mine = [membership.group_id for membership in memberships_of(user)]
    return or_(Group.kind == GroupKind.OPEN, Group.id.in_(mine))


ACTIVE = User.deactivated_at.is_(None)


def readers_of(content: Content) -> ColumnElement[bool]:
    """Return the condition on `User` that holds for those in the audience of `content`."""
    if content.folder in site().modules_off or (content.group_id and groups_are_off()):
        return false()
    if content.group_id is None or (content.group and content.group.kind is GroupKind.OPEN):
        return ACTIVE
    members = select(Membership.user_id).where(Membership.group_id == content.group_id)
    return and_(ACTIVE, User.id.in_(members))
