"""An opening that becomes a reply, and a reply that becomes an opening.

The text and all that hangs on it goes from one to the other, so that it stands in one place and is
edited, hidden and blacked out there. What it leaves is empty, and only leads on: a merged piece, or
a reply at position 0.
"""

from sqlalchemy import delete, select, update

from app.extensions import db
from app.lib.clock import now
from app.models import (
    Attachment,
    Case,
    Comment,
    Content,
    Discussion,
    Helped,
    ImageUse,
    Like,
    Revision,
    WikiLink,
)
from app.services import attachments, search_index, text

COUNTS = ("like_count", "helped_count")
HIDDEN = ("hidden_at", "hidden_by_id", "hidden_reason", "held_at", "withdrawn_at")
TEXT = ("body", "edited_at", "edited_by_id", *COUNTS, *HIDDEN)


def become_reply(piece: Discussion) -> Comment:
    """Let the opening of a discussion be a reply, at position 0 of it until it is put elsewhere."""
    empty = select(Comment).where(Comment.content_id == piece.id, Comment.position == 0)
    reply = db.session.scalar(empty)
    if reply is None:
        reply = Comment(
            content=piece, position=0, author=piece.author, body=piece.body,
            created_at=piece.published_at or piece.created_at,
        )  # fmt: skip
        db.session.add(reply)
        db.session.flush()
    reply.content = piece
    hand_over(piece, reply)
    hand_over_versions(piece, reply)
    piece.body = piece.body_html = piece.summary = ""
    piece.edited_at = piece.edited_by_id = None
    db.session.execute(delete(WikiLink).where(WikiLink.source_id == piece.id))
    db.session.flush()
    search_index.drop(piece)
    attachments.recount(piece, reply)
    text.render_comment(reply, piece)
    return reply


def become_opening(reply: Comment, piece: Discussion) -> None:
    """Let a reply, which stands at position 0 of a discussion, be its opening."""
    hand_over(reply, piece)
    keep_versions(reply, piece)
    reply.body = reply.body_html = ""
    reply.edited_at = reply.edited_by_id = None
    for name in HIDDEN:
        setattr(reply, name, "" if name == "hidden_reason" else None)
    reply.withdrawn_at = now()
    db.session.flush()
    search_index.drop(reply)
    attachments.recount(piece, reply)
    text.render_content(piece)


def key_of(subject: Content | Comment) -> str:
    """Return the column that names a subject."""
    return "comment_id" if isinstance(subject, Comment) else "content_id"


def hand_over(giver: Content | Comment, taker: Content | Comment) -> None:
    """Give the text of one to the other, with what members added to it."""
    for name in TEXT:
        setattr(taker, name, getattr(giver, name))
    for name in COUNTS:
        setattr(giver, name, 0)
    db.session.flush()
    for model in (Like, Helped, Case):
        here = getattr(model, key_of(giver)) == giver.id
        db.session.execute(
            update(model)
            .where(here)
            .values({key_of(giver): None, key_of(taker): taker.id})
            .execution_options(synchronize_session=False)
        )
    reply = taker if isinstance(taker, Comment) else giver
    piece = giver if isinstance(taker, Comment) else taker
    for place in (ImageUse, Attachment):
        at = place.comment_id.is_(None) if reply is taker else place.comment_id == reply.id
        db.session.execute(
            update(place)
            .where(place.content_id == piece.id, at)
            .values(comment_id=reply.id if reply is taker else None)
            .execution_options(synchronize_session=False)
        )


def hand_over_versions(piece: Content, reply: Comment) -> None:
    """Give a reply the earlier versions of a piece; one that was never changed has none."""
    reply.version, piece.version = max(1, piece.version), 0
    mine = Revision.content_id == piece.id
    if reply.version == 1:
        db.session.execute(delete(Revision).where(mine))
        return
    db.session.execute(
        update(Revision)
        .where(mine)
        .values(content_id=None, comment_id=reply.id)
        .execution_options(synchronize_session=False)
    )


def keep_versions(reply: Comment, piece: Content) -> None:
    """Give a piece the earlier versions of a reply; one that was never changed is its first."""
    piece.version, reply.version = reply.version, 1
    if piece.version == 1:
        db.session.add(
            Revision(
                content_id=piece.id, number=1, title=piece.title, body=piece.body,
                author_id=piece.author_id, created_at=piece.created_at,
            )
        )  # fmt: skip
        return
    mine = update(Revision).where(Revision.comment_id == reply.id)
    quietly = {"synchronize_session": False}
    db.session.execute(
        mine.where(Revision.title == "").values(title=piece.title).execution_options(**quietly)
    )
    db.session.execute(
        mine.values(content_id=piece.id, comment_id=None).execution_options(**quietly)
    )
