"""/groups/invitations: who is invited says yes or no, and learns no more than that takes."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from app.extensions import db
from app.lib.clock import now
from app.models import GroupRequest, GroupRole, Notification, OutgoingMail, RequestState, User
from app.services import group_requests
from tests.blueprints.groups.test_requests import asked_by, news_of, role_of
from tests.cast import Cast, discussion
from tests.checking import CheckingClient

Clients = Callable[[User | None], CheckingClient]
INVITE = "/groups/groep-closed/invitations"


def invited(cast: Cast, *, hidden: bool = False) -> GroupRequest:
    """Let the member be invited."""
    group = cast.hidden if hidden else cast.closed
    group_requests.invite(group, cast.member, cast.insider if hidden else cast.group_owner)
    db.session.commit()
    return db.session.scalars(select(GroupRequest)).one()


@pytest.mark.parametrize("leader", ["group_owner", "group_moderator"])
@pytest.mark.parametrize("htmx", [True, False], ids=["htmx", "plain"])
def test_leaders_invite(leader: str, htmx: bool, cast: Cast, client_of: Clients) -> None:
    client = client_of(getattr(cast, leader))
    page = client.get("/groups/groep-closed/members?q=lotte").text
    assert f'action="{INVITE}"' in page
    assert ("Direct toevoegen" in page) is (leader == "group_owner")
    answer = client.post(INVITE, data={"user_id": cast.member.id}, htmx=htmx)
    assert answer.status_code == 303 and answer.location == "/groups/groep-closed/members"
    made = db.session.scalars(select(GroupRequest)).one()
    assert role_of(cast.closed, cast.member) is None
    assert news_of(cast.member) == [("group_invited", "")]
    mail = db.session.scalars(select(OutgoingMail)).one()
    assert mail.recipient == cast.member.email and f"/groups/invitations/{made.id}" in mail.body
    assert cast.closed.name in mail.body
    assert "nog geen antwoord" in client.get("/groups/groep-closed/members").text


@pytest.mark.parametrize("who", ["insider", "member", "999999", "x", ""])
def test_who_cannot_be_invited(who: str, cast: Cast, client_of: Clients) -> None:
    invited(cast)
    key = getattr(cast, who).id if hasattr(cast, who) else who
    answer = client_of(cast.group_owner).post(INVITE, data={"user_id": key})
    assert answer.status_code == 422 and 'role="alert"' in answer.text
    assert len(db.session.scalars(select(GroupRequest)).all()) == 1


def test_only_leaders_invite(cast: Cast, client_of: Clients) -> None:
    for name in ("member", "insider", "manager", "administrator"):
        answer = client_of(getattr(cast, name)).post(INVITE, data={"user_id": cast.other.id})
        assert answer.status_code == 403, name
    assert client_of(None).post(INVITE, data={"user_id": cast.other.id}).status_code == 401
    url = INVITE.replace("closed", "hidden")
    assert client_of(cast.ambassador).post(url, data={"user_id": 1}).status_code == 404


@pytest.mark.parametrize("htmx", [True, False], ids=["htmx", "plain"])
def test_goes_along(htmx: bool, cast: Cast, client_of: Clients) -> None:
    made, client = invited(cast), client_of(cast.member)
    assert f"/groups/invitations/{made.id}" in client.get("/groups").text
    assert cast.closed.name in client.get(f"/groups/invitations/{made.id}").text
    answer = client.post(f"/groups/invitations/{made.id}/accept", htmx=htmx)
    assert answer.location == "/groups/groep-closed"
    assert role_of(cast.closed, cast.member) is GroupRole.MEMBER
    assert made.state is RequestState.APPROVED
    again = client.post(f"/groups/invitations/{made.id}/accept")
    assert again.location == "/groups", "an invitation counts once"


@pytest.mark.parametrize("htmx", [True, False], ids=["htmx", "plain"])
def test_declines(htmx: bool, cast: Cast, client_of: Clients) -> None:
    made, client = invited(cast), client_of(cast.member)
    answer = client.post(f"/groups/invitations/{made.id}/decline", htmx=htmx)
    assert answer.status_code == 303 and made.state is RequestState.DECLINED
    client.post(f"/groups/invitations/{made.id}/accept")
    assert role_of(cast.closed, cast.member) is None


def test_an_invitation_is_taken_back(cast: Cast, client_of: Clients) -> None:
    made, client = invited(cast), client_of(cast.member)
    owner = client_of(cast.group_owner)
    for _time in range(2):
        assert owner.post(f"/groups/requests/{made.id}/withdraw").status_code == 303
    assert made.state is RequestState.WITHDRAWN
    client.post(f"/groups/invitations/{made.id}/accept")
    assert role_of(cast.closed, cast.member) is None
    assert client.get(f"/groups/invitations/{made.id}").location == "/groups"


def test_an_invitation_to_an_archived_group_is_over(cast: Cast, client_of: Clients) -> None:
    made, client = invited(cast), client_of(cast.member)
    cast.closed.archived_at = now()
    db.session.commit()
    assert "archief" in client.get(f"/groups/invitations/{made.id}").text
    client.post(f"/groups/invitations/{made.id}/accept")
    assert role_of(cast.closed, cast.member) is None
    assert made.state is RequestState.OPEN, "what failed is not kept by halves"


def test_inviting_who_asked_lets_in(cast: Cast, client_of: Clients) -> None:
    asked_by(cast)
    client_of(cast.group_owner).post(INVITE, data={"user_id": cast.member.id})
    assert role_of(cast.closed, cast.member) is GroupRole.MEMBER


def test_asking_when_invited_lets_in(cast: Cast, client_of: Clients) -> None:
    invited(cast)
    client_of(cast.member).post("/groups/groep-closed/ask", data={"message": "Graag."})
    assert role_of(cast.closed, cast.member) is GroupRole.MEMBER


def test_a_hidden_group_shows_name_and_introduction_to_who_is_invited(
    cast: Cast, client_of: Clients
) -> None:
    cast.hidden.name, cast.hidden.description = "Zeldzaamnaam", "Zeldzaaminleiding"
    cast.hidden.welcome = cast.hidden.rules = "Zeldzaamregel"
    discussion(cast.insider, "Zeldzaamstuk", group=cast.hidden)
    made, client = invited(cast, hidden=True), client_of(cast.member)
    page = client.get(f"/groups/invitations/{made.id}").text
    assert "Zeldzaamnaam" in page and "Zeldzaaminleiding" in page
    for hidden in ("Zeldzaamregel", "Zeldzaamstuk", "2 leden", "1 lid"):
        assert hidden not in page, hidden
    assert "Zeldzaamnaam" in client.get("/groups").text.partition("Uitnodigingen voor jou")[2]
    assert client.get("/groups/groep-hidden").status_code == 404
    mail = db.session.scalars(select(OutgoingMail)).one()
    assert "Zeldzaam" not in mail.subject + mail.body
    news = client.get("/notifications").text
    assert "nodigt je uit voor een groep" in news and "Zeldzaam" not in news
    key = db.session.scalars(select(Notification.id)).one()
    assert client.post(f"/notifications/{key}/open").location == "/groups"
    client.post(f"/groups/invitations/{made.id}/decline")
    pages = [client.get(path) for path in ("/groups", f"/groups/invitations/{made.id}")]
    assert pages[1].location == "/groups" and "Zeldzaam" not in pages[0].text


def test_an_invitation_is_for_one_person(cast: Cast, client_of: Clients) -> None:
    made = invited(cast, hidden=True)
    for name in ("other", "manager", "administrator", "group_owner", "insider"):
        client = client_of(getattr(cast, name))
        assert client.get(f"/groups/invitations/{made.id}").status_code == 404, name
        for what in ("accept", "decline"):
            answer = client.post(f"/groups/invitations/{made.id}/{what}")
            assert answer.status_code == 404, (name, what)
    assert client_of(None).get(f"/groups/invitations/{made.id}").status_code == 303
    asked = asked_by(cast, cast.blogger)
    client = client_of(cast.blogger)
    assert client.post(f"/groups/invitations/{asked.id}/accept").status_code == 404
    assert role_of(cast.closed, cast.blogger) is None, "a request of one's own is no invitation"
