"""Merging, splitting and moving replies, and undoing that: with all that hangs on them."""

from collections.abc import Callable
from datetime import timedelta
from itertools import product

import pytest
from sqlalchemy import select

from app.extensions import db
from app.lib.clock import now
from app.models import (
    Attachment,
    Case,
    Comment,
    Decision,
    Discussion,
    Follow,
    Group,
    Helped,
    ImageUse,
    Like,
    LogEntry,
    Notification,
    Revision,
    SearchDocument,
    Transfer,
    TransferKind,
    User,
)
from app.policy import visible_to
from app.queries.content import detail
from app.queries.discussions import discussions
from app.services import comments, reactions, transfers
from app.services.transfers import Refusal, RefusedError
from tests import cast as make
from tests.cast import Cast

WHY = "Dit hoort bij elkaar"


def piece(key: int) -> Discussion:
    return db.session.scalars(detail(Discussion, key)).one()


def numbers(content: Discussion) -> list[tuple[int, str]]:
    """Return the places and texts of the replies."""
    found = select(Comment.position, Comment.body).where(
        Comment.content_id == content.id, Comment.position > 0
    )
    return [(at, body) for at, body in db.session.execute(found.order_by(Comment.position))]


def merged(source: Discussion, target: Discussion, actor: User) -> Transfer:
    made = transfers.merge(piece(source.id), piece(target.id), actor, WHY)
    db.session.commit()
    return made


def undone(transfer: Transfer, actor: User) -> None:
    transfer = db.session.get_one(Transfer, transfer.id)
    piece(transfer.source_id)
    piece(transfer.target_id)
    db.session.refresh(transfer, ["source", "target"])
    transfers.undo(transfer, actor, "Toch niet")
    db.session.commit()


@pytest.fixture
def two(cast: Cast) -> tuple[Discussion, Discussion]:
    """Return two discussions with replies, the first an hour older."""
    hour = timedelta(hours=1)
    old = make.discussion(
        cast.member, "Zelfde vraag", "De opening", theme=cast.theme,
        created_at=now() - hour, published_at=now() - hour,
    )  # fmt: skip
    make.comment(old, cast.other, "Een", created_at=now() - hour / 2)
    make.comment(old, cast.member, "Twee", created_at=now() - hour / 3)
    new = make.discussion(cast.specialist, "De vraag")
    make.comment(new, cast.blogger, "Drie")
    return old, new


def test_a_merge_brings_the_opening_and_the_replies(
    cast: Cast, two: tuple[Discussion, Discussion]
) -> None:
    source, target = two
    transfer = merged(source, target, cast.moderator)
    assert numbers(target) == [(1, "Drie"), (2, "De opening"), (3, "Een"), (4, "Twee")]
    assert numbers(source) == []
    assert source.merged_into_id == target.id
    assert (source.comment_count, target.comment_count) == (0, 4)
    assert (source.body, source.body_html) == ("", ""), "a text stands in one place"
    opening = db.session.get_one(Comment, transfer.opening_id)
    assert (opening.author_id, opening.created_at) == (cast.member.id, source.published_at)
    assert "De opening" in opening.body_html
    listed = {row.id for row in db.session.execute(discussions(cast.other))}
    assert listed == {target.id}
    assert db.session.scalars(select(LogEntry)).one().action == "merged"


def test_all_that_hangs_on_it_goes_along(cast: Cast, two: tuple[Discussion, Discussion]) -> None:
    source, target = two
    reply = db.session.scalars(select(Comment).where(Comment.body == "Een")).one()
    document = make.document(reply, cast.other)
    at_opening = make.document(source, cast.member)
    make.image(cast.member, source)
    make.image(cast.other, reply)
    reactions.like(source, cast.blogger, wanted=True)
    db.session.add(Helped(user_id=cast.blogger.id, content_id=source.id, line="Fijn"))
    source.helped_count = 1
    case = make.case(source, cast.other)
    decision = make.decision(cast.other, cast.moderator, reply)
    db.session.add(
        Notification(
            user_id=cast.member.id, verb="replied", content_id=source.id, comment_id=reply.id
        )
    )  # fmt: skip
    reactions.follow(source, cast.insider)
    source.answer_id = reply.id
    db.session.commit()
    transfer = merged(source, target, cast.moderator)
    opening = db.session.get_one(Comment, transfer.opening_id)

    def places(model: type[Attachment] | type[ImageUse]) -> set[tuple[int | None, int | None]]:
        found = db.session.execute(select(model.content_id, model.comment_id))
        return {(content_id, comment_id) for content_id, comment_id in found}

    both = {(target.id, opening.id), (target.id, reply.id)}
    assert places(Attachment) == both
    assert places(ImageUse) == both
    assert (source.attachment_count, target.attachment_count) == (0, 2)
    assert (opening.attachment_count, opening.like_count, opening.helped_count) == (1, 1, 1)
    assert (source.like_count, source.helped_count) == (0, 0)
    assert db.session.scalars(select(Like)).one().comment_id == opening.id
    assert db.session.scalars(select(Case)).one().comment_id == opening.id
    kept = db.session.scalars(select(Decision).where(Decision.id == decision.id)).one()
    assert kept.content_id == target.id
    news = db.session.scalars(select(Notification).where(Notification.verb == "replied")).one()
    assert news.content_id == target.id
    assert [target.answer_id, source.answer_id] == [reply.id, None]
    for user in (cast.insider, cast.other, cast.member):
        assert db.session.get(Follow, (user.id, target.id)) is not None, user.name
    assert not db.session.scalars(
        select(SearchDocument).where(SearchDocument.content_id == source.id)
    ).all()
    undone(transfer, cast.moderator)
    assert places(Attachment) == {(source.id, None), (source.id, reply.id)}
    assert places(ImageUse) == {(source.id, None), (source.id, reply.id)}
    assert (source.attachment_count, target.attachment_count) == (2, 0)
    assert (source.like_count, source.helped_count, source.answer_id) == (1, 1, reply.id)
    assert db.session.get_one(Case, case.id).content_id == source.id
    assert [target.answer_id, target.summary_comment_id] == [None, None]
    assert document.content_id == at_opening.content_id == source.id


