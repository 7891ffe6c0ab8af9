"""What groups and moderation keep between a few people, each with a word of its own."""

from collections.abc import Callable
from typing import Any

from flask import current_app
from sqlalchemy import select

from app.extensions import db
from app.models import (
    AppealState,
    Case,
    CaseState,
    Comment,
    CrisisMode,
    Decision,
    Discussion,
    Group,
    GroupRequest,
    StaffNote,
    User,
)
from app.policy import Ability, can, is_member, leads, reads_in
from app.queries import decisions as decision_queries
from app.queries.cases import with_subjects
from app.services import (
    appeals,
    cases,
    crises,
    glass,
    group_requests,
    letting_through,
    sanctions,
)
from app.services.activity import NO_GROUNDS, Verb
from app.services.crises import Plan
from tests.cast import Cast, case, comment, decision, discussion

Knows = Callable[[User], bool]
Word = Callable[[str, Knows], str]


def trust(cast: Cast, word: Word) -> None:
    """Do what members, owners, moderators and managers do, with a word wherever one writes."""
    with current_app.test_request_context():
        waiting(cast, word)
        groups(cast, word)
        judged(cast, word)
        escalated(cast, word)
        sanctioned(cast, word)
        crisis(cast, word)
    db.session.commit()


def for_guards(subject: Any) -> Knows:
    """Return the test for what is out of sight: its author, and who may see what is hidden."""
    piece = subject.content if isinstance(subject, Comment) else subject
    return lambda user: user.id == subject.author_id or can(user, Ability.SEE_HIDDEN, piece)


def held(author: User, cast: Cast, word: Word, name: str) -> Discussion:
    """Return a question that never was in sight."""
    made = discussion(author, theme=cast.theme)
    made.title, made.body = word(f"titel{name}", for_guards(made)), word(name, for_guards(made))
    made.slug, made.body_html, made.summary = made.title, f"<p>{made.body}</p>", made.body
    moderation_holds(made)
    return made


def moderation_holds(subject: Any) -> None:
    """Let a text wait, as what a new member writes does."""
    db.session.flush()
    db.session.refresh(subject, ["created_at"])
    subject.hidden_at = subject.held_at = subject.created_at
    db.session.commit()


def waiting(cast: Cast, word: Word) -> None:
    """Add what waits for a moderator, and what was rejected."""
    held(cast.other, cast, word, "wachtend")
    place = discussion(cast.member, theme=cast.theme)
    reply = comment(place, cast.other)
    reply.body = word("wachtendereactie", for_guards(reply))
    reply.body_html = f"<p>{reply.body}</p>"
    moderation_holds(reply)
    refused = held(cast.other, cast, word, "afgewezen")
    why = word("redenafgewezen", for_guards(refused))
    letting_through.load(refused)
    assert letting_through.reject(refused, cast.moderator, why, NO_GROUNDS)
    db.session.commit()


def reads_inside(group: Group) -> Knows:
    return lambda user: reads_in(user, group)


def groups(cast: Cast, word: Word) -> None:
    """Fill in what a group says to its members, and let people ask, be invited and look along."""
    for group in (cast.closed, cast.hidden):
        for part in ("welcome", "rules", "question_text"):
            name = f"{part.replace('_', '')}{group.kind}"
            setattr(group, part, word(name, reads_inside(group)))
    db.session.commit()

    def about(person: User) -> Knows:
        return lambda user: user.id == person.id or leads(user, cast.closed.id)

    group_requests.ask(cast.closed, cast.other, word("groepsverzoek", about(cast.other)))
    group_requests.ask(cast.closed, cast.blogger, word("afgewezenverzoek", about(cast.blogger)))
    asked = db.session.scalars(select(GroupRequest)).all()[-1]
    why = word("redenverzoek", about(cast.blogger))
    group_requests.decline(asked, cast.group_owner, why)
    group_requests.invite(cast.hidden, cast.specialist, cast.insider)
    db.session.commit()
    admin = cast.administrator
    seen = word("glas", lambda user: user.id == admin.id or is_member(user, cast.closed))
    glass.look_into(cast.closed, admin, seen)
    glass.close(admin)
    db.session.commit()


