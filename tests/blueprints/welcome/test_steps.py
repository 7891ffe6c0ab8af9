"""The first steps: ticked off when they are taken, and put away for good."""

from collections.abc import Callable

import pytest

from app.extensions import db
from app.lib.clock import now
from app.models import Discussion, User
from app.services import first_steps, following
from tests.cast import Cast, discussion, person
from tests.checking import CheckingClient
from tests.security.pages import parsed

ClientOf = Callable[[User | None], CheckingClient]
CARD = 'id="first-steps"'
BOTH = pytest.mark.parametrize("htmx", [False, True])


@pytest.fixture
def newcomer(newcomer: User) -> User:
    """Return a newcomer whose first day is over."""
    newcomer.accepted_rules, newcomer.welcomed_at = 1, now()
    db.session.commit()
    return newcomer


def reply(client: CheckingClient, asked: Discussion, htmx: bool = False) -> None:
    answer = client.post(f"/content/{asked.id}/comments", data={"body": "Zo."}, htmx=htmx)
    assert answer.status_code in {200, 201, 204, 303}


def steps_of(user: User) -> list[str]:
    """Return the steps that were taken."""
    return [step for step in first_steps.STEPS if getattr(user, step)]


def test_the_card_leads_to_the_steps(new_client: CheckingClient, newcomer: User) -> None:
    page = new_client.get("/").text
    assert CARD in page
    assert "/discussions/new?title=Even+voorstellen:+Nora+Nieuw&amp;tags=even+voorstellen" in page
    form = new_client.get("/discussions/new?title=Even&tags=even+voorstellen&is_question=0").text
    assert 'value="Even"' in form and 'value="even voorstellen"' in form
    chosen = [
        field.get("value") for field in parsed(form).iter("input") if "checked" in field.attrib
    ]
    assert chosen == ["0"]


def test_an_address_fills_in_text_and_nothing_else(client: CheckingClient) -> None:
    given = {
        "title": '"><script>x</script>' + "y" * 500,
        "tags": "a\u202eb",
        "body": "z",
        "is_question": "9",
    }
    answer = client.get("/discussions/new", query_string=given)
    assert answer.status_code == 200 and "<script>x" not in answer.text
    fields = {field.get("id"): field for field in parsed(answer.text).iter("input")}
    assert len(fields["title"].get("value") or "") == 200
    assert fields["tags"].get("value") == "ab"
    assert "checked" in fields["is_question-0"].attrib


@BOTH
def test_introducing_oneself(new_client: CheckingClient, newcomer: User, htmx: bool) -> None:
    words = {"title": "Hallo", "body": "Ik ben Nora.", "is_question": "0"}
    new_client.post("/discussions/new", data=words | {"tags": "iets anders"}, htmx=htmx)
    assert newcomer.introduced_at is None
    new_client.post("/discussions/new", data=words | {"tags": "Even Voorstellen"}, htmx=htmx)
    assert newcomer.introduced_at is not None


@BOTH
def test_answering_a_question_of_another(
    cast: Cast, new_client: CheckingClient, newcomer: User, htmx: bool
) -> None:
    topic = discussion(cast.member, is_question=False)
    for asked in (discussion(newcomer), topic):
        reply(new_client, asked, htmx)
        assert newcomer.answered_at is None
    reply(new_client, discussion(cast.member), htmx)
    assert newcomer.answered_at is not None


def test_following_three(cast: Cast, new_client: CheckingClient, newcomer: User) -> None:
    following.follow_person(newcomer, cast.member)
    following.follow_person(newcomer, cast.member)
    following.follow_theme(newcomer, cast.theme)
    db.session.commit()
    assert steps_of(newcomer) == []
    new_client.post("/welcome/themes", data={"themes": [cast.theme.id, cast.other_theme.id]})
    ticked = newcomer.followed_at
    assert steps_of(newcomer) == ["followed_at"]
    following.unfollow_theme(newcomer, cast.theme)
    following.follow_theme(newcomer, cast.theme)
    assert newcomer.followed_at == ticked


def test_a_step_is_ticked_off_on_the_card(
    cast: Cast, new_client: CheckingClient, newcomer: User
) -> None:
    reply(new_client, discussion(cast.member))
    page = new_client.get("/").text
    assert page.count("k-steps__step--done") == 1 and page.count("k-steps__step") > 3


@BOTH
def test_the_last_step_is_told_once(
    cast: Cast, new_client: CheckingClient, newcomer: User, htmx: bool
) -> None:
    newcomer.introduced_at = newcomer.followed_at = now()
    db.session.commit()
    reply(new_client, discussion(cast.member), htmx)
    page = new_client.get("/").text
    assert "Je eerste stappen zijn gezet" in page and CARD not in page
    assert "Je eerste stappen zijn gezet" not in new_client.get("/").text
    reply(new_client, discussion(cast.member), htmx)
    assert "Je eerste stappen zijn gezet" not in new_client.get("/").text


@BOTH
def test_the_card_is_put_away(new_client: CheckingClient, newcomer: User, htmx: bool) -> None:
    answer = new_client.post("/welcome/steps/close", htmx=htmx)
    assert answer.status_code == (200 if htmx else 303)
    assert not answer.data if htmx else answer.location == "/"
    page = new_client.get("/").text
    assert CARD not in page and ("zijn opgeborgen" in page) is not htmx
    closed = newcomer.steps_closed_at
    new_client.post("/welcome/steps/close", htmx=htmx)
    assert closed is not None and newcomer.steps_closed_at == closed


def test_steps_after_putting_away_are_noted_without_a_word(
    cast: Cast, new_client: CheckingClient, newcomer: User
) -> None:
    newcomer.introduced_at = newcomer.followed_at = newcomer.steps_closed_at = now()
    db.session.commit()
    reply(new_client, discussion(cast.member))
    assert newcomer.answered_at is not None
    assert "Je eerste stappen" not in new_client.get("/").text


def test_nobody_signed_in(client_of: ClientOf, cast: Cast) -> None:
    assert client_of(None).post("/welcome/steps/close").status_code == 401


def test_each_has_their_own(cast: Cast, client: CheckingClient, newcomer: User) -> None:
    person("Iemand Anders")
    reply(client, discussion(cast.other))
    assert cast.member.answered_at is not None and newcomer.answered_at is None
