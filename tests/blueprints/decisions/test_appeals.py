"""/moderation/appeals: objections that wait for who may decide about them."""

from collections.abc import Callable
from datetime import timedelta

from app.extensions import db
from app.lib.clock import now
from app.models import Appeal, AppealState, Decision, User
from bench.statements import statements
from tests.cast import Cast, decision, discussion
from tests.checking import CheckingClient

ClientOf = Callable[[User | None], CheckingClient]
URL = "/moderation/appeals"


def objected(made: Decision, body: str, **values: object) -> Appeal:
    appeal = Appeal(
        decision_id=made.id, body=body, **{"due_at": now() + timedelta(days=14), **values}
    )
    db.session.add(appeal)
    db.session.commit()
    return appeal


def test_one_sees_what_one_may_decide_about(cast: Cast, client_of: ClientOf) -> None:
    objected(decision(cast.member, cast.moderator), "Eigen besluit van Mo.")
    objected(decision(cast.member, cast.manager), "Besluit van Mina.")
    inside = discussion(cast.insider, group=cast.closed)
    objected(decision(cast.insider, cast.group_owner, inside), "Binnen de groep.")
    page = client_of(cast.moderator).get(URL).text
    assert "Besluit van Mina." in page
    assert "Eigen besluit van Mo." not in page and "Binnen de groep." not in page
    page = client_of(cast.group_moderator).get(URL).text
    assert "Binnen de groep." in page and "Besluit van Mina." not in page
    assert "Binnen de groep." in client_of(cast.manager).get(URL, htmx=True).text


def test_it_is_not_for_members(cast: Cast, client_of: ClientOf) -> None:
    assert client_of(cast.member).get(URL).status_code == 403
    assert client_of(cast.administrator).get(URL).status_code == 403
    assert client_of(None).get(URL).status_code == 303


def test_an_empty_queue_says_so(cast: Cast, client_of: ClientOf) -> None:
    assert "Geen bezwaren" in client_of(cast.manager).get(URL).text


def test_what_waits_too_long_is_marked(cast: Cast, client_of: ClientOf) -> None:
    objected(decision(cast.member, cast.moderator), "Al lang.", due_at=now() - timedelta(days=1))
    assert "Te laat" in client_of(cast.manager).get(URL).text


def test_what_was_decided_has_a_list_of_its_own(cast: Cast, client_of: ClientOf) -> None:
    decided = {"state": AppealState.DISMISSED, "decided_at": now(), "reason": "Nee hoor."}
    objected(decision(cast.member, cast.moderator), "Klaar.", **decided)
    client = client_of(cast.manager)
    assert "Nee hoor." not in client.get(URL).text
    assert "Nee hoor." in client.get(f"{URL}?view=decided").text
    assert client.get(f"{URL}?view=decided&after=onzin").status_code == 404
    assert "Nee hoor." not in client_of(cast.group_owner).get(f"{URL}?view=decided").text


def test_it_waits_on_the_home_page(cast: Cast, client_of: ClientOf) -> None:
    objected(decision(cast.member, cast.moderator), "Wacht.")
    page = client_of(cast.manager).get("/").text
    assert "bezwaar om over te beslissen" in page and f'href="{URL}"' in page
    assert "bezwaar om over te beslissen" not in client_of(cast.moderator).get("/").text


def test_the_number_of_statements_does_not_grow(cast: Cast, client_of: ClientOf) -> None:
    objected(decision(cast.member, cast.moderator), "Eén.")
    client = client_of(cast.manager)
    client.get(URL)
    with statements() as few:
        client.get(URL)
    for _ in range(5):
        objected(decision(cast.other, cast.moderator), "Meer.")
    with statements() as many:
        client.get(URL)
    assert len(few) == len(many) <= 4
