"""The departments of the municipality, on the settings page."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models import Department, LogEntry, User
from tests.cast import Cast
from tests.checking import CheckingClient

ClientOf = Callable[[User | None], CheckingClient]


@pytest.fixture
def units(cast: Cast) -> dict[str, int]:
    """Return three departments by name: one person in Burgerzaken, two in Inkomen, none in Zorg."""
    made = {name: Department(name=name) for name in ("Burgerzaken", "Inkomen", "Zorg")}
    db.session.add_all(made.values())
    cast.member.department = made["Burgerzaken"]
    cast.other.department = cast.blogger.department = made["Inkomen"]
    db.session.commit()
    return {name: each.id for name, each in made.items()}


def places() -> dict[str, str]:
    """Return the department of everyone who has one."""
    found = select(User.name, Department.name).join(Department, Department.id == User.department_id)
    rows = {row[0]: row[1] for row in db.session.execute(found)}
    db.session.rollback()
    return rows


def names() -> list[str]:
    found = list(db.session.scalars(select(Department.name).order_by(Department.name)))
    db.session.rollback()
    return found


def test_the_list_tells_how_many_people(
    client_of: ClientOf, cast: Cast, units: dict[str, int]
) -> None:
    page = client_of(cast.administrator).get("/settings/departments").text
    assert "Inkomen" in page and "2 mensen" in page


@pytest.mark.parametrize("who", ["member", "moderator", "manager"])
def test_others_may_not(client_of: ClientOf, cast: Cast, units: dict[str, int], who: str) -> None:
    client = client_of(getattr(cast, who))
    assert client.get("/settings/departments").status_code == 403
    assert client.post("/settings/departments", data={"name": "Stiekem"}).status_code == 403
    for deed in ("edit", "merge", "remove"):
        assert client.post(f"/settings/departments/{units['Zorg']}/{deed}").status_code == 403
    assert names() == ["Burgerzaken", "Inkomen", "Zorg"]


def test_a_department_that_is_not_there(client_of: ClientOf, cast: Cast) -> None:
    client = client_of(cast.administrator)
    assert client.get("/settings/departments/999/edit").status_code == 404
    assert client_of(None).get("/settings/departments").status_code == 303


@pytest.mark.parametrize("htmx", [False, True])
def test_a_department_is_added(client_of: ClientOf, cast: Cast, *, htmx: bool) -> None:
    client = client_of(cast.administrator)
    client.post("/settings/departments", data={"name": "Werk"}, htmx=htmx)
    assert names() == ["Werk"]


@pytest.mark.parametrize("name", ["", "   ", "INKOMEN", "x" * 121])
def test_a_wrong_name_is_refused(
    client_of: ClientOf, cast: Cast, units: dict[str, int], name: str
) -> None:
    client = client_of(cast.administrator)
    for url in ("/settings/departments", f"/settings/departments/{units['Zorg']}/edit"):
        answer = client.post(url, data={"name": name})
        assert answer.status_code == 422 and 'aria-invalid="true"' in answer.text
    assert names() == ["Burgerzaken", "Inkomen", "Zorg"]


def test_people_keep_a_renamed_department_and_the_log_its_former_name(
    client_of: ClientOf, cast: Cast, units: dict[str, int]
) -> None:
    url = f"/settings/departments/{units['Inkomen']}/edit"
    client_of(cast.administrator).post(url, data={"name": "Werk en inkomen"})
    assert places()["Otto Ander"] == "Werk en inkomen"
    assert "Inkomen → Werk en inkomen" in db.session.scalars(select(LogEntry.result)).all()


def test_merging_moves_people(client_of: ClientOf, cast: Cast, units: dict[str, int]) -> None:
    url = f"/settings/departments/{units['Burgerzaken']}/merge"
    client = client_of(cast.administrator)
    assert "1 persoon" in client.get(url).text
    assert client.post(url, data={"into": str(units["Inkomen"])}).status_code == 303
    assert set(places().values()) == {"Inkomen"} and len(places()) == 3
    assert names() == ["Inkomen", "Zorg"]
    assert "Burgerzaken → Inkomen" in db.session.scalars(select(LogEntry.result)).all()


def test_a_department_is_not_merged_into_itself(
    client_of: ClientOf, cast: Cast, units: dict[str, int]
) -> None:
    url = f"/settings/departments/{units['Inkomen']}/merge"
    client = client_of(cast.administrator)
    for into in (str(units["Inkomen"]), "", "999"):
        assert client.post(url, data={"into": into}).status_code == 422
    assert names() == ["Burgerzaken", "Inkomen", "Zorg"]


def test_only_an_empty_department_is_removed(
    client_of: ClientOf, cast: Cast, units: dict[str, int]
) -> None:
    client = client_of(cast.administrator)
    client.post(f"/settings/departments/{units['Inkomen']}/remove")
    assert "Voeg hem samen" in client.get("/settings/departments").text
    client.post(f"/settings/departments/{units['Zorg']}/remove")
    assert names() == ["Burgerzaken", "Inkomen"]
