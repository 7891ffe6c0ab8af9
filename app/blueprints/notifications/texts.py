"""What happened, in words: one sentence for each kind of news."""

from flask_babel import gettext as _
from flask_babel import ngettext

from app.models import Notification, Proposal
from app.services.activity import TELLS_AUTHOR, Verb

REPORTS = frozenset({Verb.REPORT_UPHELD, Verb.REPORT_DISMISSED})
# These carry words that are meant for this reader, whatever became of the piece.
MEASURES = TELLS_AUTHOR | REPORTS
PERSONAL = MEASURES | {Verb.PROPOSAL_DECLINED, Verb.DOUBT_SETTLED}


def message_of(notification: Notification, *, visible: bool) -> str:
    """Return the reason that someone gave, when it is for the reader to know."""
    return notification.message if visible or notification.verb in PERSONAL else ""


def sentence(notification: Notification, *, visible: bool) -> str:
    """Tell what happened. Of a piece that the reader cannot see any more, nothing is told."""
    if notification.proposal is not None:
        return of_proposal(notification, notification.proposal)
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


def of_own_reply(title: str) -> dict[Verb, str]:
    """Return what can happen to a reply of the reader."""
    return {
        Verb.ANSWER_MARKED: _("Your reply was marked as the answer to “%(title)s”", title=title),
        Verb.HIDDEN: _("A moderator has hidden your reply to “%(title)s”", title=title),
        Verb.RESTORED: _("Your reply to “%(title)s” can be read again", title=title),
        Verb.EDITED: _("A moderator has changed your reply to “%(title)s”", title=title),
        Verb.REDACTED: _("Personal data in your reply to “%(title)s” was blacked out", title=title),
        Verb.IMAGE_REMOVED: _("An image of yours was removed from a reply to “%(title)s”", title=title),
    }  # fmt: skip


def of_own_piece(title: str) -> dict[Verb, str]:
    """Return what can happen to a piece of the reader."""
    return {
        Verb.HIDDEN: _("A moderator has hidden “%(title)s”", title=title),
        Verb.RESTORED: _("“%(title)s” can be read again", title=title),
        Verb.EDITED: _("A moderator has changed “%(title)s”", title=title),
        Verb.MOVED: _("A moderator has moved “%(title)s” to another theme", title=title),
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
