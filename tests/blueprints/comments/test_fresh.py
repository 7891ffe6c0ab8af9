"""GET /content/<id>/comments/fresh and /content/<id>/comments/newer."""

from collections.abc import Callable

import pytest

from app.extensions import db
from app.lib.clock import now
from app.models import Discussion, User
from tests import cast as make
from tests.cast import Cast
from tests.checking import CheckingClient

ClientOf = Callable[[User | None], CheckingClient]


@pytest.fixture
def thread(cast: Cast) -> Discussion:
    return make.discussion(cast.other)


def fresh(thread: Discussion, after: int = 0, told: int = 0, page: int = 1) -> str:
    return f"/content/{thread.id}/comments/fresh?after={after}&told={told}&page={page}"


def test_nothing_new_says_nothing(client: CheckingClient, thread: Discussion, cast: Cast) -> None:
    assert client.get(fresh(thread), htmx=True).status_code == 204
    make.comment(thread, cast.other)
    assert client.get(fresh(thread, 0, 1), htmx=True).status_code == 204, "told before"


def test_new_replies_are_announced_once(
    client: CheckingClient, thread: Discussion, cast: Cast
) -> None:
    first = make.comment(thread, cast.other, "Een")
    for body in ("Twee", "Drie"):
        make.comment(thread, cast.other, body)
    make.comment(thread, cast.blogger, "Verborgen", hidden_at=now())
    html = client.get(fresh(thread), htmx=True).text
    assert "3 nieuwe reacties" in html and "told=4" in html
    assert f'href="/comments/{first.id}"' in html
    assert f"/content/{thread.id}/comments/newer?after=0" in html
    assert "Een" not in html


def test_on_another_page_the_news_is_a_link(
    client: CheckingClient, thread: Discussion, cast: Cast
) -> None:
    thread.last_position = 120
    make.comment(thread, cast.other)
    html = client.get(fresh(thread, 120, 120, 1), htmx=True).text
    assert "1 nieuwe reactie" in html and "/comments/newer" not in html


def test_they_are_loaded_in_place_and_the_form_stays(
    client: CheckingClient, thread: Discussion, cast: Cast
) -> None:
    for body in ("Een", "Twee"):
        make.comment(thread, cast.other, body)
    html = client.get(f"/content/{thread.id}/comments/newer?after=1&page=1", htmx=True).text
    assert "Twee" in html and "<p>Een</p>" not in html
    assert 'id="reply-form"' not in html
    assert 'name="seen" value="2"' in html and "after=2" in html
    assert client.get(f"/content/{thread.id}/comments/newer?after=2", htmx=True).status_code == 204


def test_without_htmx_it_leads_to_the_first(
    client: CheckingClient, thread: Discussion, cast: Cast
) -> None:
    comment = make.comment(thread, cast.other)
    response = client.get(f"/content/{thread.id}/comments/newer?after=0")
    assert response.status_code == 303 and response.location.endswith(f"#comment-{comment.id}")
    assert client.get(f"/content/{thread.id}/comments/newer?after=9").status_code == 303


def test_what_is_not_visible_does_not_exist(client: CheckingClient, cast: Cast) -> None:
    closed = make.discussion(cast.insider, group=cast.closed)
    make.comment(closed, cast.insider)
    assert client.get(fresh(closed), htmx=True).status_code == 404
    assert client.get(f"/content/{closed.id}/comments/newer", htmx=True).status_code == 404


def test_who_was_signed_out_is_not_led_away_from_what_they_write(
    client_of: ClientOf, thread: Discussion, cast: Cast
) -> None:
    make.comment(thread, cast.other)
    response = client_of(None).get(fresh(thread), htmx=True)
    assert response.status_code == 204 and "HX-Redirect" not in response.headers
    db.session.commit()
