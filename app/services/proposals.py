"""Proposals for the wiki: made by any member, decided by the specialists of the theme.

Who may is decided before. What is taken over tells where it came from and who contributed.
"""

from dataclasses import dataclass
from uuid import NAMESPACE_OID, uuid5

from flask_babel import gettext as _
from sqlalchemy import Select, select, update
from sqlalchemy.exc import IntegrityError

from app.extensions import db
from app.lib import merge
from app.lib.clock import now
from app.models import (
    Comment,
    Content,
    Credit,
    Notification,
    PageSource,
    Proposal,
    ProposalState,
    Revision,
    Standing,
    Status,
    Theme,
    User,
    WikiPage,
)
from app.queries import themes
from app.queries.proposals import base_of
from app.services import activity, outbox, reactions, wikis
from app.services.activity import Verb
from app.services.wikis import NOTE_LENGTH, Facts, Version

MOST_OPEN = 30
"""So many proposals someone can have waiting: specialists hear of each one."""


class DecidedMeanwhile(Exception):
    """Someone decided this proposal first, or its writer took it back."""


class PageGone(Exception):
    """The page that a proposal changes was hidden or thrown away meanwhile."""


@dataclass(frozen=True)
class Words:
    """A title and a text for a page; with `conflicts` not everything could be joined in them."""

    title: str
    body: str
    conflicts: bool = False


