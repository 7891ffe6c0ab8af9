"""Replies and whole discussions that go elsewhere: merged, split off, moved; and put back.

Replies come at the end of where they go, in order of time: the numbers of what stood there stay.
Where they come from, their numbers stay free, so that they can go back to their places.
"""

from collections.abc import Collection, Sequence
from enum import StrEnum

from sqlalchemy import exists, select
from sqlalchemy.orm import joinedload

from app.extensions import db
from app.lib.clock import now
from app.lib.slugs import slugify
from app.models import (
    Comment,
    Content,
    Discussion,
    Transfer,
    TransferKind,
    TransferredReply,
    User,
)
from app.services import activity, comments, openings, reactions, search_index, transfer_ties
from app.services.activity import Grounds, Verb


class Refusal(StrEnum):
    """Why something cannot go elsewhere, or back."""

    SAME = "same"
    KIND = "kind"
    READERS = "readers"
    GONE = "gone"
    MERGED = "merged"
    ARCHIVED = "archived"
    NOTHING = "nothing"
    NO_OPENING = "no_opening"
    UNDONE = "undone"
    MOVED_ON = "moved_on"
    NEW_REPLIES = "new_replies"


class RefusedError(Exception):
    """Nothing was moved: `reason` says why."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason.value)
        self.reason = reason


def refusal(source: Content, target: Content) -> Refusal | None:
    """Return why replies cannot go from one piece to another; None when they can.

    Who can read them must stay the same: they go within one group, or outside all.
    """
    if target.id == source.id:
        return Refusal.SAME
    if not isinstance(source, Discussion) or not isinstance(target, Discussion):
        return Refusal.KIND
    if target.group_id != source.group_id:
        return Refusal.READERS
    return refusal_of(source) or refusal_of(target)


def refusal_of(piece: Discussion) -> Refusal | None:
    """Return why nothing can come from or to a discussion; `piece.group` is needed."""
    if piece.merged_into_id is not None:
        return Refusal.MERGED
    if piece.hidden_at is not None or piece.withdrawn_at is not None:
        return Refusal.GONE
    if piece.group is not None and piece.group.archived_at is not None:
        return Refusal.ARCHIVED
    return None


def merge(
    source: Discussion, target: Discussion, actor: User, reason: str,
    grounds: Grounds = activity.NO_GROUNDS,
) -> Transfer:  # fmt: skip
    """Put a discussion into another: its opening becomes a reply, its replies go along.

    Its own page stays, and leads on. Raises RefusedError.
    """
    take_hold(source, target)
    refuse_if(refusal(source, target))
    replies = [reply for reply in replies_of(source) if reply.position > 0]
    transfer = note(TransferKind.MERGE, source, target, actor, reason)
    opening = openings.become_reply(source)
    keep_places(transfer, [opening, *replies])
    transfer.opening_id = opening.id
    source.merged_into_id = target.id
    append([opening, *replies], source, target)
    transfer_ties.followers(source, target)
    activity.record(
        Verb.MERGED, source, actor, reason=reason, result=f"→ {target.title}", grounds=grounds
    )
    tell_writers(replies, actor, reason, but=source.author_id)
    return transfer


def move_replies(
    source: Discussion, target: Discussion, replies: Sequence[Comment], actor: User, reason: str,
    *, grounds: Grounds = activity.NO_GROUNDS,
) -> Transfer:  # fmt: skip
    """Put replies in another discussion. Raises RefusedError."""
    take_hold(source, target)
    refuse_if(refusal(source, target))
    chosen = still_there(source, replies)
    transfer = note(TransferKind.REPLY, source, target, actor, reason)
    keep_places(transfer, chosen)
    append(chosen, source, target)
    record_gone(Verb.REPLIES_MOVED, transfer, chosen, actor, grounds)
    return transfer


def split(
    source: Discussion, title: str, replies: Sequence[Comment], actor: User, reason: str,
    *, grounds: Grounds = activity.NO_GROUNDS,
) -> Discussion:  # fmt: skip
    """Make a discussion of replies: the first of them becomes its opening. Raises RefusedError.

    Who wrote that reply is its author; the address of the reply leads to it.
    """
    take_hold(source)
    refuse_if(refusal_of(source))
    chosen = still_there(source, replies)
    first = chosen[0]
    if first.hidden_at is not None or first.withdrawn_at is not None:
        raise RefusedError(Refusal.NO_OPENING)
    made = Discussion(
        author=first.author, group=source.group, theme_id=source.theme_id,
        is_question=source.is_question, title=title, slug=slugify(title), body=first.body,
        created_at=first.created_at, published_at=first.created_at,
        last_active_at=first.created_at,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    transfer = note(TransferKind.SPLIT, source, made, actor, reason)
    transfer.opening_id = first.id
    keep_places(transfer, chosen)
    append(chosen[1:], source, made)
    put([(first, 0)], source, made)
    openings.become_opening(first, made)
    comments.recount(made)
    reactions.follow(made, first.author)
    record_gone(Verb.SPLIT, transfer, chosen, actor, grounds)
    return made


def undo(transfer: Transfer, actor: User, reason: str) -> None:
    """Put back what was merged, split off or moved. Raises RefusedError.

    `transfer` has its source and its target, with their groups, loaded.
    """
    source, target = transfer.source, transfer.target
    assert isinstance(source, Discussion)
    assert isinstance(target, Discussion)
    take_hold(source, target)
    db.session.refresh(transfer, ["undone_at"], with_for_update=True)
    places = places_of(transfer)
    refuse_if(refusal_to_undo(transfer, places))
    opening = next((reply for reply, _at in places if reply.id == transfer.opening_id), None)
    if transfer.kind is TransferKind.SPLIT and opening is not None:
        openings.become_reply(target)
        target.merged_into_id = source.id
    put(places, target, source)
    if transfer.kind is TransferKind.MERGE and opening is not None:
        openings.become_opening(opening, source)
        source.merged_into_id = None
        comments.recount(source)
    transfer.undone_at, transfer.undone_by_id = now(), actor.id
    result = f"{target.title} → {source.title}"
    activity.record(Verb.TRANSFER_UNDONE, source, actor, reason=reason, result=result)
    for reply in one_each([reply for reply, _at in places], but=source.author_id):
        activity.notify(reply.author_id, Verb.TRANSFER_UNDONE, reply, actor, reason)


def refusal_to_undo(transfer: Transfer, places: list[tuple[Comment, int]]) -> Refusal | None:
    """Return why a transfer cannot be undone; None when it can."""
    source, target = transfer.source, transfer.target
    merged = transfer.kind is TransferKind.MERGE
    if transfer.undone_at is not None:
        return Refusal.UNDONE
    if source.group_id != target.group_id:
        return Refusal.READERS
    if merged and source.merged_into_id != target.id:
        return Refusal.MOVED_ON
    if not merged and source.merged_into_id is not None:
        return Refusal.MERGED
    keys = {reply.id for reply, _at in places}
    lost = transfer.kind is not TransferKind.REPLY and transfer.opening_id not in keys
    if lost or not keys or any(reply.content_id != target.id for reply, _at in places):
        return Refusal.MOVED_ON
    others = exists().where(Comment.content_id == target.id, Comment.id.not_in(keys))
    if transfer.kind is TransferKind.SPLIT and db.session.scalar(select(others)):
        return Refusal.NEW_REPLIES
    return None


def refuse_if(reason: Refusal | None) -> None:
    """Raise RefusedError for a reason."""
    if reason is not None:
        raise RefusedError(reason)


def take_hold(*pieces: Content) -> None:
    """Let nobody else change these meanwhile, always in one order, and look at them anew."""
    db.session.flush()
    keys = sorted(piece.id for piece in pieces)
    db.session.execute(
        select(Content.id).where(Content.id.in_(keys)).order_by(Content.id).with_for_update()
    )
    for piece in pieces:
        fresh = ["last_position", "group_id", "merged_into_id", "hidden_at", "withdrawn_at"]
        marks = transfer_ties.MARKS if isinstance(piece, Discussion) else ()
        db.session.refresh(piece, [*fresh, *marks])


def replies_of(source: Content) -> list[Comment]:
    """Return all replies to a discussion in order of time, with their writers."""
    found = select(Comment).where(Comment.content_id == source.id)
    loaded = found.options(joinedload(Comment.author)).execution_options(populate_existing=True)
    return list(db.session.scalars(loaded.order_by(Comment.created_at, Comment.id)))


def still_there(source: Content, replies: Sequence[Comment]) -> list[Comment]:
    """Return the chosen replies that stand there now, in order of time. Raises RefusedError."""
    keys = {reply.id for reply in replies}
    found = [each for each in replies_of(source) if each.id in keys and each.position > 0]
    if not found or len(found) != len(keys):
        raise RefusedError(Refusal.NOTHING)
    return found


def note(
    kind: TransferKind, source: Content, target: Content, actor: User, reason: str
) -> Transfer:
    """Write down what goes where, for the trace at both ends."""
    transfer = Transfer(kind=kind, source=source, target=target, actor_id=actor.id, reason=reason)
    db.session.add(transfer)
    db.session.flush()
    return transfer


def keep_places(transfer: Transfer, replies: Collection[Comment]) -> None:
    """Write down where replies stood."""
    for reply in replies:
        db.session.add(
            TransferredReply(transfer_id=transfer.id, comment_id=reply.id, position=reply.position)
        )
    db.session.flush()


def places_of(transfer: Transfer) -> list[tuple[Comment, int]]:
    """Return the replies of a transfer, with where each stood before."""
    found = (
        select(Comment, TransferredReply.position)
        .join(TransferredReply, TransferredReply.comment_id == Comment.id)
        .where(TransferredReply.transfer_id == transfer.id)
        .order_by(TransferredReply.position)
        .options(joinedload(Comment.author))
        .execution_options(populate_existing=True)
    )
    return [(reply, position) for reply, position in db.session.execute(found)]


def append(replies: Sequence[Comment], source: Discussion, target: Discussion) -> None:
    """Put replies at the end of a discussion, in order of time."""
    ordered = sorted(replies, key=lambda reply: (reply.created_at, reply.id))
    start = target.last_position + 1
    put(list(zip(ordered, range(start, start + len(ordered)), strict=True)), source, target)
    target.last_position = start + len(ordered) - 1


def put(places: list[tuple[Comment, int]], source: Discussion, target: Discussion) -> None:
    """Give replies these places in a discussion, with all that hangs on them."""
    for reply, position in places:
        reply.content, reply.position = target, position
    db.session.flush()
    moved = [reply for reply, _at in places]
    transfer_ties.along(moved, source, target)
    search_index.moved(moved)
    comments.recount(source)
    comments.recount(target)


def record_gone(
    verb: Verb, transfer: Transfer, replies: Sequence[Comment], actor: User, grounds: Grounds
) -> None:
    """Tell what left a discussion: its author, and those whose replies went."""
    source, reason = transfer.source, transfer.reason
    result = f"→ {transfer.target.title} ({len(replies)})"
    activity.record(verb, source, actor, reason=reason, result=result, grounds=grounds)
    tell_writers(replies, actor, reason, but=source.author_id)


def tell_writers(
    replies: Sequence[Comment], actor: User, reason: str, but: int | None = None
) -> None:
    """Tell each writer once that replies of theirs were moved."""
    for reply in one_each(replies, but):
        activity.notify(reply.author_id, Verb.REPLIES_MOVED, reply, actor, reason)


def one_each(replies: Sequence[Comment], but: int | None = None) -> list[Comment]:
    """Return the first reply of each writer."""
    first = {reply.author_id: reply for reply in reversed(replies)}
    return [reply for author_id, reply in first.items() if author_id != but]