def test_a_merge_undone_is_as_it_was(cast: Cast, two: tuple[Discussion, Discussion]) -> None:
    source, target = two
    before = numbers(source), numbers(target)
    for _time in range(2):
        transfer = merged(source, target, cast.moderator)
        late = make.comment(target, cast.other, "Later")
        undone(transfer, cast.moderator)
        assert numbers(source) == before[0]
        assert numbers(target) == [*before[1], (late.position, "Later")]
        assert (source.body, source.merged_into_id, source.version) == ("De opening", None, 1)
        assert "De opening" in source.body_html
        assert [row.number for row in db.session.scalars(
            select(Revision).where(Revision.content_id == source.id)
        )] == [1]  # fmt: skip
        assert source.comment_count == 2
        db.session.delete(late)
        db.session.commit()


def test_what_was_edited_meanwhile_comes_back_edited(
    cast: Cast, two: tuple[Discussion, Discussion]
) -> None:
    source, target = two
    transfer = merged(source, target, cast.moderator)
    opening = db.session.get_one(Comment, transfer.opening_id)
    opening.content = piece(target.id)
    comments.edit(opening, cast.member, "Beter gezegd", 1)
    db.session.commit()
    undone(transfer, cast.moderator)
    assert (source.body, source.version) == ("Beter gezegd", 2)
    kept = select(Revision).where(Revision.content_id == source.id).order_by(Revision.number)
    assert [(row.title, row.body) for row in db.session.scalars(kept)] == [
        ("Zelfde vraag", "De opening"), ("Zelfde vraag", "Beter gezegd"),
    ]  # fmt: skip


def test_what_was_hidden_meanwhile_stays_hidden(
    cast: Cast, two: tuple[Discussion, Discussion]
) -> None:
    source, target = two
    transfer = merged(source, target, cast.moderator)
    opening = db.session.get_one(Comment, transfer.opening_id)
    opening.hidden_at, opening.hidden_reason = now(), "Namen"
    db.session.commit()
    undone(transfer, cast.moderator)
    assert source.hidden_at is not None
    assert source.hidden_reason == "Namen"


def test_a_split_makes_a_discussion_of_its_first_reply(
    cast: Cast, two: tuple[Discussion, Discussion]
) -> None:
    source = piece(two[0].id)
    chosen = transfers.replies_of(source)
    reactions.like(chosen[0], cast.blogger, wanted=True)
    made = transfers.split(source, "Een andere vraag", chosen, cast.moderator, WHY)
    db.session.commit()
    assert (made.author_id, made.body, made.title) == (cast.other.id, "Een", "Een andere vraag")
    assert (made.theme_id, made.like_count, made.version) == (cast.theme.id, 1, 1)
    assert numbers(made) == [(1, "Twee")]
    assert numbers(source) == []
    assert (made.comment_count, source.comment_count, source.first_answer_at) == (1, 0, None)
    assert made.first_answer_at is not None, "who asked first now answers"
    assert chosen[0].content_id == made.id, "its address leads to the new discussion"
    transfer = db.session.scalars(select(Transfer)).one()
    undone(transfer, cast.moderator)
    assert numbers(source) == [(1, "Een"), (2, "Twee")]
    assert db.session.get_one(Discussion, made.id).merged_into_id == source.id
    assert chosen[0].like_count == 1
    with pytest.raises(RefusedError):
        undone(transfer, cast.moderator)


