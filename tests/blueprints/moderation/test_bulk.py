"""One measure on many discussions, or on many replies."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.extensions import db
from app.lib.clock import local, now
from app.models import Comment, Decision, Discussion, LogEntry, User
from bench.statements import statements
from tests.cast import Cast, comment, discussion
from tests.checking import CheckingClient

Clients = Callable[[User | None], CheckingClient]
SOON = (local(now()) + timedelta(days=5)).date().isoformat()
WHY = "Dit is reclame"
RULE = "9. Geen reclame"
every_measure = pytest.mark.parametrize("name", ["hide", "restore", "lock", "move"])


@pytest.fixture
def pieces(cast: Cast) -> list[Discussion]:
    return [discussion(cast.member, f"Aanbieding {n}", theme=cast.theme) for n in range(3)]


def data_of(name: str, cast: Cast, chosen: list[Discussion] | list[Comment]) -> dict[str, object]:
    more = {"lock": {"until": SOON}, "move": {"theme": str(cast.other_theme.id)}}.get(name, {})
    return {"chosen": [str(one.id) for one in chosen], "reason": WHY, "rule": RULE, **more}


def set_up(name: str, pieces: list[Discussion]) -> None:
    for piece in pieces:
        piece.hidden_at = now() if name == "restore" else None
    db.session.commit()


def holds(name: str, piece: Discussion, cast: Cast) -> bool:
    return {
        "hide": piece.hidden_at is not None,
        "restore": piece.hidden_at is None,
        "lock": piece.is_locked and piece.locked_until is not None,
        "move": piece.theme_id == cast.other_theme.id,
    }[name]


@every_measure
def test_works(name: str, cast: Cast, pieces: list[Discussion], client_of: Clients) -> None:
    set_up(name, pieces)
    client = client_of(cast.moderator)
    page = client.get(f"/moderation/bulk/{name}?chosen={pieces[0].id}&chosen={pieces[1].id}").text
    assert "Aanbieding 0" in page and "Aanbieding 2" not in page
    answer = client.post(f"/moderation/bulk/{name}", data=data_of(name, cast, pieces[:2]))
    assert answer.status_code == 303, answer.text
    assert answer.location == "/moderation/bulk"
    assert "2 gedaan." in client.get(answer.location).text
    assert [holds(name, piece, cast) for piece in pieces] == [True, True, False]
    rows = db.session.scalars(select(LogEntry)).all()
    assert [row.reason for row in rows] == [f"{RULE}: {WHY}"] * 2
    if name != "restore":
        decided = db.session.scalars(select(Decision)).all()
        assert [(each.rule, each.person_id) for each in decided] == [(RULE, cast.member.id)] * 2


@every_measure
def test_asks_a_reason_and_keeps_what_was_chosen(
    name: str, cast: Cast, pieces: list[Discussion], client_of: Clients
) -> None:
    set_up(name, pieces)
    data = {**data_of(name, cast, pieces), "reason": "  "}
    answer = client_of(cast.moderator).post(f"/moderation/bulk/{name}", data=data)
    assert answer.status_code == 422
    assert answer.text.count('name="chosen"') == 3
    assert not any(holds(name, piece, cast) for piece in pieces)


def test_each_is_judged_on_its_own(
    cast: Cast, pieces: list[Discussion], client_of: Clients
) -> None:
    """What is one's own, in a closed group, or done already, does not hold up the others."""
    own = discussion(cast.moderator, "Van mij")
    closed = discussion(cast.insider, "Geheimwoord", group=cast.closed)
    pieces[0].hidden_at = now()
    db.session.commit()
    client = client_of(cast.moderator)
    client.post("/moderation/bulk/hide", data=data_of("hide", cast, [*pieces, own, closed]))
    told = client.get("/moderation/bulk").text
    assert "2 gedaan, 2 niet:" in told
    assert "daar ga jij niet over" in told and "dat was al gedaan" in told
    assert "Geheimwoord" not in told
    assert own.hidden_at is None and closed.hidden_at is None
    assert pieces[1].hidden_at and pieces[2].hidden_at


