"""Starting a discussion."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select

from app.extensions import db
from app.lib.clock import now
from app.models import Discussion, Follow, Notification, Revision, Tag, User
from tests.cast import Cast
from tests.checking import CheckingClient

Clients = Callable[[User | None], CheckingClient]
PATH = "/discussions/new"


def newest() -> Discussion:
    db.session.rollback()
    return db.session.scalars(select(Discussion).order_by(Discussion.id.desc())).first()  # type: ignore[return-value]  # there is one


def test_it_works(cast: Cast, client: CheckingClient) -> None:
    form = {
        "is_question": "0", "title": "  Een   titel ", "body": "Met **nadruk**.\n- a\n- b",
        "theme_id": str(cast.theme.id), "tags": "Schulden, vroeg signaleren,schulden",
    }  # fmt: skip
    response = client.post(PATH, data=form)
    assert response.status_code == 303
    made = newest()
    assert response.location == f"/discussions/{made.id}-een-titel"
    assert (made.title, made.is_question, made.theme_id) == ("Een titel", False, cast.theme.id)
    assert "<strong>nadruk</strong>" in made.body_html
    assert made.summary.startswith("Met nadruk.")
    assert made.published_at == made.last_active_at
    assert db.session.scalars(select(Tag.slug).order_by(Tag.slug)).all() == [
        "schulden",
        "vroeg-signaleren",
    ]
    revision = db.session.scalars(select(Revision).where(Revision.content_id == made.id)).one()
    assert (revision.number, revision.title, made.version) == (1, "Een titel", 1)
    assert db.session.get(Follow, (cast.member.id, made.id))
    assert "Met <strong>" in client.get(response.location).text


def test_title_and_text_are_enough(cast: Cast, client: CheckingClient) -> None:
    assert client.post(PATH, data={"title": "Vraag", "body": "Tekst"}).status_code == 303
    made = newest()
    assert made.is_question
    assert made.theme_id is made.group_id is None


def test_htmx_leads_the_browser_on(client: CheckingClient) -> None:
    response = client.post(PATH, data={"title": "Vraag", "body": "Tekst"}, htmx=True)
    assert response.status_code == 204
    assert response.headers["HX-Redirect"] == f"/discussions/{newest().id}-vraag"


def test_sent_twice_it_is_one(cast: Cast, client: CheckingClient) -> None:
    form = {
        "title": "Vraag",
        "body": "Tekst",
        "submission_key": "6fa459ea-ee8a-4ca4-894e-db77e160355e",
    }
    first, second = client.post(PATH, data=form), client.post(PATH, data=form)
    assert first.location == second.location
    assert len(db.session.scalars(select(Discussion)).all()) == 1
    client.post(PATH, data=form | {"body": "Iets anders"})
    db.session.rollback()
    assert len(db.session.scalars(select(Discussion)).all()) == 2


def test_a_keyword_that_exists_is_used_again(client: CheckingClient) -> None:
    db.session.add(Tag(name="Jeugdzorg", slug="jeugdzorg"))
    client.post(PATH, data={"title": "Vraag", "body": "Tekst", "tags": "JEUGDZORG, Nieuw"})
    db.session.rollback()
    assert sorted(db.session.scalars(select(Tag.name))) == ["Jeugdzorg", "Nieuw"]


@pytest.mark.parametrize(
    "changes, field, message",
    [
        ({"title": " "}, "title", "verplicht"),
        ({"title": "x" * 201}, "title", "200"),
        ({"body": " \n "}, "body", "verplicht"),
        ({"body": "> " * 40 + "diep"}, "body", "lijsten of citaten"),
        ({"body": "x" * 200_001}, "body", "te lang"),
        ({"tags": ",".join(f"woord{n}" for n in range(9))}, "tags", "hoogstens 8"),
        ({"tags": "a"}, "tags", "2 tot 60"),
        ({"tags": "x" * 61}, "tags", "2 tot 60"),
        ({"tags": "!!!"}, "tags", "2 tot 60"),
        ({"theme_id": "99999"}, "theme_id", ""),
        ({"group_id": "x"}, "group_id", ""),
        ({"is_question": "7"}, "is_question", ""),
    ],
)
def test_what_is_wrong_is_told_and_the_input_kept(
    cast: Cast, client: CheckingClient, changes: dict[str, str], field: str, message: str
) -> None:
    form = {"title": "Bewaarde titel", "body": "Bewaarde tekst", "tags": "bewaard"} | changes
    response = client.post(PATH, data=form)
    assert response.status_code == 422
    assert f'id="{field}-error"' in response.text
    assert message in response.text
    for kept in {"Bewaarde titel", "Bewaarde tekst", "bewaard"} & set(form.values()):
        assert kept in response.text
    assert not db.session.scalars(select(Discussion)).all()


def test_in_a_group_its_members_read_it(cast: Cast, client_of: Clients) -> None:
    form = {"title": "Onder ons", "body": "Tekst", "group_id": str(cast.closed.id)}
    response = client_of(cast.insider).post(PATH, data=form)
    assert newest().group_id == cast.closed.id
    assert client_of(cast.group_owner).get(response.location).status_code == 200
    assert client_of(cast.member).get(response.location).status_code == 404


def test_another_group_is_refused(cast: Cast, client: CheckingClient) -> None:
    for group in (cast.closed, cast.open):
        form = {"title": "Vraag", "body": "Tekst", "group_id": str(group.id)}
        response = client.post(PATH, data=form)
        assert response.status_code == 422
        assert 'id="group_id-error"' in response.text
    assert "Groep hidden" not in client.get(PATH).text


def test_mentioned_readers_hear_of_it(cast: Cast, client_of: Clients) -> None:
    body = "@otto-ander en @gerda-groepseigenaar, weten jullie dit? @ineke-insider"
    form = {"title": "Onder ons", "body": body, "group_id": str(cast.closed.id)}
    client_of(cast.insider).post(PATH, data=form)
    db.session.rollback()
    told = db.session.scalars(select(Notification.user_id).where(Notification.verb == "mentioned"))
    assert told.all() == [cast.group_owner.id]


def test_preview_without_htmx_gives_the_form_back(client: CheckingClient) -> None:
    form = {"title": "Mijn titel", "body": "Met **nadruk**", "tags": "woord", "preview": "1"}
    response = client.post(PATH, data=form)
    assert response.status_code == 200
    assert "<strong>nadruk</strong>" in response.text
    assert 'value="Mijn titel"' in response.text
    assert "Met **nadruk**</textarea>" in response.text
    assert not db.session.scalars(select(Discussion)).all()


def test_preview_with_htmx_is_the_text_alone(client: CheckingClient) -> None:
    form = {"title": "", "body": "Met **nadruk**", "preview": "1"}
    part = client.post(PATH, data=form, htmx=True).text
    assert "<p>Met <strong>nadruk</strong></p>" in part
    assert "<form" not in part
    assert "<html" not in part
    refused = client.post(PATH, data={"body": "> " * 40 + "x", "preview": "1"}, htmx=True)
    assert refused.status_code == 200
    assert "lijsten of citaten" in refused.text


def test_the_address_can_choose_theme_and_group(cast: Cast, client_of: Clients) -> None:
    page = client_of(cast.insider).get(f"{PATH}?theme=wonen&group=groep-closed").text
    assert f'<option selected value="{cast.other_theme.id}">Wonen' in page
    assert f'<option selected value="{cast.closed.id}">' in page
    assert client_of(cast.member).get(f"{PATH}?theme=x&group=groep-closed").status_code == 200


def test_the_address_can_say_who_is_asked(cast: Cast, client: CheckingClient) -> None:
    page = client.get(f"{PATH}?mention={cast.specialist.handle}").text
    assert "@sam-specialist </textarea>" in page
    assert re.search(r'<input checked [^>]*name="is_question"[^>]* value="1"', page)


@pytest.mark.parametrize(
    "handle", ["niemand", "%3Cscript%3E", "sam-specialist x", "", "otto-ander"]
)
def test_only_who_is_here_can_be_asked(cast: Cast, client: CheckingClient, handle: str) -> None:
    cast.other.deactivated_at = now()
    page = client.get(f"{PATH}?mention={handle}").text
    assert 'name="body"' in page and "@" not in page.split('name="body"')[1].split("</textarea>")[0]
    assert "<script>" not in page


def test_attack_strings_come_back_inert(client: CheckingClient) -> None:
    attack = '<script>alert(1)</script><img src=x onerror=alert(1)><b hx-get="/x">'
    response = client.post(PATH, data={"title": attack, "body": attack, "tags": "<b>woord"})
    page = client.get(response.location).text
    assert "<script>alert" not in page
    assert "onerror=alert" not in page.replace("onerror=alert(1)&gt;", "")
    assert '<b hx-get="/x">' not in page


def test_nobody_signed_in(cast: Cast, client_of: Clients) -> None:
    visitor = client_of(None)
    assert visitor.get(PATH).status_code == 303
    response = visitor.post(PATH, data={"title": "Bewaarde titel", "body": "Bewaarde tekst"})
    assert response.status_code == 401
    assert "Bewaarde tekst" in response.text
    assert not db.session.scalars(select(Discussion)).all()
