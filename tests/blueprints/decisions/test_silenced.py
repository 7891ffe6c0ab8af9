"""Who is silenced reads everything, writes nothing, and learns until when."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from app.extensions import db
from app.lib.clock import now
from app.models import Comment, Content, User
from app.services import sanctions
from app.services.activity import Verb
from tests.cast import Cast, comment, decision, discussion
from tests.checking import CheckingClient

ClientOf = Callable[[User | None], CheckingClient]
WORDS = {"title": "Toch", "body": "Toch schrijven", "is_question": "1", "version": "1"}


@pytest.fixture
def silenced(cast: Cast) -> User:
    """Return Lotte, who cannot write for a while."""
    until = (now() + timedelta(days=3)).date()
    sanctions.take(Verb.SILENCED, cast.member, cast.manager, "Even rust.", until=until)
    db.session.commit()
    return cast.member


def test_reading_goes_on_and_writing_stops(cast: Cast, silenced: User, client_of: ClientOf) -> None:
    asked, own = discussion(cast.other), discussion(silenced)
    reply = comment(asked, silenced)
    client = client_of(silenced)
    page = client.get(f"/discussions/{asked.id}-{asked.slug}")
    assert page.status_code == 200 and "niet schrijven" in page.text
    assert 'href="/account/decisions"' in page.text and 'name="submission_key"' not in page.text
    written = select(func.count()).select_from(Comment), select(func.count()).select_from(Content)
    before = [db.session.scalar(each) for each in written]
    for path in (
        "/discussions/new", f"/content/{asked.id}/comments", f"/comments/{reply.id}/edit",
        f"/discussions/{own.id}-{own.slug}/edit", "/proposals/new",
    ):  # fmt: skip
        for htmx in (False, True):
            answer = client.post(path, data=WORDS, htmx=htmx)
            assert answer.status_code == 403 and "niet schrijven" in answer.text, path
    assert [db.session.scalar(each) for each in written] == before


def test_the_account_tells_why_and_until_when(silenced: User, client_of: ClientOf) -> None:
    page = client_of(silenced).get("/account/decisions").text
    assert "Even rust." in page and "niet schrijven" in page and "Van kracht" in page


def test_it_ends_by_itself(cast: Cast, silenced: User, client_of: ClientOf) -> None:
    asked = discussion(cast.other)
    with time_machine.travel(now() + timedelta(days=5)):
        client = client_of(silenced)
        answer = client.post(f"/content/{asked.id}/comments", data={"body": "Weer terug."})
        assert answer.status_code == 303
        assert "Afgelopen" in client.get("/account/decisions").text


def test_others_are_told_what_they_were_told_before(cast: Cast, client_of: ClientOf) -> None:
    answer = client_of(cast.member).get("/moderation/log")
    assert answer.status_code == 403 and "niet schrijven" not in answer.text


def test_a_hidden_text_leads_its_writer_to_the_decision(cast: Cast, client_of: ClientOf) -> None:
    asked = discussion(cast.member, hidden_at=now(), hidden_reason="Te fel.")
    other = discussion(cast.other)
    reply = comment(other, cast.member, hidden_at=now(), hidden_reason="Te fel.")
    decision(cast.member, cast.moderator, asked)
    decision(cast.member, cast.moderator, reply)
    lotte, mo = client_of(cast.member), client_of(cast.moderator)
    for piece, link in (
        (asked, f"/decisions/of/content/{asked.id}"),
        (other, f"/decisions/of/comments/{reply.id}"),
    ):
        page = f"/discussions/{piece.id}-{piece.slug}"
        assert link in lotte.get(page).text and link not in mo.get(page).text
        assert lotte.get(link).status_code == 303
