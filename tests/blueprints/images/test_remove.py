"""Removing an image from all texts in which it stands."""

from collections.abc import Callable
from io import BytesIO

import pytest
from sqlalchemy import select

from app.extensions import db
from app.lib.clock import now
from app.models import Comment, Content, Image, LogEntry, Notification, User
from app.services import comments, images
from tests.cast import Cast, discussion
from tests.checking import CheckingClient
from tests.filemaking import image as file_of

Clients = Callable[[User | None], CheckingClient]
GONE = "Afbeelding verwijderd"
SHOWN = 'alt="Een blauw vlak"'


def added(uploader: User) -> Image:
    made = images.add(BytesIO(file_of("PNG")), "Vlak.png", "Een blauw vlak", uploader)
    db.session.commit()
    return made


def reply_with(image: Image, content: Content, writer: User) -> Comment:
    """Place a reply that shows an image, as the form does."""
    made = comments.add(content, writer, f"Kijk:\n\n{images.markdown(image)}", f"{image.id}")
    db.session.commit()
    return made


def path(image: Image) -> str:
    return f"/images/{image.id}-{image.slug}"


def page_of(content: Content) -> str:
    return f"/discussions/{content.id}-{content.slug}"


@pytest.mark.parametrize("htmx, status", [(False, 303), (True, 204)])
def test_who_added_it_removes_it(cast: Cast, client_of: Clients, htmx: bool, status: int) -> None:
    """From every text, without a reason, and nobody has to be told."""
    found, other = added(cast.member), added(cast.member)
    places = [discussion(cast.other), discussion(cast.blogger)]
    for place in places:
        reply_with(found, place, cast.member)
    kept = discussion(cast.other)
    reply_with(other, kept, cast.member)
    author, reader = client_of(cast.member), client_of(cast.other)
    assert f'href="{path(found)}/remove"' in author.get(f"{path(found)}/place").text
    question = author.get(f"{path(found)}/remove").text
    assert SHOWN in question and "Reden" not in question
    for place in places:
        assert SHOWN in reader.get(page_of(place)).text
    answer = author.post(f"{path(found)}/remove", htmx=htmx)
    assert answer.status_code == status
    assert (answer.location or answer.headers["HX-Redirect"]) == "/"
    assert "De afbeelding is verwijderd" in author.get("/").text
    for place in places:
        shown = reader.get(page_of(place)).text
        assert GONE in shown and path(found) not in shown and "Kijk:" in shown
    for client in (author, reader, client_of(cast.moderator)):
        for end in ("", "/480", "/place", "/remove"):
            assert client.get(path(found) + end).status_code == 404
    assert author.post(f"{path(found)}/remove").status_code == 404
    assert SHOWN in reader.get(page_of(kept)).text and reader.get(path(other)).status_code == 200
    assert not db.session.scalars(select(LogEntry)).all()
    assert not db.session.scalars(
        select(Notification).where(Notification.user_id == cast.member.id)
    ).all()


def test_before_it_stands_in_a_text(cast: Cast, client_of: Clients) -> None:
    found = added(cast.member)
    assert client_of(cast.member).post(f"{path(found)}/remove").status_code == 303
    db.session.refresh(found)
    assert found.removed_at is not None and found.removed_by_id == cast.member.id


def test_a_moderator_tells_why(cast: Cast, client_of: Clients) -> None:
    found = added(cast.member)
    place = discussion(cast.other, "Hoe ziet dat eruit?")
    reply_with(found, place, cast.member)
    moderator, url = client_of(cast.moderator), f"{path(found)}/remove"
    assert "Reden" in moderator.get(url).text
    answer = moderator.post(url, data={"reason": "Er staat een inwoner op"})
    assert answer.status_code == 303
    (entry,) = db.session.scalars(select(LogEntry))
    assert (entry.action, entry.actor_name, entry.reason, entry.result) == (
        "image_removed", "Mo Moderator", "Er staat een inwoner op", "Een blauw vlak",
    )  # fmt: skip
    of_member = select(Notification).where(Notification.user_id == cast.member.id)
    news = db.session.scalars(of_member).one()
    assert (news.verb, news.message) == ("image_removed", "Er staat een inwoner op")
    inbox = client_of(cast.member).get("/notifications").text
    assert "Een afbeelding van jou is verwijderd" in inbox and "inwoner op" in inbox
    assert GONE in moderator.get("/moderation/log").text
    assert GONE in client_of(cast.other).get(page_of(place)).text


