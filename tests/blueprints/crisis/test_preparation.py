"""/crisis/preparation: who to call, and when to look again at how we moderate."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.extensions import db
from app.lib.clock import local, now
from app.models import LogEntry, User
from app.services import settings
from app.site import site
from tests.cast import Cast
from tests.checking import CheckingClient

ClientOf = Callable[[User | None], CheckingClient]
PATH = "/crisis/preparation"
SOON = (local(now()).date() + timedelta(days=30)).isoformat()


@pytest.mark.parametrize("htmx, status", [(False, 303), (True, 204)])
def test_it_is_kept(cast: Cast, client_of: ClientOf, htmx: bool, status: int) -> None:
    client = client_of(cast.manager)
    data = {"call_list": "Joke, woordvoerder, 0612345678\n<b>Piet</b>", "review_on": SOON}
    assert client.post(PATH, data=data, htmx=htmx).status_code == status
    assert site().moderation_review_on == SOON
    page = client.get("/crisis").text
    assert "Joke, woordvoerder, 0612345678" in page and "&lt;b&gt;Piet" in page
    assert f'value="{SOON}"' in client.get(PATH).text
    assert not any("0612345678" in row for row in db.session.scalars(select(LogEntry.result)))
    assert "nog niet gekozen" not in client_of(None).get("/pages/moderation").text
    assert client.post(PATH, data={"call_list": "", "review_on": ""}).status_code == 303
    assert site().moderation_review_on == "" and site().call_list == ""


@pytest.mark.parametrize(
    "wrong", [{"review_on": "2020-01-01"}, {"review_on": "morgen"}, {"call_list": "x" * 10_001}]
)
def test_a_wrong_value_changes_nothing(
    cast: Cast, client_of: ClientOf, wrong: dict[str, str]
) -> None:
    data = {"call_list": "Joke", "review_on": SOON} | wrong
    answer = client_of(cast.manager).post(PATH, data=data)
    assert answer.status_code == 422 and data["call_list"] in answer.text
    assert site().call_list == "" and site().moderation_review_on == ""


def test_a_day_that_has_come_asks_for_attention(cast: Cast, client_of: ClientOf) -> None:
    told = "Bekijk opnieuw hoe we modereren"
    settings.change({"moderation_review_on": SOON}, None)
    db.session.commit()
    client = client_of(cast.manager)
    assert told not in client.get("/").text
    settings.change({"moderation_review_on": local(now()).date().isoformat()}, None)
    db.session.commit()
    assert told in client.get("/").text
    assert told not in client_of(cast.moderator).get("/").text


@pytest.mark.parametrize("way", ["GET", "POST"])
def test_it_is_for_the_manager(cast: Cast, client_of: ClientOf, way: str) -> None:
    for user in (cast.member, cast.moderator, cast.administrator):
        assert client_of(user).open(PATH, method=way).status_code == 403
    assert client_of(None).open(PATH, method=way).status_code == (303 if way == "GET" else 401)
