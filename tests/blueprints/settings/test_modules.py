"""Which parts the community uses, what it agreed, and whether readers are counted."""

from collections.abc import Callable

import pytest

from app.models import User
from app.site import site
from tests.cast import Cast, discussion
from tests.checking import CheckingClient

Clients = Callable[[User | None], CheckingClient]
AGREED = {"unanswered_days": "5", "help_days": "1", "ambassador_cap": "12"}


@pytest.mark.parametrize("htmx, status", [(False, 303), (True, 204)])
def test_parts_are_turned_off_and_on(
    cast: Cast, client_of: Clients, htmx: bool, status: int
) -> None:
    client = client_of(cast.administrator)
    page = client.get("/settings/modules").text
    assert page.count("checked") == 3 and "Er wordt niets verwijderd" in page
    data = {"modules_off": ["groups"], "show_views": "y"}
    assert client.post("/settings/modules", data=data, htmx=htmx).status_code == status
    assert site().modules_off == ("wikis",)
    assert client.get("/wikis").status_code == 404
    assert client.get("/groups").status_code == 200
    assert client.get("/settings/modules").text.count("checked") == 2
    client.post("/settings/modules", data={"modules_off": ["groups", "wikis"], "show_views": "y"})
    assert site().modules_off == () and client.get("/wikis").status_code == 200


def test_another_part_is_refused(cast: Cast, client_of: Clients) -> None:
    answer = client_of(cast.administrator).post(
        "/settings/modules", data={"modules_off": ["discussions"], "show_views": "y"}
    )
    assert answer.status_code == 422 and "Kies uit de lijst" in answer.text
    assert site().modules_off == ()


def test_readers_are_neither_counted_nor_shown(cast: Cast, client_of: Clients) -> None:
    piece = discussion(cast.other, view_count=7)
    path = f"/discussions/{piece.id}-{piece.slug}"
    client = client_of(cast.member)
    assert "7 keer" in client.get(path).text or "7 " in client.get(path).text
    before = client.get(path).text
    client_of(cast.administrator).post(
        "/settings/modules", data={"modules_off": ["wikis", "groups"]}
    )
    assert not site().show_views
    after = client.get(path).text
    shown = "gelezen"
    assert (shown in before) and (shown not in after)


@pytest.mark.parametrize("htmx, status", [(False, 303), (True, 204)])
def test_agreements_are_changed(cast: Cast, client_of: Clients, htmx: bool, status: int) -> None:
    client = client_of(cast.administrator)
    assert client.post("/settings/community", data=AGREED, htmx=htmx).status_code == status
    assert (site().unanswered_days, site().help_days, site().ambassador_cap) == (5, 1, 12)


@pytest.mark.parametrize(
    "wrong",
    [{"unanswered_days": "0"}, {"unanswered_days": "31"}, {"help_days": "veel"},
     {"help_days": ""}, {"ambassador_cap": "-1"}, {"ambassador_cap": "1e3"}],
)  # fmt: skip
def test_a_number_out_of_bounds_changes_nothing(
    cast: Cast, client_of: Clients, wrong: dict[str, str]
) -> None:
    answer = client_of(cast.administrator).post("/settings/community", data={**AGREED, **wrong})
    assert answer.status_code == 422 and 'aria-invalid="true"' in answer.text
    assert all(f'value="{value}"' in answer.text for value in {**AGREED, **wrong}.values())
    assert site().unanswered_days == 3 and site().ambassador_cap == 30


@pytest.mark.parametrize("path", ["/settings/modules", "/settings/community"])
@pytest.mark.parametrize("way", ["GET", "POST"])
def test_it_is_for_administrators(cast: Cast, client_of: Clients, path: str, way: str) -> None:
    for user in (cast.member, cast.manager):
        assert client_of(user).open(path, method=way).status_code == 403
    assert client_of(None).open(path, method=way).status_code == (303 if way == "GET" else 401)