def test_the_list_is_of_what_one_keeps_an_eye_on(
    cast: Cast, pieces: list[Discussion], client_of: Clients
) -> None:
    closed = discussion(cast.insider, "In de groep", group=cast.closed)
    moderator, leader = client_of(cast.moderator), client_of(cast.group_moderator)
    page = moderator.get("/moderation/bulk").text
    assert "Aanbieding 1" in page and closed.title not in page
    assert "Aanbieding 1" not in moderator.get("/moderation/bulk?q=anders").text
    inside = leader.get("/moderation/bulk").text
    assert closed.title in inside and "Aanbieding 1" not in inside
    data = data_of("hide", cast, [closed, *pieces])
    assert leader.post("/moderation/bulk/hide", data=data).status_code == 303
    assert closed.hidden_at and not pieces[0].hidden_at
    assert moderator.get("/moderation/bulk?after=onzin").status_code == 404


@every_measure
def test_is_not_for_others(
    name: str, cast: Cast, pieces: list[Discussion], client_of: Clients
) -> None:
    set_up(name, pieces)
    for user in (cast.member, cast.administrator, cast.insider):
        client = client_of(user)
        assert client.get("/moderation/bulk").status_code == 403
        answer = client.post(f"/moderation/bulk/{name}", data=data_of(name, cast, pieces))
        assert answer.status_code == 403
    visitor = client_of(None)
    assert visitor.get("/moderation/bulk").status_code == 303
    assert visitor.post(f"/moderation/bulk/{name}").status_code == 401
    assert not db.session.scalar(select(func.count(LogEntry.id)))


def test_nothing_chosen_leads_back(cast: Cast, client_of: Clients) -> None:
    client = client_of(cast.moderator)
    for chosen in ("", "x", "0", "-1", "99999999999999999999", "999999"):
        answer = client.get("/moderation/bulk/hide", query_string={"chosen": chosen})
        assert answer.location == "/moderation/bulk"
    assert "Kies er eerst een of meer." in client.get("/moderation/bulk").text


def test_many_replies_are_hidden_and_shown(cast: Cast, client_of: Clients) -> None:
    asked = discussion(cast.member)
    made = [comment(asked, cast.other, f"Reclame {n}") for n in range(3)]
    made.append(comment(asked, cast.moderator, "Van mij"))
    client = client_of(cast.moderator)
    page = client.get(f"/content/{asked.id}/replies").text
    assert page.count('type="checkbox"') == 4
    url = f"/content/{asked.id}/replies"
    form = client.get(f"{url}/hide", query_string={"chosen": [one.id for one in made[1:]]}).text
    assert "Reclame 0" not in form and "Reclame 2" in form
    answer = client.post(f"{url}/hide", data=data_of("hide", cast, made[1:]))
    assert answer.location == url
    assert "2 gedaan, 1 niet: reactie #4 van Mo Moderator" in client.get(url).text
    assert [one.hidden_at is not None for one in made] == [False, True, True, False]
    assert asked.comment_count == 2
    client.post(f"{url}/restore", data=data_of("restore", cast, made[1:3]))
    assert asked.comment_count == 4
    assert client.post(f"{url}/hide", data={"chosen": str(made[0].id)}).status_code == 422


def test_replies_are_chosen_by_moderators_only(cast: Cast, client_of: Clients) -> None:
    asked = discussion(cast.member)
    made = comment(asked, cast.other)
    url = f"/content/{asked.id}/replies"
    client = client_of(cast.member)
    assert client.get(url).status_code == 403
    assert client.post(f"{url}/hide", data=data_of("hide", cast, [made])).status_code == 403
    closed = discussion(cast.insider, group=cast.closed)
    assert client_of(cast.moderator).get(f"/content/{closed.id}/replies").status_code == 404
    assert client_of(None).get(url).status_code == 303
    assert made.hidden_at is None


def test_the_list_takes_a_fixed_number_of_statements(cast: Cast, client_of: Clients) -> None:
    client = client_of(cast.moderator)
    client.get("/moderation/bulk")
    counts = []
    for _time in range(2):
        for _number in range(8):
            discussion(cast.member, theme=cast.theme, group=cast.open)
        with statements() as sent:
            assert client.get("/moderation/bulk").status_code == 200
        counts.append(len(sent))
    assert counts[0] == counts[1] <= 6
