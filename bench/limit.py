"""`python -m bench.limit`: the limit that the product is compared with.

A bare Flask application over the same database, served as the product is served, that answers with
pages of as many bytes and as many items. `/mem/<page>`: Jinja from objects in memory. `/core/<page>`:
three statements by SQLAlchemy Core, then Jinja. It knows no reader, no rights, no language.
"""

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from flask import Flask, Response, abort
from gunicorn.arbiter import Arbiter
from jinja2 import Environment
from sqlalchemy import Connection, Engine, Select, create_engine, func, select

from app.cli.serve import listen
from app.cli.server import Server
from app.config import engine_options, from_environment
from app.models import Comment, Content, Notification, Theme, User, WikiPage
from bench.failing import BenchError
from bench.people import READER

content, comments, users = Content.__table__.c, Comment.__table__.c, User.__table__.c
themes, pages, news = Theme.__table__.c, WikiPage.__table__.c, Notification.__table__.c
PAGE = 20

TEMPLATE = """<!DOCTYPE html>
<html lang="nl"><head><meta charset="utf-8"><title>{{ piece.title }}</title></head>
<body><header><p>{{ reader.name }} {{ reader.email }}</p></header>
<main><h1>{{ piece.title }}</h1>
<p>{{ piece.name }} {{ piece.created_at.strftime('%d-%m-%Y %H:%M') }}</p>
{{ piece.body_html|safe }}
{% for item in items %}
<article id="item-{{ item.id }}"><h2><a href="/item/{{ item.id }}">{{ item.title }}</a></h2>
<p>{{ item.name }}, {{ item.created_at.strftime('%d-%m-%Y %H:%M') }}, {{ item.number }}</p>
{{ item.body_html|safe }}</article>
{% endfor %}</main>{{ filler|safe }}</body></html>
"""


@dataclass(frozen=True)
class Sheet:
    """What a page shows: a reader, a piece and items, each read in one statement."""

    reader: Select[Any]
    piece: Select[Any]
    items: Select[Any]


def sheets(wiki: int) -> Mapping[str, Sheet]:
    """Return the pages by name; the statements are built once."""
    reader = select(users.id, users.name, users.email).where(users.id == READER)
    unread = (
        select(
            func.count().label("title"),
            users.name,
            users.created_at,
            users.about.label("body_html"),
        )
        .join_from(User.__table__, Notification.__table__, news.user_id == users.id)
        .where(users.id == READER, news.read_at.is_(None))
        .group_by(users.id)
    )
    return {
        "discussion": Sheet(reader, piece_of(1), replies_of(1, 20)),
        "long": Sheet(reader, piece_of(2), replies_of(2, 50)),
        "list": Sheet(reader, unread, newest()),
        "home": Sheet(reader, unread, newest()),
        "wiki": Sheet(reader, piece_of(wiki), around(wiki)),
    }


def piece_of(key: int) -> Select[Any]:
    """Select a piece with its author."""
    return (
        select(content.title, content.body_html, content.created_at, users.name)
        .join_from(Content.__table__, User.__table__, users.id == content.author_id)
        .where(content.id == key)
    )


def replies_of(key: int, number: int) -> Select[Any]:
    """Select the first replies to a piece with their authors."""
    return (
        select(
            comments.id, comments.position.label("title"), comments.body_html, comments.created_at,
            comments.like_count.label("number"), users.name,
        )
        .join_from(Comment.__table__, User.__table__, users.id == comments.author_id)
        .where(comments.content_id == key, comments.position.between(1, number))
        .order_by(comments.position)
    )  # fmt: skip


def newest() -> Select[Any]:
    """Select the discussions in which something happened last, with their authors and themes."""
    return (
        select(
            content.id, content.title, content.summary.label("body_html"), content.created_at,
            content.comment_count.label("number"), (users.name + ", " + themes.name).label("name"),
        )
        .join_from(Content.__table__, User.__table__, users.id == content.author_id)
        .join(Theme.__table__, themes.id == content.theme_id)
        .where(content.kind == "discussion")
        .order_by(content.last_active_at.desc(), content.id.desc())
        .limit(PAGE)
    )  # fmt: skip


def around(wiki: int) -> Select[Any]:
    """Select the pages on top of the same theme: what stands beside a page."""
    theme = select(content.theme_id).where(content.id == wiki).scalar_subquery()
    return (
        select(
            content.id, content.title, content.created_at, content.version.label("number"),
            content.kind.label("name"), content.slug.label("body_html"),
        )
        .join_from(WikiPage.__table__, Content.__table__, pages.id == content.id)
        .where(content.theme_id == theme, pages.parent_id.is_(None))
        .order_by(pages.position)
    )  # fmt: skip


def read(connection: Connection, sheet: Sheet) -> dict[str, Any]:
    """Read what a page shows, in three statements."""
    return {
        "reader": connection.execute(sheet.reader).one(),
        "piece": connection.execute(sheet.piece).one(),
        "items": connection.execute(sheet.items).all(),
    }


def remembered(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the same as objects in memory."""
    items: Sequence[Any] = values["items"]
    return {
        "reader": SimpleNamespace(**values["reader"]._mapping),  # noqa: SLF001  # its public name
        "piece": SimpleNamespace(**values["piece"]._mapping),  # noqa: SLF001  # as above
        "items": [SimpleNamespace(**item._mapping) for item in items],  # noqa: SLF001  # as above
    }


def make_app(engine: Engine, wiki: int, sizes: Mapping[str, int]) -> Flask:
    """Return the application; `sizes` are the bytes that the page of each name must have.

    Raises BenchError for a page of the product that is smaller than the limit's can be.
    """
    app = Flask(__name__, static_folder=None)
    template = Environment(autoescape=True).from_string(TEMPLATE)
    known = {name: sheet for name, sheet in sheets(wiki).items() if name in sizes}
    memory, filler = {}, {}
    for name, sheet in known.items():
        with engine.connect() as connection:
            memory[name] = remembered(read(connection, sheet))
        missing = sizes[name] - len(template.render(memory[name], filler="").encode())
        if missing < 0:
            raise BenchError(f"the product's page {name} is smaller than the bare one")
        filler[name] = "x" * missing

    def answer(name: str, values: Mapping[str, Any]) -> Response:
        return Response(template.render(values, filler=filler[name]), mimetype="text/html")

    @app.get("/mem/<name>")
    def mem(name: str) -> Response:
        return answer(name, memory[name]) if name in known else abort(404)

    @app.get("/core/<name>")
    def core(name: str) -> Response:
        if name not in known:
            abort(404)
        with engine.connect() as connection:
            return answer(name, read(connection, known[name]))

    return app


class BareServer(Server):
    """The product's server, without the process for background jobs."""

    def run(self) -> None:
        Arbiter(self).run()


def main() -> None:
    """Serve the limit as `flask serve` serves the product."""
    parser = argparse.ArgumentParser(prog="python -m bench.limit", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--wiki", type=int, required=True, help="the id of the wiki page")
    parser.add_argument("--sizes", type=json.loads, required=True, help="bytes by name, as JSON")
    asked = parser.parse_args()
    listener = listen(asked.port)
    url = from_environment()["SQLALCHEMY_DATABASE_URI"]
    engine = create_engine(url, **engine_options(url, patience=5.0))
    app = make_app(engine, asked.wiki, asked.sizes)
    app.config["SQLALCHEMY_DATABASE_URI"] = url  # our server asks how many may write
    engine.dispose()
    BareServer(app, listener.fileno(), asked.workers).run()


if __name__ == "__main__":
    main()