def propose(
    proposer: User,
    theme: Theme,
    title: str,
    body: str,
    *,
    note: str = "",
    page: WikiPage | None = None,
    base_version: int = 0,
    source: Content | None = None,
    source_comment: Comment | None = None,
    submission_key: str = "",
) -> Proposal:
    """Put a new page, or another text of `page`, before the specialists of a theme; they hear of it.

    `base_version` is the version of `page` that was changed. The same text sent twice with one
    `submission_key` is one proposal.
    """
    key = submission_key and str(uuid5(NAMESPACE_OID, f"{submission_key}\n{title}\n{body}"))
    if key and (before := db.session.scalar(submitted(proposer, key))):
        return before
    made = Proposal(
        proposer=proposer, theme=theme, title=title, body=body, note=note[:NOTE_LENGTH],
        page=page, base_version=base_version, source=source, source_comment=source_comment,
        submission_key=key or None,
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError:
        return db.session.scalars(submitted(proposer, key)).one()
    activity.record(Verb.PROPOSED, made, proposer)
    for person in db.session.scalars(themes.specialists(theme)):
        activity.notify(person.id, Verb.PROPOSED, made, proposer)
    return made


def submitted(proposer: User, key: str) -> Select[Proposal]:
    """Select what this submission made, when it came before."""
    return select(Proposal).where(
        Proposal.proposer_id == proposer.id, Proposal.submission_key == key
    )


def joined(proposal: Proposal, page: WikiPage) -> Words:
    """Return what `page` would say with the proposed change, also when others changed it since.

    Where both changed the same lines there are conflicts, and the text is the proposer's.
    """
    if proposal.base_version == page.version:
        return Words(proposal.title, proposal.body)
    seen = base(proposal)
    if seen is None:
        return Words(proposal.title, proposal.body, conflicts=True)
    title = page.title if proposal.title == seen.title else proposal.title
    merged = merge.three_way(seen.body, proposal.body, page.body)
    body = proposal.body if merged.conflicts else merged.text
    return Words(title, body, merged.conflicts)


def stands(page: WikiPage) -> bool:
    """Tell whether a page can be changed: members can read it."""
    return page.status is Status.PUBLISHED and page.hidden_at is None


def take(
    proposal: Proposal,
    actor: User,
    words: Words,
    *,
    parent: WikiPage | None = None,
    expected_version: int = 0,
) -> WikiPage:
    """Put a proposal in the wiki, in these words: a page under `parent`, or a version of its page.

    Two people looked, so that the page is in force at once. Raises DecidedMeanwhile, PageGone, and
    what `wikis.create` and `wikis.save` raise; the request must then leave nothing behind.
    """
    if proposal.page is not None and not stands(proposal.page):
        raise PageGone
    settle(proposal, actor, ProposalState.TAKEN)
    note = _("Proposal of %(name)s", name=proposal.proposer.name)
    version = Version(words.title, words.body, actor, note)
    if proposal.page is None:
        facts = Facts(standing=Standing.IN_FORCE, owner=actor)
        page = wikis.create(proposal.theme, version, parent=parent, facts=facts)
    else:
        page = proposal.page
        wikis.save(page, version, expected_version=expected_version)
    proposal.page, proposal.revision_number = page, page.version
    db.session.flush()
    thank(page, proposal, actor)
    activity.record(Verb.PROPOSAL_TAKEN, proposal, actor, result=page.title)
    tell(proposal, Verb.PROPOSAL_TAKEN, actor)
    return page


def decline(proposal: Proposal, actor: User, reason: str) -> None:
    """Turn a proposal down; the proposer hears why. Raises DecidedMeanwhile."""
    settle(proposal, actor, ProposalState.DECLINED)
    proposal.reason = reason
    activity.record(Verb.PROPOSAL_DECLINED, proposal, actor, reason=reason)
    tell(proposal, Verb.PROPOSAL_DECLINED, actor)


def withdraw(proposal: Proposal, actor: User) -> None:
    """Take a proposal back. Raises DecidedMeanwhile."""
    settle(proposal, actor, ProposalState.WITHDRAWN)


def settle(proposal: Proposal, actor: User, state: ProposalState) -> None:
    """Decide, once: of two at the same moment one succeeds; nobody has to look at it any more."""
    decided = db.session.execute(
        update(Proposal)
        .where(Proposal.id == proposal.id, Proposal.state == ProposalState.OPEN)
        .values(state=state)
        .execution_options(synchronize_session=False)
    )
    if not decided.rowcount:  # type: ignore[attr-defined]  # an UPDATE has a row count
        raise DecidedMeanwhile
    proposal.state, proposal.decided_by, proposal.decided_at = state, actor, now()
    db.session.execute(
        update(Notification)
        .where(
            Notification.proposal_id == proposal.id,
            Notification.verb == Verb.PROPOSED.value,
            Notification.read_at.is_(None),
        )
        .values(read_at=now())
        .execution_options(synchronize_session=False)
    )


def tell(proposal: Proposal, verb: Verb, actor: User) -> None:
    """Let the proposer hear what became of it, here and by mail."""
    activity.notify(proposal.proposer_id, verb, proposal, actor, proposal.reason)
    if proposal.proposer.is_active and proposal.proposer_id != actor.id:
        outbox.post(proposal.proposer, verb.value, proposal=proposal, actor=actor)


def thank(page: WikiPage, proposal: Proposal, actor: User) -> None:
    """Keep with a page who contributed besides `actor`, and from which piece it came."""
    known = set(db.session.scalars(select(Credit.user_id).where(Credit.page_id == page.id)))
    people = {proposal.proposer_id, *contributors(proposal)} - {actor.id} - known
    db.session.add_all(Credit(page_id=page.id, user_id=key) for key in sorted(people))
    if proposal.source_id is not None:
        reactions.add_once(PageSource, page_id=page.id, source_id=proposal.source_id)


def contributors(proposal: Proposal) -> set[int]:
    """Return the ids of those whose words a proposal comes from, as far as these still stand.

    Of a reply that is its writer; of a piece its writer, and those of the replies to it.
    """
    source, reply = proposal.source, proposal.source_comment
    if source is None or not is_shown(source):
        return set()
    if reply is not None:
        return {reply.author_id} if is_shown(reply) else set()
    writers = select(Comment.author_id).where(
        Comment.content_id == source.id,
        Comment.hidden_at.is_(None),
        Comment.withdrawn_at.is_(None),
    )
    return {source.author_id, *db.session.scalars(writers.distinct())}


def is_shown(text: Content | Comment) -> bool:
    return text.hidden_at is None and text.withdrawn_at is None


def base(proposal: Proposal) -> Revision | None:
    """Return the version of the page that the proposer saw."""
    return db.session.scalars(base_of(proposal)).one_or_none()
