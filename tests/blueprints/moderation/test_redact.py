"""Blacking out personal data: first shown where it stands, then done, by who may."""

from collections.abc import Callable

import pytest

from app.extensions import db
from app.models import Comment, Discussion, User
from tests.cast import Cast, comment, discussion, wiki_page
from tests.checking import CheckingClient

BSN = "987654329"
DATA = {"words": BSN, "reason": "Een BSN hoort hier niet"}
ClientOf = Callable[[User | None], CheckingClient]


@pytest.fixture
def asked(cast: Cast) -> Discussion:
    return discussion(cast.member, body=f"Weet iemand iets van {BSN}?")


@pytest.fixture
def reply(cast: Cast, asked: Discussion) -> Comment:
    return comment(asked, cast.other, f"Ja, {BSN} is bekend.")


def test_first_it_is_shown_where_it_stands(cast: Cast, client_of: ClientOf, reply: Comment) -> None:
    path = f"/content/{reply.content_id}/redact"
    moderator = client_of(cast.moderator)
    assert "Eerst zie je waar het staat" in moderator.get(path).text
    answer = moderator.post(path, data=DATA)
    assert answer.status_code == 200
    for line in ("1× in de tekst en de titel", "1× in de reacties", "1× in eerdere versies"):
        assert line in answer.text
    assert BSN in reply.body
    assert moderator.post(path, data={**DATA, "sure": "1"}).status_code == 303
    db.session.expire_all()
    assert BSN not in reply.body + reply.content.body


def test_a_reply_alone(cast: Cast, client_of: ClientOf, reply: Comment) -> None:
    path = f"/comments/{reply.id}/redact"
    moderator = client_of(cast.moderator)
    assert moderator.get(path).status_code == 200
    answer = moderator.post(path, data={**DATA, "sure": "1"})
    assert (answer.status_code, answer.location) == (303, f"/comments/{reply.id}")
    db.session.expire_all()
    assert BSN not in reply.body and BSN in reply.content.body


def test_a_specialist_in_the_wiki_and_no_moderator(cast: Cast, client_of: ClientOf) -> None:
    page = wiki_page(cast.specialist, cast.theme, body=f"Bel {BSN}.")
    path = f"/content/{page.id}/redact"
    assert client_of(cast.moderator).post(path, data=DATA).status_code == 403
    assert client_of(cast.other_specialist).post(path, data=DATA).status_code == 403
    specialist = client_of(cast.specialist)
    assert f'href="{path}"' in specialist.get(f"/wikis/{page.id}-{page.slug}").text
    data = {**DATA, "sure": "1"}
    assert specialist.post(path, data=data).status_code == 303
    db.session.expire_all()
    assert page.body == "Bel [onleesbaar gemaakt]."


@pytest.mark.parametrize(
    "data, message",
    [
        ({"words": "", "reason": "Weg"}, "vereist"),
        ({"words": "a-1", "reason": "Weg"}, "Vul ten minste 4 letters of cijfers in."),
        ({"words": "x" * 201, "reason": "Weg"}, "200"),
        ({"words": BSN, "reason": ""}, "vereist"),
        ({"words": BSN, "reason": f"{BSN[:4]}.{BSN[4:]} hoort hier niet"}, "Herhaal het hier niet"),
        ({"words": "staat nergens", "reason": "Weg"}, "Dit staat hier nergens"),
    ],
)
def test_bad_input(
    cast: Cast, client_of: ClientOf, asked: Discussion, data: dict[str, str], message: str
) -> None:
    answer = client_of(cast.moderator).post(
        f"/content/{asked.id}/redact", data={**data, "sure": "1"}
    )
    assert answer.status_code == 422
    assert message in answer.text and data["reason"] in answer.text
    db.session.expire_all()
    assert BSN in asked.body


@pytest.mark.parametrize("method", ["get", "post"])
def test_who_may_not(cast: Cast, client_of: ClientOf, reply: Comment, method: str) -> None:
    hidden = discussion(cast.insider, group=cast.hidden)
    paths = [f"/content/{reply.content_id}/redact", f"/comments/{reply.id}/redact"]
    member, visitor = client_of(cast.member), client_of(None)
    for path in paths:
        assert getattr(member, method)(path).status_code == 403
        assert getattr(visitor, method)(path).status_code in {303, 401}
    unseen = f"/content/{hidden.id}/redact"
    assert getattr(client_of(cast.moderator), method)(unseen).status_code == 404
