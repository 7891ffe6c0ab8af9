"""Replies to a piece, a page at a time, as one reader sees them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.attributes import set_committed_value

from app.extensions import db
from app.models import Attachment, Block, Comment, Content, Helped, Like, Revision, Role, User
from app.policy import shows_text, visible_to
from app.queries.attachments import documents_at, documents_of_replies
from app.queries.content import REPLIES_A_PAGE

REVISIONS_SHOWN = 30
LARGEST_ID = 2**31


@dataclass(frozen=True)
class Reply:
    """A reply, and whether the reader likes it, was helped by it, and mutes its writer."""

    comment: Comment
    liked: bool
    helped: bool
    muted: bool = False
    documents: Sequence[Attachment] = ()

    @property
    def page(self) -> int:
        """Return the page on which this reply stands."""
        return page_of(self.comment.position)

    @property
    def roles(self) -> list[Role]:
        """Return what its writer is besides a member."""
        held = self.comment.author.roles
        return [role for role in Role if role in held and role is not Role.MEMBER]

    @property
    def stands(self) -> bool:
        """Tell whether everyone can read it."""
        return self.comment.hidden_at is None and self.comment.withdrawn_at is None


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


def replies(reader: User) -> Select[Comment, bool, bool, bool]:
    """Select replies with all that `comments/_comment.html` needs, in one statement and a half."""
    liked = exists().where(Like.comment_id == Comment.id, Like.user_id == reader.id)
    helped = exists().where(Helped.comment_id == Comment.id, Helped.user_id == reader.id)
    muted = exists().where(Block.user_id == reader.id, Block.person_id == Comment.author_id)
    return (
        select(Comment, liked, helped, muted)
        .options(
            joinedload(Comment.author).selectinload(User.grants), joinedload(Comment.edited_by)
        )
        .order_by(Comment.position)
    )


def fetch(content: Content, reader: User, which: ColumnElement[bool]) -> list[Reply]:
    """Return those replies to `content` for which `which` holds.

    Of one that waits for a moderator others see nothing at all.
    """
    rows = db.session.execute(replies(reader).where(Comment.content_id == content.id, which))
    found = [Reply(*row) for row in rows]
    for reply in found:
        set_committed_value(reply.comment, "content", content)
    return [
        reply
        for reply in found
        if reply.comment.held_at is None or shows_text(reader, reply.comment)
    ]


def with_documents(found: list[Reply], documents: Sequence[Attachment]) -> list[Reply]:
    """Return replies with those of the documents that belong to each."""
    at: dict[int | None, list[Attachment]] = {}
    for document in documents:
        at.setdefault(document.comment_id, []).append(document)
    return [replace(reply, documents=at.get(reply.comment.id, ())) for reply in found]


def page_of_comments(content: Content, number: int, reader: User) -> Conversation:
    """Return page `number`, or the nearest that exists.

    A page is a range of positions, so the last is found as fast as the first; replies that were
    hidden or withdrawn keep their place.
    """
    pages = page_of(content.last_position)
    number = max(1, min(number, pages))
    answer_id = getattr(content, "answer_id", None)
    summary_id = getattr(content, "summary_comment_id", None)
    marked = [key for key in (answer_id, summary_id) if key is not None]
    last = number * REPLIES_A_PAGE
    here = Comment.position.between(last - REPLIES_A_PAGE + 1, last)
    found = fetch(content, reader, or_(here, Comment.id.in_(marked)) if marked else here)
    having = [reply.comment.id for reply in found if reply.comment.attachment_count]
    documents = documents_at(reader, content, having)
    found = with_documents(found, documents)
    standing = {reply.comment.id: reply for reply in found if reply.stands}
    return Conversation(
        content=content,
        replies=[reply for reply in found if page_of(reply.comment.position) == number],
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
    found = fetch(content, reader, Comment.position.between(after + 1, last))
    return with_documents(found, documents_of_replies(reader, [reply.comment for reply in found]))


def one_reply(comment: Comment, reader: User) -> Reply:
    """Return a reply as its reader sees it now, after what was changed."""
    query = replies(reader).where(Comment.id == comment.id)
    content = comment.content
    options = {"populate_existing": True}
    found, liked, helped, muted = db.session.execute(query, execution_options=options).one()
    set_committed_value(found, "content", content)
    return Reply(found, liked, helped, muted, documents_of_replies(reader, [found]))


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
