"""Seeing to a piece: claim, let go, hand over; two at once."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from app.extensions import db
from app.lib.clock import now
from app.models import Attention, Discussion, Membership, Notification, User
from app.services.activity import Verb
from tests.cast import Cast
from tests.checking import CheckingClient
from tests.waiting import asked, held_by, replied

ClientOf = Callable[[User | None], CheckingClient]
WAYS = ("claim", "let-go", "hand-over")


def url(content: Discussion, way: str) -> str:
    return f"/desk/attention/{content.id}/{way}"


def holder(content: Discussion) -> int | None:
    db.session.rollback()
    found = select(Attention.claimed_by_id).where(Attention.content_id == content.id)
    return db.session.scalar(found)


def news(user: User) -> list[tuple[str, str]]:
    found = select(Notification).where(Notification.user_id == user.id).order_by(Notification.id)
    return [(each.verb, each.message) for each in db.session.scalars(found)]


@pytest.mark.parametrize("way", WAYS)
def test_visitors_sign_in_first(client_of: ClientOf, waiting: Discussion, way: str) -> None:
    assert client_of(None).post(url(waiting, way)).status_code in {303, 401}
    assert holder(waiting) is None


@pytest.mark.parametrize("way", WAYS)
def test_it_is_not_for_members(
    client_of: ClientOf, settled: Cast, waiting: Discussion, way: str
) -> None:
    client = client_of(settled.specialist)
    assert client.post(url(waiting, way), data={"to": settled.moderator.id}).status_code == 403
    assert holder(waiting) is None


@pytest.mark.parametrize("way", WAYS)
def test_a_closed_group_is_not_there(desk: CheckingClient, settled: Cast, way: str) -> None:
    inside = asked(settled.insider, "Binnen", group=settled.closed)
    assert desk.post(url(inside, way), data={"to": settled.moderator.id}).status_code == 404
    assert holder(inside) is None


def test_claim_and_let_go(desk: CheckingClient, settled: Cast, waiting: Discussion) -> None:
    answer = desk.post(url(waiting, "claim"))
    assert (answer.status_code, answer.location) == (303, "/desk/attention")
    assert holder(waiting) == settled.ambassador.id
    assert "Jij zorgt hier nu voor." in desk.get("/desk/attention").text
    assert desk.post(url(waiting, "claim")).status_code == 303, "twice is once"
    assert desk.post(url(waiting, "let-go")).status_code == 303
    assert holder(waiting) is None


def test_in_place(desk: CheckingClient, settled: Cast, waiting: Discussion) -> None:
    answer = desk.post(url(waiting, "claim"), htmx=True)
    assert answer.status_code == 200 and answer.headers["HX-Retarget"] == f"#waits-{waiting.id}"
    assert 'data-announce="Jij zorgt hier nu voor."' in answer.text
    assert "Loslaten" in answer.text and "data-autofocus" in answer.text
    answer = desk.post(url(waiting, "let-go"), htmx=True)
    assert "Ik zorg hiervoor" in answer.text and "<html" not in answer.text


@pytest.mark.parametrize("htmx", [False, True])
def test_who_comes_second_hears_who_was_first(
    desk: CheckingClient, settled: Cast, waiting: Discussion, htmx: bool
) -> None:
    held_by(waiting, settled.moderator)
    answer = desk.post(url(waiting, "claim"), htmx=htmx)
    assert answer.status_code == 409
    assert "Mo Moderator zorgt hier al voor." in answer.text
    assert holder(waiting) == settled.moderator.id
    answer = desk.post(url(waiting, "hand-over"), data={"to": settled.manager.id}, htmx=htmx)
    assert answer.status_code == 409
    desk.post(url(waiting, "let-go"), htmx=htmx)
    assert holder(waiting) == settled.moderator.id


@pytest.mark.parametrize("way", ["claim", "hand-over"])
@pytest.mark.parametrize("htmx", [False, True])
def test_what_was_answered_meanwhile(
    desk: CheckingClient, settled: Cast, waiting: Discussion, way: str, htmx: bool
) -> None:
    replied(waiting, settled.other)
    answer = desk.post(url(waiting, way), data={"to": settled.manager.id}, htmx=htmx)
    assert answer.status_code == 409 and "Dit is klaar" in answer.text
    assert holder(waiting) is None


def test_taking_over(
    client_of: ClientOf, desk: CheckingClient, settled: Cast, waiting: Discussion
) -> None:
    held = held_by(waiting, settled.moderator, 1)
    data = {"instead_of": settled.moderator.id}
    assert "Overnemen" not in desk.get("/desk/attention").text
    assert desk.post(url(waiting, "claim"), data=data).status_code == 409
    manager = client_of(settled.manager)
    assert "Overnemen" in manager.get("/desk/attention").text
    assert manager.post(url(waiting, "claim"), data=data).status_code == 303
    assert holder(waiting) == settled.manager.id
    assert client_of(settled.moderator).post(url(waiting, "claim"), data=data).status_code == 409
    db.session.delete(db.session.get_one(Attention, held.content_id))
    db.session.commit()
    held_by(waiting, settled.moderator, 3)
    assert "Overnemen" in desk.get("/desk/attention").text
    assert desk.post(url(waiting, "claim"), data=data).status_code == 303
    assert holder(waiting) == settled.ambassador.id


@pytest.mark.parametrize("wrong", ["x", "-1", "99999999999999999999"])
def test_taking_over_from_nobody(
    desk: CheckingClient, settled: Cast, waiting: Discussion, wrong: str
) -> None:
    held_by(waiting, settled.moderator, 9)
    assert desk.post(url(waiting, "claim"), data={"instead_of": wrong}).status_code == 409


def test_hand_over(desk: CheckingClient, settled: Cast, waiting: Discussion) -> None:
    form = desk.get(url(waiting, "hand-over")).text
    for name in ("Mo Moderator", "Mina Manager"):
        assert name in form
    assert "Otto Ander" not in form and ">Anna Ambassadeur</option>" not in form
    data = {"to": settled.moderator.id, "message": "Jij kent deze regeling."}
    assert desk.post(url(waiting, "hand-over"), data=data).status_code == 303
    assert holder(waiting) == settled.moderator.id
    assert news(settled.moderator) == [(Verb.CLAIM_HANDED, "Jij kent deze regeling.")]


def test_hand_over_in_place(desk: CheckingClient, settled: Cast, waiting: Discussion) -> None:
    part = desk.get(url(waiting, "hand-over"), htmx=True).text
    assert "<html" not in part and f'hx-target="#desk-slot-{waiting.id}"' in part
    wrong = desk.post(url(waiting, "hand-over"), data={"to": "", "message": "Toe"}, htmx=True)
    assert wrong.status_code == 422 and "HX-Retarget" not in wrong.headers
    assert "Kies iemand." in wrong.text and 'value="Toe"' in wrong.text
    done = desk.post(url(waiting, "hand-over"), data={"to": settled.manager.id}, htmx=True)
    assert "Mina Manager krijgt bericht" in done.text and "Mina Manager zorgt hiervoor" in done.text


@pytest.mark.parametrize("to", ["", "x", "0", "999999", "99999999999999999999", "member"])
def test_handing_over_to_nobody(
    desk: CheckingClient, settled: Cast, waiting: Discussion, to: str
) -> None:
    chosen = settled.member.id if to == "member" else to
    answer = desk.post(url(waiting, "hand-over"), data={"to": chosen, "message": "Graag"})
    assert answer.status_code == 422 and "Graag" in answer.text
    assert holder(waiting) is None


def test_a_closed_group_is_handed_to_its_members(client_of: ClientOf, settled: Cast) -> None:
    inside = asked(settled.insider, "Binnen", group=settled.closed)
    db.session.add(Membership(user=settled.ambassador, group=settled.closed))
    db.session.commit()
    client = client_of(settled.ambassador)
    assert "Mo Moderator" not in client.get(url(inside, "hand-over")).text
    answer = client.post(url(inside, "hand-over"), data={"to": settled.moderator.id})
    assert answer.status_code == 422 and not news(settled.moderator)
    assert client.post(url(inside, "claim")).status_code == 303


def test_the_manager_hands_over_what_others_hold(
    client_of: ClientOf, settled: Cast, waiting: Discussion
) -> None:
    held_by(waiting, settled.moderator)
    client = client_of(settled.manager)
    data = {"to": settled.ambassador.id}
    assert client.post(url(waiting, "hand-over"), data=data).status_code == 303
    assert holder(waiting) == settled.ambassador.id
    assert client.post(url(waiting, "hand-over"), data=data).status_code == 303
    assert news(settled.ambassador) == [(Verb.CLAIM_HANDED, "")], "once"


def test_a_locked_piece_needs_nobody(
    desk: CheckingClient, settled: Cast, waiting: Discussion
) -> None:
    db.session.get_one(Discussion, waiting.id).locked_at = now()
    db.session.commit()
    assert desk.post(url(waiting, "claim")).status_code == 409
