"""/account/security: one's password, and where one is signed in."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from app.extensions import Kring, db
from app.lib.clock import now
from app.models import Grant, OutgoingMail, User, UserSession
from app.services import views
from app.services.sessions import hash_token
from tests.cast import PASSWORD, Cast
from tests.checking import CheckingClient

ClientOf = Callable[[User | None], CheckingClient]
NEW = "vier-natte-olifanten-zwijgen"
CHANGE = {"current_password": PASSWORD, "new_password": NEW}
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0"


def session_of(user: User, **values: object) -> UserSession:
    kept = UserSession(user_id=user.id, token_hash=hash_token(str(values)), **values)
    db.session.add(kept)
    db.session.commit()
    return kept


def token_of(client: CheckingClient) -> str:
    with client.session_transaction() as session:
        token: str = session["_user_id"]
    return token


def test_a_password_is_changed_and_all_else_ends(
    client: CheckingClient, cast: Cast, client_of: ClientOf
) -> None:
    session_of(cast.member, browser=FIREFOX)
    before = client.get_cookie("kring")
    answer = client.post("/account/security", data=CHANGE)
    assert answer.status_code == 303
    assert "Je wachtwoord is gewijzigd" in client.get("/account/security").text
    assert db.session.scalar(select(func.count()).select_from(UserSession)) == 1
    assert db.session.scalars(select(OutgoingMail.recipient)).all() == [cast.member.email]
    stolen = client_of(None)
    assert before is not None
    stolen.set_cookie("kring", before.value)
    assert stolen.get("/account").status_code == 303, "the session has a new id"
    login = {"email": cast.member.email, "password": NEW}
    assert client_of(None).post("/login", data=login).status_code == 303


@pytest.mark.parametrize(
    "field, value",
    [("current_password", ""), ("current_password", "dit-is-het-niet"), ("new_password", ""),
     ("new_password", "kort"), ("new_password", "wachtwoord123")],
)  # fmt: skip
def test_what_is_wrong_is_pointed_out(
    client: CheckingClient, cast: Cast, field: str, value: str
) -> None:
    before = cast.member.password_hash
    answer = client.post("/account/security", data=CHANGE | {field: value})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert NEW not in answer.text and PASSWORD not in answer.text
    assert cast.member.password_hash == before
    assert client.get("/account").status_code == 200


def test_guessing_the_current_password_is_slowed(client: CheckingClient, cast: Cast) -> None:
    wrong = CHANGE | {"current_password": "dit-is-het-niet"}
    tries = [client.post("/account/security", data=wrong).status_code for _ in range(11)]
    assert tries == [422] * 10 + [429]
    assert client.post("/account/security", data=CHANGE).status_code == 429


def test_the_list_says_where_one_is_signed_in(client: CheckingClient, cast: Cast) -> None:
    session_of(cast.member, browser=FIREFOX, address="192.0.2.77")
    session_of(cast.member, browser="Iets <b>vreemds</b>")
    session_of(cast.other, browser="Mozilla/5.0 (iPhone) Safari/1", address="192.0.2.88")
    over = now() - timedelta(days=15)
    session_of(cast.member, browser="Edg/1", last_seen_at=over, created_at=over)
    page = client.get("/account/security").text
    assert "Firefox op Windows" in page and "192.0.2.77" in page and "Onbekende browser" in page
    assert "192.0.2.88" not in page and "Edge" not in page
    assert page.count("Deze browser") == 1


def test_one_other_browser_is_signed_out(client: CheckingClient, cast: Cast) -> None:
    other, third = session_of(cast.member, browser="1"), session_of(cast.member, browser="2")
    key = third.id
    answer = client.post(f"/account/security/sessions/{other.id}/end")
    assert answer.status_code == 303
    keys = db.session.scalars(select(UserSession.id)).all()
    assert key in keys and len(keys) == 2


def test_all_other_browsers_are_signed_out(client: CheckingClient, cast: Cast) -> None:
    session_of(cast.member, browser="1")
    session_of(cast.other, browser="2")
    assert client.post("/account/security/sessions/end").status_code == 303
    owners = db.session.scalars(select(UserSession.user_id)).all()
    assert sorted(owners) == sorted([cast.member.id, cast.other.id])
    assert client.get("/account").status_code == 200


def test_sessions_of_others_are_out_of_reach(client: CheckingClient, cast: Cast) -> None:
    theirs = session_of(cast.other)
    client.post(f"/account/security/sessions/{theirs.id}/end")
    assert db.session.scalar(select(func.count()).select_from(UserSession)) == 2


def test_this_browser_is_signed_out_by_the_other_button(client: CheckingClient) -> None:
    own = db.session.scalars(select(UserSession.id)).one()
    assert client.post(f"/account/security/sessions/{own}/end").status_code == 400
    assert client.get("/account").status_code == 200


@pytest.mark.parametrize("path", ["x", "99999999999", "-1"])
def test_odd_ids_do_not_exist(client: CheckingClient, path: str) -> None:
    assert client.post(f"/account/security/sessions/{path}/end").status_code == 404


def test_extra_fields_give_no_role(client: CheckingClient, cast: Cast) -> None:
    before = db.session.scalar(select(func.count()).select_from(Grant))
    extra = {"role": "administrator", "roles": "manager", "grants-0-role": "manager"}
    client.post("/account/security", data=CHANGE | extra)
    client.post("/account/security/sessions/end", data=extra)
    assert db.session.scalar(select(func.count()).select_from(Grant)) == before


def test_use_is_noted_and_lengthens_the_session(
    app: Kring, client: CheckingClient, cast: Cast
) -> None:
    start = now()
    for days in (10, 20, 30):
        with time_machine.travel(start + timedelta(days=days)):
            assert client.get("/account").status_code == 200
        assert app.extensions[views.USES].flush_now()
    db.session.refresh(cast.member)
    assert cast.member.last_seen_at is not None
    assert cast.member.last_seen_at > start + timedelta(days=29)
    with time_machine.travel(start + timedelta(days=45)):
        assert client.get("/account").status_code == 303


def test_a_deactivated_account_is_out_at_once(client: CheckingClient, cast: Cast) -> None:
    assert client.get("/account").status_code == 200
    cast.member.deactivated_at = now()
    assert client.get("/account").status_code == 303
    assert client.get("/account", htmx=True).status_code == 401
    assert client.post("/account/profile", data={"name": "x"}).status_code == 401


def test_a_session_takes_a_new_id_at_the_next_page(
    client: CheckingClient, cast: Cast, client_of: ClientOf
) -> None:
    old, cookie = token_of(client), client.get_cookie("kring")
    kept = db.session.scalars(select(UserSession)).one()
    kept.must_renew = True
    client.get("/account", htmx=True)
    assert token_of(client) == old, "fragments may be under way together"
    assert client.get("/account").status_code == 200
    assert token_of(client) != old
    assert client.get("/account").status_code == 200
    stolen = client_of(None)
    assert cookie is not None
    stolen.set_cookie("kring", cookie.value)
    assert stolen.get("/account").status_code == 303
    assert not db.session.scalars(select(UserSession)).one().must_renew
