"""/.well-known/security.txt, as RFC 9116 has it."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from app.extensions import db
from app.lib.clock import now
from app.models import User
from app.services import security_txt, settings
from tests.cast import Cast
from tests.checking import CheckingClient

ClientOf = Callable[[User | None], CheckingClient]
URL = "/.well-known/security.txt"


@pytest.fixture
def visitor(cast: Cast, client_of: ClientOf) -> CheckingClient:
    """Return a client of who has not signed in."""
    return client_of(None)


def set_up(contact: str = "veilig@voorbeeldstad.example", days: int = 100) -> str:
    """Keep a contact until so many days from now; return that day."""
    until = (security_txt.today() + timedelta(days=days)).isoformat()
    settings.change({"security_contact": contact, "security_expires": until}, None)
    db.session.commit()
    return until


def fields(text: str) -> dict[str, str]:
    """Read the file strictly: each line is a field, each field stands there once."""
    assert text.endswith("\n")
    found = [re.fullmatch(r"([A-Za-z-]+): (\S.*\S)", line) for line in text.splitlines()]
    read = {match[1]: match[2] for match in found if match}
    assert len(read) == len(found)
    return read


def test_it_says_what_the_standard_asks(visitor: CheckingClient) -> None:
    until = set_up()
    answer = visitor.get(URL)
    assert answer.status_code == 200
    assert answer.content_type == "text/plain; charset=utf-8"
    assert fields(answer.text) == {
        "Contact": "mailto:veilig@voorbeeldstad.example",
        "Expires": f"{until}T23:59:59Z",
        "Preferred-Languages": "nl, en",
        "Canonical": f"http://127.0.0.1:8000{URL}",
    }
    expires = datetime.fromisoformat(fields(answer.text)["Expires"])
    assert expires.tzinfo == UTC and now() < expires < now() + timedelta(days=366)


def test_a_page_can_be_the_contact(visitor: CheckingClient) -> None:
    set_up("https://voorbeeldstad.example/kwetsbaarheid-melden")
    found = fields(visitor.get(URL).text)
    assert found["Contact"] == "https://voorbeeldstad.example/kwetsbaarheid-melden"


def test_a_sign_that_addresses_cannot_have_is_written_otherwise(visitor: CheckingClient) -> None:
    set_up("veilig%kring@voorbeeldstad.example")
    assert "Contact: mailto:veilig%25kring@" in visitor.get(URL).text


@pytest.mark.parametrize("changes", [{}, {"security_contact": "veilig@voorbeeldstad.example"}])
def test_without_a_contact_or_a_day_there_is_none(
    visitor: CheckingClient, changes: dict[str, str]
) -> None:
    settings.change(changes, None)
    db.session.commit()
    assert visitor.get(URL).status_code == 404


def test_the_old_place_leads_to_it(visitor: CheckingClient) -> None:
    answer = visitor.get("/security.txt")
    assert (answer.status_code, answer.location) == (303, URL)
