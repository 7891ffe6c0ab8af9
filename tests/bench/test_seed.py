"""A small seed: what is counted is right, its pages open, and its words are found."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import ColumnElement, Select, and_, func, select

from app.extensions import Kring, db
from app.lib.markdown import render
from app.models import (
    Comment,
    Content,
    ContentView,
    Discussion,
    Like,
    Notification,
    Revision,
    User,
    WikiLink,
    WikiPage,
)
from bench import conversations, inside, limit, measures, seed
from bench.people import READER
from bench.texts import Writer
from tests.checking import CheckingClient

SMALL = seed.Size(replies=1_000, members=120, wiki_pages=16, groups=3, notifications=5, unread=2)


@pytest.fixture
def seeded(app: Kring, app_context: None) -> Kring:
    """Return the application on a small seed."""
    seed.fill(SMALL)
    return app


@pytest.fixture
def reader(seeded: Kring, client_of: Callable[[User | None], CheckingClient]) -> CheckingClient:
    """Return a client of the member whose pages are measured."""
    return client_of(db.session.get_one(User, READER))


def number(*where: ColumnElement[bool]) -> Select[int]:
    """Select how many rows there are."""
    return select(func.count()).where(*where)


def some(*where: ColumnElement[bool]) -> int:
    """Count rows."""
    return db.session.scalars(number(*where)).one()


def test_all_that_is_counted_is_right(seeded: Kring) -> None:
    shown = Comment.withdrawn_at.is_(None)
    assert some(Comment.id > 0) == SMALL.replies
    assert some(Comment.withdrawn_at.is_not(None))
    for piece in db.session.scalars(select(Discussion)):
        here = Comment.content_id == piece.id
        by_others = and_(here, shown, Comment.author_id != piece.author_id)
        counted = {
            "comment_count": number(here, shown),
            "other_comment_count": number(by_others),
            "last_position": select(func.coalesce(func.max(Comment.position), 0)).where(here),
            "last_comment_at": select(func.max(Comment.created_at)).where(here, shown),
            "first_answer_at": select(func.min(Comment.created_at)).where(by_others),
            "like_count": number(Like.content_id == piece.id),
            "view_count": number(ContentView.content_id == piece.id),
            "version": number(Revision.content_id == piece.id),
        }
        for name, query in counted.items():
            assert getattr(piece, name) == db.session.scalar(query), (name, piece.id)
        assert piece.last_active_at == (piece.last_comment_at or piece.published_at)
    likes = number(Like.comment_id == Comment.id).correlate(Comment).scalar_subquery()
    assert not some(Comment.like_count != likes)
    assert some(Notification.user_id == READER, Notification.read_at.is_(None)) == SMALL.unread


def test_replies_are_numbered_as_they_came(seeded: Kring) -> None:
    moments = db.session.scalars(select(Comment.created_at).order_by(Comment.id)).all()
    assert moments == sorted(moments)
    assert db.session.get_one(Content, 1).comment_count == conversations.SHORT == 20
    assert db.session.get_one(Content, 2).comment_count == conversations.LONG == 200


def test_the_product_rendered_the_wiki(seeded: Kring) -> None:
    assert not some(Content.body_html == "")
    assert not some(WikiPage.toc_html == "")
    assert some(WikiLink.target_id.is_not(None)) >= SMALL.wiki_pages


def test_a_new_piece_gets_a_number_of_its_own(seeded: Kring) -> None:
    db.session.add(Comment(content_id=1, author_id=READER, position=21, body="Nieuw"))
    db.session.commit()
    assert db.session.scalar(select(func.max(Comment.id))) == SMALL.replies + 1


def test_pages_open_and_words_are_found(seeded: Kring, reader: CheckingClient) -> None:
    found = inside.facts(seeded)
    for path in (*measures.addresses(found).values(), *found.pieces[:3]):
        assert reader.get(path).status_code == 200, path
    twenty = reader.get(found.discussion).data
    assert len(re.findall(rb'id="comment-\d+"', twenty)) == 20
    for word in (found.most, *found.words[-3:]):
        assert measures.MARKED in reader.get(f"/search?q={word}").data, word


def test_the_limit_has_pages_of_the_same_bytes(seeded: Kring, reader: CheckingClient) -> None:
    facts = inside.facts(seeded)
    sizes = {name: len(reader.get(path).data) for name, path in measures.addresses(facts).items()}
    bare = limit.make_app(db.engine, facts.wiki_id, sizes).test_client()
    for name, size in sizes.items():
        for kind in ("mem", "core"):
            answer = bare.get(f"/{kind}/{name}")
            assert (answer.status_code, len(answer.data)) == (200, size), (kind, name)
    items = {"discussion": 20, "long": 50}
    for name, expected in items.items():
        assert bare.get(f"/core/{name}").data.count(b"<article") == expected
    assert bare.get("/core/nothing").status_code == 404


def test_a_database_with_something_else_is_left_alone(
    app: Kring, cast: Any, tmp_path: Path
) -> None:
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    with pytest.raises(seed.NotASeedError):
        seed.ensure(tmp_path / "instance", SMALL, url)
    assert some(User.id > 0)


def test_texts_are_as_the_renderer_makes_them() -> None:
    writer = Writer(4)
    texts = [writer.reply() for _ in range(60)]
    assert any("<li>" in text.html for text in texts)
    assert any("<strong>" in text.html for text in texts)
    for text in texts:
        assert render(text.body, breaks=True).html == text.html


def test_the_same_seed_gives_the_same_texts() -> None:
    one, same, other = Writer(1), Writer(1), Writer(2)
    first = one.reply()
    assert same.reply() == first != other.reply()
