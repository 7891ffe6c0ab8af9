"""A group never stays without an owner, belongs to who holds its role, and is asked after yearly."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.extensions import db
from app.lib.clock import now
from app.models import (
    Grant,
    Group,
    GroupKind,
    GroupRole,
    LogEntry,
    Membership,
    Notification,
    OutgoingMail,
    Role,
    SearchDocument,
    User,
)
from app.queries.groups import membership
from app.services import (
    accounts,
    group_life,
    group_members,
    groups,
    roles,
    search_index,
    support_groups,
)
from app.services.groups import Facts
from tests.cast import Cast, person

WHY = "Dat is zo afgesproken."


def role_of(group: Group, user: User) -> GroupRole | None:
    found = db.session.scalar(membership(group, user.id))
    return found.role if found else None


def only_member(cast: Cast) -> None:
    """Leave the owner alone in the closed group."""
    for user in (cast.insider, cast.group_moderator):
        group_members.remove(cast.closed, user, user)


def verbs_of(user: User) -> list[str]:
    found = select(Notification.verb).where(Notification.user_id == user.id)
    return list(db.session.scalars(found.order_by(Notification.id)))


# Owners and heirs


def test_the_longest_moderator_takes_over(cast: Cast) -> None:
    newer = person("Nieuwe Moderator")
    group_members.add(cast.closed, newer, cast.group_owner, GroupRole.MODERATOR)
    group_members.remove(cast.closed, cast.group_owner, cast.group_owner)
    assert role_of(cast.closed, cast.group_moderator) is GroupRole.OWNER
    assert role_of(cast.closed, newer) is GroupRole.MODERATOR
    assert verbs_of(cast.group_moderator) == ["group_heir"]
    logged = select(LogEntry).where(LogEntry.action == "group_heir")
    assert db.session.scalars(logged).one().result == cast.group_moderator.name
    to = select(OutgoingMail.recipient).where(OutgoingMail.subject.contains("eigenaar"))
    assert db.session.scalars(to).all() == [cast.group_moderator.email]


def test_without_moderators_the_longest_member_takes_over(cast: Cast) -> None:
    group_members.remove(cast.closed, cast.group_moderator, cast.group_owner)
    group_members.add(cast.closed, cast.member, cast.group_owner)
    group_members.remove(cast.closed, cast.group_owner, cast.group_owner)
    assert role_of(cast.closed, cast.insider) is GroupRole.OWNER
    assert role_of(cast.closed, cast.member) is GroupRole.MEMBER


def test_an_owner_chooses_who_takes_over(cast: Cast) -> None:
    group_members.remove(cast.closed, cast.group_owner, cast.group_owner, cast.insider.id)
    assert role_of(cast.closed, cast.insider) is GroupRole.OWNER
    assert role_of(cast.closed, cast.group_moderator) is GroupRole.MODERATOR


@pytest.mark.parametrize("heir", ["member", "group_owner", "closed"])
def test_an_heir_is_in_the_group_and_someone_else(heir: str, cast: Cast) -> None:
    if heir == "closed":
        cast.insider.deactivated_at = now()
        heir = "insider"
    with pytest.raises(group_members.HeirGoneError):
        group_members.remove(
            cast.closed, cast.group_owner, cast.group_owner, getattr(cast, heir).id
        )
    assert role_of(cast.closed, cast.group_owner) is GroupRole.OWNER


def test_nobody_takes_over_while_another_owner_can_act(cast: Cast) -> None:
    group_members.add(cast.closed, cast.member, cast.group_owner, GroupRole.OWNER)
    group_members.remove(cast.closed, cast.group_owner, cast.group_owner)
    assert role_of(cast.closed, cast.group_moderator) is GroupRole.MODERATOR
    assert not verbs_of(cast.group_moderator)


def test_someone_takes_over_when_the_account_of_an_owner_is_closed(cast: Cast) -> None:
    accounts.close(cast.group_owner, cast.administrator, keep_name=True)
    assert role_of(cast.closed, cast.group_moderator) is GroupRole.OWNER


def test_a_group_with_nobody_left_is_archived(cast: Cast) -> None:
    only_member(cast)
    group_members.remove(cast.closed, cast.group_owner, cast.group_owner)
    assert cast.closed.archived_at is not None
    assert verbs_of(cast.manager) == ["group_archived"]
    logged = select(LogEntry).where(LogEntry.action == "group_archived")
    assert db.session.scalars(logged).one().result == "empty"


def test_a_group_whose_last_account_is_closed_is_archived(cast: Cast) -> None:
    only_member(cast)
    accounts.close(cast.group_owner, cast.administrator, keep_name=False)
    assert cast.closed.archived_at is not None


# Members by role


def with_role(cast: Cast) -> Group:
    facts = Facts("Ambassadeurs", GroupKind.CLOSED, auto_role=Role.AMBASSADOR)
    return groups.make(facts, [cast.manager, cast.other], cast.manager)


def test_holders_of_its_role_belong_to_a_new_group(cast: Cast) -> None:
    group = with_role(cast)
    assert role_of(group, cast.ambassador) is GroupRole.MEMBER
    assert role_of(group, cast.moderator) is None


def test_a_role_lets_in_and_losing_it_lets_out(cast: Cast) -> None:
    group = with_role(cast)
    given = roles.grant(cast.member, Role.AMBASSADOR, None, WHY, cast.manager)
    assert role_of(group, cast.member) is GroupRole.MEMBER
    assert "group_joined" in verbs_of(cast.member)
    roles.withdraw(given, WHY, cast.manager)
    assert role_of(group, cast.member) is None
    roles.grant(cast.member, Role.BLOGGER, None, WHY, cast.manager)
    assert role_of(group, cast.member) is None


def test_roles_given_to_many_let_in_as_well(cast: Cast) -> None:
    group = with_role(cast)
    db.session.flush()
    roles.grant_all([roles.Wish(cast.member, Role.AMBASSADOR, None)], WHY, cast.manager)
    assert role_of(group, cast.member) is GroupRole.MEMBER


def test_a_specialist_stays_as_long_as_one_theme_is_left(cast: Cast) -> None:
    facts = Facts("Specialisten", GroupKind.CLOSED, auto_role=Role.SPECIALIST)
    group = groups.make(facts, [cast.manager, cast.other], cast.manager)
    roles.grant(cast.specialist, Role.SPECIALIST, cast.other_theme, WHY, cast.manager)
    of_theme = select(Grant).where(Grant.user_id == cast.specialist.id)
    for number, given in enumerate(db.session.scalars(of_theme).all()):
        given.user, given.theme  # noqa: B018  # both are loaded, as the service asks
        roles.withdraw(given, WHY, cast.manager)
        assert (role_of(group, cast.specialist) is None) is (number == 1)


def test_who_owns_a_group_and_loses_its_role_leaves_it_to_another(cast: Cast) -> None:
    group = with_role(cast)
    for owner in (cast.manager, cast.other):
        group_members.remove(group, owner, owner)
    assert role_of(group, cast.ambassador) is GroupRole.OWNER
    group_members.add(group, cast.member, cast.ambassador)
    roles.withdraw(cast.ambassador.grants[0], WHY, cast.manager)
    assert role_of(group, cast.ambassador) is None
    assert role_of(group, cast.member) is GroupRole.OWNER


# Does it still live?


def test_owners_are_asked_once_a_year(cast: Cast) -> None:
    assert group_life.ask_owners() == 0
    cast.closed.created_at = now() - timedelta(days=366)
    for expected in (1, 0):
        assert group_life.ask_owners() == expected
    assert verbs_of(cast.group_owner) == ["group_check"] and not verbs_of(cast.insider)
    mail = db.session.scalars(select(OutgoingMail)).one()
    assert mail.recipient == cast.group_owner.email and "/groups/groep-closed" in mail.body
    group_life.still_lives(cast.closed)
    assert group_life.ask_owners() == 0
    cast.closed.checked_at = now() - timedelta(days=366)
    assert group_life.ask_owners() == 1


def test_an_archived_group_is_left_in_peace(cast: Cast) -> None:
    cast.closed.created_at = now() - timedelta(days=366)
    cast.closed.archived_at = now()
    assert group_life.ask_owners() == 0


# What can be found, and what a community begins with


def test_rules_and_welcome_cannot_be_found(cast: Cast) -> None:
    facts = Facts(
        "Zoekgroep", GroupKind.CLOSED, "Vindbaarwoord", "Welkomwoord", "Regelwoord", "Vraagwoord"
    )
    group = groups.make(facts, [cast.other, cast.member], cast.manager)
    found = select(SearchDocument.id).where(SearchDocument.group_id == group.id)
    assert len(db.session.scalars(found).all()) == 1
    entry = next(iter(search_index.entries([group])))
    said = f"{entry.title} {entry.body}"
    assert "Vindbaarwoord" in said
    assert not any(word in said for word in ("Welkomwoord", "Regelwoord", "Vraagwoord"))


def test_there_is_one_group_for_help(cast: Cast) -> None:
    group = support_groups.make_support([cast.manager], cast.manager)
    assert (group.name, group.is_support, group.slug) == ("Vraag en hulp", True, "vraag-en-hulp")
    with pytest.raises(support_groups.ThereIsOneError):
        support_groups.make_support([cast.manager], cast.manager)
    group_life.archive(group, cast.manager, WHY)
    again = support_groups.make_support([cast.manager], cast.manager)
    assert again.slug == "vraag-en-hulp-2", "the one in the archive helps nobody"


def test_ambassadors_have_a_closed_group(cast: Cast) -> None:
    group = support_groups.make_ambassadors([cast.manager], cast.manager)
    assert (group.kind, group.auto_role) == (GroupKind.CLOSED, Role.AMBASSADOR)
    inside = select(Membership.user_id).where(Membership.group_id == group.id)
    assert set(db.session.scalars(inside)) == {cast.manager.id, cast.ambassador.id}
