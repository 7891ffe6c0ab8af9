"""/login: who may come in, how guessing is slowed, and where one goes from there."""

import json
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from argon2 import PasswordHasher
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.extensions import db
from app.lib.clock import now
from app.models import Attempt, Grant, User, UserSession
from tests.cast import PASSWORD, Cast
from tests.checking import CheckingClient

ClientOf = Callable[[User | None], CheckingClient]
WRONG = "dit-is-het-niet-hoor"


@pytest.fixture
def visitor(cast: Cast, client_of: ClientOf) -> CheckingClient:
    """Return a client that nobody signed in on."""
    return client_of(None)


def sign_in(
    client: CheckingClient,
    email: str,
    password: str = PASSWORD,
    address: str = "192.0.2.1",
    **more: str,
) -> TestResponse:
    return client.post(
        "/login",
        data={"email": email, "password": password, **more},
        environ_base={"REMOTE_ADDR": address},
    )


def test_the_page_asks_for_address_and_password(visitor: CheckingClient) -> None:
    page = visitor.get("/login").text
    assert 'name="email"' in page and 'name="password"' in page and "/password/forgot" in page


def test_who_knows_the_password_is_signed_in_for_two_weeks(
    visitor: CheckingClient, cast: Cast
) -> None:
    answer = sign_in(visitor, cast.member.email.upper())
    assert answer.status_code == 303 and answer.location == "/"
    assert "Expires=" in answer.headers["Set-Cookie"]
    assert (
        "HttpOnly" in answer.headers["Set-Cookie"]
        and "SameSite=Lax" in answer.headers["Set-Cookie"]
    )
    assert visitor.get("/account").status_code == 200
    with time_machine.travel(now() + timedelta(days=15)):
        assert visitor.get("/account").status_code == 303


def test_capitals_in_an_address_do_not_matter(visitor: CheckingClient, cast: Cast) -> None:
    cast.member.email = "Lotte.Lid@Voorbeeldstad.example"
    assert sign_in(visitor, "LOTTE.lid@voorbeeldstad.EXAMPLE").status_code == 303


def test_a_session_id_from_before_is_worth_nothing_after(
    visitor: CheckingClient, cast: Cast
) -> None:
    with visitor.session_transaction() as session:
        session["_user_id"] = "chosen-by-an-attacker"
    sign_in(visitor, cast.member.email)
    with visitor.session_transaction() as session:
        assert session["_user_id"] != "chosen-by-an-attacker"


def test_signing_in_anew_ends_the_session_of_before(client: CheckingClient, cast: Cast) -> None:
    sign_in(client, cast.other.email)
    owners = db.session.scalars(select(UserSession.user_id)).all()
    assert owners == [cast.other.id]


@pytest.mark.parametrize("missing", ["email", "password"])
def test_an_empty_field_is_pointed_out(visitor: CheckingClient, cast: Cast, missing: str) -> None:
    given = {"email": cast.member.email, "password": PASSWORD, missing: ""}
    answer = visitor.post("/login", data=given)
    assert answer.status_code == 422
    assert f'id="{missing}-error"' in answer.text


def same(page: str) -> str:
    """Return a page without what differs each time: the token, and the address typed."""
    page = re.sub(r'name="csrf_token"[^>]*value="[^"]*"', "", page)
    return re.sub(r"[\w.-]+@voorbeeldstad\.example", "", page)


def test_all_refusals_are_alike(visitor: CheckingClient, cast: Cast) -> None:
    cast.other.deactivated_at = now()
    cast.blogger.password_hash = None
    sign_in(visitor, cast.manager.email, WRONG)  # sets the cookie
    known = sign_in(visitor, cast.member.email, WRONG)
    unknown = sign_in(visitor, "niemand@voorbeeldstad.example")
    inactive = sign_in(visitor, cast.other.email)
    without = sign_in(visitor, cast.blogger.email)
    assert known.status_code == 422 and "horen niet bij elkaar" in known.text
    assert WRONG not in known.text and cast.member.email in known.text
    for other in (unknown, inactive, without):
        assert other.status_code == 422
        assert same(other.text) == same(known.text)
        assert sorted(other.headers.keys()) == sorted(known.headers.keys())


