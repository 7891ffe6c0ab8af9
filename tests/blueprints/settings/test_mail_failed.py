"""/settings/mail/failed: what did not leave, and another try."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from app.extensions import db
from app.lib.clock import now
from app.models import OutgoingMail, User
from app.queries.mail import MAILS_A_PAGE
from bench.statements import statements
from tests.cast import Cast
from tests.checking import CheckingClient

ClientOf = Callable[[User | None], CheckingClient]
URL = "/settings/mail/failed"


@pytest.fixture
def administrator(cast: Cast, client_of: ClientOf) -> CheckingClient:
    """Return a client of the administrator."""
    return client_of(cast.administrator)


def a_mail(number: int, **values: object) -> OutgoingMail:
    mail = OutgoingMail(
        message_id=f"<{number}@x>", recipient=f"lid{number}@voorbeeldstad.example",
        subject=f"Onderwerp {number}", body="geheimetekst", **values,
    )  # fmt: skip
    db.session.add(mail)
    db.session.commit()
    return mail


def given_up(number: int) -> OutgoingMail:
    return a_mail(number, failed_at=now(), error="550 geen postvak", attempts=8)


def states() -> list[bool]:
    found = select(OutgoingMail.sent_at).order_by(OutgoingMail.id)
    return [sent is not None for sent in db.session.scalars(found)]


def test_it_tells_to_whom_and_why_never_what(administrator: CheckingClient) -> None:
    assert "Alle mail is verstuurd" in administrator.get(URL).text
    given_up(1)
    a_mail(2)
    a_mail(3, sent_at=now())
    page = administrator.get(URL).text
    for word in ("lid1@", "Onderwerp 1", "550 geen postvak", "1 mail wacht", "Bij 1 mail is"):
        assert word in page
    assert "Onderwerp 2" not in page and "Onderwerp 3" not in page and "geheimetekst" not in page
    front = administrator.get("/settings/mail").text
    assert "1 mail wacht" in front and "Bij 1 mail is" in front


@pytest.mark.parametrize("htmx", [False, True])
def test_one_of_them_is_tried_again(administrator: CheckingClient, *, htmx: bool) -> None:
    first, _second = given_up(1), given_up(2)
    answer = administrator.post(f"{URL}/{first.id}", htmx=htmx)
    assert answer.status_code == (204 if htmx else 303)
    assert states() == [True, False]
    assert "1 mail wordt opnieuw geprobeerd" in administrator.get(URL).text


@pytest.mark.parametrize("htmx", [False, True])
def test_all_of_them_are_tried_again(administrator: CheckingClient, *, htmx: bool) -> None:
    given_up(1)
    given_up(2)
    assert administrator.post(URL, htmx=htmx).status_code == (204 if htmx else 303)
    assert states() == [True, True]


def test_only_what_was_given_up(administrator: CheckingClient) -> None:
    sent = a_mail(1, sent_at=now())
    for key in (sent.id, 999):
        assert administrator.post(f"{URL}/{key}").status_code == 404
    assert administrator.post(URL, csrf=False).status_code == 400


def test_a_long_list_goes_on_with_as_many_statements(administrator: CheckingClient) -> None:
    given_up(0)
    administrator.get(URL)
    with statements() as few:
        administrator.get(URL)
    for number in range(1, MAILS_A_PAGE + 3):
        given_up(number)
    with statements() as many:
        page = administrator.get(URL).text
    assert len(many) == len(few)
    assert "Onderwerp 52" in page and "Onderwerp 0<" not in page
    assert administrator.get(f"{URL}?after=onzin").status_code == 404


@pytest.mark.parametrize("name", ["member", "manager", "moderator"])
def test_it_is_the_administrator_s(cast: Cast, client_of: ClientOf, name: str) -> None:
    mail, client = given_up(1), client_of(getattr(cast, name))
    assert client.get(URL).status_code == 403
    assert client.post(URL).status_code == client.post(f"{URL}/{mail.id}").status_code == 403
    assert states() == [False]


def test_visitors_sign_in_first(cast: Cast, client_of: ClientOf) -> None:
    assert client_of(None).get(URL).location.startswith("/login")
