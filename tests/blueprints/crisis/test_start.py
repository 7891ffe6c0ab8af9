"""/crisis: start, and what a crisis changes."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models import Comment, Crisis, CrisisMode, LogEntry, Setting, User
from app.site import forget_site, site
from tests.blueprints.crisis.crises import GOOD, started
from tests.cast import Cast, discussion
from tests.checking import CheckingClient
from tests.security.pages import form_of

ClientOf = Callable[[User | None], CheckingClient]
PATH = "/crisis"
BANNER = "Er is brand geweest."


@pytest.mark.parametrize("htmx, status", [(False, 303), (True, 204)])
def test_a_crisis_starts(cast: Cast, client_of: ClientOf, htmx: bool, status: int) -> None:
    client = client_of(cast.manager)
    assert "Wat je doet" in client.get(PATH).text
    answer = client.post(PATH, data=GOOD, htmx=htmx)
    assert answer.status_code == status
    made = db.session.scalars(select(Crisis)).one()
    assert made.mode is CrisisMode.BANNER and made.started_by_id == cast.manager.id
    assert site().crisis_mode == "banner"
    logged = db.session.scalars(select(LogEntry).where(LogEntry.action == "crisis_started")).one()
    assert logged.reason == "Veel vragen" and logged.actor_name == "Mina Manager"
    assert "binnen tien seconden" in client.get(f"{PATH}/{made.id}").text
    member = client_of(cast.member)
    for path in ("/", "/discussions", "/wikis", "/account"):
        assert member.get(path).text.count(BANNER) == 1, path
    assert BANNER not in client_of(None).get("/pages/house-rules").text
    assert 'name="mode"' not in client.get(PATH).text


@pytest.mark.parametrize(
    "wrong",
    [{"mode": ""}, {"mode": "alles"}, {"place": "theme-9999"}, {"place": ""}, {"banner": " "},
     {"banner": "x" * 301}, {"reason": ""}, {"reason": "x" * 1001}],
)  # fmt: skip
def test_a_wrong_form_starts_nothing(
    cast: Cast, client_of: ClientOf, wrong: dict[str, str]
) -> None:
    answer = client_of(cast.manager).post(PATH, data=GOOD | wrong)
    assert answer.status_code == 422 and "utrecht-form-field--invalid" in answer.text
    if "banner" not in wrong:
        assert BANNER in answer.text
    assert not db.session.scalars(select(Crisis)).all() and not site().crisis_mode


def test_a_second_crisis_is_refused(cast: Cast, client_of: ClientOf) -> None:
    started(cast.manager)
    answer = client_of(cast.manager).post(PATH, data=GOOD | {"banner": "Nog een"})
    assert answer.status_code == 409 and "Er is al een crisis" in answer.text
    assert len(db.session.scalars(select(Crisis)).all()) == 1
    assert site().crisis_banner == BANNER


@pytest.mark.parametrize("way", ["GET", "POST"])
def test_it_is_for_the_manager(cast: Cast, client_of: ClientOf, way: str) -> None:
    for user in (cast.member, cast.moderator, cast.administrator):
        assert client_of(user).open(PATH, method=way).status_code == 403
    assert client_of(None).open(PATH, method=way).status_code == (303 if way == "GET" else 401)


def test_of_a_group_its_members_hear_alone(cast: Cast, client_of: ClientOf) -> None:
    started(cast.manager, CrisisMode.READ_ONLY, group=cast.hidden)
    assert f"Groep hidden: {BANNER}" in client_of(cast.insider).get("/").text
    for user in (cast.member, cast.administrator, cast.manager):
        page = client_of(user).get("/").text
        assert BANNER not in page and "Groep hidden" not in page
    kept = db.session.scalars(select(LogEntry.result)).all()
    assert not any(BANNER in result for result in kept)


def test_a_manager_who_does_not_read_the_group_can_end_it(cast: Cast, client_of: ClientOf) -> None:
    made = started(cast.manager, group=cast.hidden)
    client = client_of(cast.manager)
    page = client.get(PATH).text
    assert "gesloten groep" in page and BANNER not in page and "Groep hidden" not in page
    assert client.get(f"{PATH}/{made.id}").status_code == 404
    assert "Groep hidden" not in client.get("/moderation/log").text
    assert BANNER not in client.get("/moderation/log").text
    assert client.post(f"{PATH}/end").status_code == 303
    assert not site().crisis_mode
    assert BANNER not in client.get(PATH).text


def test_groups_that_the_manager_does_not_read_are_not_offered(
    cast: Cast, client_of: ClientOf
) -> None:
    client = client_of(cast.manager)
    page = client.get(PATH).text
    assert "Groep open" in page and "Groep hidden" not in page and "Groep closed" not in page
    answer = client.post(PATH, data=GOOD | {"place": f"group-{cast.hidden.id}"})
    assert answer.status_code == 422


def test_read_only_stops_members_everywhere(cast: Cast, client_of: ClientOf) -> None:
    piece = discussion(cast.other)
    path = f"/discussions/{piece.id}-{piece.slug}"
    client = client_of(cast.member)
    assert "Reactie plaatsen" in client.get(path).text
    crisis = started(cast.manager, CrisisMode.READ_ONLY)
    page = client.get(path).text
    assert "Er kan hier nu even niet geschreven worden" in page and "Reactie plaatsen" not in page
    assert "Er kan nu even niet geschreven worden" in client.get("/discussions").text
    assert "/discussions/new" not in client.get("/discussions").text
    refused = client.get("/discussions/new")
    assert refused.status_code == 403 and "Er kan nu even niet geschreven worden" in refused.text
    moderator = client_of(cast.moderator)
    assert "Reactie plaatsen" in moderator.get(path).text
    sent = f"/content/{piece.id}/comments"
    assert moderator.post(sent, data={"body": "Rustig aan."}).status_code == 303
    client_of(cast.manager).post(f"{PATH}/{crisis.id}/end")
    assert "Reactie plaatsen" in client.get(path).text
    assert client.post(sent, data={"body": "Weer open"}).status_code == 303


def test_what_was_being_written_is_kept(cast: Cast, client_of: ClientOf) -> None:
    piece = discussion(cast.other)
    client = client_of(cast.member)
    crisis = started(cast.manager, CrisisMode.READ_ONLY)
    path = f"/content/{piece.id}/comments"
    refused = client.post(path, data={"body": "Mijn <b>lange</b> tekst\nmeer"})
    assert refused.status_code == 403 and "Er kan nu even niet geschreven worden" in refused.text
    form = form_of(refused)
    assert form.fields["body"].strip("\n") == "Mijn <b>lange</b> tekst\nmeer"
    assert form.send(client).status_code == 403
    client_of(cast.manager).post(f"{PATH}/{crisis.id}/end")
    assert form.send(client).status_code == 303
    assert db.session.scalars(select(Comment.body)).all() == ["Mijn <b>lange</b> tekst\nmeer"]


def test_a_theme_is_stopped_alone(cast: Cast, client_of: ClientOf) -> None:
    here = discussion(cast.other, theme=cast.theme)
    there = discussion(cast.other, theme=cast.other_theme)
    started(cast.manager, CrisisMode.READ_ONLY, theme=cast.theme)
    client = client_of(cast.member)
    page = client.get("/").text
    assert f"Schuldhulp: {BANNER}" in page and "Daar kan nu even niet geschreven" in page
    assert client.post(f"/content/{here.id}/comments", data={"body": "x"}).status_code == 403
    assert client.post(f"/content/{there.id}/comments", data={"body": "x"}).status_code == 303
    data = {"title": "Titel", "body": "Mijn tekst", "is_question": "1", "group_id": "0",
            "theme_id": str(cast.theme.id)}  # fmt: skip
    refused = client.post("/discussions/new", data=data)
    assert refused.status_code == 422 and "Mijn tekst" in refused.text
    assert "In dit thema kan nu even niet geschreven worden" in refused.text
    data["theme_id"] = str(cast.other_theme.id)
    assert client.post("/discussions/new", data=data).status_code == 303


def test_other_processes_follow(cast: Cast, client_of: ClientOf) -> None:
    """What the settings hold is what counts: nothing is kept in this process alone."""
    started(cast.manager, CrisisMode.PREMODERATION)
    forget_site()
    assert site().crisis_mode == "premoderation"
    kept = {row.key: row.value for row in db.session.scalars(select(Setting))}
    assert kept["crisis_banner"] == BANNER
    page = client_of(cast.member).get("/").text
    assert "Een moderator kijkt eerst naar wat je schrijft" in page
