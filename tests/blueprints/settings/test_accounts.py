"""/settings/accounts: all accounts, also closed ones, by name or address, and for a spreadsheet."""

import csv
from collections.abc import Callable
from io import StringIO

import pytest

from app.extensions import db
from app.lib.clock import now
from app.models import Department, Role, User
from app.queries.accounts import PAGE
from app.services import import_plan
from bench.statements import statements
from tests.cast import Cast, person
from tests.checking import CheckingClient

ClientOf = Callable[[User | None], CheckingClient]
PATH = "/settings/accounts"


@pytest.fixture
def administrator(cast: Cast, client_of: ClientOf) -> CheckingClient:
    """Return a client of the administrator."""
    return client_of(cast.administrator)


def test_all_accounts_are_there(administrator: CheckingClient, cast: Cast) -> None:
    cast.other.deactivated_at = now()
    db.session.commit()
    page = administrator.get(PATH).text
    assert "12 accounts" in page
    assert cast.other.email in page and "Gesloten" in page and "Themaspecialist: Wonen" in page


@pytest.mark.parametrize(
    "query, names",
    [
        ("q=lotte", {"Lotte Lid"}),
        ("q=LID+lotte", {"Lotte Lid"}),
        ("q=otto-ander@voorbeeld", {"Otto Ander"}),
        ("q=%25", set()),
        ("state=closed", {"Otto Ander"}),
        ("state=closed&q=lotte", set()),
        ("state=never&q=o", {"Lotte Lid"}),
        ("state=onzin&q=otto", {"Otto Ander"}),
    ],
)
def test_looking_someone_up(
    administrator: CheckingClient, cast: Cast, query: str, names: set[str]
) -> None:
    for user in db.session.query(User):
        user.last_seen_at = now()
    cast.member.last_seen_at = None
    cast.other.deactivated_at = now()
    db.session.commit()
    page = administrator.get(f"{PATH}?{query}").text
    shown = {name for name in ("Lotte Lid", "Otto Ander", "Mo Moderator") if f">{name}</a>" in page}
    assert shown == names
    assert names or "Niemand gevonden" in page


def test_pages(administrator: CheckingClient) -> None:
    for number in range(PAGE):
        person(f"Persoon {number:02}")
    db.session.commit()
    first, second = administrator.get(PATH).text, administrator.get(f"{PATH}?page=2").text
    assert first.count('class="k-row"') == PAGE and second.count('class="k-row"') == 12
    assert administrator.get(f"{PATH}?page=3").status_code == 404
    assert administrator.get(f"{PATH}?page=0").status_code == 404


def test_many_accounts_ask_as_many_statements_as_a_few(administrator: CheckingClient) -> None:
    administrator.get(PATH)
    with statements() as few:
        administrator.get(PATH)
    for number in range(30):
        made = person(f"Persoon {number:02}", Role.BLOGGER)
        made.department = Department(name=f"Afdeling {number}")
    db.session.commit()
    with statements() as many:
        administrator.get(PATH)
    assert len(many) == len(few)


def test_the_spreadsheet_holds_no_formula(administrator: CheckingClient, cast: Cast) -> None:
    cast.member.job_title = '=HYPERLINK("http://boos.example")'
    db.session.commit()
    answer = administrator.get(f"{PATH}.csv?q=lotte")
    assert "attachment" in answer.headers["Content-Disposition"]
    header, row = csv.reader(StringIO(answer.text.removeprefix("\ufeff")), delimiter=";")
    assert header[:5] == ["Naam", "E-mailadres", "Afdeling", "Functie", "Rollen"]
    assert row[:4] == ["Lotte Lid", cast.member.email, "", '\'=HYPERLINK("http://boos.example")']


def test_the_spreadsheet_can_be_imported_as_it_is(administrator: CheckingClient) -> None:
    content = administrator.get(f"{PATH}.csv").data
    plan = import_plan.plan(content, None)
    assert len(plan.unchanged) == 12 and not plan.steps and not plan.refused


@pytest.mark.parametrize("name", ["member", "moderator", "manager"])
def test_not_for_others(cast: Cast, client_of: ClientOf, name: str) -> None:
    client = client_of(getattr(cast, name))
    assert client.get(PATH).status_code == client.get(f"{PATH}.csv").status_code == 403


def test_nobody_signed_in(cast: Cast, client_of: ClientOf) -> None:
    assert cast.member.id
    assert (
        client_of(None).get(PATH).status_code
        == client_of(None).get(f"{PATH}.csv").status_code
        == 303
    )
