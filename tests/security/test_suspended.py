"""Who is suspended gets in nowhere, from the next request on, and others learn nothing of it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from app.extensions import db
from app.lib.clock import now
from app.models import Comment, Decision, Token, TokenPurpose, User, UserSession
from app.policy import Ability, can
from app.services import sanctions
from app.services.activity import Verb
from app.services.sessions import hash_token
from tests.cast import PASSWORD, Cast, discussion, document
from tests.checking import CheckingClient

ClientOf = Callable[[User | None], CheckingClient]
LINK = "een-gemailde-link-die-niemand-raadt"
SIGN_IN = {"email": "lotte-lid@voorbeeldstad.example", "password": PASSWORD}


def suspend(cast: Cast, person: User | None = None, days: int = 3) -> Decision:
    until = (now() + timedelta(days=days)).date()
    made = sanctions.take(
        Verb.SUSPENDED, person or cast.member, cast.manager, "Te ver.", until=until
    )
    db.session.commit()
    assert made is not None
    return made


def test_the_next_request_is_refused(
    cast: Cast, client: CheckingClient, client_of: ClientOf
) -> None:
    asked = discussion(cast.other)
    file = document(asked, cast.other)
    page, download = f"/discussions/{asked.id}-{asked.slug}", f"/attachments/{file.id}-{file.slug}"
    assert client.get(page).status_code == client.get(download).status_code == 200
    suspend(cast)
    # Also when a session stays by mistake: the account is looked at with every request.
    for each in (client, client_of(cast.member)):
        for path in ("/", page, download, "/search?q=weet", "/notifications", "/account/decisions"):
            answer = each.get(path)
            assert answer.status_code == 303 and "/login" in answer.location, path
            assert each.get(path, htmx=True).status_code == 401, path
        reply = {"body": "Nog een woord"}
        for htmx in (False, True):
            answer = each.post(f"/content/{asked.id}/comments", data=reply, htmx=htmx)
            assert answer.status_code == 401
        db.session.rollback()
    assert not db.session.scalars(select(Comment)).all()


def test_all_sessions_end_at_once(cast: Cast, client: CheckingClient) -> None:
    assert client.get("/").status_code == 200
    suspend(cast)
    left = select(UserSession.id).where(UserSession.user_id == cast.member.id)
    assert not db.session.scalars(left).all()


def test_only_who_knows_the_password_reads_until_when(cast: Cast, client_of: ClientOf) -> None:
    suspend(cast)
    visitor = client_of(None)
    right = visitor.post("/login", data=SIGN_IN)
    assert right.status_code == 422 and "Je kunt tot en met" in right.text
    assert visitor.get("/").status_code == 303, "and is not signed in"
    wrong = visitor.post("/login", data=SIGN_IN | {"password": "verkeerd"})
    unknown = visitor.post("/login", data=SIGN_IN | {"email": "niemand@b.nl"})
    assert wrong.status_code == unknown.status_code == 422
    for answer in (wrong, unknown):
        assert "Je kunt tot en met" not in answer.text
    same = wrong.text.replace(SIGN_IN["email"], "niemand@b.nl")
    assert same.count("<p") == unknown.text.count("<p")


def test_another_password_does_not_open_the_door(cast: Cast, client_of: ClientOf) -> None:
    db.session.add(
        Token(
            user_id=cast.member.id, purpose=TokenPurpose.PASSWORD_RESET,
            expires_at=now() + timedelta(hours=1), token_hash=hash_token(LINK),
        )
    )  # fmt: skip
    suspend(cast)
    visitor = client_of(None)
    visitor.post(f"/password/reset/{LINK}", data={"new_password": "vier-hele-nieuwe-woorden"})
    assert visitor.get("/account").status_code == 303
    again = visitor.post("/login", data=SIGN_IN | {"password": "vier-hele-nieuwe-woorden"})
    assert again.status_code == 422 and visitor.get("/account").status_code == 303


def test_it_ends_by_itself(cast: Cast, client_of: ClientOf) -> None:
    suspend(cast)
    with time_machine.travel(now() + timedelta(days=5)):
        visitor = client_of(None)
        assert visitor.post("/login", data=SIGN_IN).status_code == 303
        assert visitor.get("/account").status_code == 200


def test_it_ends_when_it_is_ended(cast: Cast, client_of: ClientOf) -> None:
    made = suspend(cast)
    url = f"/people/{cast.member.id}-lotte-lid/measures/{made.id}/end"
    client_of(cast.manager).post(url, data={"reason": "Het is goed."})
    visitor = client_of(None)
    assert visitor.post("/login", data=SIGN_IN).status_code == 303
    assert visitor.get("/account").status_code == 200


def test_whoever_it_is_may_nothing(cast: Cast, client_of: ClientOf) -> None:
    suspend(cast, cast.moderator)
    suspend(cast, cast.administrator)
    for person in (cast.moderator, cast.administrator):
        db.session.refresh(person)
        assert not any(can(person, ability) for ability in (Ability.READ, Ability.SEE_PEOPLE))
        assert client_of(person).get("/moderation").status_code == 303


@pytest.mark.parametrize("measure", [Verb.SILENCED, Verb.SUSPENDED])
def test_the_last_manager_stays(cast: Cast, measure: Verb) -> None:
    """Two managers: one keeps the other out, who can keep nobody out any more."""
    second = cast.ambassador
    second.grants[0].role = cast.manager.grants[0].role
    db.session.commit()
    tomorrow = (now() + timedelta(days=1)).date()
    assert sanctions.take(measure, cast.manager, second, "Eén.", until=tomorrow)
    db.session.commit()
    with pytest.raises(sanctions.MeasureRefused, match="laatste communitymanager"):
        sanctions.take(measure, second, cast.manager, "Twee.", until=tomorrow)
    assert sanctions.take(Verb.WARNED, second, cast.manager, "Let op."), "a warning can be given"
    with pytest.raises(sanctions.MeasureRefused, match="jezelf"):
        sanctions.take(measure, second, second, "Zelf.", until=tomorrow)