def test_every_refusal_takes_the_work_of_one_hash(
    visitor: CheckingClient, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    verify = PasswordHasher.verify

    def noted(hasher: PasswordHasher, stored: str, password: str) -> bool:
        done.append(stored)
        return verify(hasher, stored, password)

    monkeypatch.setattr(PasswordHasher, "verify", noted)
    for email in (cast.member.email, "niemand@voorbeeldstad.example"):
        sign_in(visitor, email, WRONG)
    assert len(done) == 2


def test_the_eleventh_try_in_a_quarter_is_refused(visitor: CheckingClient, cast: Cast) -> None:
    for _ in range(10):
        assert sign_in(visitor, cast.member.email, WRONG).status_code == 422
    refused = sign_in(visitor, cast.member.email)
    assert refused.status_code == 429
    assert "15 minuten" in refused.text and refused.headers["Retry-After"] == "900"
    assert sign_in(visitor, cast.member.email.upper()).status_code == 429
    # Never a hard lock: elsewhere, and later, the right password is enough.
    assert sign_in(visitor, cast.member.email, address="192.0.2.2").status_code == 303
    with time_machine.travel(now() + timedelta(minutes=16)):
        assert sign_in(visitor, cast.member.email).status_code == 303


def test_who_keeps_trying_gets_fewer_tries(visitor: CheckingClient, cast: Cast) -> None:
    start, allowed = now(), 0
    for quarter in range(8):
        with time_machine.travel(start + timedelta(minutes=15.1 * quarter)):
            for _ in range(11):
                allowed += sign_in(visitor, cast.member.email, WRONG).status_code == 422
    assert allowed == 20


def test_unknown_accounts_are_slowed_in_the_same_way(visitor: CheckingClient) -> None:
    tries = [sign_in(visitor, "niemand@voorbeeldstad.example").status_code for _ in range(11)]
    assert tries == [422] * 10 + [429]


def test_one_address_cannot_try_all_accounts(
    visitor: CheckingClient, cast: Cast, app_context: None
) -> None:
    db.session.add_all(
        Attempt(kind="sign_in", email=f"{n}@voorbeeldstad.example", address="192.0.2.1")
        for n in range(100)
    )
    assert sign_in(visitor, cast.member.email).status_code == 429
    assert sign_in(visitor, cast.member.email, address="192.0.2.9").status_code == 303


def test_an_attack_from_everywhere_leaves_the_owner_some_tries(
    visitor: CheckingClient, cast: Cast
) -> None:
    db.session.add_all(
        Attempt(kind="sign_in", email=cast.member.email, address=f"198.51.100.{n}")
        for n in range(200)
    )
    tries = [sign_in(visitor, cast.member.email, WRONG).status_code for _ in range(4)]
    assert tries == [422, 422, 422, 429]
    assert sign_in(visitor, cast.member.email, address="192.0.2.5").status_code == 303


def test_neighbours_in_one_ipv6_network_count_as_one(visitor: CheckingClient, cast: Cast) -> None:
    for n in range(10):
        sign_in(visitor, cast.member.email, WRONG, address=f"2001:db8:1:1::{n:x}")
    assert sign_in(visitor, cast.member.email, address="2001:db8:1:1:ffff::1").status_code == 429
    assert sign_in(visitor, cast.member.email, address="2001:db8:1:2::1").status_code == 303


def test_knowing_the_password_wipes_the_slate_of_that_address(
    visitor: CheckingClient, cast: Cast
) -> None:
    for _ in range(9):
        sign_in(visitor, cast.member.email, WRONG)
    sign_in(visitor, cast.member.email)
    assert db.session.scalar(select(func.count()).select_from(Attempt)) == 0


def test_an_old_hash_is_renewed(visitor: CheckingClient, cast: Cast) -> None:
    old = PasswordHasher(memory_cost=8, time_cost=1, parallelism=1).hash(PASSWORD)
    cast.member.password_hash = old
    assert sign_in(visitor, cast.member.email).status_code == 303
    assert cast.member.password_hash != old
    assert sign_in(visitor, cast.member.email).status_code == 303


@pytest.mark.parametrize(
    "target",
    [
        "https://kwaad.example/", "//kwaad.example", "/\\kwaad.example", "\\\\kwaad.example",
        "javascript:alert(1)", "/\t/kwaad.example", "/%2f/kwaad.example", "http:kwaad.example",
        "/login?next=/login", "/logout",
    ],
)  # fmt: skip
def test_one_is_never_sent_elsewhere(visitor: CheckingClient, cast: Cast, target: str) -> None:
    assert sign_in(visitor, cast.member.email, next=target).location == "/"


def test_one_goes_on_to_where_one_was_going(visitor: CheckingClient, cast: Cast) -> None:
    answer = visitor.get("/account/security?x=1")
    assert answer.status_code == 303
    page = visitor.get(answer.location)
    assert 'value="/account/security?x=1"' in page.text
    assert sign_in(visitor, cast.member.email, next="/account/security?x=1").location == (
        "/account/security?x=1"
    )


def test_who_is_signed_in_already_goes_straight_on(client: CheckingClient) -> None:
    assert client.get("/login?next=/people").location == "/people"


def kept(path: str, *fields: tuple[str, str]) -> str:
    return json.dumps({"path": path, "fields": fields})


def test_text_written_while_signed_out_is_one_click_from_being_sent(
    visitor: CheckingClient, cast: Cast
) -> None:
    signed_out = visitor.post(
        "/account/profile", data={"name": "Lotte", "about": "Regel 1\nRegel 2"}
    )
    assert signed_out.status_code == 401
    carried = re.search(r'name="kept"[^>]*value="([^"]*)"', signed_out.text)
    assert carried and "Regel 2" in carried[1] and "csrf" not in carried[1]

    text = kept("/account/profile", ("name", "Lotte"), ("about", "Regel 1\nRegel 2"))
    wrong = sign_in(visitor, cast.member.email, WRONG, kept=text)
    assert "Regel 2" in wrong.text
    page = sign_in(visitor, cast.member.email, kept=text)
    assert page.status_code == 200
    assert 'action="/account/profile"' in page.text
    assert "Regel 1\nRegel 2</textarea>" in page.text and 'value="Lotte"' in page.text


@pytest.mark.parametrize(
    "bad",
    [
        kept("https://kwaad.example/", ("body", "x")), kept("//kwaad.example", ("body", "x")),
        kept("/\\kwaad.example", ("body", "x")), "[", "[]", "{}", '{"path": 1}', "[" * 100_000,
    ],
)  # fmt: skip
def test_what_was_carried_along_goes_to_own_pages_only(
    visitor: CheckingClient, cast: Cast, bad: str
) -> None:
    answer = sign_in(visitor, cast.member.email, kept=bad)
    assert answer.status_code == 303 and answer.location == "/"


@pytest.mark.parametrize("fields", ["x", [["a"]], [["a", 1]], [["a", "b", "c"]], {"a": "b"}])
def test_odd_fields_are_left_out(visitor: CheckingClient, cast: Cast, fields: object) -> None:
    text = json.dumps({"path": "/account/profile", "fields": fields})
    assert sign_in(visitor, cast.member.email, kept=text).status_code == 200


def test_extra_fields_give_no_role(visitor: CheckingClient, cast: Cast) -> None:
    before = db.session.scalar(select(func.count()).select_from(Grant))
    sign_in(visitor, cast.member.email, role="administrator", is_admin="1", roles="manager")
    assert db.session.scalar(select(func.count()).select_from(Grant)) == before
