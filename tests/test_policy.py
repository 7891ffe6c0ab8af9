"""Who may what, as a table that a community manager can read; and READ against its SQL twin."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.extensions import db
from app.lib.clock import now
from app.models import (
    Attachment,
    Case,
    Comment,
    Content,
    Decision,
    Discussion,
    Grant,
    Group,
    GroupKind,
    GroupRole,
    HelpRequest,
    Image,
    Membership,
    Proposal,
    ProposalState,
    Role,
    Standing,
    Status,
    Theme,
    User,
    WikiPage,
)
from app.policy import (
    ABILITIES,
    LABELS,
    Ability,
    attachments_visible_to,
    can,
    groups_visible_to,
    help_requests_visible_to,
    images_visible_to,
    keeping_order,
    keeps_order,
    leaders_of,
    proposals_visible_to,
    readers_of,
    visible_to,
)
from tests.cast import (
    Cast,
    case,
    comment,
    decision,
    discussion,
    document,
    help_request,
    image,
    proposal,
    wiki_page,
)

GOLDEN = Path(__file__).with_name("who_may_what.txt")
ACTORS = (
    "member", "other", "blogger", "specialist", "other_specialist", "ambassador", "moderator",
    "manager", "administrator", "insider", "group_moderator", "group_owner",
)  # fmt: skip
Subject = (
    Attachment
    | Case
    | Content
    | Decision
    | Comment
    | Group
    | HelpRequest
    | Image
    | Proposal
    | User
    | None
)


def scene(cast: Cast) -> dict[str, Subject]:
    """Return the subjects of the table by name. `member` wrote those of the community."""
    when = now()
    asked = discussion(cast.member, "Gewone vraag", theme=cast.theme)
    files = documents(cast, when)
    subjects: dict[str, Subject] = {
        "nothing in particular": None,
        "question of Lotte": asked,
        "reply of Otto to it": comment(asked, cast.other),
        "hidden reply of Otto": comment(asked, cast.other, hidden_at=when),
        "topic of Lotte": discussion(cast.member, is_question=False),
        "locked question of Lotte": discussion(cast.member, locked_at=when),
        "hidden question of Lotte": discussion(cast.member, hidden_at=when),
        "withdrawn question of Lotte": discussion(cast.member, withdrawn_at=when),
        "draft of Lotte": discussion(cast.member, status=Status.DRAFT),
        "question in the open group": discussion(cast.insider, group=cast.open),
        "question in the closed group": discussion(cast.insider, group=cast.closed),
        "hidden question in the closed group": discussion(
            cast.insider, group=cast.closed, hidden_at=when
        ),
        "question in the hidden group": discussion(cast.insider, group=cast.hidden),
        "wiki page on Schuldhulp": wiki_page(cast.specialist, cast.theme),
        "wiki page in the bin of Schuldhulp": wiki_page(
            cast.specialist, cast.theme, status=Status.ARCHIVED
        ),
        **files,
        **knowledge(cast, when),
        **trust(cast, when),
        "open group": cast.open,
        "closed group": cast.closed,
        "hidden group": cast.hidden,
        "closed group whose owners do not answer": Group(
            id=10**6, kind=GroupKind.CLOSED, check_asked_at=when - timedelta(days=31)
        ),
        "Otto himself": cast.other,
        "question of Lotte to the manager": HelpRequest(asker_id=cast.member.id),
    }
    return subjects


def knowledge(cast: Cast, when: datetime) -> dict[str, Subject]:
    """Return wiki pages in several standings, proposals and images, by name."""
    careful = Theme(name="Zorg", slug="zorg", four_eyes=True)
    asked = discussion(cast.member)
    inside = discussion(cast.insider, group=cast.closed)
    for person in (cast.specialist, cast.other_specialist):
        person.grants.append(Grant(role=Role.SPECIALIST, theme=careful))
    db.session.commit()

    def offered(**values: Any) -> WikiPage:
        return wiki_page(
            cast.specialist, careful, status=Status.PENDING, standing=Standing.OFFERED, **values
        )  # fmt: skip

    return {
        "offered page on Zorg, four eyes": offered(offered_by=cast.specialist),
        "offered by nobody on Zorg, four eyes": offered(),
        "page on Schuldhulp owned by Otto": wiki_page(
            cast.specialist, cast.theme, owner=cast.other
        ),
        "proposal of Lotte for Schuldhulp": proposal(cast.member, cast.theme),
        "declined proposal of Lotte": proposal(
            cast.member, cast.theme, state=ProposalState.DECLINED
        ),
        "proposal of Sam for Zorg, four eyes": proposal(cast.specialist, careful),
        "image of Lotte in her question": image(cast.member, asked),
        "image in a hidden reply of Otto": image(
            cast.other, comment(asked, cast.other, hidden_at=when)
        ),
        "image in the closed group": image(cast.insider, inside),
        "image of Lotte in no text": image(cast.member),
        "removed image of Lotte": image(cast.member, asked, removed_at=when),
    }


def trust(cast: Cast, when: datetime) -> dict[str, Subject]:
    """Return cases, decisions and what waits to be let through, by name."""
    db.session().expire_on_commit = False
    asked = discussion(cast.member)
    reply = comment(asked, cast.other)
    inside = discussion(cast.insider, group=cast.closed)
    resting = Group(name="Rust", slug="rust", kind=GroupKind.OPEN, archived_at=when)
    db.session.add_all(
        [resting, Membership(user=cast.insider, group=resting, role=GroupRole.OWNER)]
    )
    merged = discussion(cast.member, merged_into_id=asked.id)
    held: dict[str, Any] = {"hidden_at": when, "held_at": when}
    found: dict[str, Subject] = {
        "case about a reply of Otto": case(reply, cast.member),
        "case about a question of Mo": case(discussion(cast.moderator), cast.member),
        "case in the closed group": case(inside, cast.group_owner),
        "escalated case in the closed group": case(
            discussion(cast.insider, group=cast.closed), cast.group_owner, escalated_at=when
        ),
        "case about the profile of Otto": case(cast.other, cast.member),
        "decision about Lotte by the moderator": decision(cast.member, cast.moderator, asked),
        "warning of Lotte by the manager": decision(cast.member, cast.manager),
        "suspension of Lotte by the manager": decision(
            cast.member, cast.manager, measure="suspended", until=when + timedelta(days=7)
        ),
        "decision in the closed group": decision(cast.insider, cast.group_moderator, inside),
        "old decision about Lotte": decision(
            cast.member, cast.moderator, created_at=when - timedelta(days=15)
        ),
        "question of Lotte that waits": discussion(cast.member, **held),
        "reply of Otto that waits": comment(asked, cast.other, **held),
        "merged question of Lotte": merged,
        "archived group": resting,
        "question in the archived group": discussion(cast.insider, group=resting),
    }
    for subject in found.values():
        if isinstance(subject, Case):
            db.session.refresh(subject, ["content", "comment", "attachment", "person"])
        elif isinstance(subject, Decision):
            db.session.refresh(subject, ["group", "appeal"])
    return found


def documents(cast: Cast, when: datetime) -> dict[str, Subject]:
    """Return documents at pieces in several states, by name."""
    db.session().expire_on_commit = False  # nothing changes, and their pieces are asked for
    asked = discussion(cast.member)
    page = wiki_page(cast.specialist, cast.theme)
    found: dict[str, Subject] = {
        "document of Lotte": document(asked, cast.member),
        "document on Schuldhulp": document(page, cast.specialist),
    }
    states: dict[str, dict[str, Any]] = {
        "document, question hidden": {"hidden_at": when},
        "document, question locked": {"locked_at": when},
        "document, question withdrawn": {"withdrawn_at": when, "comment_count": 1},
    }
    for name, state in states.items():
        found[name] = document(discussion(cast.member, **state), cast.member)
    inside = discussion(cast.insider, group=cast.closed)
    found["document in the closed group"] = document(inside, cast.insider)
    removed = document(asked, cast.member)
    removed.removed_at = when
    found["removed document"] = removed
    for name, hidden_at in (("reply of Otto", None), ("hidden reply of Otto", when)):
        reply = comment(asked, cast.other)
        reply.hidden_at = hidden_at
        found[f"document at a {name}"] = document(reply, cast.other)
    db.session.commit()
    return found


GENERAL = {
    Ability.START_DISCUSSION, Ability.HANDLE_REPORTS, Ability.SEE_LOG, Ability.WRITE_WIKI,
    Ability.SEE_PEOPLE, Ability.MAKE_GROUP, Ability.CHANGE_SETTINGS, Ability.MANAGE_KEYWORDS,
    Ability.FOLLOW_THEME, Ability.MANAGE_THEMES, Ability.EDIT_PAGES, Ability.ASK_HELP,
    Ability.ANSWER_HELP, Ability.INVITE, Ability.SEE_NEWCOMERS, Ability.OPEN_SETTINGS,
    Ability.MANAGE_ACCOUNTS, Ability.MANAGE_TEMPLATES, Ability.ADD_IMAGE, Ability.SEE_HELPED,
    Ability.SEE_SEARCHES, Ability.PROPOSE, Ability.SEE_FIGURES, Ability.SEE_ATTENTION,
    Ability.DECIDE_APPEAL, Ability.RUN_CRISIS, Ability.BREAK_GLASS, Ability.DECIDE_ESCALATED,
    Ability.TAKE_FROM_COLLEAGUE,
}  # fmt: skip
OF_REPLY = {
    Ability.READ, Ability.LIKE, Ability.REPORT, Ability.EDIT, Ability.WITHDRAW, Ability.HIDE,
    Ability.SEE_HIDDEN, Ability.SEE_REVISIONS, Ability.HANDLE_REPORTS, Ability.SAY_HELPED,
    Ability.ATTACH, Ability.REDACT, Ability.PROPOSE,
}  # fmt: skip
OF_GROUP = {
    Ability.START_DISCUSSION, Ability.JOIN_GROUP, Ability.LEAVE_GROUP, Ability.SEE_MEMBERS,
    Ability.MANAGE_GROUP, Ability.REQUEST_MEMBERSHIP, Ability.MANAGE_MEMBERS, Ability.ARCHIVE_GROUP,
}  # fmt: skip
OF_PERSON = {
    Ability.GRANT_ROLES, Ability.GRANT_ADMINISTRATOR, Ability.FOLLOW_PERSON, Ability.REPORT,
    Ability.MEASURE_PERSON, Ability.MUTE,
}  # fmt: skip
OF_CASE = {Ability.HANDLE_REPORTS}
OF_DECISION = {Ability.SEE_DECISION, Ability.APPEAL, Ability.DECIDE_APPEAL}
OF_HELP = {Ability.READ_HELP, Ability.ANSWER_HELP}
OF_DOCUMENT = {Ability.READ, Ability.REMOVE_ATTACHMENT, Ability.REPORT, Ability.HANDLE_REPORTS}
OF_IMAGE = {Ability.REMOVE_IMAGE}
OF_PROPOSAL = {Ability.READ_PROPOSAL, Ability.DECIDE_PROPOSAL, Ability.WITHDRAW_PROPOSAL}
OF_WIKI = {Ability.WRITE_WIKI, Ability.ADOPT_WIKI, Ability.REVIEW_WIKI, Ability.DOUBT}
ELSEWHERE = (
    GENERAL | OF_GROUP | OF_PERSON | OF_HELP | OF_IMAGE | OF_PROPOSAL | OF_WIKI
    | {Ability.REMOVE_ATTACHMENT} | OF_DECISION
)  # fmt: skip
OF_DISCUSSION = set(Ability) - ELSEWHERE | {
    Ability.HANDLE_REPORTS, Ability.PROPOSE, Ability.REPORT, Ability.TAKE_FROM_COLLEAGUE,
}  # fmt: skip
ASKED_OF: dict[type, set[Ability]] = {
    type(None): GENERAL,
    Attachment: OF_DOCUMENT,
    Case: OF_CASE,
    Decision: OF_DECISION,
    Comment: OF_REPLY,
    Discussion: OF_DISCUSSION,
    Group: OF_GROUP,
    HelpRequest: OF_HELP,
    Image: OF_IMAGE,
    Proposal: OF_PROPOSAL,
    User: OF_PERSON,
    WikiPage: OF_DISCUSSION - {Ability.MARK_ANSWER, Ability.TAKE_FROM_COLLEAGUE} | OF_WIKI,
}
"""Which abilities make sense of which subject: views ask only such."""


def table(cast: Cast) -> Iterator[str]:
    """Yield the table, a line for each ability and subject."""
    subjects = scene(cast)
    for ability in Ability:
        yield f"\n== {ability.value} =="
        for name, subject in subjects.items():
            if ability in ASKED_OF[type(subject)]:
                holders = [actor for actor in ACTORS if can(getattr(cast, actor), ability, subject)]
                yield f"{name:38}{', '.join(holders) if holders else 'nobody'}"


def test_golden_matrix(cast: Cast) -> None:
    """Every right of every role is what the table says; a change of rights shows as a diff."""
    assert "\n".join(table(cast)).strip() + "\n" == GOLDEN.read_text()


def test_visitors_and_former_members_may_nothing(cast: Cast) -> None:
    subjects = scene(cast)
    cast.manager.deactivated_at = now()
    for ability, subject in product(Ability, subjects.values()):
        assert not can(None, ability, subject)
        assert not can(cast.manager, ability, subject)
    for nobody in (None, cast.manager):
        assert not db.session.scalars(select(Content).where(visible_to(nobody))).all()
        assert not db.session.scalars(select(Group).where(groups_visible_to(nobody))).all()


def test_every_ability_is_explained_and_can_be_held() -> None:
    assert set(LABELS) == set(ABILITIES) == set(Ability)
    assert all(ABILITIES.values())


def every_piece(cast: Cast) -> None:
    """Add a piece for each status x hidden x withdrawn x replied x audience x author x type."""
    when = now()
    audiences = (None, cast.open, cast.closed, cast.hidden)
    authors = (cast.member, cast.insider, cast.specialist, cast.moderator)
    makers: tuple[Callable[..., Content], ...] = (
        lambda **values: Discussion(theme=cast.theme, **values),
        lambda **values: WikiPage(theme=cast.theme, **values),
        lambda **values: WikiPage(theme=cast.other_theme, **values),
    )
    states = product(Status, (None, when), (None, when), (0, 1), audiences, authors, makers)
    for status, hidden, withdrawn, count, group, author, make in states:
        piece = make(
            title="Stuk", slug="stuk", author=author, status=status, group=group,
            hidden_at=hidden, withdrawn_at=withdrawn, comment_count=count,
        )  # fmt: skip
        db.session.add(piece)
    db.session.commit()


def test_read_equals_its_sql_twin(cast: Cast) -> None:
    """`can(user, READ, piece)` holds for exactly the pieces that `visible_to(user)` selects."""
    every_piece(cast)
    loaded = select(Content).options(joinedload(Content.group))
    pieces = db.session.scalars(loaded).all()
    assert len(pieces) == 5 * 2 * 2 * 2 * 4 * 4 * 3
    for actor in ACTORS:
        user = getattr(cast, actor)
        selected = set(db.session.scalars(select(Content.id).where(visible_to(user))))
        allowed = {piece.id for piece in pieces if can(user, Ability.READ, piece)}
        assert selected == allowed, actor
        assert 0 < len(allowed) < len(pieces), actor


def test_readers_are_those_who_can_read(cast: Cast) -> None:
    """Those who get news of a piece are those who may read it."""
    for group in (None, cast.open, cast.closed, cast.hidden):
        piece = discussion(cast.insider, group=group)
        told = set(db.session.scalars(select(User.id).where(readers_of(piece))))
        users = db.session.scalars(select(User)).all()
        assert told == {user.id for user in users if can(user, Ability.READ, piece)}


def test_who_keeps_order_equals_its_sql_twin(cast: Cast) -> None:
    """Who is told of what waits somewhere are those who may act there, as long as they are here."""
    cast.ambassador.deactivated_at = now()
    db.session.commit()
    users = db.session.scalars(select(User).where(User.deactivated_at.is_(None))).all()
    for group in (None, cast.open, cast.closed, cast.hidden):
        found = set(
            db.session.scalars(select(User.id).where(keeping_order(group.id if group else None)))
        )
        assert found == {user.id for user in users if keeps_order(user, group)}
        assert {cast.moderator.id, cast.manager.id} <= found
    led = set(db.session.scalars(leaders_of(cast.closed.id)))
    assert led == {cast.group_owner.id, cast.group_moderator.id}


def test_seeing_images_equals_its_sql_twin(cast: Cast) -> None:
    """An image is seen by who reads a text in which it stands, by its uploader, and by nobody else."""
    when = now()
    asked = discussion(cast.member)
    hidden = discussion(cast.member, hidden_at=when)
    inside = discussion(cast.insider, group=cast.closed)
    taken_back = discussion(cast.member, withdrawn_at=when, comment_count=1)
    gone = image(cast.member, asked, removed_at=when)
    proposed, secret = image(cast.member), image(cast.insider, inside)
    names = "".join(f"![](/images/{key}-x.png)" for key in (proposed.id, secret.id, gone.id))
    proposal(cast.member, cast.theme, body=names)
    readers = {
        proposed.id: {"member", "specialist"},
        secret.id: {"insider", "group_moderator", "group_owner"},
        image(cast.member, asked).id: set(ACTORS),
        image(cast.member, asked, inside).id: set(ACTORS),
        image(cast.member).id: {"member"},
        image(cast.member, taken_back).id: {"member"},
        image(cast.member, hidden).id: {"member", "ambassador", "moderator", "manager"},
        image(cast.insider, inside).id: {"insider", "group_moderator", "group_owner"},
        image(cast.insider, comment(asked, cast.insider, hidden_at=when)).id: {
            "insider", "ambassador", "moderator", "manager",
        },
        image(cast.insider, comment(asked, cast.insider, withdrawn_at=when)).id: {"insider"},
        gone.id: set(),
    }  # fmt: skip
    seen: dict[int, set[str]] = {key: set() for key in readers}
    for actor in ACTORS:
        user = getattr(cast, actor)
        for key in db.session.scalars(select(Image.id).where(images_visible_to(user))):
            seen[key].add(actor)
    assert seen == readers
    assert not db.session.scalars(select(Image.id).where(images_visible_to(None))).all()


def test_documents_are_handed_out_to_who_reads_their_text(cast: Cast) -> None:
    """READ of a document equals its SQL twin, at pieces and at replies, whatever their state."""
    subjects = documents(cast, now())
    files = [each for each in subjects.values() if isinstance(each, Attachment)]
    for actor in ACTORS:
        user = getattr(cast, actor)
        found = select(Attachment.id).join(Attachment.content)
        selected = set(db.session.scalars(found.where(attachments_visible_to(user))))
        assert selected == {file.id for file in files if can(user, Ability.READ, file)}, actor


def test_reading_proposals_equals_its_sql_twin(cast: Cast) -> None:
    proposals = [proposal(cast.member, cast.theme), proposal(cast.other, cast.other_theme)]
    for actor in ACTORS:
        user = getattr(cast, actor)
        selected = set(db.session.scalars(select(Proposal.id).where(proposals_visible_to(user))))
        allowed = {each.id for each in proposals if can(user, Ability.READ_PROPOSAL, each)}
        assert selected == allowed, actor


def test_reading_help_equals_its_sql_twin(cast: Cast) -> None:
    """Questions to the manager are read by who asked and by managers, in lists as elsewhere."""
    questions = [help_request(getattr(cast, name)) for name in ("member", "other", "manager")]
    seen: dict[str, int] = {}
    for actor in ACTORS:
        user = getattr(cast, actor)
        found = db.session.scalars(select(HelpRequest).where(help_requests_visible_to(user)))
        selected = {question.id for question in found}
        assert selected == {q.id for q in questions if can(user, Ability.READ_HELP, q)}, actor
        seen[actor] = len(selected)
    assert seen == dict.fromkeys(ACTORS, 0) | {"member": 1, "other": 1, "manager": 3}
    assert not db.session.scalars(select(HelpRequest).where(help_requests_visible_to(None))).all()
