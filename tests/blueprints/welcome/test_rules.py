"""/welcome: the house rules, accepted by version."""

import pytest
from sqlalchemy import select

from app.extensions import db
from app.lib.clock import now
from app.models import Agreement, User
from app.services import pages
from tests.cast import Cast
from tests.checking import CheckingClient
from tests.security.pages import form_of


def agreements() -> list[tuple[int, int]]:
    found = select(Agreement.user_id, Agreement.version).order_by(Agreement.version)
    return [(row.user_id, row.version) for row in db.session.execute(found)]


def new_rules(cast: Cast, text: str, note: str = "") -> None:
    pages.edit("house-rules", "Huisregels", text, cast.manager, note=note)
    db.session.commit()


def test_the_first_page_shows_rules_and_welcome(new_client: CheckingClient) -> None:
    page = new_client.get("/welcome").text
    for text in ("Welkom bij Kring", "Ga uit van goede bedoelingen", "Versie 1", "Geldt sinds"):
        assert text in page
    assert page.count('aria-current="step"') == 1
    assert "De huisregels zijn veranderd" not in page


def test_accepting_is_recorded_and_leads_on(
    newcomer: User, new_client: CheckingClient, cast: Cast
) -> None:
    form = form_of(new_client.get("/welcome?next=/people"))
    answer = form.send(new_client, agree="y")
    assert answer.status_code == 303 and answer.location == "/welcome/profile?next=/people"
    assert newcomer.accepted_rules == 1 and agreements() == [(newcomer.id, 1)]
    assert new_client.get("/people").status_code == 200
    assert new_client.get("/welcome?next=/people").location == "/welcome/profile?next=/people"


def test_accepting_twice_is_once(newcomer: User, new_client: CheckingClient) -> None:
    form = form_of(new_client.get("/welcome"))
    first = db.session.scalar(select(Agreement.accepted_at))
    for _ in range(2):
        assert form.send(new_client, agree="y").status_code == 303
    assert agreements() == [(newcomer.id, 1)] and first is None


@pytest.mark.parametrize("version", ["", "x", "0", "2", "-1", "999999", "1000001"])
def test_a_version_that_there_is_not(
    newcomer: User, new_client: CheckingClient, version: str
) -> None:
    answer = new_client.post("/welcome", data={"agree": "y", "version": version})
    assert answer.status_code == 422 and newcomer.accepted_rules == 0 and not agreements()
    assert form_of(answer).fields["version"] == "1"


@pytest.mark.parametrize("htmx", [False, True])
def test_without_the_tick_it_is_asked_again(
    newcomer: User, new_client: CheckingClient, htmx: bool
) -> None:
    form = form_of(new_client.get("/welcome?next=/people"))
    sent = {name: text for name, text in form.fields.items() if name not in {"agree", "csrf_token"}}
    answer = new_client.post("/welcome", data=sent, htmx=htmx)
    assert answer.status_code == 422 and 'id="agree-error"' in answer.text
    assert form_of(answer).fields["next"] == "/people"
    assert newcomer.accepted_rules == 0 and not agreements()


def test_rules_that_changed_while_reading_are_shown_first(
    cast: Cast, newcomer: User, new_client: CheckingClient
) -> None:
    form = form_of(new_client.get("/welcome?next=/people"))
    new_rules(cast, "1. Wees lief.")
    answer = form.send(new_client, agree="y")
    assert answer.status_code == 422 and newcomer.accepted_rules == 0
    assert "veranderd terwijl je ze las" in answer.text and "Wees lief." in answer.text
    assert "checked" not in answer.text
    assert form_of(answer).send(new_client, agree="y").location == "/welcome/profile?next=/people"
    assert agreements() == [(newcomer.id, 2)]


def test_a_small_change_while_reading_is_no_obstacle(
    cast: Cast, newcomer: User, new_client: CheckingClient
) -> None:
    form = form_of(new_client.get("/welcome"))
    pages.edit("house-rules", "Huisregels", "1. Wees lief.", cast.manager, minor=True)
    db.session.commit()
    assert form.send(new_client, agree="y").status_code == 303
    assert agreements() == [(newcomer.id, 1)]


def test_after_a_change_only_the_rules_are_asked(cast: Cast, client: CheckingClient) -> None:
    db.session.add(Agreement(user_id=cast.member.id, version=1))
    new_rules(cast, "1. Wees lief.", "Korter gemaakt.")
    page = client.get("/welcome?next=/people")
    for text in ("De huisregels zijn veranderd", "Korter gemaakt.", "Versie 2", "Wees lief."):
        assert text in page.text
    assert 'href="/pages/house-rules/diff/1/2"' in page.text
    assert client.get("/pages/house-rules/diff/1/2").status_code == 200
    assert 'aria-current="step"' not in page.text
    answer = form_of(page).send(client, agree="y")
    assert answer.status_code == 303 and answer.location == "/people"
    assert "Fijn dat je akkoord gaat" in client.get("/people").text
    assert agreements() == [(cast.member.id, 1), (cast.member.id, 2)]
    assert client.get("/welcome?next=/people").location == "/people"


def test_who_is_done_goes_home(client: CheckingClient) -> None:
    assert client.get("/welcome").location == "/"


def test_not_agreeing_is_explained(newcomer: User, new_client: CheckingClient) -> None:
    assert "/welcome/decline?next=/people" in new_client.get("/welcome?next=/people").text
    page = new_client.get("/welcome/decline?next=/people")
    assert 'href="/welcome?next=/people"' in page.text and 'action="/logout"' in page.text
    assert newcomer.accepted_rules == 0


def test_a_next_to_another_site_is_dropped(new_client: CheckingClient) -> None:
    for path in ("/welcome", "/welcome/decline"):
        assert "evil" not in new_client.get(f"{path}?next=//evil.example/").text


def test_old_agreements_stay_what_they_were(cast: Cast, new_client: CheckingClient) -> None:
    new_client.post("/welcome", data={"agree": "y", "version": "1"})
    kept = db.session.scalars(select(Agreement)).one()
    before, moment = kept.accepted_at, now()
    new_client.post("/welcome", data={"agree": "y", "version": "1"})
    db.session.refresh(kept)
    assert kept.accepted_at == before <= moment
