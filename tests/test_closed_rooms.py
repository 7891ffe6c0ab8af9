"""A room that is off is gone for everyone, and comes back as it was."""

from collections.abc import Callable

import pytest
from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.extensions import Kring, db
from app.lib.clock import now
from app.models import Audience, Content, Discussion, Group, LogEntry, User, WikiPage
from app.policy import (
    Ability,
    can,
    groups_visible_to,
    log_visible_to,
    part_visible_to,
    readers_of,
    shows,
    visible_to,
)
from tests.cast import Cast, discussion, wiki_page
from tests.checking import CheckingClient
from tests.settings import change
from tests.test_policy import ACTORS, every_piece
from tests.test_routes import scene, subjects_of

ClientOf = Callable[[User | None], CheckingClient]
OFF = [("wikis",), ("groups",), ("wikis", "groups")]


@pytest.mark.parametrize("closed", OFF)
def test_read_equals_its_sql_twin(cast: Cast, closed: tuple[str, ...]) -> None:
    every_piece(cast)
    change(modules_off=closed)
    pieces = db.session.scalars(select(Content).options(joinedload(Content.group))).all()
    for actor in ACTORS:
        user = getattr(cast, actor)
        selected = set(db.session.scalars(select(Content.id).where(visible_to(user))))
        allowed = {piece.id for piece in pieces if can(user, Ability.READ, piece)}
        assert selected == allowed, actor
        kinds = {type(piece) for piece in pieces if piece.id in allowed}
        assert kinds == ({Discussion} if "wikis" in closed else {Discussion, WikiPage})
        inside = [p for p in pieces if p.id in allowed and p.group_id]
        assert bool(inside) is ("groups" not in closed), actor


def test_groups_that_are_off_are_there_for_nobody(cast: Cast) -> None:
    change(modules_off=("groups",))
    groups = db.session.scalars(select(Group)).all()
    for actor in ACTORS:
        user = getattr(cast, actor)
        assert not db.session.scalars(select(Group).where(groups_visible_to(user))).all()
        for ability in (
            Ability.READ,
            Ability.JOIN_GROUP,
            Ability.MANAGE_GROUP,
            Ability.SEE_MEMBERS,
        ):
            assert not any(can(user, ability, group) for group in groups), (actor, ability)
    assert not can(cast.group_owner, Ability.HANDLE_REPORTS)
    assert not can(cast.group_owner, Ability.SEE_LOG)


def test_nobody_gets_news_of_what_is_in_a_closed_room(cast: Cast) -> None:
    inside = discussion(cast.insider, group=cast.open)
    page = wiki_page(cast.specialist, cast.theme)
    outside = discussion(cast.member)
    change(modules_off=("groups", "wikis"))
    for piece in (inside, page):
        assert not db.session.scalars(select(User.id).where(readers_of(piece))).all()
    assert db.session.scalars(select(User.id).where(readers_of(outside))).all()


def test_what_was_shared_within_groups_is_shared_no_longer(cast: Cast) -> None:
    cast.insider.phone_audience = Audience.GROUPS
    db.session.commit()
    assert shows(cast.insider, "phone", cast.group_owner)
    change(modules_off=("groups",))
    found = select(User.id).where(part_visible_to("phone", cast.group_owner))
    assert cast.insider.id not in set(db.session.scalars(found))
    assert not shows(cast.insider, "phone", cast.group_owner)


def test_the_log_keeps_silent_too(cast: Cast) -> None:
    for kind, group in (("wiki", None), ("discussion", cast.open.id), ("discussion", None)):
        db.session.add(
            LogEntry(action="hidden", actor_name="Mo", subject_kind=kind, group_id=group, reason="")
        )
    db.session.commit()
    seen = select(LogEntry.subject_kind).where(
        log_visible_to(cast.moderator), LogEntry.action == "hidden"
    )
    assert len(db.session.scalars(seen).all()) == 3
    change(modules_off=("wikis", "groups"))
    seen = select(LogEntry.subject_kind).where(
        log_visible_to(cast.moderator), LogEntry.action == "hidden"
    )
    assert db.session.scalars(seen).all() == ["discussion"]


@pytest.mark.parametrize("room", ["wikis", "groups"])
def test_every_address_of_a_closed_room_is_gone(
    app: Kring, cast: Cast, client_of: ClientOf, room: str
) -> None:
    secrets = scene(cast)
    change(modules_off=(room,))
    client = client_of(cast.manager if room == "groups" else cast.specialist)
    client.reads = False
    asked = 0
    for rule in app.url_map.iter_rules():
        if rule.endpoint.split(".")[0] != room:
            continue
        for values, _subject in subjects_of(rule, secrets):
            with app.test_request_context():
                url = url_for(rule.endpoint, **values)
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                assert client.open(url, method=method).status_code == 404, f"{method} {url}"
                asked += 1
    assert asked > 10


def test_pages_say_nothing_of_closed_rooms(cast: Cast, client_of: ClientOf) -> None:
    inside = discussion(cast.insider, "Binnenskamers", group=cast.open, featured_at=now())
    page = wiki_page(cast.specialist, cast.theme, "Werkwijze", featured_at=now())
    paths = ("/", "/discussions", f"/themes/{cast.theme.slug}", "/discussions/new", "/people")
    client = client_of(cast.insider)
    before = "".join(client.get(path).text for path in paths)
    assert all(word in before for word in ("Binnenskamers", "Werkwijze", "/wikis", "/groups"))
    change(modules_off=("wikis", "groups"))
    after = "".join(client.get(path).text for path in paths)
    for word in ("Binnenskamers", "Werkwijze", 'href="/wikis', 'href="/groups', "Groep open"):
        assert word not in after, word
    assert client.get(f"/discussions/{inside.id}-{inside.slug}").status_code == 404
    assert client.post(f"/content/{page.id}/follow").status_code == 404
    change(modules_off=())
    assert "".join(client.get(path).text for path in paths).count("Binnenskamers") > 0


def test_nothing_can_be_written_into_a_group_that_is_off(cast: Cast, client_of: ClientOf) -> None:
    change(modules_off=("groups",))
    given = {
        "title": "Binnen", "body": "Tekst", "is_question": "1", "theme_id": "",
        "group_id": str(cast.open.id), "tags": "",
    }  # fmt: skip
    answer = client_of(cast.insider).post("/discussions/new", data=given)
    assert answer.status_code == 422
    assert db.session.scalar(select(Discussion.id)) is None
