"""/help-requests/…: a question, and its answer."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from app.extensions import Kring, db
from app.lib.clock import now
from app.models import HelpRequest, HelpTopic, OutgoingMail, Role, User
from app.services import help_requests as service
from tests.cast import Cast, help_request, person
from tests.checking import CheckingClient

ClientOf = Callable[[User | None], CheckingClient]
ANSWER = {"answer": "Dat kan bij Groepen.\nIk heb hem gemaakt."}


def url(asked: HelpRequest) -> str:
    return f"/help-requests/{asked.id}"


@pytest.fixture
def asked(cast: Cast) -> HelpRequest:
    """Return a question of the ordinary member."""
    return help_request(cast.member, "Hoe maak ik een groep?", path="/groups")


def test_who_asked_reads_it(client: CheckingClient, asked: HelpRequest) -> None:
    page = client.get(url(asked)).text
    assert "Hoe maak ik een groep?" in page and "heeft bericht gekregen" in page
    assert 'name="answer"' not in page


def test_the_manager_finds_the_page_and_the_form(
    cast: Cast, client_of: ClientOf, asked: HelpRequest
) -> None:
    page = client_of(cast.manager).get(url(asked)).text
    assert 'href="/groups"' in page and 'name="answer"' in page
    assert "/roles" not in page


def test_a_wish_for_a_role_leads_to_granting_it(cast: Cast, client_of: ClientOf) -> None:
    wish = help_request(cast.member, topic=HelpTopic.SPECIALIST, theme=cast.theme)
    page = client_of(cast.manager).get(url(wish)).text
    assert f"/people/{cast.member.id}-lotte-lid/roles" in page and "Schuldhulp" in page
    assert "/roles" not in client_of(cast.member).get(url(wish)).text


@pytest.mark.parametrize("htmx", [False, True])
def test_an_answer_is_kept_and_mailed(
    cast: Cast, client_of: ClientOf, asked: HelpRequest, *, htmx: bool
) -> None:
    answer = client_of(cast.manager).post(url(asked), data=ANSWER, htmx=htmx)
    assert answer.status_code == (204 if htmx else 303)
    assert (asked.answer, asked.answered_by_id) == (ANSWER["answer"], cast.manager.id)
    (mail,) = db.session.scalars(select(OutgoingMail))
    assert mail.recipient == cast.member.email
    assert "Ik heb hem gemaakt." in mail.body and url(asked) in mail.body
    page = client_of(cast.member).get(url(asked)).text
    assert "Ik heb hem gemaakt." in page and "Mina Manager" in page


def test_who_answers_second_hears_so_and_keeps_the_text(
    cast: Cast, client_of: ClientOf, asked: HelpRequest
) -> None:
    second = person("Tweede Manager", Role.MANAGER)
    db.session.commit()
    client_of(cast.manager).post(url(asked), data=ANSWER)
    answer = client_of(second).post(url(asked), data={"answer": "Mijn eigen woorden"})
    assert answer.status_code == 409
    assert "Mina Manager heeft deze vraag al beantwoord" in answer.text
    assert "Ik heb hem gemaakt." in answer.text and "Mijn eigen woorden" in answer.text
    assert asked.answer == ANSWER["answer"]
    assert len(db.session.scalars(select(OutgoingMail)).all()) == 1


@pytest.mark.parametrize("text", ["", "  \n", "a" * 5001])
def test_an_answer_that_cannot_be_is_pointed_out(
    cast: Cast, client_of: ClientOf, asked: HelpRequest, text: str
) -> None:
    answer = client_of(cast.manager).post(url(asked), data={"answer": text})
    assert answer.status_code == 422 and 'id="answer-error"' in answer.text
    assert asked.answered_at is None


def test_who_left_gets_no_mail(cast: Cast, client_of: ClientOf, asked: HelpRequest) -> None:
    cast.member.deactivated_at = now()
    db.session.commit()
    assert client_of(cast.manager).post(url(asked), data=ANSWER).status_code == 303
    assert not db.session.scalars(select(OutgoingMail)).all()


def test_who_asked_cannot_answer(cast: Cast, client: CheckingClient, asked: HelpRequest) -> None:
    assert client.post(url(asked), data=ANSWER).status_code == 403
    assert asked.answered_at is None


@pytest.mark.parametrize("name", ["other", "moderator", "ambassador", "administrator"])
def test_others_find_nothing(
    cast: Cast, client_of: ClientOf, asked: HelpRequest, name: str
) -> None:
    client = client_of(getattr(cast, name))
    assert client.get(url(asked)).status_code == 404
    assert client.post(url(asked), data=ANSWER).status_code == 404


def test_visitors_sign_in_first(cast: Cast, client_of: ClientOf, asked: HelpRequest) -> None:
    assert client_of(None).get(url(asked)).location.startswith("/login")


def test_the_service_refuses_a_second_answer(app: Kring, cast: Cast, asked: HelpRequest) -> None:
    with app.test_request_context():
        service.answer(asked, "Eerst.", cast.manager)
        with pytest.raises(service.AnsweredMeanwhile):
            service.answer(asked, "Daarna.", cast.manager)
    assert asked.answer == "Eerst."
