"""What people search for, for the community manager: /searches."""

import csv
from collections.abc import Callable
from datetime import timedelta
from io import StringIO

import pytest

from app.extensions import db
from app.lib.clock import local, now
from app.models import SearchTerm, User
from bench.statements import statements
from tests.cast import Cast
from tests.checking import CheckingClient

Clients = Callable[[User | None], CheckingClient]


def term(text: str, times: int = 1, without_result: int = 0, days_ago: int = 0) -> None:
    day = local(now()).date() - timedelta(days=days_ago)
    db.session.add(SearchTerm(term=text, day=day, times=times, without_result=without_result))
    db.session.commit()


def section(page: str, name: str) -> str:
    """Return the part of a page under the heading with this id."""
    return page.partition(f'id="{name}"')[2].partition("</section>")[0]


def test_what_is_missed_most_stands_on_top(cast: Cast, client_of: Clients) -> None:
    term("huisbezoek", times=9)
    term("woningnood", times=2, without_result=1)
    term("energietoeslag", times=2, without_result=2)
    term("energietoeslag", times=1, without_result=1, days_ago=3)
    page = client_of(cast.manager).get("/searches").text
    missed, most = section(page, "vain-title"), section(page, "most-title")
    assert missed.index("energietoeslag") < missed.index("woningnood")
    assert "huisbezoek" not in missed and most.index("huisbezoek") < most.index("energietoeslag")
    assert '<td class="k-number">3</td>' in missed
    assert "/discussions/new?title=energietoeslag" in missed
    assert "/proposals/new?title=energietoeslag" in missed
    assert "/search?q=huisbezoek" in most


def test_a_period(cast: Cast, client_of: Clients) -> None:
    term("kortgeleden", days_ago=29)
    term("langgeleden", days_ago=30)
    term("vergeten", days_ago=91)
    client = client_of(cast.manager)
    short, long = client.get("/searches").text, client.get("/searches?days=90").text
    assert "kortgeleden" in short and "langgeleden" not in short
    assert "langgeleden" in long and "vergeten" not in long
    assert "langgeleden" not in client.get("/searches?days=veel").text
    assert "langgeleden" not in client.get("/searches?days=99999999999999999999").text


def test_nothing_yet(cast: Cast, client_of: Clients) -> None:
    assert "nergens op gezocht" in client_of(cast.manager).get("/searches").text


def test_the_table_carries_no_formulas(cast: Cast, client_of: Clients) -> None:
    term("=1+1", times=3, without_result=2)
    answer = client_of(cast.manager).get("/searches.csv?days=90")
    assert answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    rows = list(csv.reader(StringIO(answer.text.removeprefix("\ufeff")), delimiter=";"))
    assert rows == [
        ["Gezocht op", "Aantal keer", "Aantal keer zonder resultaat"], ["'=1+1", "3", "2"],
    ]  # fmt: skip


@pytest.mark.parametrize("path", ["/searches", "/searches.csv", "/settings/searches"])
def test_it_is_the_managers_alone(path: str, cast: Cast, client_of: Clients) -> None:
    term("geheimwoord")
    for user in (cast.member, cast.moderator, cast.specialist, cast.administrator):
        answer = client_of(user).get(path)
        assert answer.status_code == 403 and "geheimwoord" not in answer.text
    assert client_of(None).get(path).status_code == 303


def test_the_manager_finds_it(cast: Cast, client_of: Clients) -> None:
    client = client_of(cast.manager)
    assert 'href="/settings/searches"' in client.get("/settings").text
    assert client.get("/settings/searches").location == "/searches"
    assert 'href="/searches"' in client.get("/search").text
    assert 'href="/searches"' not in client_of(cast.member).get("/search").text


def test_a_fixed_number_of_statements(cast: Cast, client_of: Clients) -> None:
    client = client_of(cast.manager)
    client.get("/searches")
    with statements() as few:
        client.get("/searches")
    for number in range(30):
        term(f"woord{number}", without_result=1)
    with statements() as many:
        client.get("/searches")
    assert len(few) == len(many) <= 4
