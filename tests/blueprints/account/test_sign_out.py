"""/logout: out at once, on this browser."""

from sqlalchemy import func, select

from app.extensions import db
from app.models import UserSession
from tests.checking import CheckingClient


def test_signing_out_ends_the_session_itself(client: CheckingClient) -> None:
    cookie = client.get_cookie("kring")
    assert cookie is not None
    answer = client.post("/logout")
    assert answer.status_code == 303 and answer.location == "/login"
    assert db.session.scalar(select(func.count()).select_from(UserSession)) == 0
    client.set_cookie("kring", cookie.value)
    assert client.get("/account").status_code == 303


def test_signing_out_is_no_link(client: CheckingClient) -> None:
    assert client.get("/logout").status_code == 405


def test_signing_out_needs_a_token(client: CheckingClient) -> None:
    assert client.post("/logout", csrf=False).status_code == 400
    assert client.get("/account").status_code == 200


def test_who_is_out_already_gets_the_sign_in_page(client: CheckingClient) -> None:
    client.post("/logout")
    assert client.post("/logout").location == "/login"
