"""/desk/attention/figures: how much is answered and how soon, without names."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine

from app.extensions import db
from app.lib.clock import now
from app.models import Discussion, User
from app.queries.answers import Month, months
from bench.statements import statements
from tests.cast import Cast, comment, discussion, person
from tests.checking import CheckingClient

ClientOf = Callable[[User | None], CheckingClient]
URL = "/desk/attention/figures"
TODAY = "2026-11-20T12:00"


def at(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo("Europe/Amsterdam"))


def asked(author: User, moment: str, answer: str = "", **values: Any) -> Discussion:
    """Add a question with the moment of its first answer, if there is one."""
    return discussion(
        author, published_at=at(moment), created_at=at(moment),
        first_answer_at=at(answer) if answer else None, **values,
    )  # fmt: skip


def month(start: str) -> Month:
    with time_machine.travel(at(TODAY), tick=False):
        return next(each for each in months() if each.start.isoformat() == start)


@pytest.mark.parametrize("url", [URL, f"{URL}.csv"])
def test_visitors_sign_in_first(client_of: ClientOf, cast: Cast, url: str) -> None:
    assert client_of(None).get(url).location == f"/login?next={url}"


@pytest.mark.parametrize("reader", ["member", "specialist", "administrator", "group_owner"])
def test_it_is_not_for_everyone(client_of: ClientOf, cast: Cast, reader: str) -> None:
    client = client_of(getattr(cast, reader))
    assert client.get(URL).status_code == client.get(f"{URL}.csv").status_code == 403


def test_shares_and_medians(settled: Cast) -> None:
    asked(settled.member, "2026-10-05T10:00", "2026-10-05T12:00")
    asked(settled.member, "2026-10-06T10:00", "2026-10-06T20:00")
    asked(settled.member, "2026-10-09T16:00", "2026-10-12T09:00")
    asked(settled.member, "2026-10-13T10:00")
    found = month("2026-10-01")
    assert (found.started, found.answered, found.share, found.overdue) == (4, 3, 75, 1)
    assert found.median == timedelta(hours=10), "the weekend does not count"


def test_what_came_too_late_was_not_in_time(settled: Cast) -> None:
    asked(settled.member, "2026-10-05T10:00", "2026-10-08T09:00")
    asked(settled.member, "2026-10-05T10:00", "2026-10-08T10:00")
    asked(settled.member, "2026-11-19T10:00")
    assert month("2026-10-01").overdue == 1
    assert month("2026-11-01").overdue == 0, "there is still time"


def test_what_does_not_count(settled: Cast) -> None:
    when = "2026-10-05T10:00"
    for values in ({"hidden_at": now()}, {"withdrawn_at": now()}, {"status": "draft"}):
        asked(settled.member, when, **values)
    other = asked(settled.member, when)
    asked(settled.member, when, merged_into_id=other.id)
    asked(settled.member, "2025-11-30T23:00")
    with time_machine.travel(at(TODAY), tick=False):
        assert sum(each.started for each in months()) == 1


def test_months_begin_on_the_dutch_clock(settled: Cast) -> None:
    asked(settled.member, "2026-10-31T23:59")
    asked(settled.member, "2026-11-01T00:00")
    assert month("2026-10-01").started == month("2026-11-01").started == 1


def test_closed_groups_count_as_numbers(client_of: ClientOf, settled: Cast) -> None:
    asked(settled.insider, "2026-11-05T10:00", title="Alleen voor ons", group=settled.closed)
    asked(settled.insider, "2026-11-05T10:00", title="Alleen voor ons", group=settled.hidden)
    assert month("2026-11-01").started == 2
    with time_machine.travel(at(TODAY)):
        page = client_of(settled.ambassador).get(URL).text
    assert "Alleen voor ons" not in page and "Ineke" not in page


def test_first_posts_of_new_members(settled: Cast) -> None:
    for name in ("Nol Nieuw", "Nel Nieuw"):
        new = person(name)
        new.created_at = at("2026-09-01T10:00")
        db.session.commit()
        made = asked(new, "2026-09-02T10:00")
    comment(made, settled.other)
    found = month("2026-09-01")
    assert (found.first_posts, found.first_answered, found.first_share) == (2, 1, 50)


def test_a_page_with_charts_and_the_table(client_of: ClientOf, settled: Cast) -> None:
    asked(settled.member, "2026-10-05T10:00", "2026-10-05T12:00")
    asked(settled.member, "2026-11-05T10:00")
    with time_machine.travel(at(TODAY)):
        page = client_of(settled.manager).get(URL).text
    assert page.count("<svg viewBox") == 2 and page.count("<desc id=") == 2
    assert "Tussen 0% in november 2026 en 100% in oktober 2026; het laatst 0%." in page
    assert "2 uur" in page and "oktober 2026" in page and "december 2025" in page
    assert "november 2025" not in page and "Lotte" not in page


def test_an_empty_community(client_of: ClientOf, settled: Cast) -> None:
    page = client_of(settled.manager).get(URL).text
    assert "In deze maanden is niets gestart." in page and "–" in page


def test_a_spreadsheet(client_of: ClientOf, settled: Cast) -> None:
    asked(settled.member, "2026-10-05T10:00", "2026-10-05T12:00")
    with time_machine.travel(at(TODAY)):
        answer = client_of(settled.manager).get(f"{URL}.csv")
    assert answer.mimetype == "text/csv"
    assert 'filename="antwoorden-2026-11-20.csv"' in answer.headers["Content-Disposition"]
    lines = answer.text.strip().splitlines()
    assert len(lines) == 13 and lines[0].startswith("\ufeffMaand;Begonnen;Beantwoord")
    assert "2026-10;1;1;100;2,0;0;0;0;" in lines


def test_a_fixed_number_of_statements(client_of: ClientOf, settled: Cast) -> None:
    for number in range(8):
        discussion(person(f"Persoon {number}"), f"Vraag {number}")
    client = client_of(settled.manager)
    client.get(URL)
    with statements() as found:
        client.get(URL)
    # Who is signed in, the pieces, the first posts.
    assert len(found) == 3, "\n\n".join(found)
