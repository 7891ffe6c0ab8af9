"""/groups/<group>/ask and what its leaders answer: closed stays closed, and nobody stays unheard."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from app.extensions import db
from app.lib.clock import now
from app.models import (
    Group,
    GroupKind,
    GroupRequest,
    GroupRole,
    Notification,
    OutgoingMail,
    RequestState,
    User,
)
from app.queries.groups import membership
from app.services import group_members, group_requests
from tests.cast import Cast
from tests.checking import CheckingClient

Clients = Callable[[User | None], CheckingClient]
ASK = "/groups/groep-closed/ask"
WHY = {"message": "Ik werk ook met schulden."}


def role_of(group: Group, user: User) -> GroupRole | None:
    found = db.session.scalar(membership(group, user.id))
    return found.role if found else None


def asked_by(cast: Cast, user: User | None = None) -> GroupRequest:
    """Let someone ask to be let in to the closed group."""
    made = GroupRequest(group=cast.closed, user=user or cast.member, message=WHY["message"])
    db.session.add(made)
    db.session.commit()
    return made


def news_of(user: User) -> list[tuple[str, str]]:
    found = select(Notification).where(Notification.user_id == user.id).order_by(Notification.id)
    return [(row.verb, row.message) for row in db.session.scalars(found)]


@pytest.mark.parametrize("htmx", [True, False], ids=["htmx", "plain"])
def test_asks_and_its_leaders_hear_it(htmx: bool, cast: Cast, client_of: Clients) -> None:
    client = client_of(cast.member)
    assert ASK in client.get("/groups/groep-closed").text
    assert client.get(ASK).status_code == 200
    answer = client.post(ASK, data=WHY, htmx=htmx)
    assert answer.status_code == 303 and answer.location == "/groups/groep-closed"
    made = db.session.scalars(select(GroupRequest)).one()
    assert (made.user_id, made.state) == (cast.member.id, RequestState.OPEN)
    for leader in (cast.group_owner, cast.group_moderator):
        assert news_of(leader) == [("group_asked", WHY["message"])]
    assert not news_of(cast.insider)
    mails = {mail.recipient for mail in db.session.scalars(select(OutgoingMail))}
    assert mails == {cast.group_owner.email, cast.group_moderator.email}
    assert role_of(cast.closed, cast.member) is None
    assert "Je verzoek wacht op antwoord" in client.get("/groups/groep-closed").text
    assert cast.closed.name in client.get("/groups").text.partition("Wat je hebt gevraagd")[2]


def test_asking_twice_is_asking_once(cast: Cast, client_of: Clients) -> None:
    client = client_of(cast.member)
    for _time in range(2):
        assert client.post(ASK, data=WHY).status_code == 303
    assert "al gevraagd" in client.get(ASK).text
    assert len(db.session.scalars(select(GroupRequest)).all()) == 1


@pytest.mark.parametrize("message", ["", "  ", "a" * 1001])
def test_a_request_says_why(message: str, cast: Cast, client_of: Clients) -> None:
    answer = client_of(cast.member).post(ASK, data={"message": message})
    assert answer.status_code == 422 and message.strip() in answer.text
    assert not db.session.scalars(select(GroupRequest)).all()


def test_who_cannot_ask(cast: Cast, client_of: Clients) -> None:
    assert client_of(cast.insider).post(ASK, data=WHY).status_code == 403, "a member"
    client = client_of(cast.member)
    assert client.post("/groups/groep-open/ask", data=WHY).status_code == 403
    assert client.post("/groups/groep-hidden/ask", data=WHY).status_code == 404
    cast.closed.archived_at = now()
    db.session.commit()
    for method in ("GET", "POST"):
        assert client.open(ASK, method=method).status_code == 403
    page = client.get("/groups/groep-closed").text
    assert f'href="{ASK}"' not in page and "archief" in page
    assert client_of(None).post(ASK, data=WHY).status_code == 401
    assert not db.session.scalars(select(GroupRequest)).all()


def test_takes_the_own_request_back(cast: Cast, client_of: Clients) -> None:
    made, client = asked_by(cast), client_of(cast.member)
    for state in ("ingetrokken", "geen verzoek"):
        answer = client.post(f"{ASK}/withdraw")
        assert answer.status_code == 303 and made.state is RequestState.WITHDRAWN
        assert state in client.get("/groups/groep-closed").text
    owner = client_of(cast.group_owner)
    assert owner.post(f"/groups/requests/{made.id}/let-in").status_code == 303
    assert role_of(cast.closed, cast.member) is None, "a request that was taken back counts no more"


@pytest.mark.parametrize("leader", ["group_owner", "group_moderator"])
@pytest.mark.parametrize("htmx", [True, False], ids=["htmx", "plain"])
def test_leaders_let_in(leader: str, htmx: bool, cast: Cast, client_of: Clients) -> None:
    cast.closed.welcome = "Fijn dat je er bent."
    made, client = asked_by(cast), client_of(getattr(cast, leader))
    page = client.get("/groups/groep-closed/members").text
    assert WHY["message"] in page and cast.member.name in page
    for _time in range(2):
        assert client.post(f"/groups/requests/{made.id}/let-in", htmx=htmx).status_code == 303
    assert role_of(cast.closed, cast.member) is GroupRole.MEMBER
    assert made.state is RequestState.APPROVED
    assert news_of(cast.member) == [("group_joined", "Fijn dat je er bent.")]
    assert WHY["message"] not in client.get("/groups/groep-closed/members").text
    assert "Fijn dat je er bent." in client_of(cast.member).get("/groups/groep-closed").text


@pytest.mark.parametrize("htmx", [True, False], ids=["htmx", "plain"])
def test_leaders_decline_with_a_reason(htmx: bool, cast: Cast, client_of: Clients) -> None:
    made, client = asked_by(cast), client_of(cast.group_moderator)
    url = f"/groups/requests/{made.id}/decline"
    assert WHY["message"] in client.get(url).text
    assert client.post(url, data={"reason": " "}).status_code == 422
    answer = client.post(url, data={"reason": "Alleen voor team Zuid."}, htmx=htmx)
    assert answer.status_code == 303 and answer.location == "/groups/groep-closed/members"
    assert (made.state, made.answer) == (RequestState.DECLINED, "Alleen voor team Zuid.")
    assert news_of(cast.member) == [("group_declined", "Alleen voor team Zuid.")]
    mail = db.session.scalars(select(OutgoingMail)).one()
    assert mail.recipient == cast.member.email and "Alleen voor team Zuid." in mail.body
    page = client_of(cast.member).get("/notifications").text
    assert "niet toegelaten" in page and "Alleen voor team Zuid." in page
    again = client_of(cast.group_owner).post(url, data={"reason": "Nog eens."})
    assert again.status_code == 303 and made.answer == "Alleen voor team Zuid."


def test_requests_are_for_the_leaders_only(cast: Cast, client_of: Clients) -> None:
    made = asked_by(cast)
    for name in ("insider", "member", "other", "moderator", "manager", "administrator"):
        client = client_of(getattr(cast, name))
        for what in ("let-in", "decline", "withdraw"):
            answer = client.post(f"/groups/requests/{made.id}/{what}", data={"reason": "Nee"})
            assert answer.status_code == 404, (name, what)
        pages = [client.get(path).text for path in ("/groups", "/groups/groep-closed")]
        assert not any(WHY["message"] in page for page in pages), name
    assert client_of(None).post(f"/groups/requests/{made.id}/let-in").status_code == 401
    assert made.state is RequestState.OPEN


def test_an_archived_group_takes_in_nobody(cast: Cast, client_of: Clients) -> None:
    made = asked_by(cast)
    cast.closed.archived_at = now()
    db.session.commit()
    client = client_of(cast.group_owner)
    client.post(f"/groups/requests/{made.id}/let-in")
    assert role_of(cast.closed, cast.member) is None
    data = {"user_id": cast.member.id}
    assert client.post("/groups/groep-closed/members", data=data).status_code == 422
    assert client.post("/groups/groep-closed/invitations", data=data).status_code == 422


def test_a_group_that_became_hidden_is_not_named_to_who_asked(
    cast: Cast, client_of: Clients
) -> None:
    made = asked_by(cast)
    cast.closed.kind, cast.closed.name = GroupKind.HIDDEN, "Zeldzaamnaam"
    db.session.commit()
    client = client_of(cast.member)
    assert "Zeldzaamnaam" not in client.get("/groups").text
    group_requests.decline(made, cast.group_owner, "Het past niet.")
    db.session.commit()
    page = client.get("/notifications").text
    assert "Zeldzaamnaam" not in page and "Het past niet." in page


def test_who_left_reads_no_words_of_the_group_in_old_news(cast: Cast, client_of: Clients) -> None:
    cast.closed.welcome = "Geheimwelkom"
    group_members.add(cast.closed, cast.member, cast.group_owner)
    db.session.commit()
    client = client_of(cast.member)
    assert "Geheimwelkom" in client.get("/notifications").text
    group_members.remove(cast.closed, cast.member, cast.group_owner)
    db.session.commit()
    assert "Geheimwelkom" not in client.get("/notifications").text
