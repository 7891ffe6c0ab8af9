"""Many at once: one form makes one row, and no reply or count gets lost."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import create_app
from app.extensions import Kring, db
from app.models import (
    Case,
    CaseEvent,
    Comment,
    Content,
    Discussion,
    Like,
    LogEntry,
    Notification,
    Report,
    SearchDocument,
    User,
    WikiPage,
)
from app.services import log_chain, reactions
from tests.cast import Cast, case, discussion, wiki_page
from tests.checking import CheckingClient
from tests.databases import let_go

ClientOf = Callable[[User | None], CheckingClient]
AT_ONCE = 20
WRITERS = (
    "member",
    "other",
    "blogger",
    "specialist",
    "ambassador",
    "moderator",
    "manager",
    "insider",
)


@pytest.fixture
def app(app: Kring) -> Iterator[Kring]:
    """Return an application in which the last of many writers is let in on a slow machine too."""
    made = create_app({"TESTING": True, "DATABASE_PATIENCE": 120.0})
    yield made
    let_go(made)


def together(requests: list[Callable[[], int]]) -> Counter[int]:
    """Start all requests at the same moment; count their statuses."""
    start = Barrier(len(requests))

    def run(request: Callable[[], int]) -> int:
        start.wait()
        return request()

    db.session.commit()
    with ThreadPoolExecutor(len(requests)) as pool:
        return Counter(pool.map(run, requests))


def sending(client: CheckingClient, path: str, fields: dict[str, str]) -> Callable[[], int]:
    """Return what posts a form by a client of its own: browsers send on several connections."""
    token = client.csrf_token()
    cookie = client.get_cookie(client.application.config["SESSION_COOKIE_NAME"])
    assert cookie is not None

    def send() -> int:
        browser = client.application.test_client(use_cookies=False)
        data = {"csrf_token": token, **fields}
        headers = {"Cookie": f"{cookie.key}={cookie.value}"}
        # Not by the checking client: it would end the transaction of the test, in another thread.
        answer = FlaskClient.open(browser, path, method="POST", data=data, headers=headers)
        return answer.status_code

    return send


@pytest.mark.parametrize("kind", ["reply", "discussion", "wiki page"])
def test_one_form_sent_many_times_at_once_is_one_row(
    cast: Cast, client_of: ClientOf, kind: str
) -> None:
    asked = discussion(cast.other)
    fields = {
        "title": "Eén keer",
        "body": "Eén keer",
        "submission_key": str(uuid4()),
        "is_question": "1",
    }
    theme = {"theme_id": str(cast.theme.id), "standing": "in_force"}
    path, model = {
        "reply": (f"/content/{asked.id}/comments", Comment),
        "discussion": ("/discussions/new", Discussion),
        "wiki page": ("/wikis/new", WikiPage),
    }[kind]
    client = client_of(cast.specialist)
    send = sending(client, path, fields | theme)
    statuses = together([send] * AT_ONCE)
    assert statuses == {303: AT_ONCE}
    mine = select(func.count()).select_from(model).filter_by(author_id=cast.specialist.id)
    assert db.session.scalar(mine) == 1


def test_replies_of_many_writers(cast: Cast, client_of: ClientOf) -> None:
    """No place is left out or given twice, counts are right, everyone is told of each reply once."""
    asked = discussion(cast.member)
    reactions.follow(asked, cast.group_owner)
    senders = [
        sending(
            client_of(getattr(cast, name)), f"/content/{asked.id}/comments", {"body": f"{name} {n}"}
        )
        for name in WRITERS
        for n in range(3)
    ]
    assert together(senders) == {303: len(senders)}
    db.session.expire_all()
    positions = list(db.session.scalars(select(Comment.position).order_by(Comment.position)))
    assert positions == list(range(1, len(senders) + 1))
    assert asked.comment_count == asked.last_position == len(senders)
    assert asked.other_comment_count == len(senders) - 3
    told = dict(db.session.execute(select(Notification.user_id, Notification.count)).all())
    assert told.pop(cast.group_owner.id) == len(senders)
    assert all(number <= len(senders) - 3 for number in told.values())
    rows = db.session.scalar(select(func.count(Notification.id)))
    assert rows == len(told) + 1, "unread news of one piece is one row"
    indexed = select(func.count()).where(SearchDocument.comment_id.is_not(None))
    assert db.session.scalar(indexed) == len(senders)


def test_likes_of_many(cast: Cast, client_of: ClientOf) -> None:
    asked = discussion(cast.group_owner)
    senders = [
        sending(client_of(getattr(cast, name)), f"/content/{asked.id}/like", {"liked": "1"})
        for name in WRITERS
        for _ in range(2)
    ]
    assert together(senders) == {303: len(senders)}
    assert db.session.scalar(select(func.count(Like.id))) == len(WRITERS)
    assert db.session.scalar(select(Content.like_count)) == len(WRITERS)


def test_two_editors_of_one_page_lose_nothing(cast: Cast, client_of: ClientOf) -> None:
    page = wiki_page(cast.specialist, cast.theme, "Pagina", "Eerste tekst")
    fields = {"title": "Pagina", "version": "1", "standing": "in_force"}
    client = client_of(cast.specialist)
    senders = [
        sending(client, f"/wikis/{page.id}-pagina/edit", {**fields, "body": f"Tekst {n}"})
        for n in range(8)
    ]
    assert together(senders) == {303: 1, 409: 7}
    with Session(db.engine) as session:
        assert session.scalar(select(Content.version)) == 2


def test_of_two_moderators_who_take_a_case_one_has_it(cast: Cast, client_of: ClientOf) -> None:
    one = case(discussion(cast.member), cast.other)
    path = f"/moderation/cases/{one.id}/take"
    requests = [sending(client_of(each), path, {}) for each in (cast.moderator, cast.manager)]
    assert together(requests) == {303: 1, 409: 1}
    db.session.refresh(one)
    assert one.taken_by_id in (cast.moderator.id, cast.manager.id)
    assert len(db.session.scalars(select(CaseEvent)).all()) == 1


def test_of_two_moderators_who_close_a_case_one_does(cast: Cast, client_of: ClientOf) -> None:
    one = case(discussion(cast.member), cast.other)
    path = f"/moderation/cases/{one.id}/close"
    answers = {cast.moderator: "Van de een.", cast.manager: "Van de ander."}
    requests = [
        sending(client_of(each), path, {"decision": "dismissed", "outcome": words, "rule": ""})
        for each, words in answers.items()
    ]
    assert together(requests) == {303: 1, 409: 1}
    told = db.session.scalars(select(Notification)).one()
    db.session.refresh(one)
    assert told.user_id == cast.other.id and told.message == one.outcome


def test_many_who_report_at_once_make_one_case(cast: Cast, client_of: ClientOf) -> None:
    asked = discussion(cast.group_owner)
    fields = {"reason": "other", "note": "Kijk eens."}
    path = f"/content/{asked.id}/report"
    requests = [sending(client_of(getattr(cast, name)), path, fields) for name in WRITERS]
    assert together(requests) == {303: len(WRITERS)}
    assert db.session.scalar(select(func.count(Case.id))) == 1
    assert db.session.scalar(select(func.count(Report.id))) == len(WRITERS)


def test_two_who_take_measures_on_many_never_wait_for_each_other(
    cast: Cast, client_of: ClientOf
) -> None:
    """One begins where the other ends: on PostgreSQL each would hold what the other wants."""
    pieces = [discussion(cast.member) for _ in range(12)]
    keys = [piece.id for piece in pieces]
    requests = []
    for moderator, chosen in ((cast.moderator, keys[:8]), (cast.manager, keys[4:])):
        query = "&".join(f"chosen={key}" for key in chosen)
        path = f"/moderation/bulk/hide?{query}"
        requests.append(sending(client_of(moderator), path, {"reason": "Even weg.", "rule": ""}))
    assert together(requests) == {303: 2}
    hidden = select(func.count()).select_from(LogEntry).where(LogEntry.action == "hidden")
    assert db.session.scalar(hidden) == len(pieces)
    assert log_chain.verify().holds
