"""/settings/entry: how people get in."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from app.extensions import Kring, db
from app.models import LogEntry, Setting, User
from app.site import FIXED, forget_site, site
from tests.cast import Cast
from tests.checking import CheckingClient

ClientOf = Callable[[User | None], CheckingClient]
PATH = "/settings/entry"
GOOD = {"entry_domains": "voorbeeldstad.example", "entry_requests": "y", "invitation_days": "7"}


@pytest.fixture
def administrator(cast: Cast, client_of: ClientOf) -> CheckingClient:
    """Return a client of the administrator."""
    return client_of(cast.administrator)


@pytest.mark.parametrize("htmx", [False, True])
def test_it_is_kept_and_logged(administrator: CheckingClient, htmx: bool) -> None:
    typed = " @Voorbeeldstad.example\r\n\r\npost.voorbeeldstad.example, MÜNSTER.example"
    answer = administrator.post(PATH, data=GOOD | {"entry_domains": typed}, htmx=htmx)
    assert answer.status_code == (204 if htmx else 303)
    forget_site()
    assert site().entry_domains == (
        "voorbeeldstad.example", "post.voorbeeldstad.example", "xn--mnster-3ya.example",
    )  # fmt: skip
    assert site().entry_requests and site().invitation_days == 7
    logged = db.session.scalars(select(LogEntry.result).order_by(LogEntry.id)).all()
    assert len(logged) == 3 and any("voorbeeldstad.example" in result for result in logged)
    page = administrator.get(PATH).text
    assert "post.voorbeeldstad.example" in page and 'value="7"' in page and "checked" in page


def test_it_can_be_closed_again(administrator: CheckingClient) -> None:
    administrator.post(PATH, data=GOOD)
    administrator.post(PATH, data={"entry_domains": "", "invitation_days": "14"})
    forget_site()
    assert site().entry_domains == () and not site().entry_requests


@pytest.mark.parametrize(
    "data, field, advice",
    [
        ({"entry_domains": "goed.example\ngmail.com"}, "entry_domains", "gmail.com"),
        ({"entry_domains": "@ZIGGO.nl"}, "entry_domains", "Iedereen kan een adres nemen"),
        ({"entry_domains": "geen domein"}, "entry_domains", "is geen domein"),
        ({"entry_domains": "a@b.example"}, "entry_domains", "is geen domein"),
        ({"entry_domains": "*.example"}, "entry_domains", "is geen domein"),
        ({"entry_domains": "localhost"}, "entry_domains", "is geen domein"),
        ({"entry_domains": "<script>.nl"}, "entry_domains", "is geen domein"),
        ({"entry_domains": " ".join(f"d{n}.example" for n in range(51))}, "entry_domains", "50"),
        ({"invitation_days": "0"}, "invitation_days", "van 1 tot en met 90"),
        ({"invitation_days": "91"}, "invitation_days", "van 1 tot en met 90"),
        ({"invitation_days": "-3"}, "invitation_days", "van 1 tot en met 90"),
        ({"invitation_days": "veel"}, "invitation_days", "getal"),
        ({"invitation_days": ""}, "invitation_days", "vereist"),
    ],
)
def test_a_wrong_value_is_told_at_its_field_and_nothing_is_kept(
    administrator: CheckingClient, data: dict[str, str], field: str, advice: str
) -> None:
    answer = administrator.post(PATH, data=GOOD | data)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text and advice in answer.text
    assert not db.session.scalars(select(Setting)).all()


@pytest.mark.parametrize(
    "domain",
    ["gmail.com", "outlook.com", "hotmail.com", "live.nl", "ziggo.nl", "kpnmail.nl", "hotmail.nl"],
)
def test_where_anyone_can_have_an_address_is_refused(
    administrator: CheckingClient, domain: str
) -> None:
    answer = administrator.post(PATH, data=GOOD | {"entry_domains": domain.upper()})
    assert answer.status_code == 422 and f"eindigt op {domain}" in answer.text


def test_what_the_server_decides_cannot_be_changed_here(
    app: Kring, administrator: CheckingClient
) -> None:
    app.extensions[FIXED] = {"entry_domains": ("gmail.com",), "invitation_days": 3}
    page = administrator.get(PATH).text
    assert "KRING_SITE_ENTRY_DOMAINS" in page and "gmail.com" in page
    assert administrator.post(PATH, data={"entry_requests": "y"}).status_code == 303
    forget_site()
    assert site().entry_domains == ("gmail.com",) and site().entry_requests
    assert db.session.scalars(select(Setting.key)).all() == ["entry_requests"]


def test_only_the_administrator(cast: Cast, client_of: ClientOf) -> None:
    for name in ("member", "moderator", "manager"):
        client = client_of(getattr(cast, name))
        assert client.get(PATH).status_code == 403
        assert client.post(PATH, data=GOOD).status_code == 403
    assert client_of(None).get(PATH).status_code == 303
    assert not db.session.scalars(select(Setting)).all()
