"""/moderation/figures: how moderation goes, in numbers and without names."""

import csv
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest

from app.extensions import db
from app.lib.clock import local, now
from app.models import Appeal, AppealState, CaseState, LogEntry, User
from app.queries.moderation_figures import Load, figures
from app.services import settings
from app.site import forget_site, site
from bench.statements import statements
from tests.cast import Cast, case, comment, decision, discussion
from tests.checking import CheckingClient

ClientOf = Callable[[User | None], CheckingClient]
PATH = "/moderation/figures"
CSV = "/moderation/figures.csv"


def scene(cast: Cast) -> None:
    """Add cases of this month and of longer ago, decisions and appeals."""
    came = now() - timedelta(hours=10)
    asked = discussion(cast.member)
    closed: dict[str, Any] = {
        "state": CaseState.RESOLVED, "rule": "Artikel 2: blijf aardig", "created_at": came,
        "first_look_at": came + timedelta(hours=2), "closed_at": came + timedelta(hours=4),
    }  # fmt: skip
    case(asked, cast.other, **closed)
    rejected: dict[str, Any] = {**closed, "state": CaseState.REJECTED, "rule": ""}
    reply = comment(asked, cast.member)
    case(reply, cast.other, **rejected | {"closed_at": came + timedelta(hours=8)})
    case(reply, cast.other, created_at=came, first_look_at=None, taken_by_id=cast.moderator.id)
    case(cast.member, cast.other, created_at=came)
    old = came - timedelta(days=400)
    case(discussion(cast.member), cast.other, **closed | {"created_at": old})
    for state in (AppealState.UPHELD, AppealState.DISMISSED, AppealState.DISMISSED):
        made = decision(cast.member, cast.moderator, asked)
        appeal = Appeal(decision_id=made.id, body="Niet eens", state=state, due_at=now())
        db.session.add(appeal)
    decision(cast.member, cast.manager)
    db.session.commit()


def test_the_numbers(cast: Cast) -> None:
    scene(cast)
    found = figures()
    assert len(found.months) == 12 and found.cases == 4
    came = local(now() - timedelta(hours=10)).date().replace(day=1)
    (month,) = [month for month in found.months if month.start == came]
    assert (month.cases, month.upheld, month.dismissed) == (4, 1, 1)
    assert month.look == timedelta(hours=2) and month.closing == timedelta(hours=6)
    assert found.look == timedelta(hours=2) and found.closing == timedelta(hours=6)
    assert found.kinds == {"comment": 2, "content": 1, "user": 1}
    assert found.rules == {"Artikel 2: blijf aardig": 1}
    assert found.reasons == {"disrespectful": 5}, "reports count by their own day"
    assert found.measures == {"hidden": 3, "warned": 1}
    assert found.appeals == {AppealState.UPHELD: 1, AppealState.DISMISSED: 2}
    assert found.upheld_share == 33
    assert found.load.waiting == 2 and found.load.free == 1 and found.load.hands == [1]


def test_the_load_is_divided() -> None:
    load = Load(3, [1, 2, 6])
    assert load.waiting == 12 and load.most == 6 and load.middle == 2
    assert Load(0, []).most == 0 and Load(0, []).middle == 0


def test_the_page_shows_no_name(cast: Cast, client_of: ClientOf) -> None:
    scene(cast)
    page = client_of(cast.ambassador).get(PATH).text
    main = page.partition("<main")[2].partition("</main>")[0]
    for text in ("Artikel 2: blijf aardig", "33%", "2 uur", "6 uur", "Lid gewaarschuwd",
                 "Reactie", "Profiel"):  # fmt: skip
        assert text in main, text
    for person in (cast.member, cast.other, cast.moderator, cast.manager):
        assert person.name not in main


def test_without_anything_it_says_so(cast: Cast, client_of: ClientOf) -> None:
    page = client_of(cast.moderator).get(PATH).text
    assert "Geen in de afgelopen twaalf maanden" in page and "–" in page


def test_a_moderator_finds_it(cast: Cast, client_of: ClientOf) -> None:
    assert f'href="{PATH}"' in client_of(cast.moderator).get("/moderation").text
    assert f'href="{PATH}"' not in client_of(cast.group_owner).get("/moderation").text


@pytest.mark.parametrize("path", [PATH, CSV])
def test_it_is_for_moderators(cast: Cast, client_of: ClientOf, path: str) -> None:
    for name in ("member", "specialist", "group_owner", "administrator"):
        assert client_of(getattr(cast, name)).get(path).status_code == 403, name
    for name in ("ambassador", "moderator", "manager"):
        assert client_of(getattr(cast, name)).get(path).status_code == 200, name
    assert client_of(None).get(path).status_code == 303


def test_the_spreadsheet_has_the_same_numbers(cast: Cast, client_of: ClientOf) -> None:
    scene(cast)
    answer = client_of(cast.manager).get(CSV)
    assert answer.mimetype == "text/csv"
    text = answer.get_data(as_text=True).removeprefix("\ufeff")
    rows = {tuple(row[:2]): row[2] for row in csv.reader(StringIO(text), delimiter=";")}
    came = local(now() - timedelta(hours=10))
    assert rows["Meldingen die binnenkwamen", f"{came:%Y-%m}"] == "4"
    assert rows["Maatregelen", "Verborgen"] == "3"
    assert rows["Nu open", "Samen"] == "2"
    assert cast.member.name not in text and cast.moderator.name not in text


def test_five_statements_whatever_there_is(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.moderator)
    client.get(PATH)
    with statements() as few:
        client.get(PATH)
    scene(cast)
    with statements() as many:
        client.get(PATH)
    assert len(few) == len(many), "\n\n".join(many)


def test_the_manager_plans_the_evaluation(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.manager)
    assert "Er is nog geen dag gekozen" in client.get(PATH).text
    day = (now() + timedelta(days=90)).date().isoformat()
    answer = client.post(PATH, data={"day": day})
    assert answer.status_code == 303 and answer.location == PATH
    forget_site()
    assert site().moderation_review_on == day
    assert f'value="{day}"' in client.get(PATH).text
    (entry,) = db.session.query(LogEntry)
    assert entry.action == "setting_changed" and entry.actor_id == cast.manager.id


@pytest.mark.parametrize("day", ["", "gisteren", "2020-01-01", "2999-01-01"])
def test_a_day_that_does_not_fit(cast: Cast, client_of: ClientOf, day: str) -> None:
    answer = client_of(cast.manager).post(PATH, data={"day": day})
    assert answer.status_code == 422 and site().moderation_review_on == ""
    assert not day or f'value="{day}"' in answer.text


def test_a_day_that_passed_warns(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.moderator)
    settings.change({"moderation_review_on": "2026-01-15"}, cast.manager)
    db.session.commit()
    assert datetime(2026, 1, 15, tzinfo=UTC) < now()
    assert "15 januari 2026 geëvalueerd worden" in client.get(PATH).text
    assert 'name="day"' not in client.get(PATH).text, "moderators do not choose it"


def test_only_the_manager_plans(cast: Cast, client_of: ClientOf) -> None:
    for name in ("moderator", "member", "administrator"):
        answer = client_of(getattr(cast, name)).post(PATH, data={"day": "2027-01-01"})
        assert answer.status_code == 403
    assert client_of(None).post(PATH, data={"day": "2027-01-01"}).status_code == 401
