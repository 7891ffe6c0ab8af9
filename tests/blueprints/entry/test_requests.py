"""/people/requests: deciding who is let in."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from app.extensions import db
from app.lib.clock import now
from app.models import Registration, RequestState, User
from app.queries.entry import open_requests_count
from app.services import people
from bench.statements import statements
from tests.cast import Cast
from tests.checking import CheckingClient
from tests.mailbox import invited, mails, text_of
from tests.security.test_concurrency import sending, together

ClientOf = Callable[[User | None], CheckingClient]
PATH = "/people/requests"


@pytest.fixture
def jan(cast: Cast) -> Registration:
    """Return the open request of Jan."""
    return asked("jan@elders.example", "Jan Elders")


def asked(email: str, name: str) -> Registration:
    made = Registration(email=email, name=name, message="Ik wil\nook leren.")
    db.session.add(made)
    db.session.commit()
    return made


def test_the_list_tells_who_waits(manager: CheckingClient, jan: Registration) -> None:
    page = manager.get(PATH).text
    for word in ("Jan Elders", "jan@elders.example", "Ik wil\nook leren."):
        assert word in page
    assert db.session.scalar(open_requests_count()) == 1


def test_nobody_waits(manager: CheckingClient) -> None:
    assert "Geen open verzoeken" in manager.get(PATH).text


@pytest.mark.parametrize("htmx", [False, True])
def test_who_is_approved_gets_an_invitation(
    manager: CheckingClient, visitor: CheckingClient, cast: Cast, jan: Registration, htmx: bool
) -> None:
    data = {"message": "Welkom, Jan!"}
    answer = manager.post(f"{PATH}/{jan.id}/approve", data=data, htmx=htmx)
    assert answer.status_code == (204 if htmx else 303)
    page = manager.get(PATH).text
    assert "Jan Elders krijgt een uitnodiging per mail." in page
    assert "Toegelaten" in page and f"Beslist door {cast.manager.name}" in page
    assert "> Welkom, Jan!" in text_of(mails(jan.email)[0])
    assert 'value="Jan Elders"' in visitor.get(invited(jan.email)).text
    db.session.expire_all()
    assert (jan.state, jan.decided_by_id) == (RequestState.APPROVED, cast.manager.id)
    assert db.session.scalar(open_requests_count()) == 0


def test_who_is_declined_hears_why(manager: CheckingClient, cast: Cast, jan: Registration) -> None:
    data = {"message": "Alleen voor\r\nons."}
    assert manager.post(f"{PATH}/{jan.id}/decline", data=data).status_code == 303
    [mail] = mails()
    assert mail["To"] == jan.email and "> Alleen voor\n> ons." in text_of(mail)
    db.session.expire_all()
    assert (jan.state, jan.answer) == (RequestState.DECLINED, "Alleen voor\nons.")


@pytest.mark.parametrize("message", ["", "  ", "x" * 1001])
def test_declining_asks_a_reason(manager: CheckingClient, jan: Registration, message: str) -> None:
    answer = manager.post(f"{PATH}/{jan.id}/decline", data={"message": message})
    assert answer.status_code == 422
    assert f'id="message-{jan.id}-error"' in answer.text and message.strip() in answer.text
    db.session.expire_all()
    assert jan.state is RequestState.OPEN and not mails()


def test_a_long_message_is_kept_when_approving(manager: CheckingClient, jan: Registration) -> None:
    other = asked("piet@elders.example", "Piet")
    answer = manager.post(f"{PATH}/{jan.id}/approve", data={"message": "y" * 1001})
    assert answer.status_code == 422 and answer.text.count("y" * 1001) == 1
    assert f'id="message-{other.id}-error"' not in answer.text


@pytest.mark.parametrize("deeds", [("approve", "decline"), ("decline", "approve")])
def test_the_second_to_decide_hears_of_the_first(
    manager: CheckingClient, cast: Cast, client_of: ClientOf, jan: Registration,
    deeds: tuple[str, str],
) -> None:  # fmt: skip
    first, second = deeds
    data = {"message": "Een reden."}
    manager.post(f"{PATH}/{jan.id}/{first}", data=data)
    db.session.expire_all()
    state, sent = jan.state, len(mails())
    answer = client_of(cast.administrator).post(f"{PATH}/{jan.id}/{second}", data=data)
    assert answer.status_code == 409 and cast.manager.name in answer.text
    db.session.expire_all()
    assert (jan.state, jan.decided_by_id, len(mails())) == (state, cast.manager.id, sent)


def test_two_who_decide_at_once(cast: Cast, client_of: ClientOf, jan: Registration) -> None:
    data = {"message": "Een reden."}
    path = f"{PATH}/{jan.id}/"
    senders = [
        sending(client_of(person), path + deed, data)
        for person, deed in ((cast.manager, "approve"), (cast.administrator, "decline"))
    ]
    assert together(senders) == {303: 1, 409: 1}
    assert len(mails(jan.email)) == 1


def test_who_became_a_member_meanwhile_hears_that(
    manager: CheckingClient, jan: Registration
) -> None:
    people.add("Jan Elders", jan.email, password_hash="hash")
    assert manager.post(f"{PATH}/{jan.id}/approve").status_code == 303
    assert "Je hebt al een account" in mails(jan.email)[0]["Subject"]


def test_only_who_may_invite_decides(cast: Cast, client_of: ClientOf, jan: Registration) -> None:
    for name in ("member", "specialist", "ambassador", "moderator", "group_owner"):
        client = client_of(getattr(cast, name))
        assert client.get(PATH).status_code == 403
        for deed in ("approve", "decline"):
            answer = client.post(f"{PATH}/{jan.id}/{deed}", data={"message": "Nee."})
            assert answer.status_code == 403
    assert client_of(None).get(PATH).status_code == 303
    assert client_of(None).post(f"{PATH}/{jan.id}/approve").status_code == 401
    db.session.expire_all()
    assert jan.state is RequestState.OPEN


def test_what_does_not_exist(manager: CheckingClient) -> None:
    for deed in ("approve", "decline"):
        assert manager.post(f"{PATH}/99/{deed}", data={"message": "Nee."}).status_code == 404


def test_the_page_asks_the_same_of_the_database_for_any_number(
    manager: CheckingClient, cast: Cast, jan: Registration
) -> None:
    def count() -> int:
        with statements() as found:
            manager.get(PATH)
        return len(found)

    manager.post(f"{PATH}/{asked('x@y.example', 'X').id}/decline", data={"message": "Nee."})
    one = count()
    for number in range(20):
        made = asked(f"n{number}@y.example", "Naam")
        if number % 2:
            made.state, made.decided_at = RequestState.DECLINED, now()
            made.decided_by = (cast.manager, cast.administrator)[number % 4 // 2]
    db.session.commit()
    assert count() == one
    assert len(db.session.scalars(select(Registration)).all()) == 22
