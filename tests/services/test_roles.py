"""Roles change in one place, by those who may, with a reason, and never to a dead end."""

import pytest
from sqlalchemy import func, select

from app.extensions import db
from app.lib.clock import now
from app.models import Grant, LogEntry, OutgoingMail, Role, Setting, Theme, User, UserSession
from app.services import roles
from app.site import forget_site
from tests.cast import Cast, person

REASON = "Heeft de cursus gedaan."


def granted(user: User) -> set[tuple[Role, int | None]]:
    found = db.session.execute(select(Grant.role, Grant.theme_id).where(Grant.user_id == user.id))
    return {(role, theme) for role, theme in found}


def test_a_role_is_given_logged_and_mailed(cast: Cast) -> None:
    db.session.add(UserSession(user_id=cast.member.id, token_hash="x"))
    roles.grant(cast.member, Role.MODERATOR, None, REASON, cast.manager)
    db.session.commit()
    assert granted(cast.member) == {(Role.MODERATOR, None)}
    given = db.session.scalars(select(Grant).where(Grant.user_id == cast.member.id)).one()
    assert (given.granted_by_id, given.reason) == (cast.manager.id, REASON)
    entry = db.session.scalars(select(LogEntry)).one()
    assert (entry.action, entry.actor_id, entry.subject_id) == (
        "role_granted", cast.manager.id, cast.member.id,
    )  # fmt: skip
    assert (entry.reason, entry.result) == (REASON, "moderator")
    mail = db.session.scalars(select(OutgoingMail)).one()
    assert mail.recipient == cast.member.email and mail.subject == "Je bent nu moderator"
    assert REASON in mail.body and cast.manager.name in mail.body
    assert db.session.scalars(select(UserSession.must_renew)).all() == [True]


def test_a_specialist_knows_one_theme_a_time(cast: Cast) -> None:
    roles.grant(cast.specialist, Role.SPECIALIST, cast.other_theme, REASON, cast.manager)
    db.session.commit()
    assert cast.specialist.specialist_theme_ids == {cast.theme.id, cast.other_theme.id}
    mail = db.session.scalars(select(OutgoingMail)).one()
    assert mail.subject == "Je bent nu themaspecialist voor Wonen"


def test_a_role_is_withdrawn_logged_and_mailed(cast: Cast) -> None:
    db.session.add(UserSession(user_id=cast.specialist.id, token_hash="x"))
    roles.withdraw(cast.specialist.grants[0], "Andere baan.", cast.manager)
    db.session.commit()
    assert granted(cast.specialist) == set()
    entry = db.session.scalars(select(LogEntry)).one()
    assert (entry.action, entry.reason, entry.result) == (
        "role_withdrawn", "Andere baan.", "specialist: Schuldhulp",
    )  # fmt: skip
    mail = db.session.scalars(select(OutgoingMail)).one()
    assert mail.subject == "Je bent geen themaspecialist voor Schuldhulp meer"
    assert db.session.scalars(select(UserSession.must_renew)).all() == [True]


ACTORS = (
    "member", "blogger", "specialist", "ambassador", "moderator", "manager", "administrator",
    "group_owner",
)  # fmt: skip
GIVERS = {role: "administrator" if role is Role.ADMINISTRATOR else "manager" for role in Role}


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.MEMBER])
@pytest.mark.parametrize("name", ACTORS)
def test_nobody_gives_or_takes_more_than_is_theirs(cast: Cast, name: str, role: Role) -> None:
    actor: User = getattr(cast, name)
    theme = cast.theme if role is Role.SPECIALIST else None
    if GIVERS[role] == name:
        given = roles.grant(cast.other, role, theme, REASON, actor)
        db.session.flush()
        roles.withdraw(given, REASON, actor)
        return
    with pytest.raises(PermissionError):
        roles.grant(cast.other, role, theme, REASON, actor)
    given = Grant(user=cast.other, role=role, theme=theme)
    db.session.add(given)
    db.session.flush()
    with pytest.raises(PermissionError):
        roles.withdraw(given, REASON, actor)
    assert granted(cast.other) == {(role, theme.id if theme else None)}


def test_nobody_changes_their_own_roles(cast: Cast) -> None:
    with pytest.raises(PermissionError):
        roles.grant(cast.manager, Role.BLOGGER, None, REASON, cast.manager)
    with pytest.raises(PermissionError):
        roles.withdraw(cast.manager.grants[0], REASON, cast.manager)
    with pytest.raises(PermissionError):
        roles.withdraw(cast.administrator.grants[0], REASON, cast.administrator)


def test_an_actor_out_of_use_changes_nothing(cast: Cast) -> None:
    cast.manager.deactivated_at = now()
    with pytest.raises(PermissionError):
        roles.grant(cast.member, Role.BLOGGER, None, REASON, cast.manager)


