"""Asking someone who may know to look at a piece."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models import (
    Audience,
    Block,
    BlockLevel,
    Discussion,
    Expertise,
    Notification,
    Nudge,
    OutgoingMail,
    User,
)
from tests.cast import Cast, comment, discussion
from tests.checking import CheckingClient
from tests.waiting import asked, replied

ClientOf = Callable[[User | None], CheckingClient]


def url(content: Discussion, words: str = "") -> str:
    return f"/desk/attention/{content.id}/ask" + (f"?q={words}" if words else "")


def nudged(content: Discussion) -> list[int]:
    db.session.rollback()
    found = select(Nudge.person_id).where(Nudge.content_id == content.id)
    return list(db.session.scalars(found.order_by(Nudge.person_id)))


def test_visitors_sign_in_first(client_of: ClientOf, waiting: Discussion) -> None:
    assert client_of(None).get(url(waiting)).location == f"/login?next={url(waiting)}"


def test_it_is_not_for_members(client_of: ClientOf, settled: Cast, waiting: Discussion) -> None:
    client = client_of(settled.specialist)
    assert client.get(url(waiting)).status_code == 403
    assert client.post(url(waiting), data={"person": settled.other.id}).status_code == 403


def test_a_closed_group_is_not_there(desk: CheckingClient, settled: Cast) -> None:
    inside = asked(settled.insider, "Binnen", group=settled.hidden)
    assert desk.get(url(inside)).status_code == 404
    assert desk.post(url(inside), data={"person": settled.insider.id}).status_code == 404


def test_who_may_know_is_suggested(
    desk: CheckingClient, settled: Cast, waiting: Discussion
) -> None:
    piece = db.session.get_one(Discussion, waiting.id)
    piece.title = "Wie weet iets van beslagvrije voet?"
    db.session.add(Expertise(user_id=settled.blogger.id, slug="beslagvrije", name="Beslagvrije"))
    db.session.add(Expertise(user_id=settled.insider.id, slug="beslagvrije", name="Beslagvrije"))
    settled.insider.expertise_audience = Audience.MANAGER
    db.session.commit()
    comment(discussion(settled.member, theme=settled.theme), settled.other)
    page = desk.get(url(waiting)).text
    assert "Sam Specialist (specialist van dit thema)" in page
    assert "Bea Blogger (weet hiervan, volgens het profiel)" in page
    assert "Otto Ander (reageert vaak in dit thema)" in page
    assert "Ineke Insider" not in page and "Wim Woonspecialist" not in page
    assert page.index("Sam Specialist") < page.index("Bea Blogger") < page.index("Otto Ander")


def test_asking(desk: CheckingClient, settled: Cast, waiting: Discussion) -> None:
    data = {"person": settled.specialist.id, "message": "Jij deed dit vorig jaar."}
    assert desk.post(url(waiting), data=data).status_code == 303
    assert nudged(waiting) == [settled.specialist.id]
    news = db.session.scalars(select(Notification)).one()
    assert (news.user_id, news.message) == (settled.specialist.id, "Jij deed dit vorig jaar.")
    mail = db.session.scalars(select(OutgoingMail)).one()
    assert mail.recipient == settled.specialist.email
    assert "Anna Ambassadeur vraagt of je kunt helpen" in mail.subject
    assert "> Jij deed dit vorig jaar." in mail.body and "Wie weet dit?" in mail.body
    assert f"/discussions/{waiting.id}-" in mail.body
    assert "gevraagd: Sam Specialist" in desk.get("/desk/attention").text


def test_asking_in_place(desk: CheckingClient, settled: Cast, waiting: Discussion) -> None:
    part = desk.get(url(waiting), htmx=True).text
    assert "<html" not in part and "Sam Specialist" in part
    wrong = desk.post(url(waiting), data={"message": "Toe"}, htmx=True)
    assert wrong.status_code == 422 and 'value="Toe"' in wrong.text
    done = desk.post(url(waiting), data={"person": settled.specialist.id}, htmx=True)
    assert done.headers["HX-Retarget"] == f"#waits-{waiting.id}"
    assert "Sam Specialist krijgt je vraag." in done.text
    assert "gevraagd: Sam Specialist" in done.text


def test_once_for_each_person(
    client_of: ClientOf, desk: CheckingClient, settled: Cast, waiting: Discussion
) -> None:
    data = {"person": settled.specialist.id}
    assert desk.post(url(waiting), data=data).status_code == 303
    assert client_of(settled.moderator).post(url(waiting), data=data).status_code == 422
    assert "Niemand heet zo" in desk.get(url(waiting, "sam")).text
    assert len(db.session.scalars(select(OutgoingMail)).all()) == 1


def test_looking_someone_up(desk: CheckingClient, settled: Cast, waiting: Discussion) -> None:
    page = desk.get(url(waiting, "otto")).text
    assert "Otto Ander" in page and "Sam Specialist" not in page
    assert "Niemand heet zo" in desk.get(url(waiting, "zzz")).text
    wrong = desk.post(url(waiting), data={"q": "otto"})
    assert wrong.status_code == 422 and "Otto Ander" in wrong.text
    assert desk.post(url(waiting), data={"person": settled.other.id, "q": "otto"}).location


@pytest.mark.parametrize("who", ["member", "ambassador", "x", "-1", "99999999999999999999", ""])
def test_who_cannot_be_asked(
    desk: CheckingClient, settled: Cast, waiting: Discussion, who: str
) -> None:
    person = getattr(settled, who).id if who in {"member", "ambassador"} else who
    answer = desk.post(url(waiting), data={"person": person, "message": "Graag"})
    assert answer.status_code == 422 and "Kies iemand" in answer.text and "Graag" in answer.text
    assert nudged(waiting) == []


def test_only_readers_are_asked(client_of: ClientOf, settled: Cast) -> None:
    settled.group_owner.grants = [*settled.manager.grants]
    db.session.commit()
    inside = asked(settled.insider, "Binnen", group=settled.closed, theme=settled.theme)
    client = client_of(settled.group_owner)
    assert "Sam Specialist" not in client.get(url(inside)).text
    answer = client.post(url(inside), data={"person": settled.specialist.id})
    assert answer.status_code == 422 and nudged(inside) == []
    data = {"person": settled.group_moderator.id}
    assert client.post(url(inside), data=data).status_code == 303


def test_the_asker_does_not_notice_a_block(
    desk: CheckingClient, settled: Cast, waiting: Discussion
) -> None:
    db.session.add(
        Block(user_id=settled.specialist.id, person_id=settled.ambassador.id,
              level=BlockLevel.BLOCK)
    )  # fmt: skip
    db.session.commit()
    assert "Sam Specialist" in desk.get(url(waiting, "sam")).text
    answer = desk.post(url(waiting), data={"person": settled.specialist.id})
    assert answer.status_code == 303
    told = select(Notification).where(Notification.user_id == settled.specialist.id)
    assert not db.session.scalars(told).all()
    assert not db.session.scalars(select(OutgoingMail)).all()


def test_what_was_answered_meanwhile(
    desk: CheckingClient, settled: Cast, waiting: Discussion
) -> None:
    replied(waiting, settled.other)
    answer = desk.post(url(waiting), data={"person": settled.specialist.id})
    assert answer.status_code == 409 and nudged(waiting) == []
