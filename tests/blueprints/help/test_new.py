"""/help-requests/new: asking the community manager something."""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from app.extensions import db
from app.models import HelpRequest, HelpTopic, OutgoingMail, Role, User
from app.services import settings
from app.services.help_requests import MOST_OPEN
from tests.cast import Cast, help_request, person
from tests.checking import CheckingClient

ClientOf = Callable[[User | None], CheckingClient]
URL = "/help-requests/new"
KEY = "0f8fad5b-d9cb-469f-a165-70867728950e"
ASKED = {
    "topic": "question", "theme": "", "message": "Hoe maak ik een groep?\nIk zie geen knop.",
    "path": "/groups", "with_path": "y", "submission_key": KEY,
}  # fmt: skip


def kept() -> list[HelpRequest]:
    return list(db.session.scalars(select(HelpRequest).order_by(HelpRequest.id)))


def mails() -> list[OutgoingMail]:
    return list(db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)))


@pytest.mark.parametrize("htmx", [False, True])
def test_a_question_reaches_every_manager(
    client: CheckingClient, cast: Cast, *, htmx: bool
) -> None:
    second = person("Tweede Manager", Role.MANAGER)
    answer = client.post(URL, data=ASKED, htmx=htmx)
    (asked,) = kept()
    address = f"/help-requests/{asked.id}"
    assert answer.status_code == (204 if htmx else 303)
    assert answer.headers["HX-Redirect" if htmx else "Location"] == address
    assert (asked.asker_id, asked.path) == (cast.member.id, "/groups")
    assert {mail.recipient for mail in mails()} == {cast.manager.email, second.email}
    text = mails()[0].body
    assert "Hoe maak ik een groep?" in text and f"{address}\n" in text
    assert "http://127.0.0.1:8000/groups\n" in text
    assert "binnen 2 werkdagen" in client.get(address).text


def test_sent_twice_is_one_question(client: CheckingClient, cast: Cast) -> None:
    first, second = client.post(URL, data=ASKED), client.post(URL, data=ASKED)
    assert first.location == second.location
    assert len(kept()) == len(mails()) == 1
    client.post(URL, data=ASKED | {"message": "Iets anders"})
    assert len(kept()) == 2


def test_the_page_can_be_left_out(client: CheckingClient, cast: Cast) -> None:
    data = {name: value for name, value in ASKED.items() if name != "with_path"}
    client.post(URL, data=data)
    assert kept()[0].path == ""
    assert "/groups" not in mails()[0].body


def test_the_form_shows_where_one_came_from(client: CheckingClient, cast: Cast) -> None:
    page = client.get(f"{URL}?from=/wikis/themes/wonen&topic=specialist&theme=wonen").text
    assert "Je vraagt dit vanaf:" in page and 'href="/wikis/themes/wonen"' in page
    assert f'<option selected value="{cast.other_theme.id}">' in page
    assert 'value="specialist"' in page.partition("checked")[2].partition(">")[0]
    assert "binnen 2 werkdagen" in page


@pytest.mark.parametrize(
    "path",
    [
        "https://kwaad.example/", "//kwaad.example", "javascript:alert(1)", "/bestaat-niet",
        "/invitations/geheimeuitnodiging", "/password/reset/geheim", "/\\kwaad.example",
        "/people?q=" + "a" * 400, "/logout",
    ],
)  # fmt: skip
def test_only_own_pages_are_sent_along(client: CheckingClient, cast: Cast, path: str) -> None:
    assert "Je vraagt dit vanaf:" not in client.get(URL, query_string={"from": path}).text
    client.post(URL, data=ASKED | {"path": path})
    assert kept()[0].path == ""


def test_a_search_keeps_its_words(client: CheckingClient, cast: Cast) -> None:
    client.post(URL, data=ASKED | {"path": "/people?q=zoë&page=1"})
    assert kept()[0].path == "/people?q=zoë&page=1"


def test_a_wish_to_be_specialist_names_the_theme(client: CheckingClient, cast: Cast) -> None:
    wish = ASKED | {"topic": "specialist"}
    answer = client.post(URL, data=wish)
    assert answer.status_code == 422
    assert 'id="theme-error"' in answer.text and "Ik zie geen knop." in answer.text
    assert not kept()
    client.post(URL, data=wish | {"theme": str(cast.theme.id)})
    (asked,) = kept()
    assert (asked.topic, asked.theme_id) == (HelpTopic.SPECIALIST, cast.theme.id)
    assert "Schuldhulp" in mails()[0].body


def test_the_theme_is_not_looked_at_for_other_topics(client: CheckingClient, cast: Cast) -> None:
    client.post(URL, data=ASKED | {"theme": str(cast.theme.id)})
    assert kept()[0].theme_id is None


def test_who_has_a_role_is_not_offered_it(cast: Cast, client_of: ClientOf) -> None:
    assert 'value="blogger"' in client_of(cast.member).get(URL).text
    blogger = client_of(cast.blogger)
    assert 'value="blogger"' not in blogger.get(URL).text
    assert 'value="ambassador"' not in client_of(cast.ambassador).get(URL).text
    page = client_of(cast.specialist).get(f"{URL}?topic=specialist").text
    assert f'value="{cast.theme.id}"' not in page and f'value="{cast.other_theme.id}"' in page
    refused = blogger.post(URL, data=ASKED | {"topic": "blogger"})
    assert refused.status_code == 422 and not kept()


def test_it_tells_how_many_ambassadors_there_can_be(client: CheckingClient, cast: Cast) -> None:
    assert "nog 29 plekken, van de 30" in client.get(URL).text
    settings.change({"ambassador_cap": 1}, None)
    db.session.commit()
    assert "Alle 1 plekken zijn nu bezet" in client.get(URL).text


@pytest.mark.parametrize(
    "change, field",
    [
        ({"message": ""}, "message"), ({"message": " \n "}, "message"),
        ({"message": "a" * 5001}, "message"), ({"topic": "manager"}, "topic"),
        ({"topic": "specialist", "theme": "99999"}, "theme"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_pointed_out_and_the_rest_kept(
    client: CheckingClient, cast: Cast, change: dict[str, str], field: str
) -> None:
    answer = client.post(URL, data=ASKED | change)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert 'value="/groups"' in answer.text
    assert "message" in change or "Ik zie geen knop." in answer.text
    assert not kept() and not mails()


def test_nobody_floods_the_managers(client: CheckingClient, cast: Cast) -> None:
    for _ in range(MOST_OPEN):
        help_request(cast.member)
    answer = client.post(URL, data=ASKED)
    assert answer.status_code == 422 and "Ik zie geen knop." in answer.text
    assert "wachten al 10 vragen" in answer.text
    assert db.session.scalar(select(func.count()).select_from(OutgoingMail)) == 0


def test_a_name_adds_no_lines_to_the_mail(cast: Cast, client_of: ClientOf) -> None:
    sly = person("Sluw\nBcc: ieder@kwaad.example")
    db.session.commit()
    client_of(sly).post(URL, data=ASKED)
    assert mails()[0].subject.startswith("Sluw Bcc: ieder@kwaad.example vraagt")


def test_visitors_sign_in_first(cast: Cast, client_of: ClientOf) -> None:
    for answer in (client_of(None).get(URL), client_of(None).post(URL, data=ASKED)):
        assert answer.status_code in {303, 401}
    assert not kept()
