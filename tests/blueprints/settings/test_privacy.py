"""/settings/privacy: how long data is kept, and the register of processing."""

import csv
from collections.abc import Callable
from io import StringIO

import pytest
from sqlalchemy import select

from app.extensions import Kring, db
from app.models import LogEntry, Setting, User
from tests import settings
from tests.cast import Cast
from tests.checking import CheckingClient

ClientOf = Callable[[User | None], CheckingClient]
URL = "/settings/privacy"
TERMS = {
    "keep_mail_days": "30", "keep_notifications_days": "100", "keep_attempts_days": "7",
    "keep_bin_days": "90",
}  # fmt: skip


@pytest.fixture
def administrator(cast: Cast, client_of: ClientOf) -> CheckingClient:
    """Return a client of the administrator."""
    return client_of(cast.administrator)


def stored() -> dict[str, int]:
    rows = db.session.execute(select(Setting.key, Setting.value))
    return {key: value for key, value in rows if key.startswith("keep")}


@pytest.mark.parametrize("htmx", [False, True])
def test_the_terms_are_kept_and_logged(administrator: CheckingClient, *, htmx: bool) -> None:
    page = administrator.get(URL).text
    assert 'value="90"' in page and 'href="/pages/privacy"' in page
    answer = administrator.post(URL, data=TERMS, htmx=htmx)
    assert answer.status_code == (204 if htmx else 303)
    assert stored() == {name: int(term) for name, term in TERMS.items()}
    results = {e.subject_label: e.result for e in db.session.scalars(select(LogEntry))}
    assert results["keep_mail_days"] == "90 → 30"


@pytest.mark.parametrize(
    "name, wrong",
    [
        (name, wrong)
        for name, least, most in (
            ("keep_mail_days", 7, 365), ("keep_notifications_days", 30, 1095),
            ("keep_attempts_days", 1, 90), ("keep_bin_days", 30, 3650),
        )
        for wrong in (str(least - 1), str(most + 1), "", "lang", "-1", "1e9")
    ],
)  # fmt: skip
def test_other_terms_are_refused(administrator: CheckingClient, name: str, wrong: str) -> None:
    answer = administrator.post(URL, data={**TERMS, name: wrong})
    assert answer.status_code == 422
    assert f'id="{name}-error"' in answer.text
    others = [term for other, term in TERMS.items() if other != name]
    assert all(f'value="{term}"' in answer.text for term in others)
    assert not stored()


def test_the_least_and_the_most_will_do(administrator: CheckingClient) -> None:
    for terms in ((7, 30, 1, 30), (365, 1095, 90, 3650)):
        sent = dict(zip(TERMS, map(str, terms), strict=True))
        assert administrator.post(URL, data=sent).status_code == 303
        assert tuple(stored()[name] for name in TERMS) == terms


def test_the_register_says_what_holds_now(administrator: CheckingClient) -> None:
    settings.change(keep_mail_days=45, keep_notifications_days=222, keep_attempts_days=1)
    answer = administrator.get(f"{URL}/register.csv")
    assert answer.mimetype == "text/csv" and "attachment" in answer.headers["Content-Disposition"]
    headers, *rows = csv.reader(StringIO(answer.text.removeprefix("\ufeff")), delimiter=";")
    assert headers == [
        "Verwerking", "Doel", "Van wie", "Welke gegevens", "Ontvangers", "Bewaartermijn",
        "Beveiliging",
    ]  # fmt: skip
    assert len(rows) >= 10 and all(len(row) == len(headers) and all(row) for row in rows)
    terms = {row[0]: row[5] for row in rows}
    assert terms["Mail"] == "45 dagen" and terms["Berichten"] == "222 dagen na het lezen"
    assert terms["Inloggen"] == "Sessies 14 dagen, pogingen 1 dag"
    assert {"Concepten", "Zoektermen"} < terms.keys()
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]


def test_the_environment_wins(app: Kring, administrator: CheckingClient) -> None:
    app.extensions["kring_site_fixed"] = {"keep_mail_days": 20}
    assert "KRING_SITE_KEEP_MAIL_DAYS" in administrator.get(URL).text
    assert administrator.post(URL, data=TERMS).status_code == 303
    assert "keep_mail_days" not in stored() and stored()["keep_attempts_days"] == 7


@pytest.mark.parametrize("name", ["member", "manager", "moderator"])
def test_it_is_the_administrator_s(cast: Cast, client_of: ClientOf, name: str) -> None:
    client = client_of(getattr(cast, name))
    assert client.get(URL).status_code == client.post(URL, data=TERMS).status_code == 403
    assert client.get(f"{URL}/register.csv").status_code == 403
    assert not stored()


def test_visitors_sign_in_first(cast: Cast, client_of: ClientOf) -> None:
    for path in (URL, f"{URL}/register.csv"):
        assert client_of(None).get(path).location.startswith("/login")
