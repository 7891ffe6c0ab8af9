"""A group's own rules and the text that a new discussion begins with, beside its composers."""

from collections.abc import Callable

from app.extensions import db
from app.models import User
from tests.cast import Cast, discussion
from tests.checking import CheckingClient

Clients = Callable[[User | None], CheckingClient]
LINK = "/groups/groep-closed#rules"


def test_rules_stand_on_the_page_and_beside_the_composers(cast: Cast, client_of: Clients) -> None:
    inside, outside = discussion(cast.member, group=cast.closed), discussion(cast.member)
    insider, member = client_of(cast.insider), client_of(cast.member)
    path = f"/discussions/{inside.id}-{inside.slug}"
    assert LINK not in insider.get(path).text
    cast.closed.rules = "Geen namen van inwoners."
    db.session.commit()
    assert cast.closed.rules in insider.get("/groups/groep-closed").text
    assert cast.closed.rules not in member.get("/groups/groep-closed").text
    for page in (path, "/discussions/new?group=groep-closed"):
        assert LINK in insider.get(page).text, page
    for page in (f"/discussions/{outside.id}-{outside.slug}", "/discussions/new"):
        assert LINK not in insider.get(page).text, page


def test_a_new_discussion_begins_with_the_text_of_the_group(cast: Cast, client_of: Clients) -> None:
    cast.closed.question_text = "Wat heb je al geprobeerd?"
    db.session.commit()
    insider, member = client_of(cast.insider), client_of(cast.member)
    url = "/discussions/new?group=groep-closed"
    assert cast.closed.question_text in insider.get(url).text
    assert cast.closed.question_text not in insider.get("/discussions/new").text
    assert cast.closed.question_text not in member.get(url).text
    other = insider.get(f"{url}&template=vraag-met-context").text
    assert "**Mijn vraag**" in other and cast.closed.question_text not in other


def test_who_makes_the_choice_of_a_role(cast: Cast, client_of: Clients) -> None:
    owner = client_of(cast.group_owner)
    assert 'name="auto_role"' not in owner.get("/groups/groep-closed/edit").text
    data = {"name": "Groep closed", "kind": "closed", "auto_role": "ambassador"}
    assert owner.post("/groups/groep-closed/edit", data=data).status_code == 303
    assert cast.closed.auto_role is None
    assert 'name="auto_role"' in client_of(cast.manager).get("/groups/new").text


def test_leaving_as_owner_one_chooses_who_takes_over(cast: Cast, client_of: Clients) -> None:
    client = client_of(cast.group_owner)
    assert 'name="heir_id"' in client.get("/groups/groep-closed/leave").text
    for wrong in ("999999", "x"):
        answer = client.post("/groups/groep-closed/leave", data={"heir_id": wrong})
        assert answer.status_code == 422
    answer = client.post("/groups/groep-closed/leave", data={"heir_id": cast.insider.id})
    assert answer.status_code == 303
    page = client_of(cast.insider).get("/groups/groep-closed").text
    assert "Leden beheren" in page and "Je bent de enige eigenaar" in page
    member = client_of(cast.group_moderator)
    assert 'name="heir_id"' not in member.get("/groups/groep-closed/leave").text
