"""Rights that come and go: silenced, kept out, behind broken glass, in a crisis, after some days."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.extensions import db
from app.lib.clock import now
from app.models import Comment, Content, CrisisMode, Decision, Discussion, Group, Membership, User
from app.policy import (
    WRITING,
    Ability,
    can,
    decisions_visible_to,
    groups_visible_to,
    handled_by,
    visible_to,
)
from app.queries.cases import handled
from tests import settings
from tests.cast import Cast, case, comment, decision, discussion, document

HOUR = timedelta(hours=1)


def subjects(cast: Cast) -> tuple[Discussion, Comment]:
    asked = discussion(cast.other, theme=cast.theme)
    return asked, comment(asked, cast.member)


def test_who_is_silenced_reads_likes_reports_and_objects_but_does_not_write(cast: Cast) -> None:
    asked, reply = subjects(cast)
    cast.member.silenced_until = now() + HOUR
    for ability in WRITING:
        assert not any(can(cast.member, ability, each) for each in (None, asked, reply)), ability
    for ability in (Ability.READ, Ability.LIKE, Ability.REPORT, Ability.FOLLOW):
        assert can(cast.member, ability, asked)
    assert can(cast.member, Ability.WITHDRAW, reply)
    decided = decision(cast.member, cast.moderator, reply)
    db.session.refresh(decided, ["group", "appeal"])
    assert can(cast.member, Ability.APPEAL, decided)
    cast.member.silenced_until = now() - HOUR
    assert can(cast.member, Ability.COMMENT, asked)


def test_who_is_kept_out_may_nothing(cast: Cast) -> None:
    asked, _reply = subjects(cast)
    cast.manager.suspended_until = now() + HOUR
    assert not any(can(cast.manager, ability, asked) for ability in Ability)
    for twin, model in ((visible_to, Content), (groups_visible_to, Group)):
        assert not db.session.scalars(select(model.id).where(twin(cast.manager))).all()
    cast.manager.suspended_until = now() - HOUR
    assert can(cast.manager, Ability.HIDE, asked)


@pytest.mark.parametrize("kind", ["closed", "hidden"])
def test_broken_glass_lets_an_administrator_read_one_group_and_no_more(
    cast: Cast, kind: str
) -> None:
    group = getattr(cast, kind)
    other = cast.hidden if kind == "closed" else cast.closed
    inside, elsewhere = (discussion(cast.insider, group=each) for each in (group, other))
    reply = comment(inside, cast.insider)
    admin = cast.administrator

    def read() -> set[int]:
        found = set(db.session.scalars(select(Content.id).where(visible_to(admin))))
        assert found == {each.id for each in (inside, elsewhere) if can(admin, Ability.READ, each)}
        return found

    assert not read()
    admin.glass_group_id, admin.glass_until = group.id, now() + HOUR
    assert read() == {inside.id}
    assert group.id in db.session.scalars(select(Group.id).where(groups_visible_to(admin))).all()
    refused = {
        inside: (Ability.COMMENT, Ability.HIDE),
        reply: (Ability.HIDE,),
        group: (Ability.START_DISCUSSION, Ability.MANAGE_MEMBERS, Ability.MANAGE_GROUP),
    }
    for subject, abilities in refused.items():
        assert not any(can(admin, ability, subject) for ability in abilities)
    assert can(admin, Ability.SEE_MEMBERS, group)
    admin.glass_until = now() - HOUR
    assert not read()


def test_an_archived_group_is_read_only_for_everyone(cast: Cast) -> None:
    inside = discussion(cast.insider, group=cast.closed)
    reply = comment(inside, cast.insider)
    cast.closed.archived_at = now()
    for person in (cast.insider, cast.group_owner):
        assert can(person, Ability.READ, inside)
        for ability in WRITING:
            assert not any(can(person, ability, each) for each in (inside, reply, cast.closed))


@pytest.mark.parametrize("scope", ["everywhere", "theme", "group"])
def test_a_crisis_stops_writing_where_it_is_but_not_for_moderators(cast: Cast, scope: str) -> None:
    in_theme = discussion(cast.other, theme=cast.theme)
    in_group = discussion(cast.insider, group=cast.open)
    db.session.add(Membership(user_id=cast.member.id, group_id=cast.open.id))
    db.session.commit()
    db.session.refresh(cast.member, ["memberships"])
    settings.change(
        crisis_mode=CrisisMode.READ_ONLY,
        crisis_theme=cast.theme.id if scope == "theme" else 0,
        crisis_group=cast.open.id if scope == "group" else 0,
    )
    stopped = {
        "theme": not can(cast.member, Ability.COMMENT, in_theme),
        "group": not can(cast.member, Ability.COMMENT, in_group),
    }
    assert stopped == {name: scope in (name, "everywhere") for name in stopped}
    assert can(cast.member, Ability.START_DISCUSSION) is (scope != "everywhere")
    assert can(cast.member, Ability.START_DISCUSSION, cast.theme) is (scope == "group")
    assert can(cast.moderator, Ability.COMMENT, in_theme)
    settings.change(crisis_mode=CrisisMode.PREMODERATION, crisis_theme=0, crisis_group=0)
    assert can(cast.member, Ability.COMMENT, in_theme)


def test_own_texts_can_be_changed_for_as_many_days_as_was_set(cast: Cast) -> None:
    asked, reply = subjects(cast)
    reply.created_at = now() - timedelta(days=8)
    assert can(cast.member, Ability.EDIT, reply)
    settings.change(own_edit_days=7)
    assert not can(cast.member, Ability.EDIT, reply)
    assert not can(cast.member, Ability.WITHDRAW, reply)
    assert can(cast.other, Ability.EDIT, asked)
    assert can(cast.moderator, Ability.EDIT, reply)


def test_handling_cases_equals_its_sql_twin(cast: Cast) -> None:
    asked = discussion(cast.member)
    inside = discussion(cast.insider, group=cast.closed)
    hidden = discussion(cast.insider, group=cast.hidden)
    of_moderator = discussion(cast.moderator)
    made = [
        case(asked, cast.other),
        case(comment(asked, cast.other), cast.member),
        case(document(asked, cast.member), cast.other),
        case(cast.moderator, cast.member),
        case(of_moderator, cast.member),
        case(inside, cast.group_owner),
        case(comment(inside, cast.group_moderator), cast.insider),
        case(hidden, cast.insider, escalated_at=now()),
        case(discussion(cast.manager), cast.member, escalated_at=now()),
    ]
    for each in made:
        db.session.refresh(each, ["content", "comment", "attachment", "person"])
    people = db.session.scalars(select(User)).all()
    for person in people:
        found = {each.id for each in db.session.scalars(handled(person))}
        assert found == {e.id for e in made if can(person, Ability.HANDLE_REPORTS, e)}, person.name
    assert str(handled_by(None)) == "false"


def test_seeing_decisions_equals_its_sql_twin(cast: Cast) -> None:
    inside = discussion(cast.insider, group=cast.closed)
    made = [
        decision(cast.member, cast.moderator, discussion(cast.member)),
        decision(cast.member, cast.manager),
        decision(cast.insider, cast.group_moderator, inside),
        decision(cast.insider, cast.moderator, discussion(cast.insider, group=cast.open)),
        decision(cast.moderator, cast.ambassador, discussion(cast.moderator)),
    ]
    for each in made:
        db.session.refresh(each, ["group", "appeal"])
    for person in db.session.scalars(select(User)).all():
        twin = select(Decision.id).where(decisions_visible_to(person))
        found = set(db.session.scalars(twin))
        assert found == {e.id for e in made if can(person, Ability.SEE_DECISION, e)}, person.name
