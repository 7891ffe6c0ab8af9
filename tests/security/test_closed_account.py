"""A closed account opens nothing, from the next request on; whoever comes back finds all of it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.extensions import db
from app.lib.clock import now
from app.models import (
    Invitation,
    Notification,
    PersonFollow,
    Token,
    TokenPurpose,
    User,
    UserSession,
)
from app.services import accounts
from app.services.sessions import hash_token
from tests.cast import PASSWORD, Cast, discussion, document
from tests.checking import CheckingClient

ClientOf = Callable[[User | None], CheckingClient]
LINK = "een-gemailde-link-die-niemand-raadt"
NEW = {"new_password": "vier-hele-nieuwe-woorden"}
SIGN_IN = {"email": "lotte-lid@voorbeeldstad.example", "password": PASSWORD}


def close(cast: Cast, *, keep_name: bool = True) -> None:
    accounts.close(cast.member, cast.administrator, keep_name=keep_name)
    db.session.commit()


@pytest.mark.parametrize("keep_name", [True, False])
def test_the_next_request_is_refused(
    cast: Cast, client: CheckingClient, client_of: ClientOf, keep_name: bool
) -> None:
    asked = discussion(cast.other)
    file = document(asked, cast.other)
    page, download = f"/discussions/{asked.id}-{asked.slug}", f"/attachments/{file.id}-{file.slug}"
    assert client.get(page).status_code == client.get(download).status_code == 200
    data = {"name_shown": "keep" if keep_name else "forget"}
    url = f"/settings/accounts/{cast.member.id}-lotte-lid/close"
    assert client_of(cast.administrator).post(url, data=data).status_code == 303
    for path in ("/", page, download, "/notifications", "/people", "/account"):
        answer = client.get(path)
        assert answer.status_code == 303 and "/login" in answer.location, path
    assert client.get(page, htmx=True).status_code == 401
    reply = {"body": "Nog een woord"}
    assert client.post(f"/content/{asked.id}/comments", data=reply, htmx=True).status_code == 401
    assert not db.session.scalars(
        select(UserSession.id).where(UserSession.user_id == cast.member.id)
    ).all()


def test_a_session_that_would_be_left_is_none(cast: Cast, client_of: ClientOf) -> None:
    """Also when a row stays by mistake: the account is looked at with every request."""
    close(cast)
    assert client_of(cast.member).get("/").status_code == 303


def test_the_password_no_longer_opens_and_says_nothing(cast: Cast, client_of: ClientOf) -> None:
    close(cast)
    closed = client_of(None).post("/login", data=SIGN_IN)
    wrong = client_of(None).post("/login", data=SIGN_IN | {"email": "niemand@b.nl"})
    assert closed.status_code == wrong.status_code == 422
    assert closed.text.replace(SIGN_IN["email"], "niemand@b.nl").count("<p") == wrong.text.count(
        "<p"
    )


def test_a_mailed_link_no_longer_opens(cast: Cast, client_of: ClientOf) -> None:
    later = now() + timedelta(hours=1)

    def keep_link() -> None:
        db.session.add(
            Token(
                user_id=cast.member.id, purpose=TokenPurpose.PASSWORD_RESET, expires_at=later,
                token_hash=hash_token(LINK),
            )
        )  # fmt: skip
        db.session.commit()

    keep_link()
    close(cast)
    before = cast.member.password_hash
    client_of(None).post(f"/password/reset/{LINK}", data=NEW)
    keep_link()  # and not one that would come afterwards
    client_of(None).post(f"/password/reset/{LINK}", data=NEW)
    db.session.expire_all()
    assert cast.member.password_hash == before and not cast.member.is_active


def test_an_invitation_no_longer_opens(cast: Cast, client_of: ClientOf) -> None:
    cast.member.password_hash = None
    later = now() + timedelta(days=1)
    db.session.add(
        Invitation(
            email=cast.member.email,
            user_id=cast.member.id,
            token_hash=hash_token(LINK),
            expires_at=later,
        )
    )
    db.session.commit()
    form = {"name": "Lotte Lid", **NEW, "password": NEW["new_password"], "accept_rules": "y"}
    assert client_of(None).get(f"/invitations/{LINK}").status_code == 200
    close(cast)
    assert client_of(None).get(f"/invitations/{LINK}").status_code != 200
    client_of(None).post(f"/invitations/{LINK}", data=form)
    db.session.expire_all()
    assert cast.member.password_hash is None and not cast.member.is_active


def test_who_left_is_not_looked_up_followed_or_mentioned(cast: Cast, client_of: ClientOf) -> None:
    close(cast)
    client = client_of(cast.other)
    assert "Lotte Lid" not in client.get("/people?q=lotte").text
    shown = client.get(f"/people/{cast.member.id}-lotte-lid")
    assert shown.status_code == 200 and "Lotte Lid" in shown.text
    client.post(f"/people/{cast.member.id}-lotte-lid/follow", data={"following": "1"})
    assert not db.session.scalars(select(PersonFollow)).all()
    asked = discussion(cast.other)
    client.post(f"/content/{asked.id}/comments", data={"body": "Weet @lotte-lid dit?"})
    told = select(Notification.id).where(Notification.user_id == cast.member.id)
    assert not db.session.scalars(told).all()


def test_who_comes_back_signs_in_with_the_same_password(cast: Cast, client_of: ClientOf) -> None:
    close(cast, keep_name=False)
    accounts.reopen(cast.member, cast.administrator, "Lotte Terug")
    db.session.commit()
    client = client_of(None)
    assert client.post("/login", data=SIGN_IN).status_code == 303
    assert "Lotte Terug" in client.get("/account").text


def test_signing_out_everywhere_ends_the_session(
    cast: Cast, client: CheckingClient, client_of: ClientOf
) -> None:
    assert client.get("/").status_code == 200
    client_of(cast.administrator).post(f"/settings/accounts/{cast.member.id}-lotte-lid/sign-out")
    assert client.get("/").status_code == 303


def test_another_address_ends_the_session_and_the_old_one_opens_nothing(
    cast: Cast, client: CheckingClient, client_of: ClientOf
) -> None:
    url = f"/settings/accounts/{cast.member.id}-lotte-lid/address"
    client_of(cast.administrator).post(url, data={"email": "lotte@b.nl"})
    assert client.get("/").status_code == 303
    assert client_of(None).post("/login", data=SIGN_IN).status_code == 422
    again = client_of(None).post("/login", data=SIGN_IN | {"email": "lotte@b.nl"})
    assert again.status_code == 303
