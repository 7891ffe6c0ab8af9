"""/moderation/held: what waits until a moderator has seen it."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select

from app.extensions import db
from app.lib.clock import now
from app.models import Comment, Decision, Discussion, Notification, User
from bench.statements import statements
from tests.cast import Cast, comment, discussion
from tests.checking import CheckingClient

ClientOf = Callable[[User | None], CheckingClient]
PATH = "/moderation/held"
ACCEPT = f"{PATH}/accept"
REJECT = f"{PATH}/reject"


def waiting(author: User, **values: object) -> Discussion:
    """Return a discussion that waits."""
    return discussion(
        author, "Wachtend stuk", "Lees mij eerst", hidden_at=now(), held_at=now(), **values
    )


def waiting_reply(piece: Discussion, author: User) -> Comment:
    """Return a reply that waits."""
    return comment(piece, author, "Wachtende reactie", hidden_at=now(), held_at=now())


def name_of(subject: Discussion | Comment) -> str:
    return f"{'comment' if isinstance(subject, Comment) else 'content'}-{subject.id}"


def test_the_queue_shows_texts_with_their_context(cast: Cast, client_of: ClientOf) -> None:
    piece = discussion(cast.other, "Het gesprek", theme=cast.theme)
    waiting(cast.member, theme=cast.theme)
    waiting_reply(piece, cast.member)
    page = client_of(cast.moderator).get(PATH).text
    assert "Lees mij eerst" in page and "Wachtende reactie" in page
    assert "Reactie op: Het gesprek" in page and "Lotte Lid" in page and "Schuldhulp" in page
    home = client_of(cast.manager).get("/").text
    assert re.search(r"<b>2</b>\s+teksten wachten op goedkeuring", home)


def test_an_empty_queue(cast: Cast, client_of: ClientOf) -> None:
    assert "Er wacht niets" in client_of(cast.ambassador).get(PATH).text


def test_the_number_of_statements_does_not_grow(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.moderator)
    piece = discussion(cast.other)
    waiting(cast.member)
    waiting_reply(piece, cast.member)
    client.get(PATH)
    with statements() as few:
        client.get(PATH)
    for author in (cast.blogger, cast.other, cast.specialist):
        waiting(author, theme=cast.theme)
        waiting_reply(piece, author)
    with statements() as many:
        client.get(PATH)
    assert len(few) == len(many) <= 6


def test_leaders_see_what_waits_in_their_group_only(cast: Cast, client_of: ClientOf) -> None:
    mine = waiting(cast.insider, group=cast.closed)
    elsewhere = waiting(cast.member)
    client = client_of(cast.group_moderator)
    page = client.get(PATH).text
    assert name_of(mine) in page and name_of(elsewhere) not in page
    assert client.post(ACCEPT, data={"chosen": name_of(elsewhere)}).status_code == 404
    assert client.post(ACCEPT, data={"chosen": name_of(mine)}).status_code == 303
    assert name_of(mine) not in client_of(cast.moderator).get(PATH).text


def test_moderators_do_not_see_what_waits_in_a_group_that_they_do_not_read(
    cast: Cast, client_of: ClientOf
) -> None:
    made = waiting(cast.insider, group=cast.closed)
    client = client_of(cast.moderator)
    assert "Lees mij eerst" not in client.get(PATH).text
    assert client.post(ACCEPT, data={"chosen": name_of(made)}).status_code == 404


@pytest.mark.parametrize("htmx", [False, True])
def test_one_is_let_through(cast: Cast, client_of: ClientOf, htmx: bool) -> None:
    made = waiting(cast.member)
    client = client_of(cast.moderator)
    answer = client.post(ACCEPT, data={"chosen": name_of(made)}, htmx=htmx)
    if htmx:
        assert answer.status_code == 200 and "1 tekst is goedgekeurd" in answer.text
        assert "<html" not in answer.text and "Er wacht niets" in answer.text
    else:
        assert answer.status_code == 303 and "1 tekst is goedgekeurd" in client.get(PATH).text
    path = f"/discussions/{made.id}-{made.slug}"
    assert "Lees mij eerst" in client_of(cast.other).get(path).text


def test_many_at_once(cast: Cast, client_of: ClientOf) -> None:
    made = waiting(cast.member)
    reply = waiting_reply(discussion(cast.other), cast.member)
    client = client_of(cast.moderator)
    client.post(ACCEPT, data={"chosen": [name_of(made), name_of(reply)]})
    assert "2 teksten zijn goedgekeurd" in client.get(PATH).text
    db.session.rollback()
    assert not db.session.scalars(select(Comment).where(Comment.held_at.is_not(None))).all()


@pytest.mark.parametrize("deed", ["accept", "reject"])
def test_who_is_second_hears_who_was_first(cast: Cast, client_of: ClientOf, deed: str) -> None:
    made = waiting(cast.member)
    data = {"chosen": name_of(made), "reason": "Kan niet"}
    client_of(cast.moderator).post(f"{PATH}/{deed}", data=data)
    second = client_of(cast.manager)
    second.post(ACCEPT, data=data)
    word = "goedgekeurd" if deed == "accept" else "afgewezen"
    assert f"Mo Moderator heeft dit al {word}" in second.get(PATH).text


@pytest.mark.parametrize("htmx", [False, True])
def test_one_is_rejected_with_a_reason(cast: Cast, client_of: ClientOf, htmx: bool) -> None:
    made = waiting(cast.member)
    client = client_of(cast.moderator)
    form = client.get(f"{REJECT}?chosen={name_of(made)}", htmx=htmx)
    assert form.status_code == 200 and "Huisregel" in form.text
    data = {"chosen": name_of(made), "rule": "", "reason": "Er staat een naam in."}
    answer = client.post(REJECT, data=data, htmx=htmx)
    assert answer.status_code == (200 if htmx else 303)
    decision = db.session.scalars(select(Decision)).one()
    assert decision.measure == "rejected" and decision.reason == "Er staat een naam in."
    told = select(Notification.verb).where(Notification.user_id == cast.member.id)
    assert db.session.scalars(told).all() == ["rejected"]
    own = client_of(cast.member).get(f"/discussions/{made.id}-{made.slug}").text
    assert "Er staat een naam in." in own and "Wacht op goedkeuring" not in own
    assert client_of(cast.other).get(f"/discussions/{made.id}-{made.slug}").status_code == 404


@pytest.mark.parametrize("htmx", [False, True])
def test_without_a_reason_nothing_is_rejected(cast: Cast, client_of: ClientOf, htmx: bool) -> None:
    made = waiting(cast.member)
    data = {"chosen": name_of(made), "rule": "", "reason": " "}
    answer = client_of(cast.moderator).post(REJECT, data=data, htmx=htmx)
    assert answer.status_code == 422 and 'aria-invalid="true"' in answer.text
    db.session.refresh(made)
    assert made.held_at is not None


def test_many_are_rejected_with_one_reason(cast: Cast, client_of: ClientOf) -> None:
    names = [name_of(waiting(cast.member)), name_of(waiting(cast.other))]
    client = client_of(cast.moderator)
    form = client.post(REJECT, data={"chosen": names})
    assert form.status_code == 200 and all(f'value="{name}"' in form.text for name in names)
    client.post(REJECT, data={"chosen": names, "rule": "", "reason": "Reclame"})
    assert "2 teksten zijn afgewezen" in client.get(PATH).text


def test_nothing_chosen(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.moderator)
    assert client.post(ACCEPT, data={}).status_code == 303
    assert "Vink eerst een of meer teksten aan" in client.get(PATH).text


@pytest.mark.parametrize("name", ["content-999999", "comment-1x", "user-1", ""])
def test_what_is_not_there(cast: Cast, client_of: ClientOf, name: str) -> None:
    client = client_of(cast.moderator)
    assert client.post(ACCEPT, data={"chosen": name}).status_code == 404
    assert client.get(f"{REJECT}?chosen={name}").status_code == 404


def test_ones_own_text_is_for_another(cast: Cast, client_of: ClientOf) -> None:
    made = waiting(cast.moderator)
    client = client_of(cast.moderator)
    assert "Lees mij eerst" not in client.get(PATH).text
    assert client.post(ACCEPT, data={"chosen": name_of(made)}).status_code == 404


def test_a_moderator_changes_a_text_first(cast: Cast, client_of: ClientOf) -> None:
    made = waiting(cast.member)
    client = client_of(cast.moderator)
    data = {
        "title": made.title,
        "body": "Beter zo",
        "is_question": "1",
        "version": "1",
        "reason": "Naam weg",
    }
    assert client.post(f"/discussions/{made.id}-{made.slug}/edit", data=data).status_code == 303
    page = client.get(f"/discussions/{made.id}-{made.slug}").text
    assert "Beter zo" in page and "Goedkeuren" in page and "Afwijzen" in page


@pytest.mark.parametrize("path", [PATH, ACCEPT, REJECT])
def test_it_is_not_for_members(cast: Cast, client_of: ClientOf, path: str) -> None:
    way = "POST" if path == ACCEPT else "GET"
    assert client_of(cast.member).open(path, method=way).status_code == 403
    assert client_of(None).open(path, method=way).status_code == (303 if way == "GET" else 401)


def test_the_writer_sees_it_and_others_do_not(cast: Cast, client_of: ClientOf) -> None:
    """Every text has the word zilver; others look for it by another word that stands beside it."""
    cast.theme.premoderated = True
    db.session.commit()
    client = client_of(cast.member)
    data = {
        "title": "Zilvervraag", "body": "kanarietekst zilver", "is_question": "1",
        "theme_id": str(cast.theme.id), "group_id": "0", "tags": "zilverwoord",
    }  # fmt: skip
    sent = client.post("/discussions/new", data=data)
    page = client.get(sent.location).text
    assert "Een moderator kijkt er eerst naar" in page and "Wacht op goedkeuring" in page
    piece = discussion(cast.other, "Gewoon", theme=cast.theme)
    path = f"/content/{piece.id}/comments"
    plain = client.post(path, data={"body": "kanariereactie zilver"})
    assert "Je reactie is verstuurd. Een moderator" in client.get(plain.location).text
    here = {"body": "kanarieplek zilver", "seen": "1", "page": "1"}
    answer = client.post(path, data=here, htmx=True)
    assert "kanarieplek" in answer.text and "Wacht op goedkeuring" in answer.text
    reply = db.session.scalars(select(Comment).order_by(Comment.id)).first()
    assert reply is not None
    other, talk = client_of(cast.other), f"/discussions/{piece.id}-{piece.slug}"
    for address in (
        "/", "/discussions", "/discussions?view=unanswered", talk, f"{talk}?quote={reply.id}",
        "/themes/schuldhulp", "/search?q=kanarietekst", "/search?q=kanariereactie",
        "/search?q=kanarietekts", "/tags", f"/people/{cast.member.id}-{cast.member.handle}",
        "/notifications", "/suggest/tags?q=zi", f"{path}/newer?after=0&page=1",
        f"/comments/{reply.id}/menu", f"/discussions/new?copy={reply.content_id + 1}",
    ):  # fmt: skip
        shown = other.get(address).text
        assert "zilver" not in shown.lower(), address
    seen = other.get(talk).text
    assert "Nog geen reacties" in seen and "verborgen" not in seen
    assert "zilver" not in other.get(f"{path}/newer?after=0&page=1", htmx=True).text
    assert "#comment" not in other.get(f"{path}/fresh?after=0&page=1&told=0").text
    assert "zilver" not in other.get(f"/comments/{reply.id}", htmx=True).text
    assert other.get(sent.location).status_code == 404
    assert not db.session.scalars(select(Notification)).all()
