"""Keeping what someone writes: POST /drafts."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models import Comment, Content, Draft, User, WikiPage
from app.services import drafts as service
from tests.cast import Cast, comment, discussion, wiki_page
from tests.checking import CheckingClient

ClientOf = Callable[[User | None], CheckingClient]
HIDDEN = re.compile(r'name="(draft_\w+)" value="([^"]*)"')


def sheet(page: str) -> dict[str, str]:
    """Return the hidden fields with which a form keeps its text."""
    return dict(HIDDEN.findall(page))


def kept(user: User) -> list[dict[str, Any]]:
    db.session.expire_all()
    found = db.session.scalars(select(Draft).where(Draft.user_id == user.id).order_by(Draft.id))
    return [{k: v for k, v in d.fields.items() if k != "draft_writer"} for d in found]


def given(user: User, place: str = "discussions:new", **fields: str) -> dict[str, str]:
    return {"draft_place": place, "draft_user": str(user.id), "draft_writer": "aa-1", **fields}


def test_the_script_keeps_a_text_and_hears_when(cast: Cast, client: CheckingClient) -> None:
    answer = client.post(
        "/drafts", data=given(cast.member, title="Vraag", body="Hoe?", draft_auto="1")
    )
    assert answer.status_code == 200
    assert answer.json and answer.json["kept"] and re.fullmatch(r"\d\d:\d\d", answer.json["at"])
    assert kept(cast.member) == [{"title": "Vraag", "body": "Hoe?"}]


@pytest.mark.parametrize("htmx", [False, True])
def test_the_button_keeps_it_and_leads_to_the_drafts(
    cast: Cast, client: CheckingClient, *, htmx: bool
) -> None:
    data = given(cast.member, body="Hoe?", keep_draft="draft")
    answer = client.post("/drafts", data=data, htmx=htmx)
    assert answer.status_code == (204 if htmx else 303)
    page = client.get("/account/drafts").text
    assert "bewaard als concept" in page and "Hoe?" in page


def test_only_what_the_form_has_is_kept(cast: Cast, client: CheckingClient) -> None:
    extra = {"password": "geheim", "current_password": "x", "user_id": "1", "csrf_token_2": "x",
             "path": "https://elders.example", "status": "published"}  # fmt: skip
    client.post("/drafts", data=given(cast.member, body="Hoe?", **extra))
    assert kept(cast.member) == [{"body": "Hoe?"}]
    assert db.session.scalars(select(Draft.path)).one() == "/discussions/new"


@pytest.mark.parametrize(
    "place",
    ["", "x", "//elders.example", "discussions:new/../x", "https://elders.example", "discussions:x:edit",
     "pages:../../etc:edit", "comments:9999999999:edit", "discussions:new\x00", "account:password",
     "javascript:alert(1)", "discussions:1:comment\nx", "x" * 5000],
)  # fmt: skip
def test_a_form_that_there_is_not(cast: Cast, client: CheckingClient, place: str) -> None:
    answer = client.post("/drafts", data=given(cast.member, place, body="Hoe?"))
    assert answer.status_code == 400 or (answer.status_code == 303 and place.endswith("\x00"))
    assert not [row for row in db.session.scalars(select(Draft.place)) if "new" not in row]


@pytest.mark.parametrize("writer", ["<script>", "'; drop", "x" * 100])
def test_marks_that_we_never_gave(cast: Cast, client: CheckingClient, writer: str) -> None:
    data = given(cast.member, body="Hoe?") | {"draft_writer": writer}
    assert client.post("/drafts", data=data).status_code == 400


def test_a_text_that_is_too_long(cast: Cast, client: CheckingClient) -> None:
    data = given(cast.member, body="x" * (service.LONGEST + 1), draft_auto="1")
    assert client.post("/drafts", data=data).status_code == 413
    assert kept(cast.member) == []


def test_two_megabytes(cast: Cast, client: CheckingClient) -> None:
    data = given(cast.member, body="x" * 2_200_000, draft_auto="1")
    assert client.post("/drafts", data=data).status_code == 413
    assert kept(cast.member) == []


def test_a_number_of_drafts_is_enough(
    cast: Cast, client: CheckingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "MOST", 2)
    for number in range(3):
        data = given(cast.member, f"discussions:{number}:comment", body="Ja", draft_auto="1")
        assert client.post("/drafts", data=data).status_code == (413 if number == 2 else 200)


def test_who_signed_in_meanwhile_gets_nothing(cast: Cast, client_of: ClientOf) -> None:
    data = given(cast.member, body="Van Lotte", draft_auto="1")
    assert client_of(cast.other).post("/drafts", data=data).status_code == 409
    assert kept(cast.other) == [] == kept(cast.member)


def test_a_visitor_keeps_nothing(cast: Cast, client_of: ClientOf) -> None:
    answer = client_of(None).post("/drafts", data=given(cast.member, body="Van Lotte"))
    assert answer.status_code == 401
    assert kept(cast.member) == []


def test_a_stale_token_is_refused(cast: Cast, client: CheckingClient) -> None:
    data = given(cast.member, body="x", draft_auto="1", csrf_token="oud")
    assert client.post("/drafts", data=data, csrf=False).status_code == 400


def test_who_is_signed_in(cast: Cast, client: CheckingClient, client_of: ClientOf) -> None:
    found = client.get("/drafts/who").json
    assert found and found["user"] == str(cast.member.id) and found["token"]
    assert client_of(None).get("/drafts/who").json == {"user": None}


def test_text_of_spaces_takes_the_draft_away(cast: Cast, client: CheckingClient) -> None:
    client.post("/drafts", data=given(cast.member, body="Hoe?"))
    client.post("/drafts", data=given(cast.member, body=" \n "))
    assert kept(cast.member) == []


def test_a_second_window_does_not_write_over_the_first(cast: Cast, client: CheckingClient) -> None:
    client.post("/drafts", data=given(cast.member, body="Van de laptop"))
    other = given(cast.member, body="Van de telefoon") | {"draft_writer": "bb-2"}
    client.post("/drafts", data=other)
    assert kept(cast.member) == [{"body": "Van de laptop"}, {"body": "Van de telefoon"}]


def test_what_was_sent_does_not_come_back(cast: Cast, client: CheckingClient) -> None:
    """A late request of a page that was sent by now: the draft with which it began is gone."""
    data = given(cast.member, body="Laat", draft_auto="1", draft_seen="7-123")
    assert client.post("/drafts", data=data).status_code == 410
    assert kept(cast.member) == []


def forms(cast: Cast) -> dict[str, tuple[User, str, str, str]]:
    """Return every form with a body: who opens it, its address, its text field and another field."""
    asked = discussion(cast.member, "Hoe zit dit?")
    reply = comment(asked, cast.member)
    page = wiki_page(cast.specialist, cast.theme, "Pagina")
    return {
        "new": (cast.member, "/discussions/new", "body", "title"),
        "edit": (cast.member, f"/discussions/{asked.id}-hoe-zit-dit/edit", "body", "title"),
        "reply": (cast.member, f"/discussions/{asked.id}-hoe-zit-dit", "body", "body"),
        "edit reply": (cast.member, f"/comments/{reply.id}/edit", "body", "body"),
        "new page": (cast.specialist, "/wikis/new?theme=schuldhulp", "body", "title"),
        "edit page": (cast.specialist, f"/wikis/{page.id}-pagina/edit", "body", "note"),
        "standing page": (cast.manager, "/pages/about/edit", "body", "title"),
        "question": (cast.member, "/help-requests/new", "message", "message"),
        "text": (cast.manager, "/templates/new", "body", "name"),
        "change of text": (cast.manager, "/templates/protocol/edit", "body", "description"),
    }


@pytest.mark.parametrize(
    "form", ["new", "edit", "reply", "edit reply", "new page", "edit page", "standing page", "question",
             "text", "change of text"],
)  # fmt: skip
def test_every_form_gets_its_text_back(cast: Cast, client_of: ClientOf, form: str) -> None:
    user, path, field, other = forms(cast)[form]
    client = client_of(user)
    page = client.get(path).text
    assert "Je tekst staat er weer" not in page and "js/drafts.js" in page
    data = sheet(page) | {other: "Een andere regel", field: "Half af <b>"}
    assert client.post("/drafts", data={**data, "draft_auto": "1"}).status_code == 200
    again = client.get(path).text
    assert "Half af &lt;b&gt;" in again and "Je tekst staat er weer" in again
    assert other == field or "Een andere regel" in again
    assert "Half af" not in client_of(cast.other).get(path).text
    listed = client.get("/account/drafts").text
    address = re.search(r'href="([^"]*draft=\d+[^"]*)"', listed)
    assert address
    opened = client.get(address[1].replace("&amp;", "&").partition("#")[0])
    if opened.status_code == 301:  # with the slug
        opened = client.get(opened.location)
    assert "Half af &lt;b&gt;" in opened.text


def test_sending_takes_the_draft_away(cast: Cast, client: CheckingClient) -> None:
    data = sheet(client.get("/discussions/new").text) | {"title": "Vraag", "body": "Hoe?"}
    client.post("/drafts", data={**data, "draft_auto": "1"})
    assert client.post("/discussions/new", data={**data, "is_question": "1"}).status_code == 303
    assert kept(cast.member) == []
    assert db.session.scalars(select(Content.title)).one() == "Vraag"


def test_a_refused_form_keeps_its_draft(cast: Cast, client: CheckingClient) -> None:
    data = sheet(client.get("/discussions/new").text) | {"title": "", "body": "Hoe?"}
    client.post("/drafts", data={**data, "draft_auto": "1"})
    answer = client.post("/discussions/new", data={**data, "is_question": "1"})
    assert answer.status_code == 422
    assert sheet(answer.text)["draft_writer"] == data["draft_writer"]
    assert kept(cast.member) == [{"title": "", "body": "Hoe?"}]


@pytest.mark.parametrize("htmx", [False, True])
def test_a_placed_reply_leaves_no_draft(cast: Cast, client: CheckingClient, *, htmx: bool) -> None:
    asked = discussion(cast.other)
    data = sheet(client.get(f"/discussions/{asked.id}-{asked.slug}").text) | {"body": "Zo."}
    client.post("/drafts", data={**data, "draft_auto": "1"})
    answer = client.post(f"/content/{asked.id}/comments", data={**data, "page": "1"}, htmx=htmx)
    assert kept(cast.member) == []
    assert db.session.scalars(select(Comment.body)).one() == "Zo."
    if htmx:
        assert sheet(answer.text)["draft_writer"] != data["draft_writer"]


def test_a_reply_that_quotes_comes_below_what_was_written(
    cast: Cast, client: CheckingClient
) -> None:
    asked = discussion(cast.other)
    reply = comment(asked, cast.other, "Met een brief.")
    place = f"discussions:{asked.id}:comment"
    client.post("/drafts", data=given(cast.member, place, body="Ik dacht:"))
    page = client.get(f"/discussions/{asked.id}-{asked.slug}?quote={reply.id}").text
    assert page.index("Ik dacht:") < page.index("&gt; Met een brief.")


def test_a_draft_of_an_old_version_leads_to_both_texts(cast: Cast, client_of: ClientOf) -> None:
    page = wiki_page(cast.specialist, cast.theme, "Pagina", "Eerste regel.")
    client, path = client_of(cast.specialist), f"/wikis/{page.id}-pagina/edit"
    data = sheet(client.get(path).text) | {"title": "Pagina", "body": "Mijn regel.", "version": "1"}
    client.post("/drafts", data={**data, "draft_auto": "1"})
    theirs = {"title": "Pagina", "body": "Hun regel.", "version": "1", "standing": "in_force"}
    assert client.post(path, data=theirs).status_code == 303
    opened = client.get(path).text
    assert "Mijn regel." in opened and "intussen gewijzigd" in opened
    data = sheet(opened) | {**theirs, "body": "Mijn regel."}
    answer = client.post(path, data=data)
    assert (
        answer.status_code == 409 and "Hun regel." in answer.text and "Mijn regel." in answer.text
    )
    assert kept(cast.specialist)[0]["body"] == "Mijn regel."
    db.session.expire_all()
    assert db.session.get_one(WikiPage, page.id).body == "Hun regel."
