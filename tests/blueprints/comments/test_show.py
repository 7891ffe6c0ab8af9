"""GET /comments/<id>, and how a reply looks to each reader."""

from collections.abc import Callable

import pytest

from app.extensions import db
from app.lib.clock import now
from app.models import Comment, Discussion, User
from tests import cast as make
from tests.cast import Cast
from tests.checking import CheckingClient

ClientOf = Callable[[User | None], CheckingClient]


@pytest.fixture
def thread(cast: Cast) -> Discussion:
    return make.discussion(cast.other, "Een vraag")


@pytest.fixture
def comment(cast: Cast, thread: Discussion) -> Comment:
    return make.comment(thread, cast.member, "Geheimwoord")


def page(client: CheckingClient, thread: Discussion, query: str = "") -> str:
    return client.get(f"/discussions/{thread.id}-{thread.slug}{query}").text


def test_a_permalink_leads_to_the_right_page(
    client: CheckingClient, thread: Discussion, cast: Cast
) -> None:
    thread.last_position = 63
    comment = make.comment(thread, cast.blogger, "De vierenzestigste")
    response = client.get(f"/comments/{comment.id}")
    assert response.status_code == 303
    assert response.location.endswith(f"?page=2#comment-{comment.id}")
    shown = client.get(response.location).text
    assert f'id="comment-{comment.id}"' in shown and "De vierenzestigste" in shown
    assert "De vierenzestigste" not in page(client, thread)


def test_htmx_gets_the_reply_alone(client: CheckingClient, comment: Comment) -> None:
    response = client.get(f"/comments/{comment.id}", htmx=True)
    assert response.text.lstrip().startswith("<li") and "Geheimwoord" in response.text


def test_a_hidden_reply_shows_nothing_but_its_place(
    client_of: ClientOf, thread: Discussion, comment: Comment, cast: Cast
) -> None:
    comment.hidden_at, comment.hidden_reason = now(), "Onaardig"
    db.session.commit()
    for reader in (cast.other, cast.specialist, cast.administrator):
        client = client_of(reader)
        html = page(client, thread)
        assert "Geheimwoord" not in html and "Onaardig" not in html
        assert "verborgen" in html and f'id="comment-{comment.id}"' in html
        fragment = client.get(f"/comments/{comment.id}", htmx=True).text
        assert "Geheimwoord" not in fragment
    for reader in (cast.member, cast.moderator):
        html = page(client_of(reader), thread)
        assert "Geheimwoord" in html and "Onaardig" in html


def test_the_summary_stands_on_top_of_every_page(
    client: CheckingClient, thread: Discussion, comment: Comment, cast: Cast
) -> None:
    thread.last_position = 60
    thread.summary_comment_id = comment.id
    db.session.commit()
    for query in ("", "?page=2"):
        html = page(client, thread, query)
        assert html.count("Geheimwoord") == 1
        assert html.index("Geheimwoord") < html.index('id="comment-list"')


def test_a_quote_is_filled_in_by_the_server(
    client: CheckingClient, thread: Discussion, comment: Comment
) -> None:
    html = page(client, thread)
    assert f"quote={comment.id}#reply" in html
    assert "&gt; Geheimwoord" in page(client, thread, f"?quote={comment.id}")
    for wrong in ("abc", "-1", "99999999999999999999"):
        assert (
            client.get(f"/discussions/{thread.id}-{thread.slug}?quote={wrong}").status_code == 200
        )


def test_a_reply_that_comes_alone_is_quoted_under_its_piece(
    client: CheckingClient, thread: Discussion, comment: Comment
) -> None:
    """It may be on a page of its own: an address without a path would lead to that page."""
    html = client.get(
        f"/comments/{comment.id}", headers={"HX-Request": "true", "HX-Request-Type": "partial"}
    ).text
    assert (
        f'href="/discussions/{thread.id}-{thread.slug}?page=1&amp;quote={comment.id}#reply"' in html
    )


def test_pages_that_do_not_exist_are_the_nearest(
    client: CheckingClient, thread: Discussion, comment: Comment
) -> None:
    for number in ("abc", "-1", "0", "7", "99999999999999999999"):
        assert "Geheimwoord" in page(client, thread, f"?page={number}")


def test_not_visible_and_nobody(client_of: ClientOf, cast: Cast, comment: Comment) -> None:
    closed = make.comment(make.discussion(cast.insider, group=cast.closed), cast.insider)
    client = client_of(cast.member)
    for htmx in (True, False):
        assert client.get(f"/comments/{closed.id}", htmx=htmx).status_code == 404
    assert client_of(None).get(f"/comments/{comment.id}").status_code == 303
