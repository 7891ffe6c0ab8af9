"""A reply is placed in a short transaction: what takes long comes before it or after it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import before_render_template
from sqlalchemy import func, select, text

from app.extensions import Kring, db
from app.lib.clock import now
from app.lib.markdown import Rendered, render
from app.models import Comment, Discussion, Follow, Membership, Notification, User
from app.services import images
from bench.statements import statements
from tests.cast import Cast, discussion, image, person
from tests.checking import CheckingClient
from tests.databases import KIND

ClientOf = Callable[[User | None], CheckingClient]
WITH_HTMX, WITHOUT = 16, 15
"""Statements of a reply: three to look, twelve to store, and with htmx one to show it."""
LOCK = int(KIND == "postgres")
"""One more where others could place a reply to the same piece meanwhile."""


def filled(body: str = "Zo zit **het**.") -> dict[str, object]:
    return {"body": body, "submission_key": str(uuid4()), "seen": 0, "page": 1}


@pytest.fixture
def thread(cast: Cast) -> Discussion:
    return discussion(cast.other, theme=cast.theme)


@contextmanager
def while_rendering(
    monkeypatch: pytest.MonkeyPatch, happens: Callable[[], object]
) -> Iterator[None]:
    """Let something happen, in a thread of its own, while a text is being rendered."""

    def slow(body: str, **options: Any) -> Rendered:
        aside = threading.Thread(target=happens)
        aside.start()
        aside.join(20)
        return render(body, **options)

    with monkeypatch.context() as patched:
        patched.setattr("app.services.text.render", slow)
        yield


def elsewhere(app: Kring, work: Callable[[], object], done: list[int]) -> Callable[[], None]:
    """Return what does some work in a transaction of its own, and notes that it was stored."""

    def run() -> None:
        with app.app_context():
            work()
            db.session.commit()
        done.append(1)

    return run


def other_write() -> None:
    db.session.execute(text("UPDATE users SET phone = '06' WHERE id = 1"))


def test_others_write_while_a_reply_is_rendered(
    app: Kring, thread: Discussion, client: CheckingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[int] = []
    with while_rendering(monkeypatch, elsewhere(app, other_write, done)):
        answer = client.post(f"/content/{thread.id}/comments", data=filled())
    assert answer.status_code == 303
    assert done


def test_others_write_while_the_answer_is_made(
    app: Kring, thread: Discussion, client: CheckingClient
) -> None:
    done: list[int] = []

    def when_rendered(_app: Kring, **_more: Any) -> None:
        aside = threading.Thread(target=elsewhere(app, other_write, done))
        aside.start()
        aside.join(20)

    with before_render_template.connected_to(when_rendered):
        answer = client.post(f"/content/{thread.id}/comments", data=filled(), htmx=True)
    assert answer.status_code == 200 and "<strong>het</strong>" in answer.text
    assert done


@pytest.mark.parametrize(
    "moderators", [("locked", 403), ("hidden", 404), ("silenced", 403), ("suspended", 401)]
)
def test_what_was_allowed_is_decided_again_when_it_is_written(
    app: Kring, thread: Discussion, client: CheckingClient, monkeypatch: pytest.MonkeyPatch,
    moderators: tuple[str, int],
) -> None:  # fmt: skip
    """Everything was fine when the form came in; then a moderator acts while it is rendered."""
    (change, status), done = moderators, list[int]()
    key, writer = thread.id, db.session.scalars(select(User.id).order_by(User.id)).first()

    def act() -> None:
        until = now() + timedelta(days=365)
        if change in {"locked", "hidden"}:
            setattr(db.session.get_one(Discussion, key), f"{change}_at", now())
        else:
            setattr(db.session.get_one(User, writer), f"{change}_until", until)

    with while_rendering(monkeypatch, elsewhere(app, act, done)):
        answer = client.post(f"/content/{key}/comments", data=filled("Mijn lange tekst"))
    assert done and answer.status_code == status
    assert "Mijn lange tekst" in answer.text or status == 404
    assert db.session.scalar(select(func.count(Comment.id))) == 0


def test_who_is_put_out_of_the_group_meanwhile_replies_no_more(
    app: Kring, cast: Cast, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside, done = discussion(cast.group_owner, group=cast.closed), list[int]()
    client, membership = client_of(cast.insider), (cast.insider.id, cast.closed.id)

    def put_out() -> None:
        db.session.delete(db.session.get_one(Membership, membership))

    with while_rendering(monkeypatch, elsewhere(app, put_out, done)):
        answer = client.post(f"/content/{inside.id}/comments", data=filled())
    assert done and answer.status_code == 404
    assert db.session.scalar(select(func.count(Comment.id))) == 0


def test_an_image_that_is_removed_meanwhile_is_not_shown(
    app: Kring, cast: Cast, thread: Discussion, client: CheckingClient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    shown = image(cast.member)
    words, key, done = images.markdown(shown), shown.id, list[int]()

    def remove() -> None:
        if not done:
            db.session.get_one(type(shown), key).removed_at = now()

    with while_rendering(monkeypatch, elsewhere(app, remove, done)):
        client.post(f"/content/{thread.id}/comments", data=filled(f"Kijk:\n\n{words}"))
    html = db.session.scalars(select(Comment.body_html)).one()
    assert done and "<img" not in html


def test_ids_in_a_reply_carry_its_number(thread: Discussion, client: CheckingClient) -> None:
    client.post(f"/content/{thread.id}/comments", data=filled("Zie hier[^1].\n\n[^1]: Een noot."))
    made = db.session.scalars(select(Comment)).one()
    assert f'id="r{made.id}-' in made.body_html and f'href="#r{made.id}-' in made.body_html
    assert made.body_html.count("r") < 60, "no trace of what stood for the number"


@pytest.mark.parametrize("htmx", [True, False])
def test_the_number_of_statements_is_the_same_for_any_number_of_followers(
    cast: Cast, client_of: ClientOf, htmx: bool
) -> None:
    client, found = client_of(cast.member), {}
    client.post(f"/content/{discussion(cast.other).id}/comments", data=filled())
    for followers in (0, 10, 100):
        asked = discussion(cast.other, theme=cast.theme)
        key, people = asked.id, [person(f"Volger {followers} {n}") for n in range(followers)]
        db.session.flush()
        db.session.add_all(Follow(user_id=one.id, content_id=key) for one in people)
        db.session.commit()
        form = filled() | {"draft_writer": "a1"}  # as a page gives it: a draft is looked for
        with statements() as needed:
            client.post(f"/content/{key}/comments", data=form, htmx=htmx)
        found[followers] = len(needed)
        told = select(func.count()).where(Notification.content_id == key)
        assert db.session.scalar(told) == followers
    assert found == dict.fromkeys(found, LOCK + (WITH_HTMX if htmx else WITHOUT))
