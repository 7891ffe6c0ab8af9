"""Replies to a piece, a page at a time, as one reader sees them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any

from sqlalchemy import (
    Integer,
    Select,
    String,
    bindparam,
    exists,
    func,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.orm import aliased, joinedload

from app.extensions import db
from app.models import (
    Attachment,
    Block,
    Comment,
    Content,
    Grant,
    Helped,
    Like,
    Revision,
    Role,
    User,
)
from app.models.unattached import Part, Prepared, columns, quoted, split
from app.policy import shows_text, visible_to
from app.queries.attachments import documents_at, documents_of_replies
from app.queries.content import REPLIES_A_PAGE

REVISIONS_SHOWN = 30
LARGEST_ID = 2**31


Editor = aliased(User)
OWN = (
    "id", "position", "content_id", "author_id", "body_html", "created_at", "edited_at",
    "edited_by_id", "withdrawn_at", "hidden_at", "hidden_reason", "held_at", "like_count",
    "helped_count", "attachment_count",
)  # fmt: skip
WRITER = ("id", "name", "handle", "photo_sha256", "photo_audience", "deactivated_at")
AT = {name: number for number, name in enumerate(OWN)}
AUTHOR_AT, CREATED_AT, EDITED_AT = AT["author_id"], AT["created_at"], AT["edited_at"]
AWAY_AT = (AT["hidden_at"], AT["withdrawn_at"])
PHOTO_AT = len(OWN) + WRITER.index("photo_sha256")
"""Where these stand in the row of a reply."""
REPLY = (
    Part(Comment, *OWN),
    Part(User, *WRITER),
    Part(Editor, "id", "name"),
)
PEOPLE_KEPT = 500
READER = bindparam("reader", type_=Integer)
REPLIES = (
    select(
        *columns(REPLY),
        select(func.aggregate_strings(type_coerce(Grant.role, String), quoted(",")))
        .where(Grant.user_id == Comment.author_id)
        .scalar_subquery(),
        exists().where(Like.comment_id == Comment.id, Like.user_id == READER),
        exists().where(Helped.comment_id == Comment.id, Helped.user_id == READER),
        exists().where(Block.user_id == READER, Block.person_id == Comment.author_id),
    )
    .join(User, User.id == Comment.author_id)
    .outerjoin(Editor, Editor.id == Comment.edited_by_id)
    .order_by(Comment.position)
)
HERE = Comment.position.between(bindparam("first"), bindparam("last"))
OF_PIECE = REPLIES.where(Comment.content_id == bindparam("content"))
ON_PAGE = Prepared(OF_PIECE.where(HERE))
WITH_MARKED = Prepared(
    OF_PIECE.where(or_(HERE, Comment.id == bindparam("answer"), Comment.id == bindparam("summary")))
)
ONE = Prepared(REPLIES.where(Comment.id == bindparam("comment")))


@dataclass(frozen=True)
class Reply:
    """A reply as its reader sees it: the row of it, its piece, and the documents that go with it."""

    row: tuple[Any, ...]
    content: Content
    documents: tuple[Attachment, ...] = ()

    @cached_property
    def comment(self) -> Comment:
        """Return the reply itself, only to be read."""
        comment, _author, editor, _rest = split(self.row, REPLY)
        made: Comment = REPLY[0].make(
            comment, content=self.content, author=self.author, edited_by=REPLY[2].make(editor)
        )
        return made

    @property
    def author(self) -> User:
        """Return who wrote it."""
        return person(split(self.row, REPLY)[1])

    def value(self, name: str) -> Any:
        """Return a column of the reply."""
        return self.row[AT[name]]

    @property
    def author_id(self) -> int:
        """Return the id of who wrote it."""
        found: int = self.row[AUTHOR_AT]
        return found

    @property
    def created_at(self) -> datetime:
        """Return when it came."""
        found: datetime = self.row[CREATED_AT]
        return found

    @property
    def edited_at(self) -> datetime | None:
        """Return when it was changed."""
        found: datetime | None = self.row[EDITED_AT]
        return found

    @property
    def has_photo(self) -> bool:
        """Tell whether its writer has a photo, for whoever may see it."""
        return bool(self.row[PHOTO_AT])

    @property
    def is_plain(self) -> bool:
        """Tell whether it looks alike to most readers: it stands, and no documents go with it."""
        return not self.documents and self.stands

    @property
    def liked(self) -> bool:
        """Tell whether the reader likes it."""
        return bool(self.row[-3])

    @property
    def helped(self) -> bool:
        """Tell whether the reader was helped by it."""
        return bool(self.row[-2])

    @property
    def muted(self) -> bool:
        """Tell whether the reader mutes its writer."""
        return bool(self.row[-1])

    @property
    def page(self) -> int:
        """Return the page on which this reply stands."""
        return page_of(self.value("position"))

    @property
    def roles(self) -> list[Role]:
        """Return what its writer is besides a member."""
        held = (self.row[-4] or "").split(",")
        return [role for role in Role if role in held and role is not Role.MEMBER]

    @property
    def stands(self) -> bool:
        """Tell whether everyone can read it."""
        hidden, withdrawn = AWAY_AT
        return self.row[hidden] is None and self.row[withdrawn] is None


@lru_cache(PEOPLE_KEPT)
def person(values: tuple[Any, ...]) -> User:
    """Return the person that these columns tell of."""
    made: User = REPLY[1].make(values)
    return made


@dataclass(frozen=True)
class Watch:
    """What a page knows of the replies: those up to position `after` were there when it was made.

    The reader was told of those up to `told`; `waiting` readable ones came since, the oldest of
    which has the id `first`. They can be shown `in_place` when they belong on this `page`.
    """

    after: int
    page: int
    told: int = 0
    waiting: int = 0
    first: int | None = None

    @property
    def in_place(self) -> bool:
        """Tell whether the next reply comes on the page that is shown."""
        return page_of(self.after + 1) == self.page


@dataclass(frozen=True)
class Conversation:
    """One page of the replies to a piece, with the replies that were marked, wherever they stand."""

    content: Content
    replies: Sequence[Reply]
    number: int
    pages: int
    seen: int
    answer: Reply | None = None
    summary: Reply | None = None
    documents: Sequence[Attachment] = ()

    def watch(self) -> Watch:
        """Return what this page knows, for the form and for the watcher."""
        return Watch(after=self.seen, page=self.number, told=self.seen)


def page_of(position: int) -> int:
    """Return the number of the page on which a position stands."""
    return max(0, position - 1) // REPLIES_A_PAGE + 1


def fetch(content: Content, reader: User, statement: Prepared, **which: Any) -> list[Reply]:
    """Return those replies to `content` that a statement selects.

    Of one that waits for a moderator others see nothing at all.
    """
    read = statement.rows(reader=reader.id, content=content.id, **which)
    found = [Reply(row, content) for row in read]
    return [
        reply
        for reply in found
        if reply.value("held_at") is None or shows_text(reader, reply.comment)
    ]


def with_documents(found: list[Reply], documents: Sequence[Attachment]) -> list[Reply]:
    """Return replies with those of the documents that belong to each."""
    if not documents:
        return found
    at: dict[int | None, list[Attachment]] = {}
    for document in documents:
        at.setdefault(document.comment_id, []).append(document)
    return [replace(reply, documents=tuple(at.get(reply.value("id"), ()))) for reply in found]


def page_of_comments(content: Content, number: int, reader: User) -> Conversation:
    """Return page `number`, or the nearest that exists.

    A page is a range of positions, so the last is found as fast as the first; replies that were
    hidden or withdrawn keep their place.
    """
    pages = page_of(content.last_position)
    number = max(1, min(number, pages))
    answer_id = getattr(content, "answer_id", None)
    summary_id = getattr(content, "summary_comment_id", None)
    last = number * REPLIES_A_PAGE
    which = {"first": last - REPLIES_A_PAGE + 1, "last": last}
    if answer_id or summary_id:
        which |= {"answer": answer_id or 0, "summary": summary_id or 0}
        found = fetch(content, reader, WITH_MARKED, **which)
    else:
        found = fetch(content, reader, ON_PAGE, **which)
    having = [reply.value("id") for reply in found if reply.value("attachment_count")]
    documents = documents_at(reader, content, having)
    found = with_documents(found, documents)
    standing = {reply.value("id"): reply for reply in found if reply.stands}
    return Conversation(
        content=content,
        replies=[reply for reply in found if reply.page == number],
        number=number,
        pages=pages,
        seen=content.last_position,
        answer=standing.get(answer_id or 0),
        summary=standing.get(summary_id or 0),
        documents=[document for document in documents if document.comment_id is None],
    )


def newer(content: Content, after: int, reader: User) -> list[Reply]:
    """Return the replies after a position, on the same page as the one that follows it."""
    last = page_of(after + 1) * REPLIES_A_PAGE
    found = fetch(content, reader, ON_PAGE, first=after + 1, last=last)
    return with_documents(found, documents_of_replies(reader, [reply.comment for reply in found]))


def one_reply(comment: Comment, reader: User) -> Reply:
    """Return a reply as its reader sees it now, after what was changed."""
    row = ONE.rows(reader=reader.id, comment=comment.id)[0]
    return Reply(row, comment.content, tuple(documents_of_replies(reader, [comment])))


def last_position(content_id: int, reader: User) -> Select[int]:
    """Select how far the replies to a piece go, if `reader` can see it."""
    return select(Content.last_position).where(Content.id == content_id, visible_to(reader))


def news(content_id: int, after: int) -> Select[int, int | None]:
    """Select how many readable replies stand after a position, and the id of the first."""
    return select(func.count(), func.min(Comment.id)).where(
        Comment.content_id == content_id,
        Comment.position > after,
        Comment.hidden_at.is_(None),
        Comment.withdrawn_at.is_(None),
    )


def quotation(content: Content, comment_id: int | None) -> str:
    """Return the start of a reply that quotes another: its author, its text behind `> `."""
    if comment_id is None or not 0 < comment_id < LARGEST_ID:
        return ""
    comment = db.session.scalar(
        select(Comment)
        .where(
            Comment.id == comment_id,
            Comment.content_id == content.id,
            Comment.hidden_at.is_(None),
            Comment.withdrawn_at.is_(None),
        )
        .options(joinedload(Comment.author))
    )
    if comment is None:
        return ""
    return quote_of(comment.author.name, comment.body)


def quote_of(name: str, body: str) -> str:
    """Return a text as a quotation in Markdown: its author, its lines behind `> `, an empty line."""
    lines = [f"**{name}**:", "", *body.splitlines()]
    return "\n".join(f"> {line}".rstrip() for line in lines) + "\n\n"


def revisions(comment: Comment) -> Select[Revision]:
    """Select the versions of a reply with their writers, newest first."""
    return (
        select(Revision)
        .where(Revision.comment_id == comment.id)
        .order_by(Revision.number.desc())
        .limit(REVISIONS_SHOWN)
        .options(joinedload(Revision.author))
    )
