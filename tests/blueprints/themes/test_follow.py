"""/themes/<slug>/follow: see what is new in a theme on one's home page."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from app.extensions import db
from app.lib.clock import now
from app.models import ThemeFollow, User
from app.services.following import follow_theme
from tests.cast import Cast
from tests.checking import CheckingClient

ClientOf = Callable[[User | None], CheckingClient]
ON, OFF = {"following": "1"}, {"following": "0"}
PATH = "/themes/schuldhulp"


def followers() -> list[int]:
    return list(db.session.scalars(select(ThemeFollow.user_id)))


def test_one_follows_and_stops(client: CheckingClient, cast: Cast) -> None:
    assert "volger" not in client.get(PATH).text.replace("volgers zien", "")
    for _time in range(2):
        answer = client.post(f"{PATH}/follow", data=ON)
        assert answer.status_code == 303 and answer.location == PATH
    assert followers() == [cast.member.id]
    page = client.get(PATH).text
    assert "Je volgt Schuldhulp nu." in page and "1 volger<" in page
    client.post(f"{PATH}/follow", data=OFF)
    assert followers() == []


def test_htmx_gets_the_button_and_the_number(client: CheckingClient, cast: Cast) -> None:
    follow_theme(cast.other, cast.theme)
    db.session.commit()
    answer = client.post(f"{PATH}/follow", data=ON, htmx=True)
    assert "<html" not in answer.text and 'id="follow-theme"' in answer.text
    assert "2 volgers" in answer.text and "Niet meer volgen" in answer.text


def test_who_left_does_not_count(client: CheckingClient, cast: Cast) -> None:
    follow_theme(cast.other, cast.theme)
    follow_theme(cast.blogger, cast.theme)
    cast.other.deactivated_at = now()
    db.session.commit()
    assert "1 volger<" in client.get(PATH).text


@pytest.mark.parametrize("data", [{}, {"following": "2"}])
def test_a_press_says_what_it_wants(
    client: CheckingClient, cast: Cast, data: dict[str, str]
) -> None:
    assert client.post(f"{PATH}/follow", data=data).status_code == 400
    assert followers() == []


def test_what_does_not_exist_is_not_found(client: CheckingClient) -> None:
    assert client.post("/themes/bestaat-niet/follow", data=ON).status_code == 404


def test_visitors_cannot(cast: Cast, client_of: ClientOf) -> None:
    assert client_of(None).post(f"{PATH}/follow", data=ON).status_code == 401
