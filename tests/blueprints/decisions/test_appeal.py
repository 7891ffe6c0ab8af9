"""/decisions/…/appeal and …/decide: objecting once and in time, decided by someone else."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import time_machine
from flask import current_app
from sqlalchemy import delete, select

from app.extensions import db
from app.lib.clock import local, now
from app.models import (
    Appeal,
    AppealState,
    Decision,
    Discussion,
    Draft,
    LogEntry,
    Notification,
    OutgoingMail,
    User,
)
from app.queries import decisions as queries
from app.services import activity, appeals, moderation, sanctions
from app.services.activity import Verb
from tests.cast import Cast, comment, decision, discussion, person
from tests.checking import CheckingClient

ClientOf = Callable[[User | None], CheckingClient]
OBJECTION = {"body": "Ik bedoelde het niet zo."}
UPHELD = {"outcome": "upheld", "reason": "Je hebt gelijk."}
DISMISSED = {"outcome": "dismissed", "reason": "De toon past niet."}


def url(made: Decision, rest: str = "appeal") -> str:
    return f"/decisions/{made.id}/{rest}"


def hidden(cast: Cast, title: str = "Zomaar") -> tuple[Discussion, Decision]:
    """Return a discussion of Lotte that the moderator hid, and the decision about it."""
    asked = discussion(cast.member, title)
    with current_app.test_request_context():
        moderation.hide(asked, cast.moderator, "Te fel.")
        db.session.commit()
    return asked, db.session.scalars(select(Decision)).one()


def tomorrow() -> date:
    """Return the next day on a Dutch clock: at night it is later there than where clocks are at UTC."""
    return local(now()).date() + timedelta(days=1)


def objected(made: Decision) -> Appeal:
    appeal = Appeal(decision_id=made.id, body="Nee.", due_at=now() + timedelta(days=14))
    db.session.add(appeal)
    db.session.commit()
    return appeal


@pytest.mark.parametrize("htmx", [False, True])
def test_all_who_may_decide_hear_of_an_objection(
    cast: Cast, client_of: ClientOf, *, htmx: bool
) -> None:
    _asked, made = hidden(cast)
    db.session.execute(delete(OutgoingMail))
    client = client_of(cast.member)
    assert url(made) in client.get(f"/decisions/{made.id}").text
    assert "Te fel." in client.get(url(made)).text
    answer = client.post(url(made), data=OBJECTION, htmx=htmx)
    assert answer.status_code in {204, 303}
    (appeal,) = db.session.scalars(select(Appeal))
    assert (appeal.body, appeal.state) == (OBJECTION["body"], AppealState.OPEN)
    told = select(Notification.user_id).where(Notification.verb == "appealed")
    assert set(db.session.scalars(told)) == {cast.ambassador.id, cast.manager.id}
    mailed = set(db.session.scalars(select(OutgoingMail.recipient)))
    assert mailed == {cast.ambassador.email, cast.manager.email}
    assert not db.session.scalars(select(LogEntry).where(LogEntry.action == "appealed")).all()
    assert "maakt bezwaar" in client_of(cast.manager).get("/notifications").text
    assert OBJECTION["body"] in client.get(f"/decisions/{made.id}").text


def test_one_objects_once(cast: Cast, client_of: ClientOf) -> None:
    _asked, made = hidden(cast)
    client = client_of(cast.member)
    client.post(url(made), data=OBJECTION)
    again = client.post(url(made), data={"body": "Nog eens."})
    assert again.status_code == 409 and "Er is al bezwaar gemaakt" in again.text
    assert client.get(url(made)).status_code == 409
    assert db.session.scalars(select(Appeal.body)).all() == [OBJECTION["body"]]


def test_too_late_says_until_when(cast: Cast, client_of: ClientOf) -> None:
    made = decision(cast.member, cast.moderator, created_at=now() - timedelta(days=15))
    client = client_of(cast.member)
    for answer in (client.get(url(made)), client.post(url(made), data=OBJECTION)):
        assert answer.status_code == 410 and "Het is te laat" in answer.text
    assert not db.session.scalars(select(Appeal)).all()
    assert url(made) not in client.get(f"/decisions/{made.id}").text


def test_what_was_taken_back_needs_no_objection(cast: Cast, client_of: ClientOf) -> None:
    made = decision(cast.member, cast.moderator, ended_at=now())
    answer = client_of(cast.member).get(url(made))
    assert answer.status_code == 410 and "teruggedraaid" in answer.text


def test_nobody_objects_for_another(cast: Cast, client_of: ClientOf) -> None:
    made = decision(cast.member, cast.moderator)
    assert client_of(cast.other).post(url(made), data=OBJECTION).status_code == 404
    assert client_of(cast.moderator).post(url(made), data=OBJECTION).status_code == 403
    assert client_of(cast.manager).get(url(made)).status_code == 403, "Lotte can do it herself"
    assert client_of(None).post(url(made), data=OBJECTION).status_code == 401
    assert not db.session.scalars(select(Appeal)).all()


def test_a_silenced_person_can_object(cast: Cast, client_of: ClientOf) -> None:
    made = sanctions.take(Verb.SILENCED, cast.member, cast.manager, "Stop.", until=tomorrow())
    db.session.commit()
    assert made and client_of(cast.member).post(url(made), data=OBJECTION).status_code == 303


def test_the_manager_writes_down_what_a_suspended_person_mailed(
    cast: Cast, client_of: ClientOf
) -> None:
    made = sanctions.take(Verb.SUSPENDED, cast.member, cast.manager, "Stop.", until=tomorrow())
    db.session.commit()
    assert made is not None
    client = client_of(cast.manager)
    assert "Bezwaar opschrijven" in client.get(f"/decisions/{made.id}").text
    assert "mail kwam" in client.get(url(made)).text
    assert client_of(cast.moderator).post(url(made), data=OBJECTION).status_code == 403
    assert client.post(url(made), data=OBJECTION).status_code == 303
    (appeal,) = db.session.scalars(select(Appeal))
    assert appeal.entered_by_id == cast.manager.id
    assert "Mina Manager" in client.get(f"/decisions/{made.id}").text
    assert client.post(url(made, "appeal/decide"), data=UPHELD).status_code == 403
    answer = client_of(cast.ambassador).post(url(made, "appeal/decide"), data=UPHELD)
    assert answer.status_code == 303
    db.session.refresh(cast.member)
    assert not cast.member.is_suspended


@pytest.mark.parametrize("body", ["", "  \n", "a" * 5001])
def test_an_objection_needs_words(cast: Cast, client_of: ClientOf, body: str) -> None:
    made = decision(cast.member, cast.moderator)
    answer = client_of(cast.member).post(url(made), data={"body": body})
    assert answer.status_code == 422 and 'id="body-error"' in answer.text
    assert body.strip()[:50] in answer.text


def test_a_draft_is_kept_and_goes_when_sent(cast: Cast, client_of: ClientOf) -> None:
    made = decision(cast.member, cast.moderator)
    client = client_of(cast.member)
    kept = {
        "body": "Half af", "draft_place": f"decisions:{made.id}:appeal",
        "draft_user": cast.member.id, "draft_writer": "a1", "draft_seen": "",
    }  # fmt: skip
    assert client.post("/drafts", data=kept).status_code in {200, 204, 303}
    assert "Half af" in client.get(url(made)).text
    drafts = client.get("/account/drafts").text
    assert "Bezwaar" in drafts and "Half af" in drafts
    (draft,) = db.session.scalars(select(Draft))
    sent = {**OBJECTION, "draft_place": draft.place, "draft_writer": "a1", "draft_seen": ""}
    client.post(url(made), data=sent)
    db.session.expire_all()
    assert not db.session.scalars(select(Draft)).all()


@pytest.mark.parametrize("htmx", [False, True])
def test_an_objection_found_right_shows_the_text_again(
    cast: Cast, client_of: ClientOf, *, htmx: bool
) -> None:
    asked, made = hidden(cast)
    lotte = client_of(cast.member)
    lotte.post(url(made), data=OBJECTION)
    client = client_of(cast.manager)
    assert 'name="outcome"' in client.get(f"/decisions/{made.id}").text
    answer = client.post(url(made, "appeal/decide"), data=UPHELD, htmx=htmx)
    assert answer.status_code in {204, 303}
    db.session.expire_all()
    appeal = db.session.scalars(select(Appeal)).one()
    assert (appeal.state, appeal.decided_by_id) == (AppealState.UPHELD, cast.manager.id)
    assert asked.hidden_at is None and made.ended_at is not None
    actions = db.session.scalars(select(LogEntry.action).order_by(LogEntry.id)).all()
    assert actions == ["hidden", "restored", "appeal_upheld"]
    page = lotte.get("/notifications").text
    assert "Je bezwaar is gegrond" in page and "Je hebt gelijk." in page
    subjects = db.session.scalars(
        select(OutgoingMail.subject).where(OutgoingMail.recipient == cast.member.email)
    )
    assert "Je bezwaar is gegrond" in set(subjects)
    unread = select(Notification).where(
        Notification.verb == "appealed", Notification.read_at.is_(None)
    )
    assert not db.session.scalars(unread).all(), "nobody has to look at it any more"


def test_an_objection_not_found_right_leaves_all_as_it_is(cast: Cast, client_of: ClientOf) -> None:
    asked, made = hidden(cast)
    objected(made)
    client_of(cast.manager).post(url(made, "appeal/decide"), data=DISMISSED)
    db.session.expire_all()
    assert asked.hidden_at is not None and made.ended_at is None
    page = client_of(cast.member).get(f"/decisions/{made.id}").text
    assert "Bezwaar niet gegrond" in page and "De toon past niet." in page


def test_locks_and_replies_are_taken_back_too(cast: Cast, client_of: ClientOf) -> None:
    asked = discussion(cast.member)
    reply = comment(asked, cast.member)
    with current_app.test_request_context():
        moderation.lock(asked, cast.moderator, "Rust.")
        moderation.slow(asked, cast.moderator, "Langzaam.", 10)
        moderation.hide(reply, cast.moderator, "Te fel.")
        db.session.commit()
    client = client_of(cast.manager)
    for made in db.session.scalars(select(Decision)).all():
        objected(made)
        assert client.post(url(made, "appeal/decide"), data=UPHELD).status_code == 303
    db.session.expire_all()
    assert not asked.is_locked and not asked.is_slow and reply.hidden_at is None
    assert all(made.ended_at for made in db.session.scalars(select(Decision)))


def test_what_cannot_be_undone_by_itself_says_what_to_do(cast: Cast, client_of: ClientOf) -> None:
    made = decision(cast.member, cast.moderator, discussion(cast.member), measure="edited")
    objected(made)
    client = client_of(cast.manager)
    client.post(url(made, "appeal/decide"), data=UPHELD)
    page = client.get(f"/decisions/{made.id}").text
    assert "gaat niet vanzelf terug" in page and "Zet de tekst zelf terug" in page


@pytest.mark.parametrize("measure", ["silenced", "suspended"])
def test_another_measure_of_the_same_kind_stays(
    cast: Cast, client_of: ClientOf, measure: str
) -> None:
    short = sanctions.take(Verb(measure), cast.member, cast.manager, "Eén.", until=tomorrow())
    later = tomorrow() + timedelta(days=30)
    long = sanctions.take(Verb(measure), cast.member, cast.manager, "Twee.", until=later)
    assert short and long
    db.session.commit()
    objected(long)
    client_of(cast.moderator).post(url(long, "appeal/decide"), data=UPHELD)
    db.session.refresh(cast.member)
    assert getattr(cast.member, f"{measure}_until") == short.until


def test_nobody_decides_about_their_own_decision_or_objection(
    cast: Cast, client_of: ClientOf
) -> None:
    _asked, made = hidden(cast)
    appeal = objected(made)
    for actor in (cast.moderator, cast.member):
        client = client_of(actor)
        assert client.post(url(made, "appeal/decide"), data=UPHELD).status_code == 403
        assert 'name="outcome"' not in client.get(f"/decisions/{made.id}").text
    assert client_of(cast.other).post(url(made, "appeal/decide"), data=UPHELD).status_code == 404
    assert client_of(None).post(url(made, "appeal/decide"), data=UPHELD).status_code == 401
    db.session.refresh(appeal)
    assert appeal.state is AppealState.OPEN


def test_a_group_moderator_decides_in_their_own_group_only(cast: Cast, client_of: ClientOf) -> None:
    inside = discussion(cast.insider, group=cast.closed)
    made = decision(cast.insider, cast.group_owner, inside)
    objected(made)
    elsewhere = decision(cast.member, cast.moderator)
    objected(elsewhere)
    client = client_of(cast.group_moderator)
    assert (
        client_of(cast.moderator).post(url(made, "appeal/decide"), data=UPHELD).status_code == 404
    )
    assert client.post(url(elsewhere, "appeal/decide"), data=UPHELD).status_code == 404
    assert client.post(url(made, "appeal/decide"), data=DISMISSED).status_code == 303
    (entry,) = db.session.scalars(select(LogEntry))
    assert entry.group_id == cast.closed.id, "the log keeps it to the group"


def test_the_second_decider_hears_of_the_first(cast: Cast, client_of: ClientOf) -> None:
    _asked, made = hidden(cast)
    objected(made)
    assert (
        client_of(cast.manager).post(url(made, "appeal/decide"), data=DISMISSED).status_code == 303
    )
    late = client_of(cast.ambassador).post(url(made, "appeal/decide"), data=UPHELD)
    assert late.status_code == 409 and "net voor jou" in late.text
    assert "De toon past niet." in late.text
    db.session.expire_all()
    assert db.session.scalars(select(Appeal.state)).one() is AppealState.DISMISSED


def test_two_at_the_same_moment_are_one(cast: Cast) -> None:
    _asked, made = hidden(cast)
    objected(made)
    loaded = db.session.scalars(queries.one(cast.manager, made.id)).one()
    with current_app.test_request_context():
        appeals.decide(loaded, cast.manager, AppealState.DISMISSED, "Nee.")
        with pytest.raises(appeals.DecidedMeanwhile):
            appeals.decide(loaded, cast.ambassador, AppealState.UPHELD, "Ja.")


@pytest.mark.parametrize("wrong", [{"reason": ""}, {"outcome": ""}, {"outcome": "misschien"}])
def test_a_decision_has_an_outcome_and_a_reason(
    cast: Cast, client_of: ClientOf, wrong: dict[str, str]
) -> None:
    _asked, made = hidden(cast)
    objected(made)
    answer = client_of(cast.manager).post(url(made, "appeal/decide"), data={**UPHELD, **wrong})
    assert answer.status_code == 422 and "-error" in answer.text
    assert "reason" in wrong or UPHELD["reason"] in answer.text


def test_without_an_objection_there_is_nothing_to_decide(cast: Cast, client_of: ClientOf) -> None:
    _asked, made = hidden(cast)
    assert client_of(cast.manager).post(url(made, "appeal/decide"), data=UPHELD).status_code == 404


def test_who_may_decide_is_reminded_once(cast: Cast) -> None:
    _asked, made = hidden(cast)
    objected(made)
    db.session.execute(delete(OutgoingMail))
    db.session.commit()
    assert appeals.remind() == 0
    with time_machine.travel(now() + timedelta(days=15)):
        assert (appeals.remind(), appeals.remind()) == (1, 0)
    told = select(Notification.user_id).where(Notification.verb == "appeal_late")
    assert set(db.session.scalars(told)) == {cast.ambassador.id, cast.manager.id}
    assert len(db.session.scalars(select(OutgoingMail)).all()) == 2


def test_what_is_shown_again_or_unlocked_ends_its_decision(cast: Cast) -> None:
    asked, made = hidden(cast)
    other = discussion(cast.member)
    reply = comment(asked, cast.member)
    untouched = decision(cast.member, cast.moderator, reply)
    elsewhere = decision(cast.member, cast.moderator, other)
    with current_app.test_request_context():
        moderation.restore(asked, cast.moderator, "Het viel mee.")
        db.session.commit()
    for each in (made, untouched, elsewhere):
        db.session.refresh(each)
    assert made.ended_by_id == cast.moderator.id
    assert untouched.ended_at is None and elsewhere.ended_at is None


@pytest.mark.parametrize(
    "outcome, words", [(UPHELD, "van jou is gegrond"), (DISMISSED, "van jou is niet gegrond")]
)
def test_who_decided_learns_what_another_found(
    cast: Cast, client_of: ClientOf, outcome: dict[str, str], words: str
) -> None:
    _asked, made = hidden(cast)
    objected(made)
    manager = client_of(cast.manager)
    manager.post(url(made, "appeal/decide"), data=outcome)
    page = client_of(cast.moderator).get("/notifications").text
    assert f"Een bezwaar tegen een besluit {words}" in page and outcome["reason"] in page
    assert "een besluit van jou" not in client_of(cast.member).get("/notifications").text
    assert "een besluit van jou" not in manager.get("/notifications").text


def test_who_is_no_moderator_any_more_does_not_hear_of_it(cast: Cast, client_of: ClientOf) -> None:
    _asked, made = hidden(cast)
    objected(made)
    cast.moderator.grants.clear()
    db.session.commit()
    client_of(cast.manager).post(url(made, "appeal/decide"), data=DISMISSED)
    told = select(Notification.user_id).where(Notification.verb == "appeal_dismissed")
    assert db.session.scalars(told).all() == [cast.member.id]


def test_who_left_gets_no_mail(cast: Cast, client_of: ClientOf) -> None:
    made = decision(cast.member, cast.moderator)
    objected(made)
    cast.member.deactivated_at = now()
    db.session.commit()
    assert client_of(cast.manager).post(url(made, "appeal/decide"), data=UPHELD).status_code == 303
    assert not db.session.scalars(select(OutgoingMail)).all()


def test_a_moderator_who_is_suspended_is_not_asked(cast: Cast) -> None:
    cast.ambassador.suspended_until = now() + timedelta(days=1)
    person("Nog Een Lid")
    db.session.commit()
    made = decision(cast.member, cast.moderator)
    loaded = db.session.scalars(queries.one(cast.manager, made.id)).one()
    assert [each.id for each in appeals.deciders(loaded)] == [cast.manager.id]
    assert activity.Verb.APPEAL_LATE in activity.NOT_LOGGED
