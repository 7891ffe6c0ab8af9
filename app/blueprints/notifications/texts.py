"""What happened, in words: one sentence for each kind of news."""

from collections.abc import Mapping

from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from app.models import Decision, Group, Notification, Proposal
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
    texts = OF_PIECES | (OF_OWN_REPLIES if notification.comment_id else OF_OWN_PIECES)
    return told(texts, notification.verb, name=name, title=title)


def told(texts: Mapping[str, LazyString], verb: str, **values: str) -> str:
    """Return the sentence of a verb with these values: only that one is translated."""
    return str(texts.get(verb, NEWS)) % values


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


def of_proposal(notification: Notification, proposal: Proposal) -> str:
    """Tell what happened to a proposal; its title is known to who gets such news."""
    name, title = notification.actor.name if notification.actor else "", proposal.title
    return told(OF_PROPOSALS, notification.verb, name=name, title=title)


def of_group(notification: Notification, group: Group) -> str:
    """Tell what happened in a group; its name is for those who may know of it."""
    if not can(current_user, Ability.READ, group):
        return of_unknown_group(notification)
    name, called = notification.actor.name if notification.actor else "", group.name
    return told(OF_GROUPS, notification.verb, name=name, group=called, title=called)


def of_unknown_group(notification: Notification) -> str:
    """Tell what happened in a hidden group to who is not in it, without its name."""
    name = notification.actor.name if notification.actor else ""
    found: dict[str, str] = {
        Verb.GROUP_INVITED: _("%(name)s invites you to a group", name=name),
        Verb.GROUP_DECLINED: _("You were not let in to a group"),
    }
    if notification.verb == Verb.GROUP_ARCHIVED and can(current_user, Ability.MAKE_GROUP):
        return str(_("Nobody is left in a hidden group: it is in the archive"))
    return found.get(
        notification.verb, str(_("There is news about something that you can no longer see"))
    )


def of_person(notification: Notification, decision: Decision) -> str:
    """Tell what was decided about the reader, or about an objection."""
    if notification.user_id != decision.person_id and notification.verb in OF_ANOTHER:
        return str(OF_ANOTHER[Verb(notification.verb)])
    text = OF_PERSONS.get(notification.verb, _l("There is news about a decision"))
    return str(text) % {"title": decision.label}


