"""Who may what, as a table that a community manager can read; and READ against its SQL twin."""

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import product
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.extensions import db
from app.lib.clock import now
from app.models import Attachment, Comment, Content, Discussion, Group, Status, User, WikiPage
from app.policy import ABILITIES, LABELS, Ability, can, groups_visible_to, readers_of, visible_to
from tests.cast import Cast, comment, discussion, document, wiki_page

GOLDEN = Path(__file__).with_name("who_may_what.txt")
ACTORS = (
    "member", "other", "blogger", "specialist", "other_specialist", "ambassador", "moderator",
    "manager", "administrator", "insider", "group_moderator", "group_owner",
)  # fmt: skip
Subject = Attachment | Content | Comment | Group | User | None


def scene(cast: Cast) -> dict[str, Subject]:
    """Return the subjects of the table by name. `member` wrote those of the community."""
    when = now()
    asked = discussion(cast.member, "Gewone vraag", theme=cast.theme)
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
        **documents(cast, when),
        "open group": cast.open,
        "closed group": cast.closed,
        "hidden group": cast.hidden,
        "Otto himself": cast.other,
    }
    return subjects


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
    db.session.commit()
    return found


def applies(ability: Ability, subject: Subject) -> bool:
    """Tell whether asking this ability of this subject makes sense: views ask only such."""
    general = {
        Ability.START_DISCUSSION, Ability.HANDLE_REPORTS, Ability.SEE_LOG, Ability.WRITE_WIKI,
        Ability.SEE_PEOPLE, Ability.MAKE_GROUP, Ability.CHANGE_SETTINGS, Ability.MANAGE_KEYWORDS,
    }  # fmt: skip
    of_group = {
        Ability.START_DISCUSSION, Ability.JOIN_GROUP, Ability.LEAVE_GROUP, Ability.SEE_MEMBERS,
        Ability.MANAGE_GROUP,
    }  # fmt: skip
    of_person = {Ability.GRANT_ROLES, Ability.GRANT_ADMINISTRATOR}
    of_reply = {
        Ability.READ, Ability.LIKE, Ability.REPORT, Ability.EDIT, Ability.WITHDRAW, Ability.HIDE,
        Ability.SEE_HIDDEN, Ability.SEE_REVISIONS, Ability.HANDLE_REPORTS,
    }  # fmt: skip
    of_document = {Ability.READ, Ability.REMOVE_ATTACHMENT}
    if isinstance(subject, Attachment) or ability is Ability.REMOVE_ATTACHMENT:
        return isinstance(subject, Attachment) and ability in of_document
    match subject:
        case None:
            return ability in general
        case Group():
            return ability in of_group
        case User():
            return ability in of_person
        case Comment():
            return ability in of_reply
        case WikiPage():
            return ability not in of_group | of_person | general | {Ability.MARK_ANSWER} or (
                ability in {Ability.WRITE_WIKI, Ability.HANDLE_REPORTS}
            )
    return ability not in (of_group | of_person | general) - {Ability.HANDLE_REPORTS}


def table(cast: Cast) -> Iterator[str]:
    """Yield the table, a line for each ability and subject."""
    subjects = scene(cast)
    for ability in Ability:
        yield f"\n== {ability.value} =="
        for name, subject in subjects.items():
            if applies(ability, subject):
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
