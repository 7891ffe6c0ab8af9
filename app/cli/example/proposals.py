"""Proposals for the wiki of the example community: those that wait, and one that was taken over."""

from typing import Any

from sqlalchemy import select

from app.cli.example.community import Example, load, log
from app.cli.example.times import ago
from app.extensions import db
from app.models import Follow, Notification, Proposal, ProposalState, WikiPage
from app.services import proposals, wikis
from app.services.activity import Verb
from app.services.wikis import Facts, Version


def add_proposals(example: Example) -> None:
    """Add all proposals, and the page that one of them became."""
    for each in load("proposals.yaml"):
        made = proposal(example, each)
        db.session.add(made)
        db.session.flush()
        if "taken_by" in each:
            take(example, made, each)
        else:
            tell(example, made, each)


def proposal(example: Example, facts: dict[str, Any]) -> Proposal:
    """Return a proposal that nobody decided about yet."""
    page = page_called(facts["page"]) if "page" in facts else None
    text = f"{page.body}\n\n{facts['add'].strip()}" if page else facts["body"]
    return Proposal(
        theme=example.themes[facts["theme"]], page=page, base_version=page.version if page else 0,
        source=example.pieces[facts["source"]] if "source" in facts else None,
        title=page.title if page else facts["title"], body=text.strip(),
        note=facts.get("note", ""), proposer=example.people[facts["by"]],
        created_at=ago(example.start, facts["days"]),
    )  # fmt: skip


def page_called(title: str) -> WikiPage:
    """Return the wiki page with this title."""
    return db.session.scalars(select(WikiPage).where(WikiPage.title == title)).one()


def tell(example: Example, made: Proposal, facts: dict[str, Any]) -> None:
    """Let the specialists of the theme find it among their news."""
    for key in load("community.yaml")["specialists"][facts["theme"]]:
        db.session.add(
            Notification(
                user_id=example.people[key].id, verb=Verb.PROPOSED.value, proposal_id=made.id,
                content_id=made.page_id, actor_id=made.proposer_id, created_at=made.created_at,
            )
        )  # fmt: skip


def take(example: Example, made: Proposal, facts: dict[str, Any]) -> None:
    """Put a proposal in the wiki, as the specialist did some days ago."""
    actor, moment = example.people[facts["taken_by"]], ago(example.start, facts["taken_days"])
    note = f"Voorstel van {made.proposer.name}"
    version = Version(made.title, made.body, actor, note, moment)
    page = wikis.build(made.theme, version, facts=Facts(owner=actor))
    page.position = wikis.next_position(page)
    wikis.render(page)
    made.state, made.decided_by, made.decided_at = ProposalState.TAKEN, actor, moment
    made.page, made.revision_number = page, page.version
    db.session.add(Follow(user_id=actor.id, content_id=page.id, created_at=moment))
    db.session.flush()
    proposals.thank(page, made, actor)
    log(Verb.PROPOSAL_TAKEN, made, actor, moment, reason="", result=page.title)
    db.session.add(
        Notification(
            user_id=made.proposer_id, verb=Verb.PROPOSAL_TAKEN.value, proposal_id=made.id,
            content_id=page.id, actor_id=actor.id, created_at=moment, message="",
        )
    )  # fmt: skip