NEWS = _l("There is news about “%(title)s”")
OF_PIECES: dict[str, LazyString] = {
    Verb.MENTIONED: _l("%(name)s mentioned you in “%(title)s”"),
    Verb.SUMMARY_MARKED: _l("“%(title)s” now has a summary"),
    Verb.REPORT_UPHELD: _l("The moderators agreed with your report about “%(title)s”"),
    Verb.REPORT_DISMISSED: _l("The moderators looked at your report about “%(title)s” and left it as it is"),
    Verb.WIKI_EDITED: _l("%(name)s changed the wiki page “%(title)s”"),
    Verb.WIKI_RESTORED: _l("“%(title)s” is back from the bin"),
    Verb.WIKI_OFFERED: _l("%(name)s offers “%(title)s” for adoption"),
    Verb.WIKI_ADOPTED: _l("%(name)s adopted “%(title)s”: it is in force"),
    Verb.WIKI_SENT_BACK: _l("%(name)s made “%(title)s” a concept again"),
    Verb.REVIEW_DUE: _l("Look soon whether “%(title)s” still holds"),
    Verb.REVIEW_OVERDUE: _l("The date to look whether “%(title)s” still holds has passed"),
    Verb.DOUBTED: _l("%(name)s says that “%(title)s” is no longer right"),
    Verb.DOUBT_SETTLED: _l("%(name)s answered your remark about “%(title)s”"),
    Verb.NEW_IN_THEME: _l("%(name)s placed “%(title)s” in a theme that you follow"),
    Verb.NUDGED: _l("%(name)s asks whether you can help with “%(title)s”"),
    Verb.CLAIM_HANDED: _l("%(name)s asks you to see to “%(title)s”"),
    Verb.ANSWER_LATE: _l("“%(title)s” waits too long for an answer"),
    Verb.HELPED: _l("“%(title)s” helped %(name)s"),
}  # fmt: skip
OF_OWN_REPLIES: dict[str, LazyString] = {
    Verb.ANSWER_MARKED: _l("Your reply was marked as the answer to “%(title)s”"),
    Verb.HIDDEN: _l("A moderator has hidden your reply to “%(title)s”"),
    Verb.RESTORED: _l("Your reply to “%(title)s” can be read again"),
    Verb.EDITED: _l("A moderator has changed your reply to “%(title)s”"),
    Verb.ACCEPTED: _l("Your reply to “%(title)s” can be read now"),
    Verb.REJECTED: _l("Your reply to “%(title)s” was not let through"),
    Verb.REPLIES_MOVED: _l("A moderator has moved your reply to “%(title)s”"),
    Verb.TRANSFER_UNDONE: _l("Your reply stands in “%(title)s” again"),
    Verb.REDACTED: _l("Personal data in your reply to “%(title)s” was blacked out"),
    Verb.IMAGE_REMOVED: _l("An image of yours was removed from a reply to “%(title)s”"),
}  # fmt: skip
"""What can happen to a reply of the reader."""
OF_OWN_PIECES: dict[str, LazyString] = {
    Verb.HIDDEN: _l("A moderator has hidden “%(title)s”"),
    Verb.RESTORED: _l("“%(title)s” can be read again"),
    Verb.EDITED: _l("A moderator has changed “%(title)s”"),
    Verb.MOVED: _l("A moderator has moved “%(title)s” to another place"),
    Verb.ACCEPTED: _l("“%(title)s” can be read now"),
    Verb.REJECTED: _l("“%(title)s” was not let through"),
    Verb.SLOWED: _l("A moderator has slowed down “%(title)s”"),
    Verb.UNSLOWED: _l("“%(title)s” has its own pace again"),
    Verb.MERGED: _l("A moderator has merged “%(title)s” into another discussion"),
    Verb.SPLIT: _l("A moderator has split “%(title)s”"),
    Verb.REPLIES_MOVED: _l("A moderator has moved a reply from “%(title)s”"),
    Verb.TRANSFER_UNDONE: _l("A moderator has put “%(title)s” back as it was"),
    Verb.LOCKED: _l("A moderator has locked “%(title)s”"),
    Verb.UNLOCKED: _l("Members can reply to “%(title)s” again"),
    Verb.PINNED: _l("A moderator has pinned “%(title)s”"),
    Verb.UNPINNED: _l("“%(title)s” is no longer pinned"),
    Verb.FEATURED: _l("“%(title)s” is featured on the home page"),
    Verb.UNFEATURED: _l("“%(title)s” is no longer featured on the home page"),
    Verb.ATTACHMENT_REMOVED: _l("A document of yours was removed from “%(title)s”"),
    Verb.WIKI_ARCHIVED: _l("“%(title)s” was moved to the bin"),
    Verb.IMAGE_REMOVED: _l("An image of yours was removed from “%(title)s”"),
    Verb.REDACTED: _l("Personal data in “%(title)s” was blacked out"),
}
"""What can happen to a piece of the reader."""
OF_PROPOSALS: dict[str, LazyString] = {
    Verb.PROPOSED: _l("%(name)s proposes “%(title)s” for the wiki"),
    Verb.PROPOSAL_TAKEN: _l("%(name)s put your proposal “%(title)s” in the wiki"),
    Verb.PROPOSAL_DECLINED: _l("%(name)s declined your proposal “%(title)s”"),
}  # fmt: skip
OF_GROUPS: dict[str, LazyString] = {
    Verb.GROUP_ASKED: _l("%(name)s asks to belong to “%(group)s”"),
    Verb.GROUP_INVITED: _l("%(name)s invites you to “%(group)s”"),
    Verb.GROUP_JOINED: _l("You belong to “%(group)s” now"),
    Verb.GROUP_DECLINED: _l("You were not let in to “%(group)s”"),
    Verb.GROUP_HEIR: _l("You are an owner of “%(group)s” now"),
    Verb.GROUP_CHECK: _l("Does “%(group)s” still live?"),
    Verb.GROUP_ARCHIVED: _l("“%(group)s” is in the archive: you can still read it"),
    Verb.GROUP_REVIVED: _l("“%(group)s” is out of the archive again"),
    Verb.GLASS_BROKEN: _l("An administrator looks into “%(group)s” for an hour"),
}  # fmt: skip
OF_PERSONS: dict[str, LazyString] = {
    Verb.WARNED: _l("The community manager warns you"),
    Verb.SILENCED: _l("You can read but not write for some time"),
    Verb.SUSPENDED: _l("You cannot sign in for some time"),
    Verb.MEASURE_ENDED: _l("A measure about you has ended"),
    Verb.APPEALED: _l("Someone objects to a decision about “%(title)s”"),
    Verb.APPEAL_LATE: _l("An objection about “%(title)s” waits too long"),
    Verb.APPEAL_UPHELD: _l("Your objection was found right"),
    Verb.APPEAL_DISMISSED: _l("Your objection was not found right"),
}  # fmt: skip
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
