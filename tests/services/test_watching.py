"""Of what followers hear: all, changes only, nothing; and what is new in a theme."""

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models import (
    Discussion,
    Follow,
    FollowLevel,
    Notification,
    Standing,
    ThemeLevel,
    User,
)
from app.queries.home import home_of
from app.services import comments, discussions, reactions, wikis
from app.services.activity import Verb, record
from app.services.discussions import Words
from app.services.following import follow_theme
from app.services.wikis import Facts, Version
from tests import cast as make
from tests.cast import Cast


def news_of(user: User) -> list[tuple[str, int]]:
    found = select(Notification).where(Notification.user_id == user.id).order_by(Notification.id)
    found = found.execution_options(populate_existing=True)
    return [(one.verb, one.count) for one in db.session.scalars(found)]


@pytest.fixture
def thread(cast: Cast) -> Discussion:
    return make.discussion(cast.other, "Uitstel", theme=cast.theme)


@pytest.mark.parametrize(
    "level, heard",
    [
        (FollowLevel.ALL, ["replied", "edited"]),
        (FollowLevel.CHANGES, ["edited"]),
        (FollowLevel.NOTHING, []),
        (None, []),
    ],
)
def test_one_hears_what_one_chose(
    cast: Cast, thread: Discussion, level: FollowLevel | None, heard: list[str]
) -> None:
    reactions.watch(thread, cast.member, level)
    comments.add(thread, cast.blogger, "Een reactie.", "sleutel")
    db.session.refresh(thread, ["tags"])
    words = Words("Uitstel", "Andere woorden.", True, thread.theme_id)
    discussions.edit(thread, cast.other, words, version=thread.version)
    assert [verb for verb, _count in news_of(cast.member)] == heard
    assert "edited" not in [verb for verb, _count in news_of(cast.other)], "the author did it"


def test_replying_does_not_undo_a_choice(cast: Cast, thread: Discussion) -> None:
    reactions.watch(thread, cast.member, FollowLevel.NOTHING)
    comments.add(thread, cast.member, "Toch iets.", "sleutel")
    follow = db.session.get_one(Follow, (cast.member.id, thread.id), populate_existing=True)
    assert follow.level is FollowLevel.NOTHING


def test_a_mention_comes_whatever_one_chose(cast: Cast, thread: Discussion) -> None:
    reactions.watch(thread, cast.member, FollowLevel.NOTHING)
    comments.add(thread, cast.blogger, "Wat vind jij, @lotte-lid?", "sleutel")
    assert news_of(cast.member) == [("mentioned", 1)]


def test_followers_of_an_edit_by_a_moderator_do_not_read_its_reason(
    cast: Cast, thread: Discussion
) -> None:
    reactions.watch(thread, cast.member, FollowLevel.CHANGES)
    reactions.follow(thread, cast.other)
    record(Verb.EDITED, thread, cast.moderator, reason="Er stond een naam in.")
    assert news_of(cast.other) == [("edited", 1)]
    told = db.session.scalars(select(Notification).where(Notification.user_id == cast.member.id))
    assert [one.message for one in told] == [""]


def start(cast: Cast, title: str, body: str = "Hoe?", author: User | None = None) -> Discussion:
    words = Words(title, body, True, cast.theme.id)
    return discussions.start(author or cast.other, words, None, title)


def test_new_in_a_theme_is_told_once_and_bundled(cast: Cast) -> None:
    follow_theme(cast.member, cast.theme, ThemeLevel.NEW)
    follow_theme(cast.blogger, cast.theme, ThemeLevel.HOME)
    follow_theme(cast.other, cast.theme, ThemeLevel.NEW)
    start(cast, "Een")
    last = start(cast, "Twee")
    assert news_of(cast.member) == [("new_in_theme", 2)]
    assert news_of(cast.blogger) == news_of(cast.other) == []
    told = db.session.scalars(select(Notification).where(Notification.user_id == cast.member.id))
    assert [one.content_id for one in told] == [last.id]
    follow_theme(cast.member, cast.theme)
    start(cast, "Drie")
    assert news_of(cast.member) == [("new_in_theme", 3)], "following again keeps the choice"
    follow_theme(cast.member, cast.theme, ThemeLevel.HOME)
    start(cast, "Vier")
    assert news_of(cast.member) == [("new_in_theme", 3)]


def test_who_is_mentioned_hears_once(cast: Cast) -> None:
    follow_theme(cast.member, cast.theme, ThemeLevel.NEW)
    start(cast, "Een", "Weet jij dit, @lotte-lid?")
    assert news_of(cast.member) == [("mentioned", 1)]


def test_of_a_group_only_its_members_hear(cast: Cast) -> None:
    for user in (cast.member, cast.group_owner):
        follow_theme(user, cast.theme, ThemeLevel.NEW)
    discussions.start(
        cast.insider, Words("Binnen", "Hoe?", True, cast.theme.id), cast.closed, "sleutel"
    )
    assert news_of(cast.member) == []
    assert news_of(cast.group_owner) == [("new_in_theme", 1)]


def test_a_wiki_page_is_news_when_it_is_in_force(cast: Cast) -> None:
    follow_theme(cast.member, cast.theme, ThemeLevel.NEW)
    concept = Facts(standing=Standing.CONCEPT)
    wikis.create(cast.theme, Version("Concept", "Zo?", cast.specialist), facts=concept)
    assert news_of(cast.member) == []
    wikis.create(cast.theme, Version("Afspraak", "Zo.", cast.specialist))
    assert news_of(cast.member) == [("new_in_theme", 1)]


def test_what_one_wants_no_news_of_is_not_on_the_home_page(cast: Cast, thread: Discussion) -> None:
    follow_theme(cast.member, cast.theme)
    assert [row.title for row in home_of(cast.member).followed] == ["Uitstel"]
    reactions.watch(thread, cast.member, FollowLevel.NOTHING)
    assert home_of(cast.member).followed == []
