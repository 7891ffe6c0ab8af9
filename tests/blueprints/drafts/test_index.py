"""One's own drafts: /account/drafts, /drafts/<id> and throwing one away."""

from collections.abc import Callable

import pytest
from sqlalchemy import delete, func, select

from app.extensions import db
from app.lib.clock import now
from app.models import Content, Draft, Membership, User
from app.services import drafts as service
from bench.statements import statements
from tests.cast import Cast, discussion
from tests.checking import CheckingClient

ClientOf = Callable[[User | None], CheckingClient]
HTMX = pytest.mark.parametrize("htmx", [False, True])


def draft(user: User, place: str = "discussions:new", **fields: str) -> Draft:
    made = service.keep(user, place, fields or {"body": "Half af"}, "aa-1")
    assert made is not None
    db.session.commit()
    return made


def number() -> int:
    return db.session.scalar(select(func.count()).select_from(Draft)) or 0


def test_an_empty_list_says_what_comes_there(client: CheckingClient) -> None:
    assert "Geen concepten" in client.get("/account/drafts").text


def test_drafts_are_listed_with_where_they_belong(cast: Cast, client: CheckingClient) -> None:
    asked = discussion(cast.other, "Hoe zit dit?")
    made = draft(cast.member, f"discussions:{asked.id}:comment", body="Zo zit het")
    page = client.get("/account/drafts").text
    assert "Zo zit het" in page and "Reactie: Hoe zit dit?" in page
    assert f'href="/discussions/{asked.id}?draft={made.id}#reply"' in page


def test_nobody_else_sees_a_draft(cast: Cast, client_of: ClientOf) -> None:
    made = draft(cast.member, title="Geheimwoord", body="Geheimwoord")
    for other in (cast.other, cast.moderator, cast.manager, cast.administrator):
        client = client_of(other)
        assert "Geheimwoord" not in client.get("/account/drafts").text
        for path in (f"/discussions/new?draft={made.id}", f"/discussions/new?text={made.id}"):
            assert "Geheimwoord" not in client.get(path).text
        assert client.get(f"/drafts/{made.id}").status_code == 404
        assert client.post(f"/drafts/{made.id}/discard").status_code == 404
    assert client_of(None).get("/account/drafts").status_code == 303
    assert number() == 1


def test_another_form_does_not_open_it(cast: Cast, client: CheckingClient) -> None:
    made = draft(cast.member, "help:new", message="Geheimwoord")
    assert "Geheimwoord" not in client.get(f"/discussions/new?draft={made.id}").text
    assert "Geheimwoord" in client.get(f"/help-requests/new?draft={made.id}").text


@HTMX
@pytest.mark.parametrize("again", [False, True])
def test_throwing_away(cast: Cast, client: CheckingClient, *, htmx: bool, again: bool) -> None:
    made = draft(cast.member)
    page = client.get(f"/drafts/{made.id}{'?again=1' if again else ''}").text
    assert "Half af" in page and "Weggooien" in page
    data = {"again": "1"} if again else {}
    answer = client.post(f"/drafts/{made.id}/discard", data=data, htmx=htmx)
    there = answer.headers["HX-Redirect"] if htmx else answer.location
    assert there == ("/discussions/new" if again else "/account/drafts")
    assert number() == 0


def gone(cast: Cast, asked: Content, how: str) -> None:
    if how == "deleted":
        db.session.delete(asked)
    elif how == "hidden":
        asked.hidden_at, asked.hidden_reason = now(), "Nee"
    elif how == "locked":
        asked.locked_at = now()
    elif how == "closed":
        asked.group = cast.closed
    db.session.commit()


@pytest.mark.parametrize("how", ["deleted", "hidden", "locked", "closed"])
def test_the_text_outlives_its_piece(cast: Cast, client: CheckingClient, how: str) -> None:
    asked = discussion(cast.other, "Titelwoord")
    made = draft(cast.member, f"discussions:{asked.id}:comment", body="Mijn mooie tekst")
    gone(cast, db.session.get_one(Content, asked.id), how)
    listed = client.get("/account/drafts").text
    assert "Mijn mooie tekst" in listed and "draft=" not in listed
    assert ("Titelwoord" in listed) == (how == "locked")
    page = client.get(f"/drafts/{made.id}").text
    assert "Mijn mooie tekst" in page and f"/discussions/new?text={made.id}" in page
    assert "Mijn mooie tekst" in client.get(f"/discussions/new?text={made.id}").text
    if how == "locked":
        assert f"/drafts/{made.id}" in client.get(f"/discussions/{asked.id}-titelwoord").text


def test_text_is_kept_of_a_piece_that_was_hidden_while_writing(
    cast: Cast, client: CheckingClient
) -> None:
    asked = discussion(cast.other, "Titelwoord", hidden_at=now(), hidden_reason="Nee")
    data = {"draft_place": f"discussions:{asked.id}:comment", "draft_user": str(cast.member.id),
            "body": "Mijn tekst", "draft_auto": "1"}  # fmt: skip
    assert client.post("/drafts", data=data).status_code == 200
    page = client.get("/account/drafts").text
    assert "Mijn tekst" in page and "Titelwoord" not in page


def test_who_left_a_group_does_not_read_its_titles(cast: Cast, client_of: ClientOf) -> None:
    db.session.add(Membership(user=cast.member, group=cast.closed))
    db.session.commit()
    asked = discussion(cast.insider, "Titelwoord", group=cast.closed)
    draft(cast.member, f"discussions:{asked.id}:comment", body="Mijn tekst")
    client = client_of(cast.member)
    assert "Titelwoord" in client.get("/account/drafts").text
    db.session.execute(delete(Membership).where(Membership.user_id == cast.member.id))
    db.session.commit()
    page = client.get("/account/drafts").text
    assert "Titelwoord" not in page and "Mijn tekst" in page


def test_however_many_drafts_the_list_asks_as_much(cast: Cast, client: CheckingClient) -> None:
    counts = []
    for round_ in (1, 8):
        for each in range(round_):
            asked = discussion(cast.other)
            draft(cast.member, f"discussions:{asked.id}:comment", body=f"Tekst {each}")
        client.get("/account/drafts")
        with statements() as found:
            client.get("/account/drafts")
        counts.append(len(found))
    assert counts[0] == counts[1] <= 4


def test_a_new_beginning_leaves_the_draft_alone(cast: Cast, client: CheckingClient) -> None:
    draft(cast.member, title="Mijn eerdere vraag", body="Half af")
    page = client.get("/discussions/new?template=vraag-met-context").text
    assert "Wat heb ik al gedaan of gelezen?" in page and "Half af" not in page
    assert "Mijn eerdere vraag" in page, "it says that there is another draft"
