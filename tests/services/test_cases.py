"""Cases that move by themselves: hidden after enough reports, reminded of, and brought on."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from app.extensions import Kring, db
from app.lib.clock import now
from app.models import (
    Case,
    CaseEvent,
    CaseState,
    CaseStep,
    Comment,
    Decision,
    Discussion,
    LogEntry,
    Notification,
    OutgoingMail,
    Report,
    User,
)
from app.queries.cases import handlers, one, with_all
from app.queries.content import detail
from app.services import case_clock, cases, comments, discussions, settings
from app.services.discussions import Words
from tests.cast import Cast, case, comment, discussion

RULE = "2. Bespreek het werk, niet de persoon"


@pytest.fixture
def piece(cast: Cast) -> Discussion:
    return discussion(cast.member, "Een scherpe vraag", "Dit is wel erg scherp gesteld.")


@pytest.fixture
def in_request(app: Kring) -> Iterator[None]:
    """Do what a request does: mails about a text hold its address."""
    with app.test_request_context():
        yield


def set_to(**values: object) -> None:
    settings.change(values, None)
    db.session.commit()


def loaded(made: Case) -> Case:
    """Return a case with all that steps need."""
    found = with_all(select(Case).where(Case.id == made.id))
    return db.session.scalars(found).unique().one()


def is_hidden(piece: Discussion | Comment) -> bool:
    return piece.hidden_at is not None


def news(verb: str) -> set[int]:
    return set(db.session.scalars(select(Notification.user_id).where(Notification.verb == verb)))


def recipients() -> list[str]:
    return sorted(db.session.scalars(select(OutgoingMail.recipient)))


def text_of_the_only_mail_to(user: User) -> str:
    found = select(OutgoingMail.body).where(OutgoingMail.recipient == user.email)
    return str(db.session.scalars(found).one())


def report_by_many(piece: Discussion, *people: User) -> None:
    for person in people:
        cases.file(piece, person, RULE, "")
    db.session.commit()


def test_nothing_is_hidden_by_itself_unless_the_community_wants_it(
    cast: Cast, piece: Discussion
) -> None:
    report_by_many(piece, cast.other, cast.blogger, cast.insider)
    assert not is_hidden(piece)


@pytest.mark.usefixtures("in_request")
def test_enough_members_hide_a_text_until_a_moderator_looks(cast: Cast, piece: Discussion) -> None:
    set_to(hide_after_reports=2)
    report_by_many(piece, cast.other, cast.other)
    assert not is_hidden(piece), "one member counts once"
    report_by_many(piece, cast.blogger, cast.insider)
    assert is_hidden(piece) and piece.hidden_by_id is None
    made = db.session.scalars(select(Case)).one()
    events = db.session.scalars(select(CaseEvent)).all()
    assert [(each.step, each.actor_id) for each in events] == [(CaseStep.HIDDEN, None)]
    assert made.state is CaseState.OPEN and made.first_look_at is None, "nobody looked yet"
    row = db.session.scalars(select(LogEntry).where(LogEntry.action == "hidden")).one()
    assert row.actor_id is None
    assert news("hidden") == {cast.member.id}
    mail = text_of_the_only_mail_to(cast.member)
    assert "Meerdere leden hebben" in mail and "Een moderator heeft" not in mail
    assert cast.other.name not in mail


@pytest.mark.usefixtures("in_request")
@pytest.mark.parametrize("kind", ["piece", "reply"])
def test_what_can_stay_is_shown_again(kind: str, cast: Cast, piece: Discussion) -> None:
    set_to(hide_after_reports=1)
    subject = piece if kind == "piece" else comment(piece, cast.member)
    cases.file(subject, cast.other, RULE, "")
    db.session.commit()
    assert is_hidden(subject)
    made = loaded(db.session.scalars(select(Case)).one())
    cases.close(made, cast.moderator, CaseState.REJECTED, "Het mag.")
    db.session.commit()
    assert not is_hidden(subject) and news("restored") == {cast.member.id}
    assert db.session.scalars(select(Decision)).one().ended_at


@pytest.mark.usefixtures("in_request")
def test_what_stays_hidden_gets_a_reason(cast: Cast, piece: Discussion) -> None:
    set_to(hide_after_reports=1)
    report_by_many(piece, cast.other)
    made = loaded(db.session.scalars(select(Case)).one())
    cases.close(
        made,
        cast.moderator,
        CaseState.RESOLVED,
        "Je had gelijk.",
        rule=RULE,
        hide_because="Te scherp.",
    )
    db.session.commit()
    assert piece.hidden_by_id == cast.moderator.id and "Te scherp." in piece.hidden_reason
    last = db.session.scalars(select(Decision).order_by(Decision.id)).all()[-1]
    assert (last.actor_id, last.rule, last.reason) == (cast.moderator.id, RULE, "Te scherp.")


def test_what_a_moderator_hid_stays_hidden(cast: Cast, piece: Discussion) -> None:
    made = loaded(case(piece, cast.other))
    piece.hidden_at, piece.hidden_by_id = now(), cast.manager.id
    cases.close(made, cast.moderator, CaseState.REJECTED, "Hier was niets mee.")
    db.session.commit()
    assert is_hidden(piece)


# Watched words -------------------------------------------------------------------------------


def start(author: User, title: str, body: str) -> Discussion:
    words = Words(title, body, is_question=False, theme_id=None)
    made = discussions.start(author, words, None, title)
    db.session.commit()
    return made


def reasons() -> list[tuple[str, int | None]]:
    return [(each.reason, each.reporter_id) for each in db.session.scalars(select(Report))]


def test_a_watched_word_brings_a_text_before_the_moderators(cast: Cast) -> None:
    set_to(watched_words=["sukkel", "oud gebouw"])
    quiet = start(cast.member, "Gewoon", "Een sukkelaar mag.")
    assert not reasons()
    loud = start(cast.member, "Zo'n Sukkel!", "In het oud gebouw.")
    assert reasons() == [("Bewaakt woord: sukkel, oud gebouw", None)]
    assert loud.hidden_at is None and quiet.hidden_at is None
    assert db.session.scalars(select(Case)).one().content_id == loud.id
    words = Words(loud.title, "Nog eens: oud gebouw.", is_question=False, theme_id=None)
    opened = db.session.scalars(detail(Discussion, loud.id)).unique().one()
    discussions.edit(opened, cast.member, words, version=1)
    db.session.commit()
    assert len(reasons()) == 1, "the same words again are no news"


def test_a_watched_word_in_a_reply_that_is_written_or_edited(cast: Cast, piece: Discussion) -> None:
    set_to(watched_words=["sukkel"])
    first = comments.add(piece, cast.other, "Dag sukkel", "1")
    second = comments.add(piece, cast.other, "Dag", "2")
    db.session.commit()
    comments.edit(second, cast.other, "Dag, sukkel.", 1)
    db.session.commit()
    found = set(db.session.scalars(select(Case.comment_id)))
    assert found == {first.id, second.id}


@pytest.mark.usefixtures("in_request")
def test_a_word_counts_not_as_a_member_who_reports(cast: Cast) -> None:
    set_to(watched_words=["sukkel"], hide_after_reports=1)
    loud = start(cast.member, "Sukkel", "Zo.")
    assert not is_hidden(loud)
    report_by_many(loud, cast.other)
    assert is_hidden(loud)


# The clock -----------------------------------------------------------------------------------


def after(hours: float) -> int:
    """Let the clock run once, so many hours from now."""
    db.session.commit()
    with time_machine.travel(now() + timedelta(hours=hours), tick=False):
        return case_clock.remind()


def test_all_who_may_handle_it_hear_once_of_what_is_late(cast: Cast, piece: Discussion) -> None:
    case(piece, cast.other)
    assert after(47) == 0 and not recipients()
    assert after(49) == 1
    guards = {cast.moderator, cast.ambassador, cast.manager}
    assert news("case_late") == {person.id for person in guards}
    assert recipients() == sorted(person.email for person in guards)
    assert after(50) == 0 and len(recipients()) == 3


def test_whose_it_is_hears_of_it_alone(cast: Cast, piece: Discussion) -> None:
    made = case(
        piece, cast.other, state=CaseState.TAKEN, taken_by_id=cast.ambassador.id, taken_at=now()
    )
    assert after(49) == 1
    assert news("case_late") == {cast.ambassador.id}
    assert f"/moderation/cases/{made.id}" in text_of_the_only_mail_to(cast.ambassador)


def test_taken_after_the_reminder_it_is_reminded_of_again(cast: Cast, piece: Discussion) -> None:
    made = case(piece, cast.other)
    assert after(49) == 1
    with time_machine.travel(now() + timedelta(hours=60), tick=False):
        cases.take(loaded(made), cast.moderator)
        db.session.commit()
    assert after(61) == 0
    assert after(109) == 1


def test_a_group_of_its_own_is_minded_by_who_leads_it(cast: Cast) -> None:
    closed = discussion(cast.group_owner, "Binnen", group=cast.closed)
    made = case(closed, cast.insider)
    assert after(49) == 1
    assert news("case_late") == {cast.group_moderator.id}, "never who it is about"
    assert handlers(loaded(made)) == [cast.group_moderator]


def test_what_nobody_closes_comes_before_the_manager(cast: Cast) -> None:
    closed = discussion(cast.insider, "Binnen", group=cast.closed)
    made = case(closed, cast.group_owner)
    after(49)
    assert not made.escalated_at
    after(97)
    db.session.refresh(made)
    assert made.escalated_at and made.escalated_by_id is None
    assert news("case_escalated") == {cast.manager.id}
    assert "niet op tijd" in text_of_the_only_mail_to(cast.manager)
    assert db.session.scalar(one(cast.manager, made.id)) is made
    after(98)
    assert len(db.session.scalars(select(CaseEvent)).all()) == 1


def test_about_the_only_manager_nobody_decides(cast: Cast) -> None:
    made = case(discussion(cast.manager), cast.other)
    after(97)
    assert made.escalated_at is None and news("case_late") == {
        cast.moderator.id, cast.ambassador.id,
    }  # fmt: skip


def test_what_was_closed_is_left_alone(cast: Cast, piece: Discussion) -> None:
    case(piece, cast.other, state=CaseState.REJECTED, closed_at=now(), outcome="Goed zo.")
    assert after(200) == 0 and not recipients()
