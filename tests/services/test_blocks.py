"""Who mutes or blocks another does not read or hear them; what moderators decide always comes."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from app.extensions import Kring, db
from app.lib.clock import now
from app.models import (
    BlockLevel,
    Content,
    Discussion,
    Membership,
    Notification,
    OutgoingMail,
    Role,
    ThemeLevel,
    User,
)
from app.queries import attention, discussions, home
from app.queries.comments import page_of_comments
from app.queries.related import related_to
from app.services import activity, comments, helped, mentions, reactions
from app.services.activity import Grounds, Verb
from app.services.attention import ask
from app.services.blocks import keep_away
from app.services.following import follow_person, follow_theme
from bench.statements import statements
from tests.cast import Cast, comment, discussion

LEVELS = list(BlockLevel)
pytestmark = pytest.mark.parametrize("level", LEVELS)


def mute(user: User, person: User, level: BlockLevel) -> None:
    keep_away(user, person, level)
    db.session.commit()


def reply(content: Content, author: User, body: str = "Zo zit het.") -> None:
    comments.add(content, author, body, str(uuid4()))
    db.session.commit()


def news_of(user: User) -> list[str]:
    found = select(Notification.verb).where(Notification.user_id == user.id)
    return list(db.session.scalars(found.order_by(Notification.id)))


def titles_on_home(user: User) -> set[str]:
    found = home.home_of(user)
    rows = [*found.featured, *found.followed, *found.newest, *found.in_groups]
    return {row.title for row in rows} | {wait.row.title for wait in found.waiting}


def test_their_pieces_leave_lists_and_home(cast: Cast, level: BlockLevel) -> None:
    db.session.add(Membership(user_id=cast.member.id, group_id=cast.closed.id))
    db.session.add(Membership(user_id=cast.other.id, group_id=cast.closed.id))
    db.session.commit()
    db.session.refresh(cast.member)
    follow_person(cast.member, cast.other)
    values: dict[str, Any] = {"theme": cast.theme, "featured_at": now()}
    theirs = discussion(cast.other, "Schuldsanering van Otto", **values)
    discussion(cast.blogger, "Schuldsanering van Bea", **values)
    discussion(cast.other, "Groepsvraag van Otto", group=cast.closed)
    asked = discussion(cast.specialist, "Schuldsanering bij ons", theme=cast.theme)
    assert {"Schuldsanering van Otto", "Groepsvraag van Otto"} <= titles_on_home(cast.member)
    mute(cast.member, cast.other, level)
    assert {"Schuldsanering van Bea"} <= titles_on_home(cast.member)
    assert not any("Otto" in title for title in titles_on_home(cast.member))
    for rows in (discussions.discussions(cast.member), discussions.unanswered(cast.member)):
        found = {row.title for row in db.session.execute(rows)}
        assert "Schuldsanering van Bea" in found and theirs.title not in found
    assert not [row for row in home.home_of(cast.member).followed if row.id == theirs.id]
    db.session.refresh(asked, ["tags"])
    beside = {row.title for row in db.session.execute(related_to(asked, cast.member))}
    assert theirs.title not in beside
    assert "Schuldsanering van Otto" in titles_on_home(cast.manager), "others still see it"


def test_what_is_overdue_still_counts_for_who_guards(cast: Cast, level: BlockLevel) -> None:
    long_ago = now() - timedelta(days=365)
    discussion(cast.other, published_at=long_ago)
    mute(cast.moderator, cast.other, level)
    assert attention.attention(cast.moderator)[attention.Matter.OVERDUE] == 1


def test_their_replies_are_folded_in_the_same_statements(cast: Cast, level: BlockLevel) -> None:
    asked = discussion(cast.member)
    comment(asked, cast.other, "Van Otto")
    comment(asked, cast.blogger, "Van Bea")
    db.session.refresh(asked)
    with statements() as before:
        page_of_comments(asked, 1, cast.member)
    mute(cast.member, cast.other, level)
    db.session.refresh(asked)
    with statements() as after:
        talk = page_of_comments(asked, 1, cast.member)
    assert [found.muted for found in talk.replies] == [True, False]
    assert len(after) == len(before)
    assert not any(found.muted for found in page_of_comments(asked, 1, cast.blogger).replies)


def test_no_news_of_what_they_do(cast: Cast, level: BlockLevel) -> None:
    asked = discussion(cast.member, theme=cast.theme)
    reactions.follow(asked, cast.member)
    follow_theme(cast.member, cast.theme, ThemeLevel.NEW)
    db.session.commit()
    mute(cast.member, cast.other, level)
    reply(asked, cast.other)
    reply(asked, cast.other, f"Wat denk jij, @{cast.member.handle}?")
    mentions.tell(asked, asked, [cast.member.handle], cast.other)
    helped.say(asked, cast.other, "Dankjewel")
    activity.notify(cast.member.id, Verb.NUDGED, asked, cast.other, "Weet jij dit?")
    activity.record(Verb.STARTED, discussion(cast.other, theme=cast.theme), cast.other)
    assert news_of(cast.member) == []
    reply(asked, cast.blogger, f"Hoor jij dit, @{cast.member.handle}?")
    activity.record(Verb.STARTED, discussion(cast.blogger, theme=cast.theme), cast.blogger)
    db.session.commit()
    assert sorted(news_of(cast.member)) == ["mentioned", "new_in_theme"]


def test_who_asks_an_expert_does_not_notice(app: Kring, cast: Cast, level: BlockLevel) -> None:
    """Neither the notification nor the mail arrives, and to who asks all is as usual."""
    asked = discussion(cast.other, theme=cast.theme)
    mute(cast.specialist, cast.moderator, level)
    with app.test_request_context():
        assert ask(asked, cast.moderator, cast.specialist.id, "Weet jij dit?") == cast.specialist
        db.session.commit()
    assert news_of(cast.specialist) == [] and not db.session.scalars(select(OutgoingMail)).all()


def test_unread_news_is_not_counted_on_by_them(cast: Cast, level: BlockLevel) -> None:
    asked = discussion(cast.member)
    reactions.follow(asked, cast.member)
    db.session.commit()
    reply(asked, cast.blogger)
    mute(cast.member, cast.other, level)
    reply(asked, cast.other)
    mine = select(Notification).where(Notification.user_id == cast.member.id)
    news = db.session.scalars(mine).one()
    assert news.count == 1 and news.actor_id == cast.blogger.id


def test_others_still_hear_of_them(cast: Cast, level: BlockLevel) -> None:
    asked = discussion(cast.member)
    for user in (cast.member, cast.blogger):
        reactions.follow(asked, user)
    db.session.commit()
    mute(cast.member, cast.other, level)
    reply(asked, cast.other, f"En jij, @{cast.specialist.handle}?")
    assert news_of(cast.blogger) == ["replied"] and news_of(cast.specialist) == ["mentioned"]


@pytest.mark.parametrize("verb", [Verb.LOCKED, Verb.MOVED, Verb.PINNED, Verb.ANSWER_MARKED])
def test_what_a_moderator_decides_always_comes(cast: Cast, level: BlockLevel, verb: Verb) -> None:
    asked: Discussion = discussion(cast.member)
    mute(cast.member, cast.moderator, level)
    activity.record(verb, asked, cast.moderator, reason="Daarom", grounds=Grounds("Artikel 1"))
    db.session.commit()
    assert news_of(cast.member) == [verb.value]


def test_measures_on_a_person_and_reports_always_come(cast: Cast, level: BlockLevel) -> None:
    asked = discussion(cast.other)
    mute(cast.member, cast.manager, level)
    decided = activity.decide(Verb.WARNED, cast.member, cast.manager, "Let op", Grounds())
    assert decided is not None
    activity.notify(cast.member.id, Verb.WARNED, decided, cast.manager, "Let op")
    activity.notify(cast.member.id, Verb.REPORT_UPHELD, asked, cast.manager, "Je had gelijk")
    db.session.commit()
    assert news_of(cast.member) == ["warned", "report_upheld"]
    assert Role.MANAGER in cast.manager.roles
