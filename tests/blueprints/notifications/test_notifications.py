"""GET /notifications, POST /notifications/<id>/open and /notifications/read."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from app.blueprints.notifications.texts import OF_CASES
from app.extensions import db
from app.lib.clock import now
from app.models import Case, Comment, Discussion, Membership, Notification, User
from app.services import activity
from app.services.activity import Verb
from tests import cast as make
from tests.cast import Cast
from tests.checking import CheckingClient

ClientOf = Callable[[User | None], CheckingClient]


@pytest.fixture
def thread(cast: Cast) -> Discussion:
    return make.discussion(cast.member, "Onze vraag")


def tell(
    user: User, verb: Verb, subject: Discussion | Comment | Case, actor: User, message: str = ""
) -> Notification:
    activity.notify(user.id, verb, subject, actor, message)
    db.session.commit()
    return db.session.scalars(select(Notification).order_by(Notification.id.desc())).first()  # type: ignore[return-value]  # it was made just now


def test_an_empty_list_says_what_comes_here(client: CheckingClient) -> None:
    html = client.get("/notifications").text
    assert "Geen berichten" in html


def test_unread_news_stands_on_top_and_bundles_say_how_many(
    client: CheckingClient, thread: Discussion, cast: Cast
) -> None:
    comment = make.comment(thread, cast.other)
    bundle = tell(cast.member, Verb.REPLIED, comment, cast.other)
    bundle.count = 3
    newer = tell(cast.member, Verb.MENTIONED, comment, cast.other)
    newer.read_at = now()
    db.session.commit()
    html = client.get("/notifications").text
    assert "3 nieuwe reacties op ‘Onze vraag’" in html
    assert html.index("3 nieuwe reacties") < html.index("noemde je")


@pytest.mark.parametrize("verb", [verb for verb in Verb if verb not in OF_CASES])
def test_every_kind_has_a_sentence_with_title_and_reason(
    client: CheckingClient, thread: Discussion, cast: Cast, verb: Verb
) -> None:
    for subject in (thread, make.comment(thread, cast.member)):
        tell(cast.member, verb, subject, cast.moderator, "Daarom")
    html = client.get("/notifications").text
    assert html.count("Onze vraag") == 2 and html.count("Daarom") == 2


@pytest.mark.parametrize("verb", list(OF_CASES))
def test_news_of_a_report_leads_to_it_and_says_no_title(
    client_of: ClientOf, cast: Cast, verb: Verb
) -> None:
    secret = make.discussion(cast.insider, "Vertrouwelijke titel", group=cast.closed)
    reported = make.case(secret, cast.group_owner)
    news = tell(cast.manager, verb, reported, cast.moderator, "Wil jij?")
    client = client_of(cast.manager)
    html = client.get("/notifications").text
    assert str(OF_CASES[verb]) in html and "Vertrouwelijke titel" not in html
    # Nobody asks anything where the clock speaks.
    assert ("Wil jij?" in html) is (verb != Verb.CASE_LATE)
    answer = client.post(f"/notifications/{news.id}/open")
    assert answer.location == f"/moderation/cases/{reported.id}"


def test_what_went_out_of_sight_shows_no_title(client_of: ClientOf, cast: Cast) -> None:
    secret = make.discussion(cast.group_owner, "Vertrouwelijke titel", group=cast.closed)
    own = make.discussion(cast.insider, "Mijn eigen titel", group=cast.closed)
    tell(cast.insider, Verb.REPLIED, secret, cast.group_owner, "Ook vertrouwelijk")
    tell(cast.insider, Verb.HIDDEN, own, cast.group_owner, "Deze reden")
    tell(cast.insider, Verb.REPORT_UPHELD, secret, cast.group_owner, "Dank je wel")
    client = client_of(cast.insider)
    assert "Vertrouwelijke titel" in client.get("/notifications").text
    db.session.delete(db.session.get(Membership, (cast.insider.id, cast.closed.id)))
    db.session.commit()
    html = client.get("/notifications").text
    assert "Vertrouwelijke titel" not in html and "Ook vertrouwelijk" not in html
    assert "Mijn eigen titel" in html and "Deze reden" in html and "Dank je wel" in html


@pytest.mark.parametrize("htmx", [True, False])
def test_opening_marks_it_read_and_leads_on(
    client: CheckingClient, thread: Discussion, cast: Cast, htmx: bool
) -> None:
    comment = make.comment(thread, cast.other)
    news = tell(cast.member, Verb.REPLIED, comment, cast.other)
    response = client.post(f"/notifications/{news.id}/open", htmx=htmx)
    assert response.status_code == (204 if htmx else 303)
    assert (response.headers["HX-Redirect" if htmx else "Location"]) == f"/comments/{comment.id}"
    db.session.refresh(news)
    assert news.read_at is not None


def test_opening_what_went_out_of_sight_stays_here(client: CheckingClient, cast: Cast) -> None:
    secret = make.discussion(cast.insider, group=cast.closed)
    news = tell(cast.member, Verb.REPLIED, secret, cast.insider)
    assert client.post(f"/notifications/{news.id}/open").location == "/notifications"
    piece = make.discussion(cast.other)
    news = tell(cast.member, Verb.MENTIONED, piece, cast.other)
    assert (
        client.post(f"/notifications/{news.id}/open").location
        == f"/discussions/{piece.id}-{piece.slug}"
    )


def test_the_news_of_others_does_not_exist(
    client_of: ClientOf, thread: Discussion, cast: Cast
) -> None:
    news = tell(cast.member, Verb.MENTIONED, thread, cast.other)
    client = client_of(cast.blogger)
    assert client.post(f"/notifications/{news.id}/open").status_code == 404
    assert "Onze vraag" not in client.get("/notifications").text
    client.post("/notifications/read")
    db.session.refresh(news)
    assert news.read_at is None


@pytest.mark.parametrize("htmx", [True, False])
def test_all_can_be_marked_read_at_once(
    client: CheckingClient, thread: Discussion, cast: Cast, htmx: bool
) -> None:
    for _ in range(2):
        tell(cast.member, Verb.MENTIONED, thread, cast.other)
    assert client.post("/notifications/read", htmx=htmx).status_code == (204 if htmx else 303)
    db.session.expire_all()
    assert all(news.read_at for news in db.session.scalars(select(Notification)))


def test_the_list_goes_on_where_it_ended(
    client: CheckingClient, thread: Discussion, cast: Cast
) -> None:
    for number in range(65):
        news = tell(cast.member, Verb.HIDDEN, thread, cast.moderator, f"Nummer {number:02d}.")
        news.read_at = now() if number % 2 else None
    db.session.commit()
    seen: list[str] = []
    url: str | None = "/notifications"
    for _ in range(5):
        if url is None:
            break
        html = client.get(url).text
        seen += [part[:2] for part in html.split("Nummer ")[1:]]
        url = (
            f"/notifications?after={html.partition('?after=')[2].partition(chr(34))[0]}"
            if "?after=" in html
            else None
        )
    unread, read = [f"{n:02d}" for n in range(64, -1, -2)], [f"{n:02d}" for n in range(63, 0, -2)]
    assert seen == unread + read
    assert client.get("/notifications?after=onzin").status_code == 404


def test_nobody_signed_in(cast: Cast, client_of: ClientOf) -> None:
    visitor = client_of(None)
    assert visitor.get("/notifications").status_code == 303
    assert visitor.post("/notifications/read").status_code == 401
    assert visitor.post("/notifications/1/open").status_code == 401
