"""/invitations/<token>: the page behind the link of an invitation."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from app.extensions import db
from app.lib.clock import now
from app.lib.passwords import verify
from app.models import Invitation, LogEntry, Registration, RequestState, User, UserSession
from app.services import invitations, outbox, people
from tests.cast import PASSWORD, Cast
from tests.checking import CheckingClient
from tests.mailbox import invited

ClientOf = Callable[[User | None], CheckingClient]
ANNA = "anna@voorbeeldstad.example"
GOOD = {"name": "Anna Bos", "password": "vier-natte-olifanten-zwijgen"}


@pytest.fixture
def link(cast: Cast) -> str:
    """Return the path of an invitation of the manager for Anna."""
    return sent(cast.manager)


def sent(actor: User | None) -> str:
    """Invite Anna, and return the path in her mail."""
    invitations.invite(ANNA, name="Anna", actor=actor)
    db.session.commit()
    outbox.deliver_due()
    return invited(ANNA)


def anna() -> User | None:
    db.session.expire_all()
    return db.session.scalar(select(User).where(User.email == ANNA))


@pytest.mark.parametrize("htmx", [False, True])
def test_who_was_invited_comes_in(
    visitor: CheckingClient, cast: Cast, link: str, htmx: bool
) -> None:
    page = visitor.get(link).text
    assert ANNA in page and cast.manager.name in page and 'value="Anna"' in page
    answer = visitor.post(link, data=GOOD, htmx=htmx)
    assert answer.status_code == (204 if htmx else 303)
    assert (answer.headers["HX-Redirect"] if htmx else answer.location) == "/welcome"
    user = anna()
    assert user is not None and user.name == "Anna Bos" and not user.grants
    assert verify(user.password_hash, GOOD["password"])
    assert db.session.scalars(select(UserSession.user_id)).one() == user.id
    invitation = db.session.scalars(select(Invitation)).one()
    assert invitation.user_id == user.id and invitation.accepted_at is not None
    [entry] = db.session.scalars(select(LogEntry).where(LogEntry.action == "account_added"))
    assert (entry.subject_id, entry.result) == (user.id, cast.manager.name)


def test_looking_does_not_use_the_link_up(visitor: CheckingClient, link: str) -> None:
    for _ in range(3):
        assert visitor.get(link).status_code == 200
        assert visitor.head(link).status_code == 200
    assert anna() is None
    assert visitor.post(link, data=GOOD).status_code == 303


def test_a_link_works_once(visitor: CheckingClient, client_of: ClientOf, link: str) -> None:
    visitor.post(link, data=GOOD)
    late = client_of(None)
    assert late.get(link).status_code == 410
    assert late.post(link, data=GOOD | {"name": "Indringer"}).status_code == 410
    assert anna().name == "Anna Bos"  # type: ignore[union-attr]  # she came in above


def test_every_link_that_is_over_gets_the_same_page(
    visitor: CheckingClient, client_of: ClientOf, cast: Cast, link: str
) -> None:
    unknown = visitor.get("/invitations/onbekend")
    with time_machine.travel(now() + timedelta(days=16)):
        expired = visitor.get(link)
        assert visitor.post(link, data=GOOD).status_code == 410
    invitations.withdraw(db.session.scalars(select(Invitation)))
    withdrawn = visitor.get(link)
    newer = sent(cast.manager)
    visitor.post(newer, data=GOOD)
    used = client_of(None).get(newer)
    assert {answer.status_code for answer in (unknown, expired, withdrawn, used)} == {410}
    assert unknown.text == expired.text == withdrawn.text == used.text
    assert "nieuwe uitnodiging" in unknown.text


def test_it_works_until_the_end_of_the_last_day(visitor: CheckingClient, link: str) -> None:
    until = db.session.scalars(select(Invitation.expires_at)).one()
    with time_machine.travel(until - timedelta(seconds=5)):
        assert visitor.get(link).status_code == 200
    with time_machine.travel(until + timedelta(seconds=5)):
        assert visitor.get(link).status_code == 410


@pytest.mark.parametrize(
    "data, field, advice",
    [
        ({"name": ""}, "name", "is vereist"),
        ({"name": "x" * 121}, "name", "120"),
        ({"name": "Kijk op www.kwaad.example"}, "name", "alleen je naam"),
        ({"password": ""}, "password", "is vereist"),
        ({"password": "kort"}, "password", "minstens 12"),
        ({"password": "welkom2026welkom"}, "password", "makkelijk te raden"),
        ({"password": "anna@voorbeeldstad.example"}, "password", "makkelijk"),
        ({"password": "x" * 257}, "password", "hooguit 256"),
    ],
)
def test_what_is_not_right_is_told_at_its_field(
    visitor: CheckingClient, link: str, data: dict[str, str], field: str, advice: str
) -> None:
    answer = visitor.post(link, data=GOOD | data)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text and advice in answer.text
    assert data.get("name", "Anna Bos") in answer.text and ANNA in answer.text
    assert GOOD["password"] not in answer.text, "a password is typed again"
    assert anna() is None
    assert visitor.get(link).status_code == 200, "the link is still good"


def test_who_is_signed_in_is_told_so_and_nothing_changes(
    client: CheckingClient, visitor: CheckingClient, cast: Cast, link: str
) -> None:
    for answer in (client.get(link), client.post(link, data=GOOD)):
        assert answer.status_code == 409
        assert cast.member.email in answer.text and ANNA in answer.text
        assert 'action="/logout"' in answer.text
    assert anna() is None
    assert visitor.get(link).status_code == 200


def test_an_address_that_became_a_member_meanwhile_is_left_alone(
    visitor: CheckingClient, link: str
) -> None:
    account = people.add("Anna Echt", ANNA, password_hash="hash")
    db.session.commit()
    for change in ({}, {"password_hash": None, "deactivated_at": now()}):
        for name, value in change.items():
            setattr(account, name, value)
        assert visitor.get(link).status_code == 410
        assert visitor.post(link, data=GOOD).status_code == 410
    assert anna().name == "Anna Echt"  # type: ignore[union-attr]  # she was there


def test_an_open_request_of_who_came_in_waits_no_longer(
    visitor: CheckingClient, cast: Cast, link: str
) -> None:
    db.session.add(Registration(email=ANNA, name="Anna", message="Mag ik erbij?"))
    visitor.post(link, data=GOOD)
    request = db.session.scalars(select(Registration)).one()
    assert (request.state, request.decided_by_id) == (RequestState.APPROVED, cast.manager.id)


def test_new_members_get_the_language_of_the_community(
    visitor: CheckingClient, entry: Callable[..., None]
) -> None:
    entry(locale="en")
    link = sent(None)
    assert "Make account" in visitor.get(link).text
    visitor.post(link, data=GOOD)
    assert anna().locale == "en"  # type: ignore[union-attr]  # she came in


def test_a_forged_form_does_not_end_the_link(visitor: CheckingClient, link: str) -> None:
    assert visitor.post(link, data=GOOD, csrf=False).status_code == 400
    assert visitor.post(link, data=GOOD | {"password": PASSWORD}).status_code == 303
    assert db.session.scalar(select(func.count()).where(User.email == ANNA)) == 1
