"""/people/…/roles and /people/…/administrator: forms that grant and withdraw."""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from app.extensions import db
from app.models import Grant, OutgoingMail, Role, User, UserSession
from tests.cast import Cast
from tests.checking import CheckingClient

ClientOf = Callable[[User | None], CheckingClient]
BLOGGER = {"role": "blogger", "theme": "", "reason": "Heeft de cursus gedaan."}


def path_of(user: User, rest: str = "roles") -> str:
    return f"/people/{user.id}-{user.handle}/{rest}"


def withdraw_path(user: User) -> str:
    key = db.session.scalars(select(Grant.id).where(Grant.user_id == user.id)).one()
    return path_of(user, f"roles/{key}/withdraw")


def roles_of(user: User) -> list[Role]:
    return list(db.session.scalars(select(Grant.role).where(Grant.user_id == user.id)))


@pytest.fixture
def manager(cast: Cast, client_of: ClientOf) -> CheckingClient:
    """Return a client of the community manager."""
    return client_of(cast.manager)


@pytest.fixture
def administrator(cast: Cast, client_of: ClientOf) -> CheckingClient:
    """Return a client of the administrator."""
    return client_of(cast.administrator)


def test_a_role_is_granted(manager: CheckingClient, cast: Cast) -> None:
    form = manager.get(path_of(cast.member)).text
    assert 'value="ambassador"' in form and 'value="administrator"' not in form
    assert 'value="member"' not in form
    answer = manager.post(path_of(cast.member), data=BLOGGER)
    assert answer.status_code == 303 and answer.location == f"/people/{cast.member.id}-lotte-lid"
    page = manager.get(answer.location).text
    assert "De rol is gegeven" in page and "Heeft de cursus gedaan." in page
    assert roles_of(cast.member) == [Role.BLOGGER]
    assert db.session.scalars(select(OutgoingMail.recipient)).all() == [cast.member.email]


def test_a_specialist_is_granted_a_theme(manager: CheckingClient, cast: Cast) -> None:
    data = {"role": "specialist", "theme": str(cast.theme.id), "reason": "Kent het vak."}
    assert manager.post(path_of(cast.member), data=data).status_code == 303
    assert cast.member.specialist_theme_ids == {cast.theme.id}


def test_the_theme_is_not_looked_at_for_other_roles(manager: CheckingClient, cast: Cast) -> None:
    data = BLOGGER | {"theme": str(cast.theme.id)}
    assert manager.post(path_of(cast.member), data=data).status_code == 303


@pytest.mark.parametrize(
    "change, message",
    [
        ({"reason": ""}, 'id="reason-error"'), ({"reason": " \n "}, 'id="reason-error"'),
        ({"role": "administrator"}, 'id="role-error"'), ({"role": "member"}, 'id="role-error"'),
        ({"role": ""}, 'id="role-error"'), ({"theme": "99999"}, 'id="theme-error"'),
        ({"role": "specialist"}, 'id="theme-error"'),
    ],
)  # fmt: skip
def test_what_is_wrong_is_pointed_out_and_the_rest_kept(
    manager: CheckingClient, cast: Cast, change: dict[str, str], message: str
) -> None:
    answer = manager.post(path_of(cast.member), data=BLOGGER | {"reason": "Bewaar mij"} | change)
    assert answer.status_code == 422
    assert message in answer.text
    assert "reason" in change or "Bewaar mij" in answer.text
    assert roles_of(cast.member) == []


def test_a_role_is_withdrawn(manager: CheckingClient, cast: Cast) -> None:
    path = withdraw_path(cast.specialist)
    assert "Themaspecialist: Schuldhulp" in manager.get(path).text
    assert manager.post(path, data={"reason": ""}).status_code == 422
    assert roles_of(cast.specialist) == [Role.SPECIALIST]
    assert manager.post(path, data={"reason": "Andere baan."}).status_code == 303
    assert roles_of(cast.specialist) == []
    assert manager.post(path, data={"reason": "Nog eens."}).status_code == 404


def test_a_withdrawn_role_counts_no_more_at_the_next_request(
    manager: CheckingClient, cast: Cast, client_of: ClientOf
) -> None:
    other = client_of(cast.moderator)
    cookie = other.get_cookie("kring")
    manager.post(withdraw_path(cast.moderator), data={"reason": "Andere baan."})
    assert "Moderatie" not in other.get("/account").text
    assert cookie is not None
    thief = client_of(None)
    thief.set_cookie("kring", cookie.value)
    assert thief.get("/account").status_code == 303, "the session has a new id"