def test_the_last_administrator_stays(cast: Cast) -> None:
    second = person("Tweede Beheer", Role.ADMINISTRATOR)
    db.session.commit()
    second.deactivated_at = None
    roles.withdraw(cast.administrator.grants[0], REASON, second)
    db.session.flush()
    third = person("Derde Beheer", Role.ADMINISTRATOR)
    third.deactivated_at = now()
    db.session.commit()
    # Even by who was administrator a moment ago: the count decides, not who asks.
    cast.administrator.grants.append(Grant(role=Role.ADMINISTRATOR))
    with db.session.no_autoflush, pytest.raises(roles.RoleRefused, match="laatste beheerder"):
        roles.withdraw(second.grants[0], REASON, cast.administrator)


@pytest.mark.parametrize(
    "role, theme, reason, words",
    [
        (Role.SPECIALIST, None, REASON, "thema"),
        (Role.BLOGGER, "theme", REASON, "thema"),
        (Role.SPECIALIST, "archived", REASON, "gearchiveerd"),
        (Role.BLOGGER, None, "  ", "reden"),
        (Role.MEMBER, None, REASON, "Iedereen is lid"),
    ],
)
def test_what_makes_no_sense_is_refused(
    cast: Cast, role: Role, theme: str | None, reason: str, words: str
) -> None:
    archived = Theme(name="Oud", slug="oud", archived_at=now())
    db.session.add(archived)
    db.session.flush()
    chosen = {None: None, "theme": cast.theme, "archived": archived}[theme]
    with pytest.raises(roles.RoleRefused, match=words):
        roles.grant(cast.member, role, chosen, reason, cast.manager)
    assert granted(cast.member) == set()


def test_the_same_role_is_not_given_twice(cast: Cast) -> None:
    with pytest.raises(roles.RoleRefused, match="heeft deze rol al"):
        roles.grant(cast.blogger, Role.BLOGGER, None, REASON, cast.manager)
    with pytest.raises(roles.RoleRefused, match="heeft deze rol al"):
        roles.grant(cast.specialist, Role.SPECIALIST, cast.theme, REASON, cast.manager)


def test_who_left_gets_no_role_but_loses_one(cast: Cast) -> None:
    cast.blogger.deactivated_at = now()
    with pytest.raises(roles.RoleRefused, match="niet in gebruik"):
        roles.grant(cast.blogger, Role.MODERATOR, None, REASON, cast.manager)
    roles.withdraw(cast.blogger.grants[0], REASON, cast.manager)
    db.session.flush()
    assert granted(cast.blogger) == set()


def test_there_are_no_more_ambassadors_than_agreed(cast: Cast) -> None:
    db.session.add(Setting(key="ambassador_cap", value=2))
    db.session.commit()
    forget_site()
    roles.grant(cast.member, Role.AMBASSADOR, None, REASON, cast.manager)
    db.session.flush()
    with pytest.raises(roles.RoleRefused, match="Er zijn al 2 ambassadeurs"):
        roles.grant(cast.other, Role.AMBASSADOR, None, REASON, cast.manager)
    cast.ambassador.deactivated_at = now()
    roles.grant(cast.other, Role.AMBASSADOR, None, REASON, cast.manager)
    db.session.flush()
    held = select(func.count()).select_from(Grant).where(Grant.role == Role.AMBASSADOR)
    assert db.session.scalar(held) == 3


def test_names_and_reasons_add_no_lines_where_they_should_not(cast: Cast) -> None:
    cast.manager.name = "Mina\r\nBcc: x@y.example"
    cast.theme.name = "Schuld\r\nhulp"
    db.session.commit()
    roles.grant(cast.member, Role.SPECIALIST, cast.theme, REASON, cast.manager)
    db.session.flush()
    mail = db.session.scalars(select(OutgoingMail)).one()
    assert mail.subject == "Je bent nu themaspecialist voor Schuld hulp"
    assert "\nBcc" not in mail.body


def test_a_command_gives_all_roles_but_that_of_administrator(cast: Cast) -> None:
    given = roles.grant(cast.member, Role.MANAGER, None, REASON, None)
    db.session.commit()
    assert given.granted_by_id is None and granted(cast.member) == {(Role.MANAGER, None)}
    entry = db.session.scalars(select(LogEntry)).one()
    assert (entry.actor_id, entry.actor_name) == (None, "flask")
    mail = db.session.scalars(select(OutgoingMail)).one()
    assert "Je hebt een rol gekregen: communitymanager." in mail.body
    with pytest.raises(PermissionError):
        roles.grant(cast.member, Role.ADMINISTRATOR, None, REASON, None)
    with pytest.raises(roles.RoleRefused, match="reden"):
        roles.grant(cast.other, Role.BLOGGER, None, " ", None)
