"""Proposals for the wiki, as far as a reader may see them, and what came of them."""

from typing import Any

from sqlalchemy import ScalarSelect, Select, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.models import (
    Comment,
    Content,
    PageSource,
    Proposal,
    ProposalState,
    Revision,
    Theme,
    User,
    WikiPage,
)
from app.policy import proposals_visible_to
from app.queries.content import in_sight

PAGE = 30
HANDLED = (ProposalState.TAKEN, ProposalState.DECLINED)


def proposals(user: Any) -> Select[Proposal]:
    """Select the proposals that `user` may read."""
    return select(Proposal).where(proposals_visible_to(user))


def waiting(user: User) -> Select[Proposal]:
    """Select what waits for the specialists of the themes of `user`, oldest first."""
    return of_themes(user).where(Proposal.state == ProposalState.OPEN).order_by(Proposal.id)


def handled(user: User) -> Select[Proposal]:
    """Select what was decided in the themes of `user`, newest first."""
    decided = of_themes(user).where(Proposal.state.in_(HANDLED))
    return decided.order_by(Proposal.decided_at.desc(), Proposal.id.desc())


def mine(user: User) -> Select[Proposal]:
    """Select what `user` proposed, newest first."""
    return proposals(user).where(Proposal.proposer_id == user.id).order_by(Proposal.id.desc())


def of_themes(user: User) -> Select[Proposal]:
    """Select the proposals for the themes of which `user` is a specialist."""
    return proposals(user).where(Proposal.theme_id.in_(user.specialist_theme_ids))


def one_page(found: Select[Proposal], number: int) -> Select[Proposal]:
    """Select one page of a list, with what its rows show."""
    loading = (
        joinedload(Proposal.theme),
        joinedload(Proposal.proposer),
        joinedload(Proposal.decided_by),
    )
    return found.options(*loading).limit(PAGE).offset((number - 1) * PAGE)


def number_of(found: Select[Any]) -> Select[int]:
    """Count rows."""
    return select(func.count()).select_from(found.order_by(None).subquery())


def to_decide_count(user: User) -> ScalarSelect[int]:
    """Count what `user` can decide, for a statement that counts more."""
    others = or_(Proposal.proposer_id != user.id, Theme.four_eyes.is_(False))
    found = waiting(user).join(Proposal.theme).where(others)
    return number_of(found.with_only_columns(Proposal.id)).scalar_subquery()


def detail(user: Any, key: int) -> Select[Proposal]:
    """Select one proposal with all that its page shows, as it is in the database now."""
    piece = joinedload(Proposal.source_comment).joinedload(Comment.content)
    return (
        proposals(user)
        .where(Proposal.id == key)
        .options(
            joinedload(Proposal.theme),
            joinedload(Proposal.proposer),
            joinedload(Proposal.decided_by),
            # On its own: SQLite would read all content to join a page that may not be there.
            selectinload(Proposal.page).joinedload(Content.group),
            joinedload(Proposal.source).options(
                joinedload(Content.group), joinedload(Content.author)
            ),
            piece.joinedload(Content.group),
            joinedload(Proposal.source_comment).joinedload(Comment.author),
        )
        .execution_options(populate_existing=True)
    )


def base_of(proposal: Proposal) -> Select[Revision]:
    """Select the version of the page that the proposer saw."""
    return select(Revision).where(
        Revision.content_id == proposal.page_id, Revision.number == proposal.base_version
    )


def waiting_of(user: User) -> Select[int]:
    """Count the proposals of `user` that wait."""
    return select(func.count()).where(
        Proposal.proposer_id == user.id, Proposal.state == ProposalState.OPEN
    )


def led_to(user: Any, content: Content) -> Select[WikiPage]:
    """Select the wiki pages that came from a piece and that `user` can read, by title."""
    return (
        select(WikiPage)
        .join(PageSource, PageSource.page_id == WikiPage.id)
        .where(PageSource.source_id == content.id, in_sight(user))
        .order_by(WikiPage.title, WikiPage.id)
    )


def led_to_count(user: Any, content: Content) -> ScalarSelect[int]:
    """Count those pages, for a statement that counts more."""
    return number_of(led_to(user, content).with_only_columns(WikiPage.id)).scalar_subquery()
