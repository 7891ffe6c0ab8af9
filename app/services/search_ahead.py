"""The words of a text that is about to be stored, looked up before anyone has to wait for it."""

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from sqlalchemy import insert

from app.extensions import db
from app.models import Comment, Content, SearchDocument, User
from app.models.search import document_id
from app.models.unattached import Prepared
from app.services import search_index, searches
from app.services.search_entries import reply_entry

DOCUMENTS: Any = SearchDocument.__table__
DOCUMENT = Prepared(insert(DOCUMENTS).values(id=0, kind="comment", part="", comment_id=0))
WORDS = {kind: Prepared(statement) for kind, statement in search_index.INTO.items()}


@dataclass(frozen=True)
class Words:
    """What search will keep of a reply; `telling` are words for who misspells them."""

    row: dict[str, Any]
    telling: frozenset[str]


def words_of(html: str, content: Content, author: User) -> Words:
    """Return the words of a reply to `content` that has no number yet."""
    reply = SimpleNamespace(
        id=0, created_at=None, body_html=html, author_id=author.id, content_id=content.id
    )
    entry = reply_entry(reply, is_public=content.group_id is None)
    return Words(search_index.row_of(entry), frozenset(search_index.words_for_all([entry])))


def keep(reply: Comment, words: Words) -> None:
    """Let a new reply be found by its words, unless it waits for a moderator; two statements."""
    if reply.held_at is not None:
        return
    key = document_id("comment", reply.id, reply.created_at)
    DOCUMENT.rows(id=key, comment_id=reply.id)
    WORDS[db.engine.dialect.name].rows(**words.row | {"id": key})
    searches.saw_words(words.telling)
