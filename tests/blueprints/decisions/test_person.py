"""/people/…/measures, /warn, /silence and /suspend: measures on a person, in proportion."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from app.extensions import db
from app.forms import today
from app.lib.clock import now
from app.models import Appeal, AppealState, Decision, LogEntry, Notification, OutgoingMail, User
from app.services import activity
from app.services.activity import Verb
from bench.statements import statements
from tests.cast import Cast, decision, discussion
from tests.checking import CheckingClient

ClientOf = Callable[[User | None], CheckingClient]
REASON = {"reason": "Je bleef schelden.", "rule": ""}


def url(person: User, step: str = "measures") -> str:
    return f"/people/{person.id}-{person.handle}/{step}"


def in_a_week() -> date:
    return today() + timedelta(days=7)


def taken(measure: str) -> Decision:
    db.session.expire_all()
    return db.session.scalars(select(Decision).where(Decision.measure == measure)).one()


def only_one_of_each(person: User, verb: Verb) -> None:
    """Assert that a measure left one row in the log, one decision, one notice and one mail."""
    logged = select(func.count()).where(LogEntry.action == verb.value)
    kept = select(func.count()).where(Decision.measure == verb.value)
    told = select(func.count()).where(Notification.verb == verb.value)
    mailed = select(func.count()).where(OutgoingMail.recipient == person.email)
    assert [db.session.scalar(each) for each in (logged, kept, told, mailed)] == [1, 1, 1, 1]


@pytest.mark.parametrize("htmx", [False, True])
def test_a_warning_is_told_once_and_kept(cast: Cast, client_of: ClientOf, *, htmx: bool) -> None:
    client = client_of(cast.manager)
    answer = client.post(url(cast.other, "warn"), data=REASON, htmx=htmx)
    assert answer.status_code in {204, 303}
    only_one_of_each(cast.other, Verb.WARNED)
    made = taken("warned")
    assert (made.person_id, made.actor_id, made.reason) == (
        cast.other.id, cast.manager.id, REASON["reason"],
    )  # fmt: skip
    (entry,) = db.session.scalars(select(LogEntry))
    assert (entry.subject_kind, entry.subject_label) == ("user", "Otto Ander")
    (mail,) = db.session.scalars(select(OutgoingMail))
    assert "> Je bleef schelden." in mail.body and f"/decisions/{made.id}" in mail.body
    otto = client_of(cast.other)
    assert "De communitymanager geeft je een waarschuwing" in otto.get("/notifications").text
    (news,) = db.session.scalars(select(Notification))
    opened = otto.post(f"/notifications/{news.id}/open")
    assert opened.location == f"/decisions/{made.id}"


def test_who_was_warned_can_be_silenced(cast: Cast, client_of: ClientOf) -> None:
    decision(cast.other, cast.manager)
    client = client_of(cast.manager)
    form = client.get(url(cast.other, "silence")).text
    assert 'name="certain"' not in form and "Dit kan anders." in form
    answer = client.post(url(cast.other, "silence"), data={**REASON, "until": in_a_week()})
    assert answer.status_code == 303
    only_one_of_each(cast.other, Verb.SILENCED)
    db.session.refresh(cast.other)
    assert cast.other.is_silenced and not cast.other.is_suspended
    assert taken("silenced").until == cast.other.silenced_until


@pytest.mark.parametrize("step, before", [("silence", None), ("suspend", None), ("suspend", "warned")])  # fmt: skip
def test_a_leap_asks_to_be_certain(
    cast: Cast, client_of: ClientOf, step: str, before: str | None
) -> None:
    if before:
        decision(cast.other, cast.manager, measure=before)
    client = client_of(cast.manager)
    given = {**REASON, "until": in_a_week()}
    answer = client.post(url(cast.other, step), data=given)
    assert answer.status_code == 422 and "Een lichtere maatregel gaat voor" in answer.text
    assert "Je bleef schelden." in answer.text
    assert client.post(url(cast.other, step), data={**given, "certain": "y"}).status_code == 303


def test_what_was_taken_back_after_an_objection_does_not_count(
    cast: Cast, client_of: ClientOf
) -> None:
    made = decision(cast.other, cast.manager, ended_at=now())
    upheld = Appeal(decision_id=made.id, body="Nee.", due_at=now(), state=AppealState.UPHELD)
    db.session.add(upheld)
    db.session.commit()
    assert 'name="certain"' in client_of(cast.manager).get(url(cast.other, "silence")).text


def test_a_suspension_ends_all_sessions_and_names_an_address_to_object(
    cast: Cast, client_of: ClientOf
) -> None:
    otto = client_of(cast.other)
    assert otto.get("/").status_code == 200
    given = {**REASON, "until": in_a_week(), "certain": "y"}
    client = client_of(cast.manager)
    assert client.post(url(cast.other, "suspend"), data=given).status_code == 303
    only_one_of_each(cast.other, Verb.SUSPENDED)
    assert otto.get("/").status_code == 303
    (mail,) = db.session.scalars(select(OutgoingMail))
    assert cast.manager.email in mail.body and "> Je bleef schelden." in mail.body
    assert "/decisions/" not in mail.body, "who is suspended cannot open it"
    assert "Geschorst" in client.get(url(cast.other)).text


def test_sent_twice_is_one_measure(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.manager)
    for _ in range(2):
        assert client.post(url(cast.other, "warn"), data=REASON).status_code == 303
    only_one_of_each(cast.other, Verb.WARNED)


@pytest.mark.parametrize("step", ["measures", "warn", "silence", "suspend"])
def test_it_is_the_managers_alone_and_not_about_themselves(
    cast: Cast, client_of: ClientOf, step: str
) -> None:
    given = {**REASON, "until": in_a_week(), "certain": "y"}
    for actor in (cast.member, cast.moderator, cast.administrator, cast.group_owner):
        client = client_of(actor)
        assert client.get(url(cast.other, step)).status_code == 403
        if step != "measures":
            assert client.post(url(cast.other, step), data=given).status_code == 403
    manager = client_of(cast.manager)
    assert manager.get(url(cast.manager, step)).status_code == 403
    assert manager.get(f"/people/999999-niemand/{step}").status_code == 404
    assert client_of(None).get(url(cast.other, step)).status_code == 303
    assert not db.session.scalars(select(Decision)).all()


@pytest.mark.parametrize(
    "wrong",
    [
        {"reason": "", "until": "2099-01-01"},
        {"reason": " \n", "until": ""},
        {"reason": "a" * 1001},
        {"until": "2020-01-01"},
        {"until": "2099-01-01"},
        {"until": "morgen"},
        {"until": ""},
        {"rule": "verzonnen artikel"},
    ],
)
def test_what_is_not_right_comes_back(
    cast: Cast, client_of: ClientOf, wrong: dict[str, str]
) -> None:
    given = {"reason": "Omdat.", "until": str(in_a_week()), "rule": "", "certain": "y", **wrong}
    answer = client_of(cast.manager).post(url(cast.other, "silence"), data=given)
    assert answer.status_code == 422 and "-error" in answer.text
    assert given["reason"].strip()[:100] in answer.text
    assert not db.session.scalars(select(Decision)).all()


def test_the_house_rule_is_kept_with_the_decision(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.manager)
    page = client.get(url(cast.other, "warn")).text
    rule = page.partition('<option value="1. ')[2].partition('"')[0]
    assert rule
    answer = client.post(url(cast.other, "warn"), data={**REASON, "rule": f"1. {rule}"})
    assert answer.status_code == 303 and taken("warned").rule == f"1. {rule}"
    assert f"1. {rule}" in client_of(cast.other).get("/decisions/1").text or rule


def test_who_left_gets_no_measure(cast: Cast, client_of: ClientOf) -> None:
    cast.other.deactivated_at = now()
    db.session.commit()
    client = client_of(cast.manager)
    assert client.get(url(cast.other)).status_code == 200
    assert client.post(url(cast.other, "warn"), data=REASON).status_code == 404


def test_earlier_decisions_are_shown(cast: Cast, client_of: ClientOf) -> None:
    decision(cast.other, cast.moderator, discussion(cast.other, "Te fel"), reason="Wat een toon.")
    decision(cast.member, cast.manager, reason="Over iemand anders.")
    client = client_of(cast.manager)
    page = client.get(url(cast.other)).text
    assert "Te fel" in page and "Wat een toon." in page and "Over iemand anders." not in page
    assert url(cast.other) in client.get(f"/people/{cast.other.id}-otto-ander").text
    assert url(cast.other) not in client_of(cast.member).get(
        f"/people/{cast.other.id}-otto-ander"
    ).text  # fmt: skip


def test_the_page_takes_few_statements(cast: Cast, client_of: ClientOf) -> None:
    for _ in range(5):
        decision(cast.other, cast.manager)
    client = client_of(cast.manager)
    client.get(url(cast.other))
    with statements() as found:
        client.get(url(cast.other))
    assert len(found) <= 6, found


@pytest.mark.parametrize("htmx", [False, True])
def test_a_measure_is_ended_early(cast: Cast, client_of: ClientOf, *, htmx: bool) -> None:
    until = now() + timedelta(days=3)
    made = decision(cast.other, cast.manager, measure="suspended", until=until)
    cast.other.suspended_until = until
    db.session.commit()
    client = client_of(cast.manager)
    address = url(cast.other, f"measures/{made.id}/end")
    assert address in client.get(url(cast.other)).text
    assert client.post(address, data={"reason": ""}).status_code == 422
    answer = client.post(address, data={"reason": "Je bood je excuses aan."}, htmx=htmx)
    assert answer.status_code in {204, 303}
    db.session.expire_all()
    assert not cast.other.is_suspended and made.ended_by_id == cast.manager.id
    (entry,) = db.session.scalars(select(LogEntry))
    assert (entry.action, entry.result) == ("measure_ended", "suspended")
    (mail,) = db.session.scalars(select(OutgoingMail))
    assert "Je kunt weer inloggen" in mail.body and "> Je bood je excuses aan." in mail.body
    client.post(address, data={"reason": "Nog eens."})
    assert len(db.session.scalars(select(LogEntry)).all()) == 1, "it had ended already"
    assert "opgeheven" in client_of(cast.other).get("/notifications").text


def test_what_is_about_a_text_or_someone_else_is_not_ended_here(
    cast: Cast, client_of: ClientOf
) -> None:
    hidden = decision(cast.other, cast.moderator, discussion(cast.other))
    elsewhere = decision(cast.member, cast.manager)
    client = client_of(cast.manager)
    for made in (hidden, elsewhere):
        assert client.get(url(cast.other, f"measures/{made.id}/end")).status_code == 404
    own = decision(cast.other, cast.manager)
    assert (
        client_of(cast.moderator).get(url(cast.other, f"measures/{own.id}/end")).status_code == 403
    )


def test_the_log_says_it_in_words(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.manager)
    given = {**REASON, "until": in_a_week(), "certain": "y"}
    client.post(url(cast.other, "silence"), data=given)
    page = client_of(cast.moderator).get("/moderation/log").text
    assert "tot en met" in page and "Otto Ander" in page


def test_the_actor_hears_nothing(cast: Cast) -> None:
    activity.notify(cast.manager.id, Verb.WARNED, decision(cast.other, cast.manager), cast.manager)
    db.session.commit()
    assert not db.session.scalars(select(Notification)).all()
