"""Following people and themes, and what is new of them."""

from sqlalchemy import func, select

from app.extensions import db
from app.models import PersonFollow, ThemeFollow
from app.queries.home import home_of
from app.services.following import (
    follow_person,
    follow_theme,
    unfollow_person,
    unfollow_theme,
)
from tests.cast import Cast, discussion


def number_of(model: type[PersonFollow | ThemeFollow]) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_following_twice_follows_once(cast: Cast) -> None:
    for _time in range(2):
        follow_person(cast.member, cast.other)
        follow_theme(cast.member, cast.theme)
    assert (number_of(PersonFollow), number_of(ThemeFollow)) == (1, 1)
    for _time in range(2):
        unfollow_person(cast.member, cast.other)
        unfollow_theme(cast.member, cast.theme)
    assert (number_of(PersonFollow), number_of(ThemeFollow)) == (0, 0)


def test_new_is_what_people_and_themes_one_follows_have(cast: Cast) -> None:
    discussion(cast.blogger, "Van iemand anders")
    discussion(cast.other, "Van wie ik volg")
    discussion(cast.blogger, "In mijn thema", theme=cast.theme)
    discussion(cast.member, "Van mijzelf", theme=cast.theme)
    assert home_of(cast.member).followed == []
    follow_person(cast.member, cast.other)
    follow_theme(cast.member, cast.theme)
    assert [row.title for row in home_of(cast.member).followed] == [
        "In mijn thema",
        "Van wie ik volg",
    ]


def test_a_follower_reads_no_more_than_others(cast: Cast) -> None:
    discussion(cast.insider, "Binnenkamers", group=cast.closed)
    follow_person(cast.member, cast.insider)
    follow_person(cast.group_owner, cast.insider)
    assert home_of(cast.member).followed == []
    assert [row.title for row in home_of(cast.group_owner).followed] == ["Binnenkamers"]