def handles(made: Case) -> Knows:
    return lambda user: can(user, Ability.HANDLE_REPORTS, made)


def loaded(made: Case) -> Case:
    """Return a case with what rights and closing it ask for."""
    return db.session.scalars(with_subjects(select(Case).where(Case.id == made.id))).unique().one()


def judged(cast: Cast, word: Word) -> None:
    """Close a case: the reporter hears the outcome, the author the reason, and neither the rest."""
    piece = discussion(cast.other_specialist, "Gemeld", theme=cast.theme)
    made = loaded(case(piece, cast.other, "", outcome=""))
    made.reports[0].note = word("meldtekst", handles(made))
    cases.note(made, cast.moderator, word("zaaknotitie", handles(made)))
    reporter = cast.other.id
    outcome = word("uitkomst", lambda user: user.id == reporter or handles(made)(user))
    why = word("redenzaak", for_guards(piece))
    assert cases.close(made, cast.moderator, CaseState.RESOLVED, outcome, hide_because=why)
    db.session.commit()


def escalated(cast: Cast, word: Word) -> None:
    """Let a case and a decision in a closed group reach the manager, and nobody else outside."""
    piece = discussion(cast.insider, group=cast.closed)
    made = loaded(case(piece, cast.group_owner))

    def follows(user: User) -> bool:
        return can(user, Ability.READ, piece) or handles(made)(user)

    piece.title = piece.slug = word("titelopgeschaald", follows)
    piece.body = word("tekstopgeschaald", follows)
    piece.body_html, piece.summary = f"<p>{piece.body}</p>", piece.body
    made.reports[0].note = word("groepsmelding", handles(made))
    db.session.commit()
    cases.note(made, cast.group_moderator, word("groepsnotitie", handles(made)))
    cases.escalate(made, cast.group_moderator, word("redenopgeschaald", handles(made)))
    db.session.commit()
    decided = decision(cast.insider, cast.group_owner, piece)
    decided.reason = word("groepsbesluit", reads_decision(decided))
    db.session.commit()
    object_to(decided, cast.group_moderator, cast.insider, word, "groeps")


def reads_decision(made: Decision) -> Knows:
    return lambda user: can(user, Ability.SEE_DECISION, made)


def object_to(made: Decision, judge: User, person: User, word: Word, name: str) -> None:
    """Let the person object, and someone else decide."""
    found = decision_queries.one(person, made.id)
    whole = db.session.scalars(found.execution_options(populate_existing=True)).unique().one()
    assert appeals.file(whole, word(f"{name}bezwaar", reads_decision(made)))
    db.session.flush()
    whole = db.session.scalars(found.execution_options(populate_existing=True)).unique().one()
    appeals.decide(
        whole, judge, AppealState.DISMISSED, word(f"{name}heroordeel", reads_decision(made))
    )
    db.session.commit()


def sanctioned(cast: Cast, word: Word) -> None:
    """Warn a member who objects, and keep a note of them."""
    person = cast.other
    keeps = lambda user: can(user, Ability.MEASURE_PERSON, person)  # noqa: E731
    db.session.add(
        StaffNote(person_id=person.id, author_id=cast.manager.id, body=word("dossier", keeps))
    )
    told = lambda user: user.id == person.id or can(user, Ability.SEE_FIGURES)  # noqa: E731
    made = sanctions.take(Verb.WARNED, person, cast.manager, word("waarschuwing", told))
    assert made is not None
    db.session.commit()
    object_to(made, cast.moderator, person, word, "persoons")


def crisis(cast: Cast, word: Word) -> None:
    """Start a crisis in a closed group: its members read the message, its leaders why."""
    made: list[Any] = []

    def runs(user: User) -> bool:
        return can(user, Ability.RUN_CRISIS, made[0])

    def logged(user: User) -> bool:
        return leads(user, cast.closed.id) or runs(user)

    plan = Plan(
        CrisisMode.BANNER, word("crisisbericht", reads_inside(cast.closed)), word("crisisreden", logged),
        group=cast.closed,
    )  # fmt: skip
    made.append(crises.start(plan, cast.manager))
    crises.note(made[0], cast.manager, word("crisisnotitie", runs))
    crises.report(made[0], word("crisisverslag", runs))
    db.session.commit()