@pytest.mark.parametrize("htmx", [False, True])
@pytest.mark.parametrize(
    "reason, said", [(" ", "Vertel waarom"), ("", "Vertel waarom"), ("x" * 1001, "x" * 1001)]
)
def test_what_is_wrong_stands_at_its_field(
    cast: Cast, client_of: Clients, reason: str, said: str, htmx: bool
) -> None:
    found = added(cast.member)
    reply_with(found, discussion(cast.other), cast.member)
    answer = client_of(cast.moderator).post(
        f"{path(found)}/remove", data={"reason": reason}, htmx=htmx
    )
    assert answer.status_code == 422
    assert said in answer.text and 'id="reason-error"' in answer.text
    db.session.refresh(found)
    assert found.removed_at is None


@pytest.mark.parametrize("actor", ["other", "blogger", "specialist", "administrator"])
def test_others_may_not(cast: Cast, client_of: Clients, actor: str) -> None:
    found = added(cast.member)
    reply_with(found, discussion(cast.member), cast.member)
    client = client_of(getattr(cast, actor))
    assert client.get(path(found)).status_code == 200
    assert client.get(f"{path(found)}/remove").status_code == 403
    assert client.post(f"{path(found)}/remove", data={"reason": "Nee"}).status_code == 403
    db.session.refresh(found)
    assert found.removed_at is None


def test_the_invisible_does_not_exist(cast: Cast, client_of: Clients) -> None:
    """In a closed group, in a hidden piece, in no text, or removed: 404, also to a moderator outside."""
    inside, alone, hidden = (added(cast.insider) for _ in range(3))
    reply_with(inside, discussion(cast.insider, group=cast.closed), cast.insider)
    place = discussion(cast.member)
    reply_with(hidden, place, cast.insider)
    place.hidden_at = now()
    db.session.commit()
    refused = {
        inside: (cast.member, cast.moderator, cast.administrator),
        alone: (cast.member, cast.moderator, cast.administrator),
        hidden: (cast.other, cast.administrator),
    }
    clients = {
        person.id: client_of(person)
        for person in (cast.member, cast.moderator, cast.other, cast.administrator)
    }
    for found, outsiders in refused.items():
        url = f"{path(found)}/remove"
        for outsider in outsiders:
            client = clients[outsider.id]
            assert client.get(url).status_code == 404
            assert client.post(url, data={"reason": "Nee"}).status_code == 404
        db.session.refresh(found)
        assert found.removed_at is None
    assert client_of(cast.insider).get(f"{path(inside)}/remove").status_code == 200


def test_the_log_names_no_place_that_the_moderator_cannot_see(
    cast: Cast, client_of: Clients
) -> None:
    found = added(cast.insider)
    closed = discussion(cast.insider, "Besloten vraag", group=cast.closed)
    reply_with(found, closed, cast.insider)
    seen = discussion(cast.member, "Open vraag")
    reply_with(found, seen, cast.insider)
    url = f"{path(found)}/remove"
    moderator, insider = client_of(cast.moderator), client_of(cast.insider)
    assert moderator.post(url, data={"reason": "Nee"}).status_code == 303
    assert "Besloten vraag" not in moderator.get("/moderation/log").text
    (entry,) = db.session.scalars(select(LogEntry))
    assert "Besloten vraag" not in entry.subject_label
    for place in (closed, seen):
        assert GONE in insider.get(page_of(place)).text


def test_visitors_sign_in_first(cast: Cast, client_of: Clients) -> None:
    found = added(cast.member)
    reply_with(found, discussion(cast.member), cast.member)
    assert client_of(None).get(f"{path(found)}/remove").status_code == 303
    assert client_of(None).post(f"{path(found)}/remove").status_code == 401
    db.session.refresh(found)
    assert found.removed_at is None
