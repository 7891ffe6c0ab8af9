"""/people/<ref>/follow: see what someone makes on one's home page."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from app.extensions import db
from app.lib.clock import now
from app.models import PersonFollow, User
from tests.cast import Cast
from tests.checking import CheckingClient

ClientOf = Callable[[User | None], CheckingClient]
ON, OFF = {"following": "1"}, {"following": "0"}


def path_of(user: User) -> str:
    return f"/people/{user.id}-{user.handle}"


def follows() -> list[tuple[int, int]]:
    found = select(PersonFollow.user_id, PersonFollow.person_id)
    return [(user, person) for user, person in db.session.execute(found)]


def test_one_follows_and_stops(client: CheckingClient, cast: Cast) -> None:
    path = path_of(cast.other)
    assert "Otto Ander volgen" in client.get(path).text
    for _time in range(2):
        answer = client.post(f"{path}/follow", data=ON)
        assert answer.status_code == 303 and answer.location == path
    assert follows() == [(cast.member.id, cast.other.id)]
    page = client.get(path).text
    assert "Je volgt Otto Ander nu." in page and "Otto Ander niet meer volgen" in page
    for _time in range(2):
        assert client.post(f"{path}/follow", data=OFF).status_code == 303
    assert follows() == []


def test_htmx_gets_the_button(client: CheckingClient, cast: Cast) -> None:
    answer = client.post(f"{path_of(cast.other)}/follow", data=ON, htmx=True)
    assert answer.status_code == 200 and "<html" not in answer.text
    assert 'id="follow-person"' in answer.text and "niet meer volgen" in answer.text
    assert 'data-announce="Je volgt Otto Ander nu."' in answer.text
    assert 'value="0"' in answer.text, "the next press stops it"


@pytest.mark.parametrize("data", [{}, {"following": "2"}, {"following": "yes"}])
def test_a_press_says_what_it_wants(
    client: CheckingClient, cast: Cast, data: dict[str, str]
) -> None:
    assert client.post(f"{path_of(cast.other)}/follow", data=data).status_code == 400
    assert follows() == []


def test_nobody_follows_themselves_or_who_left(client: CheckingClient, cast: Cast) -> None:
    assert client.post(f"{path_of(cast.member)}/follow", data=ON).status_code == 403
    cast.other.deactivated_at = now()
    db.session.commit()
    assert client.post(f"{path_of(cast.other)}/follow", data=ON).status_code == 403
    assert client.post("/people/99999/follow", data=ON).status_code == 404
    assert "/follow" not in client.get(path_of(cast.other)).text
    assert "/follow" not in client.get(path_of(cast.member)).text


def test_visitors_cannot(cast: Cast, client_of: ClientOf) -> None:
    assert client_of(None).post(f"{path_of(cast.other)}/follow", data=ON).status_code == 401