def test_a_role_of_someone_else_does_not_exist_here(manager: CheckingClient, cast: Cast) -> None:
    key = withdraw_path(cast.blogger).rpartition("roles/")[2]
    assert (
        manager.post(path_of(cast.member, f"roles/{key}"), data={"reason": "x"}).status_code == 404
    )
    assert roles_of(cast.blogger) == [Role.BLOGGER]


def test_managers_do_not_touch_administrators(manager: CheckingClient, cast: Cast) -> None:
    for path in (
        withdraw_path(cast.administrator),
        path_of(cast.administrator, "administrator/withdraw"),
        path_of(cast.member, "administrator"),
    ):
        assert manager.post(path, data={"reason": "x"}).status_code in {403, 404}
    assert roles_of(cast.administrator) == [Role.ADMINISTRATOR]
    assert roles_of(cast.member) == []


def test_administrators_make_and_unmake_administrators(
    administrator: CheckingClient, cast: Cast
) -> None:
    assert administrator.get(path_of(cast.member, "administrator")).status_code == 200
    data = {"reason": "Vervangt Bram."}
    assert administrator.post(path_of(cast.member, "administrator"), data=data).status_code == 303
    assert roles_of(cast.member) == [Role.ADMINISTRATOR]
    again = administrator.post(path_of(cast.member, "administrator"), data=data)
    assert again.status_code == 422 and "heeft deze rol al" in again.text
    path = path_of(cast.member, "administrator/withdraw")
    assert administrator.get(path).status_code == 200
    assert administrator.post(path, data=data).status_code == 303
    assert roles_of(cast.member) == []


def test_administrators_give_no_other_role(administrator: CheckingClient, cast: Cast) -> None:
    assert administrator.post(path_of(cast.member), data=BLOGGER).status_code == 403
    assert administrator.post(withdraw_path(cast.blogger), data={"reason": "x"}).status_code == 403


@pytest.mark.parametrize("name", ["manager", "administrator"])
def test_nobody_changes_their_own_roles(cast: Cast, client_of: ClientOf, name: str) -> None:
    user: User = getattr(cast, name)
    client = client_of(user)
    for path in (path_of(user), path_of(user, "administrator"), withdraw_path(user),
                 path_of(user, "administrator/withdraw")):  # fmt: skip
        assert client.get(path).status_code == 403
        assert client.post(path, data=BLOGGER).status_code == 403


ACTORS = ("member", "blogger", "specialist", "ambassador", "moderator", "group_owner", None)


@pytest.mark.parametrize("name", ACTORS)
@pytest.mark.parametrize("htmx", [False, True])
def test_nobody_else_changes_roles(
    cast: Cast, client_of: ClientOf, name: str | None, htmx: bool
) -> None:
    client = client_of(getattr(cast, name) if name else None)
    before = db.session.scalar(select(func.count()).select_from(Grant))
    extra = BLOGGER | {"roles": "manager", "is_admin": "1", "grants-0-role": "manager"}
    for path in (path_of(cast.other), path_of(cast.other, "administrator"),
                 path_of(cast.moderator, "administrator/withdraw"), withdraw_path(cast.manager)):  # fmt: skip
        answer = client.post(path, data=extra, htmx=htmx)
        # A wiki specialist of a group gets the same: 403, and a visitor is asked to sign in.
        assert answer.status_code == (403 if name else 401)
    assert db.session.scalar(select(func.count()).select_from(Grant)) == before


def test_extra_fields_change_no_other_role(manager: CheckingClient, cast: Cast) -> None:
    before = db.session.scalar(select(func.count()).select_from(Grant)) or 0
    extra = {"user_id": str(cast.other.id), "granted_by_id": "1", "roles": "administrator",
             "person": str(cast.other.id), "is_admin": "1", "grants-0-role": "administrator"}  # fmt: skip
    manager.post(path_of(cast.member), data=BLOGGER | extra)
    assert db.session.scalar(select(func.count()).select_from(Grant)) == before + 1
    assert roles_of(cast.member) == [Role.BLOGGER] and roles_of(cast.other) == []
    given = db.session.scalars(select(Grant).where(Grant.user_id == cast.member.id)).one()
    assert given.granted_by_id == cast.manager.id


def test_others_stay_signed_in(manager: CheckingClient, cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.member)
    manager.post(path_of(cast.member), data=BLOGGER)
    assert client.get("/account").status_code == 200
    assert db.session.scalar(select(func.count()).select_from(UserSession)) == 2
