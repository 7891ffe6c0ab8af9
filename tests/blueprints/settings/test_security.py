"""/settings/security: what security.txt says, and until when."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models import LogEntry, Setting, User
from app.services import security_txt, settings
from tests.cast import Cast
from tests.checking import CheckingClient

ClientOf = Callable[[User | None], CheckingClient]
URL = "/settings/security"


def day(days: int) -> str:
    return (security_txt.today() + timedelta(days=days)).isoformat()


def stored() -> dict[str, str]:
    rows = db.session.execute(select(Setting.key, Setting.value))
    return {key: value for key, value in rows if key.startswith("security")}


@pytest.fixture
def administrator(cast: Cast, client_of: ClientOf) -> CheckingClient:
    """Return a client of the administrator."""
    return client_of(cast.administrator)


def filled_in(**changes: str) -> dict[str, str]:
    filled = {"security_contact": "veilig@voorbeeldstad.example", "security_expires": day(200)}
    return filled | changes


@pytest.mark.parametrize("htmx", [False, True])
def test_it_is_kept_logged_and_shown(administrator: CheckingClient, *, htmx: bool) -> None:
    page = administrator.get(URL).text
    assert "nog geen security.txt" in page and f'value="{day(364)}"' in page
    answer = administrator.post(URL, data=filled_in(), htmx=htmx)
    assert answer.status_code == (204 if htmx else 303)
    assert stored() == filled_in()
    assert {entry.action for entry in db.session.scalars(select(LogEntry))} == {"setting_changed"}
    page = administrator.get(URL).text
    assert "Contact: mailto:veilig@voorbeeldstad.example" in page
    assert "zijn opgeslagen" in page
    assert "utrecht-alert" not in administrator.get(URL).text


def test_a_page_can_be_the_contact(administrator: CheckingClient) -> None:
    contact = "https://voorbeeldstad.example/melden?van=kring#wie"
    assert administrator.post(URL, data=filled_in(security_contact=contact)).status_code == 303
    assert stored()["security_contact"] == contact


def test_without_a_contact_there_is_no_file(administrator: CheckingClient) -> None:
    administrator.post(URL, data=filled_in())
    emptied = filled_in(security_contact="", security_expires="onzin")
    assert administrator.post(URL, data=emptied).status_code == 303
    assert stored() == {"security_contact": "", "security_expires": ""}
    assert administrator.get("/.well-known/security.txt").status_code == 404


@pytest.mark.parametrize(
    "contact",
    [
        "veilig", "http://voorbeeldstad.example", "https://", "https://localhost",
        "https://wie@voorbeeldstad.example", "https://voorbeeldstad.example/a b", "javascript:x",
        "https://voorbeeldstad.example/é", "a@b", "Veilig <veilig@voorbeeldstad.example>",
        "https://[", "veilig@voorbeeldstad.example, ander@voorbeeldstad.example",
    ],
)  # fmt: skip
def test_a_contact_that_is_none_is_refused(administrator: CheckingClient, contact: str) -> None:
    answer = administrator.post(URL, data=filled_in(security_contact=contact))
    assert answer.status_code == 422
    assert 'id="security_contact-error"' in answer.text and f'value="{day(200)}"' in answer.text
    assert not stored()


@pytest.mark.parametrize("until", ["", "morgen", "2026-02-30", day(0), day(-1), day(366)])
def test_a_day_that_does_not_do_is_refused(administrator: CheckingClient, until: str) -> None:
    answer = administrator.post(URL, data=filled_in(security_expires=until))
    assert answer.status_code == 422
    assert 'id="security_expires-error"' in answer.text
    assert 'value="veilig@voorbeeldstad.example"' in answer.text
    assert not stored()


def test_a_year_ahead_is_the_most(administrator: CheckingClient) -> None:
    assert administrator.post(URL, data=filled_in(security_expires=day(365))).status_code == 303


@pytest.mark.parametrize(
    "days, warning",
    [(31, ""), (30, "nog 30 dagen"), (1, "nog 1 dag"), (0, "nog 0 dagen"), (-1, "is verlopen")],
)
def test_it_warns_in_time(administrator: CheckingClient, days: int, warning: str) -> None:
    settings.change(filled_in(security_expires=day(days)), None)
    db.session.commit()
    page = administrator.get(URL).text
    assert warning in page and ("utrecht-alert" in page) == bool(warning)


@pytest.mark.parametrize("name", ["member", "manager", "moderator"])
def test_it_is_the_administrator_s(cast: Cast, client_of: ClientOf, name: str) -> None:
    client = client_of(getattr(cast, name))
    assert client.get(URL).status_code == 403
    assert client.post(URL, data=filled_in()).status_code == 403
    assert not stored()


def test_visitors_sign_in_first(cast: Cast, client_of: ClientOf) -> None:
    assert client_of(None).get(URL).location.startswith("/login")
