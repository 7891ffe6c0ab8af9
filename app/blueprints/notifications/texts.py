"""What happened, in words: one sentence for each kind of news."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_login import current_user

from app.models import Decision, Group, Notification, Proposal, Role
from app.policy import Ability, can
from app.services.activity import TELLS_AUTHOR, Verb

REPORTS = frozenset({Verb.REPORT_UPHELD, Verb.REPORT_DISMISSED})
# These carry words that are meant for this reader, whatever became of the piece.
MEASURES = TELLS_AUTHOR | REPORTS
PERSONAL = MEASURES | {
    Verb.PROPOSAL_DECLINED, Verb.DOUBT_SETTLED, Verb.WARNED, Verb.SILENCED, Verb.SUSPENDED,
    Verb.MEASURE_ENDED, Verb.APPEAL_UPHELD, Verb.APPEAL_DISMISSED, Verb.APPEALED, Verb.NUDGED,
    Verb.CLAIM_HANDED, Verb.GROUP_ASKED, Verb.GROUP_INVITED, Verb.GROUP_DECLINED,
    Verb.CASE_HANDED, Verb.CASE_ESCALATED, Verb.GLASS_BROKEN, Verb.GROUP_JOINED,
}  # fmt: skip


OF_MEMBERS = frozenset({Verb.GROUP_ASKED, Verb.GROUP_JOINED})
"""These carry words of a group, for who is in it."""


def message_of(notification: Notification, *, visible: bool) -> str:
    """Return the reason that someone gave, when it is for the reader to know."""
    group = notification.group
    if notification.verb in OF_MEMBERS and group is not None:
        return notification.message if can(current_user, Ability.SEE_MEMBERS, group) else ""
    return notification.message if visible or notification.verb in PERSONAL else ""


def sentence(notification: Notification, *, visible: bool) -> str:
    """Tell what happened. Of a piece that the reader cannot see any more, nothing is told."""
    elsewhere = of_no_piece(notification, visible=visible)
    if elsewhere is not None:
        return elsewhere
    if not visible or notification.content is None:
        return out_of_sight(notification)
    title = notification.content.title
    name = notification.actor.name if notification.actor else ""
    count = notification.count
    others = {
        Verb.MENTIONED: _("%(name)s mentioned you in “%(title)s”", name=name, title=title),
        Verb.SUMMARY_MARKED: _("“%(title)s” now has a summary", title=title),
        Verb.REPORT_UPHELD: _("The moderators agreed with your report about “%(title)s”", title=title),
        Verb.REPORT_DISMISSED: _("The moderators looked at your report about “%(title)s” and left it as it is", title=title),
        Verb.WIKI_EDITED: _("%(name)s changed the wiki page “%(title)s”", name=name, title=title),
        Verb.WIKI_RESTORED: _("“%(title)s” is back from the bin", title=title),
        Verb.WIKI_OFFERED: _("%(name)s offers “%(title)s” for adoption", name=name, title=title),
        Verb.WIKI_ADOPTED: _("%(name)s adopted “%(title)s”: it is in force", name=name, title=title),
        Verb.WIKI_SENT_BACK: _("%(name)s made “%(title)s” a concept again", name=name, title=title),
        Verb.REVIEW_DUE: _("Look soon whether “%(title)s” still holds", title=title),
        Verb.REVIEW_OVERDUE: _("The date to look whether “%(title)s” still holds has passed", title=title),
        Verb.DOUBTED: _("%(name)s says that “%(title)s” is no longer right", name=name, title=title),
        Verb.DOUBT_SETTLED: _("%(name)s answered your remark about “%(title)s”", name=name, title=title),
        Verb.NEW_IN_THEME: _("%(name)s placed “%(title)s” in a theme that you follow", name=name, title=title),
        Verb.NUDGED: _("%(name)s asks whether you can help with “%(title)s”", name=name, title=title),
        Verb.CLAIM_HANDED: _("%(name)s asks you to see to “%(title)s”", name=name, title=title),
        Verb.ANSWER_LATE: _("“%(title)s” waits too long for an answer", title=title),
        Verb.HELPED: _("“%(title)s” helped %(name)s", name=name, title=title),
    }  # fmt: skip
    if notification.verb == Verb.REPLIED:
        replies: str = ngettext(
            "%(name)s replied to “%(title)s”",
            "%(num)d new replies to “%(title)s”, the newest by %(name)s",
            count, name=name, title=title,
        )  # fmt: skip
        return replies
    if notification.verb == Verb.NEW_IN_THEME and count > 1:
        return str(
            _(
                "%(num)d new pieces in a theme that you follow, the newest “%(title)s” by %(name)s",
                num=count, name=name, title=title,
            )
        )  # fmt: skip
    own_change = notification.actor_id == notification.content.author_id
    if notification.verb == Verb.EDITED and own_change and notification.comment_id is None:
        return str(_("%(name)s changed “%(title)s”", name=name, title=title))
    about_own = of_own_reply(title) if notification.comment_id else of_own_piece(title)
    found: dict[Verb, str] = others | about_own
    return found.get(
        Verb(notification.verb), str(_("There is news about “%(title)s”", title=title))
    )


def of_no_piece(notification: Notification, *, visible: bool) -> str | None:
    """Tell about a proposal, a case, a group or a person; None for news of a piece."""
    if notification.proposal is not None:
        return of_proposal(notification, notification.proposal)
    if notification.verb in OF_CASES:
        return str(OF_CASES[Verb(notification.verb)])
    if notification.group is not None:
        return of_group(notification, notification.group)
    telling = visible or notification.content_id is None or notification.verb in OUTCOMES
    if notification.verb in OF_DECISIONS and notification.decision is not None and telling:
        return of_person(notification, notification.decision)
    return None


def of_own_reply(title: str) -> dict[Verb, str]:
    """Return what can happen to a reply of the reader."""
    return {
        Verb.ANSWER_MARKED: _("Your reply was marked as the answer to “%(title)s”", title=title),
        Verb.HIDDEN: _("A moderator has hidden your reply to “%(title)s”", title=title),
        Verb.RESTORED: _("Your reply to “%(title)s” can be read again", title=title),
        Verb.EDITED: _("A moderator has changed your reply to “%(title)s”", title=title),
        Verb.ACCEPTED: _("Your reply to “%(title)s” can be read now", title=title),
        Verb.REJECTED: _("Your reply to “%(title)s” was not let through", title=title),
        Verb.REPLIES_MOVED: _("A moderator has moved your reply to “%(title)s”", title=title),
        Verb.TRANSFER_UNDONE: _("Your reply stands in “%(title)s” again", title=title),
        Verb.REDACTED: _("Personal data in your reply to “%(title)s” was blacked out", title=title),
        Verb.IMAGE_REMOVED: _("An image of yours was removed from a reply to “%(title)s”", title=title),
    }  # fmt: skip


def of_own_piece(title: str) -> dict[Verb, str]:
    """Return what can happen to a piece of the reader."""
    return {
        Verb.HIDDEN: _("A moderator has hidden “%(title)s”", title=title),
        Verb.RESTORED: _("“%(title)s” can be read again", title=title),
        Verb.EDITED: _("A moderator has changed “%(title)s”", title=title),
        Verb.MOVED: _("A moderator has moved “%(title)s” to another place", title=title),
        Verb.ACCEPTED: _("“%(title)s” can be read now", title=title),
        Verb.REJECTED: _("“%(title)s” was not let through", title=title),
        Verb.SLOWED: _("A moderator has slowed down “%(title)s”", title=title),
        Verb.UNSLOWED: _("“%(title)s” has its own pace again", title=title),
        Verb.MERGED: _("A moderator has merged “%(title)s” into another discussion", title=title),
        Verb.SPLIT: _("A moderator has split “%(title)s”", title=title),
        Verb.REPLIES_MOVED: _("A moderator has moved a reply from “%(title)s”", title=title),
        Verb.TRANSFER_UNDONE: _("A moderator has put “%(title)s” back as it was", title=title),
        Verb.LOCKED: _("A moderator has locked “%(title)s”", title=title),
        Verb.UNLOCKED: _("Members can reply to “%(title)s” again", title=title),
        Verb.PINNED: _("A moderator has pinned “%(title)s”", title=title),
        Verb.UNPINNED: _("“%(title)s” is no longer pinned", title=title),
        Verb.FEATURED: _("“%(title)s” is featured on the home page", title=title),
        Verb.UNFEATURED: _("“%(title)s” is no longer featured on the home page", title=title),
        Verb.ATTACHMENT_REMOVED: _("A document of yours was removed from “%(title)s”", title=title),
        Verb.WIKI_ARCHIVED: _("“%(title)s” was moved to the bin", title=title),
        Verb.IMAGE_REMOVED: _("An image of yours was removed from “%(title)s”", title=title),
        Verb.REDACTED: _("Personal data in “%(title)s” was blacked out", title=title),
    }


def of_proposal(notification: Notification, proposal: Proposal) -> str:
    """Tell what happened to a proposal; its title is known to who gets such news."""
    name, title = notification.actor.name if notification.actor else "", proposal.title
    found: dict[Verb, str] = {
        Verb.PROPOSED: _("%(name)s proposes “%(title)s” for the wiki", name=name, title=title),
        Verb.PROPOSAL_TAKEN: _("%(name)s put your proposal “%(title)s” in the wiki", name=name, title=title),
        Verb.PROPOSAL_DECLINED: _("%(name)s declined your proposal “%(title)s”", name=name, title=title),
    }  # fmt: skip
    return found.get(
        Verb(notification.verb), str(_("There is news about “%(title)s”", title=title))
    )


def of_group(notification: Notification, group: Group) -> str:
    """Tell what happened in a group; its name is for those who may know of it."""
    if not can(current_user, Ability.READ, group):
        return of_unknown_group(notification)
    name, called = notification.actor.name if notification.actor else "", group.name
    found: dict[Verb, str] = {
        Verb.GROUP_ASKED: _("%(name)s asks to belong to “%(group)s”", name=name, group=called),
        Verb.GROUP_INVITED: _("%(name)s invites you to “%(group)s”", name=name, group=called),
        Verb.GROUP_JOINED: _("You belong to “%(group)s” now", group=called),
        Verb.GROUP_DECLINED: _("You were not let in to “%(group)s”", group=called),
        Verb.GROUP_HEIR: _("You are an owner of “%(group)s” now", group=called),
        Verb.GROUP_CHECK: _("Does “%(group)s” still live?", group=called),
        Verb.GROUP_ARCHIVED: _("“%(group)s” is in the archive: you can still read it", group=called),
        Verb.GROUP_REVIVED: _("“%(group)s” is out of the archive again", group=called),
        Verb.GLASS_BROKEN: _("An administrator looks into “%(group)s” for an hour", group=called),
    }  # fmt: skip
    return found.get(
        Verb(notification.verb), str(_("There is news about “%(title)s”", title=called))
    )


def of_unknown_group(notification: Notification) -> str:
    """Tell what happened in a hidden group to who is not in it, without its name."""
    name = notification.actor.name if notification.actor else ""
    found: dict[str, str] = {
        Verb.GROUP_INVITED: _("%(name)s invites you to a group", name=name),
        Verb.GROUP_DECLINED: _("You were not let in to a group"),
    }
    if notification.verb == Verb.GROUP_ARCHIVED and Role.MANAGER in current_user.roles:
        return str(_("Nobody is left in a hidden group: it is in the archive"))
    return found.get(
        notification.verb, str(_("There is news about something that you can no longer see"))
    )


def of_person(notification: Notification, decision: Decision) -> str:
    """Tell what was decided about the reader, or about an objection."""
    if notification.user_id != decision.person_id and notification.verb in OF_ANOTHER:
        return str(OF_ANOTHER[Verb(notification.verb)])
    found: dict[Verb, str] = {
        Verb.WARNED: _("The community manager warns you"),
        Verb.SILENCED: _("You can read but not write for some time"),
        Verb.SUSPENDED: _("You cannot sign in for some time"),
        Verb.MEASURE_ENDED: _("A measure about you has ended"),
        Verb.APPEALED: _("Someone objects to a decision about “%(title)s”", title=decision.label),
        Verb.APPEAL_LATE: _("An objection about “%(title)s” waits too long", title=decision.label),
        Verb.APPEAL_UPHELD: _("Your objection was found right"),
        Verb.APPEAL_DISMISSED: _("Your objection was not found right"),
    }  # fmt: skip
    return found.get(Verb(notification.verb), str(_("There is news about a decision")))


OF_ANOTHER = {
    Verb.APPEAL_UPHELD: _l("An objection to a decision of yours was found right"),
    Verb.APPEAL_DISMISSED: _l("An objection to a decision of yours was not found right"),
}
"""What who took a decision hears of the objection of another."""
OUTCOMES = frozenset({Verb.APPEAL_UPHELD, Verb.APPEAL_DISMISSED, Verb.MEASURE_ENDED})
"""These tell the reader what became of something, without what it was called."""
OF_DECISIONS = OUTCOMES | {
    Verb.WARNED, Verb.SILENCED, Verb.SUSPENDED, Verb.APPEALED, Verb.APPEAL_LATE,
}  # fmt: skip
OF_CASES = {
    Verb.CASE_HANDED: _l("A colleague hands you a report to handle"),
    Verb.CASE_ESCALATED: _l("A moderator asks you to decide about a report"),
    Verb.CASE_LATE: _l("A report waits too long"),
}


def out_of_sight(notification: Notification) -> str:
    """Tell about something that the reader cannot see, without its title."""
    verb, piece = notification.verb, notification.content
    of_another = piece is not None and piece.author_id != notification.user_id
    text: str = _("There is news about something that you can no longer see")
    if verb == Verb.REPORT_UPHELD:
        text = _("The moderators agreed with a report of yours, and acted")
    elif verb == Verb.REPORT_DISMISSED:
        text = _("The moderators looked at a report of yours, and left it as it is")
    elif verb in TELLS_AUTHOR and not (
        verb == Verb.EDITED and of_another and notification.comment_id is None
    ):
        text = _(
            "A moderator did something with what you wrote, in a place that you can no longer see"
        )
    return text
