"""What is asked of the product in this process: statements, addresses, words, Markdown."""

import gzip
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median

from flask.testing import FlaskClient
from flask_login import login_user
from sqlalchemy import func, select

from app import create_app
from app.extensions import Kring, db
from app.lib.markdown import render
from app.lib.search_text import words
from app.models import Comment, Content, User, WikiPage
from app.queries import discussions
from app.queries.content import PAGE
from app.queries.listing import BY_ACTIVITY, not_pinned
from bench.browsing import Fields
from bench.failing import BenchError
from bench.people import READER, address_of
from bench.seed import PASSWORD
from bench.statements import statements
from bench.texts import Writer

SAMPLE = 5_000
WORDS = 60
PIECES = 96
MARKDOWN = 20_000


@dataclass(frozen=True)
class Facts:
    """What a seed holds that the bench addresses."""

    replies: int
    discussion: str
    long: str
    wiki_id: int
    wiki: str
    deep_page: int
    deep: str
    most: str
    words: list[str]
    pieces: list[str]


@contextmanager
def product() -> Iterator[Kring]:
    """Give the product on the database that the environment names."""
    app = create_app()
    try:
        yield app
    finally:
        with app.app_context():
            db.engine.dispose()


def facts(app: Kring) -> Facts:
    """Look up what the bench addresses in a seed."""
    with app.test_request_context():
        reader = db.session.get_one(User, READER)
        login_user(reader)
        wiki_id = db.session.scalars(select(func.min(WikiPage.id))).one()
        number, cursor = deep_page(reader)
        by_frequency = frequent_words()
        found = Facts(
            replies=db.session.scalars(select(func.count()).select_from(Comment)).one(),
            discussion=address(1), long=address(2), wiki_id=wiki_id, wiki=address(wiki_id),
            deep_page=number, deep=f"/discussions?after={cursor}",
            most=by_frequency[0], words=spread(by_frequency, WORDS), pieces=quiet_pieces(),
        )  # fmt: skip
        db.session.rollback()
        return found


def address(key: int) -> str:
    """Return the path of a piece."""
    piece = db.session.get_one(Content, key)
    return f"/{piece.folder}/{piece.id}-{piece.slug}"


def deep_page(reader: User, wanted: int = 1_000) -> tuple[int, str]:
    """Return the number of a page far down the list, and the cursor with which it begins."""
    rows = discussions.discussions(reader).where(not_pinned())
    total = db.session.scalars(select(func.count()).select_from(rows.subquery())).one()
    number = min(wanted, total // PAGE)
    last = BY_ACTIVITY.sort(rows, backwards=False).offset((number - 1) * PAGE - 1).limit(1)
    return number, BY_ACTIVITY.cursor(db.session.execute(last).one())


def frequent_words() -> list[str]:
    """Return the words of replies, those first that stand in most of them, by a sample."""
    step = max(1, db.session.scalars(select(func.max(Comment.id))).one() // SAMPLE)
    texts = db.session.scalars(select(Comment.body).where(Comment.id % step == 0))
    counted = Counter(word for text in texts for word in set(words(text)))
    return [word for word, _times in counted.most_common()]


def spread(by_frequency: list[str], number: int) -> list[str]:
    """Return words of every frequency, as many frequent ones as rare ones; not the first."""
    factor = (len(by_frequency) / 2) ** (1 / number)
    places = {int(factor**step) for step in range(1, number + 1)}
    return [by_frequency[place] for place in sorted(places) if place < len(by_frequency)]


def quiet_pieces() -> list[str]:
    """Return discussions for everyone of an ordinary length: where the bench replies."""
    found = select(Content.id).where(
        Content.kind == "discussion", Content.group_id.is_(None), Content.id > 2,
        Content.comment_count.between(5, 40),
    )  # fmt: skip
    return [address(key) for key in db.session.scalars(found.order_by(Content.id).limit(PIECES))]


def statements_of(app: Kring, paths: dict[str, str]) -> dict[str, int]:
    """Return how many statements each page takes for a reader who was there before."""
    client = app.test_client()
    sign_in(client)
    found = {}
    for name, path in paths.items():
        client.get(path)
        with statements() as asked:
            answer = client.get(path)
        if answer.status_code != 200:
            raise BenchError(f"{path} answered {answer.status_code}")
        found[name] = len(asked)
    return found


def sign_in(client: FlaskClient) -> None:
    """Sign the reader in through the form."""
    fields = Fields("/login")
    fields.feed(client.get("/login").text)
    form = {**fields.found, "email": address_of(READER), "password": PASSWORD}
    if client.post("/login", data=form).status_code != 303:
        raise BenchError("the reader cannot sign in")


def markdown_milliseconds() -> float:
    """Return how long a text of 20 KB takes to render, in time of this processor."""
    writer, text = Writer(1), ""
    while len(text) < MARKDOWN:
        text += writer.page([]) + "\n"
    text = text[:MARKDOWN]
    render(text)
    taken = []
    for _ in range(7):
        start = time.process_time()
        render(text)
        taken.append(time.process_time() - start)
    return median(taken) * 1_000


def packed(body: bytes) -> int:
    """Return the bytes of a body after gzip, as a proxy does it."""
    return len(gzip.compress(body, 6))
