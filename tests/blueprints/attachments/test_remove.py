"""Removing a document."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from app.extensions import db
from app.lib.clock import now
from app.models import Attachment, LogEntry, Notification, User
from tests.cast import Cast, discussion, document, wiki_page
from tests.checking import CheckingClient

Clients = Callable[[User | None], CheckingClient]


def path(attachment: Attachment) -> str:
    return f"/attachments/{attachment.id}-{attachment.slug}"


@pytest.mark.parametrize("htmx, status", [(False, 303), (True, 204)])
def test_who_added_it_removes_it(cast: Cast, client_of: Clients, htmx: bool, status: int) -> None:
    asked = discussion(cast.member)
    url = path(document(asked, cast.member, title="De brief"))
    other = path(document(asked, cast.member, title="De bijlage"))
    author = client_of(cast.member)
    page = f"/discussions/{asked.id}-{asked.slug}"
    assert f'href="{url}/remove"' in author.get(page).text
    question = author.get(f"{url}/remove").text
    assert "De brief" in question and "Reden" not in question
    assert author.get(url).status_code == 200
    assert author.post(f"{url}/remove", htmx=htmx).status_code == status
    for client in (author, client_of(cast.other), client_of(cast.moderator)):
        assert client.get(url).status_code == 404
        shown = client.get(page).text
        assert "1 document<" in shown and "De brief" not in shown
    assert author.post(f"{url}/remove").status_code == 404
    assert author.get(other).status_code == 200
    assert not db.session.scalars(select(LogEntry)).all()


def test_a_moderator_tells_why(cast: Cast, client_of: Clients) -> None:
    found = document(discussion(cast.member), cast.member, title="De brief")
    moderator, url = client_of(cast.moderator), f"{path(found)}/remove"
    assert "Reden" in moderator.get(url).text
    refused = moderator.post(url, data={"reason": " "})
    assert refused.status_code == 422 and "Vertel waarom" in refused.text
    too_long = moderator.post(url, data={"reason": "x" * 1001})
    assert too_long.status_code == 422 and "x" * 1001 in too_long.text
    assert moderator.post(url, data={"reason": "Er staat een BSN in"}).status_code == 303
    (entry,) = db.session.scalars(select(LogEntry))
    assert (entry.action, entry.reason, entry.result) == (
        "attachment_removed", "Er staat een BSN in", "De brief",
    )  # fmt: skip
    news = db.session.scalars(select(Notification)).one()
    assert (news.user_id, news.message) == (cast.member.id, "Er staat een BSN in")
    inbox = client_of(cast.member).get("/notifications").text
    assert "Een document van jou is verwijderd" in inbox and "BSN" in inbox
    assert "Document verwijderd" in moderator.get("/moderation/log").text


def test_specialists_remove_from_their_pages(cast: Cast, client_of: Clients) -> None:
    page = wiki_page(cast.specialist, cast.theme)
    url = f"{path(document(page, cast.specialist))}/remove"
    for actor in ("member", "other_specialist", "moderator", "manager", "administrator"):
        client = client_of(getattr(cast, actor))
        assert (
            client.get(url).status_code
            == client.post(url, data={"reason": "Nee"}).status_code
            == 403
        )
    assert client_of(cast.specialist).post(url).status_code == 303


@pytest.mark.parametrize("actor", ["other", "blogger", "specialist", "administrator"])
def test_others_may_not(cast: Cast, client_of: Clients, actor: str) -> None:
    found = document(discussion(cast.member), cast.member)
    client = client_of(getattr(cast, actor))
    assert client.get(f"{path(found)}/remove").status_code == 403
    assert client.post(f"{path(found)}/remove", data={"reason": "Nee"}).status_code == 403
    db.session.refresh(found)
    assert found.removed_at is None


def test_what_is_locked_stays(cast: Cast, client_of: Clients) -> None:
    found = document(discussion(cast.member, locked_at=now()), cast.member)
    assert client_of(cast.member).post(f"{path(found)}/remove").status_code == 403


def test_the_invisible_does_not_exist(cast: Cast, client_of: Clients) -> None:
    found = document(discussion(cast.insider, group=cast.closed), cast.insider)
    for outsider in (cast.member, cast.moderator):
        assert client_of(outsider).post(f"{path(found)}/remove").status_code == 404
    assert client_of(cast.group_moderator).get(f"{path(found)}/remove").status_code == 200


def test_visitors_sign_in_first(cast: Cast, client_of: Clients) -> None:
    found = document(discussion(cast.member), cast.member)
    assert client_of(None).get(f"{path(found)}/remove").status_code == 303
    assert client_of(None).post(f"{path(found)}/remove").status_code == 401