def test_a_split_with_new_replies_is_not_undone(
    cast: Cast, two: tuple[Discussion, Discussion]
) -> None:
    source = piece(two[0].id)
    made = transfers.split(source, "Apart", transfers.replies_of(source), cast.moderator, WHY)
    db.session.commit()
    make.comment(made, cast.insider, "Nieuw hier")
    with pytest.raises(RefusedError) as refused:
        undone(db.session.scalars(select(Transfer)).one(), cast.moderator)
    assert refused.value.reason is Refusal.NEW_REPLIES
    back = merged(made, source, cast.moderator)
    assert "Een" in {body for _at, body in numbers(source)}, "merging is the way back then"
    assert back.opening_id == db.session.scalars(
        select(Transfer.opening_id).where(Transfer.kind == TransferKind.SPLIT)
    ).one(), "the reply of before is used again"  # fmt: skip


def test_replies_move_and_come_back(cast: Cast, two: tuple[Discussion, Discussion]) -> None:
    source, target = piece(two[0].id), piece(two[1].id)
    chosen = transfers.replies_of(source)[:1]
    transfer = transfers.move_replies(source, target, chosen, cast.moderator, WHY)
    db.session.commit()
    assert numbers(target) == [(1, "Drie"), (2, "Een")]
    assert numbers(source) == [(2, "Twee")]
    assert (source.other_comment_count, target.other_comment_count) == (0, 2)
    told = select(Notification).where(Notification.user_id == cast.other.id)
    assert [(row.verb, row.content_id) for row in db.session.scalars(told)] == [
        ("replies_moved", target.id)
    ]
    undone(transfer, cast.moderator)
    assert numbers(target) == [(1, "Drie")]
    assert numbers(source) == [(1, "Een"), (2, "Twee")]


def test_what_moved_on_is_not_put_back(cast: Cast, two: tuple[Discussion, Discussion]) -> None:
    source, target = piece(two[0].id), piece(two[1].id)
    third = make.discussion(cast.member)
    chosen = transfers.replies_of(source)[:1]
    first = transfers.move_replies(source, target, chosen, cast.moderator, WHY)
    second = transfers.move_replies(target, piece(third.id), chosen, cast.moderator, WHY)
    db.session.commit()
    with pytest.raises(RefusedError) as refused:
        undone(first, cast.moderator)
    assert refused.value.reason is Refusal.MOVED_ON
    undone(second, cast.moderator)
    undone(first, cast.moderator)
    assert numbers(source) == [(1, "Een"), (2, "Twee")]


REFUSED: dict[Refusal, Callable[[Cast], tuple[Discussion, object]]] = {
    Refusal.READERS: lambda cast: (
        make.discussion(cast.insider, group=cast.closed), make.discussion(cast.insider),
    ),
    Refusal.GONE: lambda cast: (
        make.discussion(cast.member, hidden_at=now()), make.discussion(cast.member),
    ),
    Refusal.MERGED: lambda cast: (
        make.discussion(cast.member),
        make.discussion(cast.member, merged_into_id=make.discussion(cast.member).id),
    ),
    Refusal.KIND: lambda cast: (
        make.discussion(cast.member), make.wiki_page(cast.specialist, cast.theme),
    ),
}  # fmt: skip


@pytest.mark.parametrize("reason", REFUSED)
def test_what_cannot_be_is_refused(reason: Refusal, cast: Cast) -> None:
    source, target = REFUSED[reason](cast)
    with pytest.raises(RefusedError) as refused:
        transfers.merge(source, target, cast.moderator, WHY)  # type: ignore[arg-type]  # a page
    assert refused.value.reason is reason
    with pytest.raises(RefusedError) as refused:
        transfers.merge(source, source, cast.moderator, WHY)
    assert refused.value.reason is Refusal.SAME


def test_no_pair_of_audiences_lets_words_out(cast: Cast) -> None:
    """Whatever is merged or moved into whatever: nobody reads what they could not read before."""
    groups: list[Group | None] = [None, cast.open, cast.closed, cast.hidden]
    people = (cast.other, cast.insider, cast.group_owner, cast.manager, cast.administrator)
    for number, (here, there) in enumerate(product(groups, groups)):
        source = make.discussion(cast.insider, f"Bron {number}", group=here)
        reply = make.comment(source, cast.insider, f"Woord {number}")
        target = make.discussion(cast.insider, f"Doel {number}", group=there)
        for name in ("merge", "move"):
            before = {user.id for user in people if reads(user, source)}
            try:
                ends = piece(source.id), piece(target.id)
                if name == "merge":
                    transfers.merge(*ends, cast.manager, WHY)
                else:
                    transfers.move_replies(*ends, [reply], cast.manager, WHY)
            except RefusedError:
                db.session.rollback()
                assert here is not there
                continue
            after = {user.id for user in people if reads(user, reply.content)}
            assert after == before, (here, there)
            db.session.rollback()


def reads(user: User, content: object) -> bool:
    key = content.id  # type: ignore[attr-defined]  # a piece
    return db.session.scalar(detail(Discussion, key).where(visible_to(user))) is not None
