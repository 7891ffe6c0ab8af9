"""Groups: seen by whom they are for, and nothing of a closed one by anyone else."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models import Group, GroupKind, GroupRole, LogEntry, Membership, OutgoingMail, User
from app.queries.groups import membership
from app.services import group_members
from bench.statements import statements
from tests.cast import Cast, comment, discussion, person
from tests.checking import CheckingClient

Clients = Callable[[User | None], CheckingClient]


def role_of(group: Group, user: User) -> GroupRole | None:
    found = db.session.scalar(membership(group, user.id))
    return found.role if found else None


def actions() -> list[str]:
    return list(db.session.scalars(select(LogEntry.action).order_by(LogEntry.id)))


# The list, and the page of one


def test_the_list_shows_what_its_reader_may_know_of(cast: Cast, client_of: Clients) -> None:
    page = client_of(cast.member).get("/groups").text
    assert cast.open.name in page and cast.closed.name in page and cast.hidden.name not in page
    assert cast.hidden.name in client_of(cast.insider).get("/groups").text
    for user in (cast.manager, cast.administrator, cast.moderator):
        assert cast.hidden.name not in client_of(user).get("/groups").text
    assert client_of(None).get("/groups").status_code == 303


def test_the_list_counts_nothing_of_closed_groups(cast: Cast, client_of: Clients) -> None:
    for _each in range(7):
        discussion(cast.insider, group=cast.closed)
    outside, inside = (client_of(user).get("/groups").text for user in (cast.member, cast.insider))
    assert "7 stukken" not in outside and "3 leden" not in outside and "1 lid" in outside
    assert "7 stukken" in inside and "3 leden" in inside


def test_a_closed_group_shows_its_name_and_description_only(cast: Cast, client_of: Clients) -> None:
    cast.closed.description = "Voor wie met schulden werkt."
    secret = discussion(cast.insider, "Zeldzaamwoord in de titel", group=cast.closed)
    comment(secret, cast.group_owner)
    for name in ("member", "moderator", "manager", "administrator", "specialist"):
        page = client_of(getattr(cast, name)).get("/groups/groep-closed").text
        assert cast.closed.name in page and "Voor wie met schulden werkt." in page
        for hidden in ("Zeldzaamwoord", "Ineke", "Guus", "Gerda", "3 leden", "1 reactie"):
            assert hidden not in page, (name, hidden)
    page = client_of(cast.insider).get("/groups/groep-closed").text
    for shown in ("Zeldzaamwoord", "Ineke", "Guus", "Gerda", "3 leden"):
        assert shown in page
    assert "/discussions/new?group=groep-closed" in page


def test_an_open_group_shows_all_and_members_write(cast: Cast, client_of: Clients) -> None:
    discussion(cast.insider, "Open vraag hier", group=cast.open)
    page = client_of(cast.member).get("/groups/groep-open").text
    assert "Open vraag hier" in page and "Ineke" in page
    assert "/discussions/new?group=" not in page and 'action="/groups/groep-open/join"' in page


PATHS = (
    ("GET", ""), ("GET", "/edit"), ("POST", "/edit"), ("POST", "/join"), ("GET", "/leave"),
    ("POST", "/leave"), ("GET", "/members"), ("POST", "/members"), ("POST", "/members/1/role"),
    ("POST", "/members/1/remove"),
    ("GET", "/ask"), ("POST", "/ask"), ("POST", "/ask/withdraw"), ("POST", "/invitations"),
    ("GET", "/archive"), ("POST", "/archive"), ("POST", "/revive"), ("POST", "/lives"),
)  # fmt: skip
OWNED = (*PATHS[1:3], *PATHS[7:9], *PATHS[14:])
LED = (PATHS[6], PATHS[9], PATHS[13])


@pytest.mark.parametrize("htmx", [True, False], ids=["htmx", "plain"])
def test_a_hidden_group_is_not_found(htmx: bool, cast: Cast, client_of: Clients) -> None:
    for user in (cast.member, cast.manager, cast.administrator, cast.group_owner):
        client = client_of(user)
        for slug in ("groep-hidden", "bestaat-niet"):
            for method, path in PATHS:
                url = f"/groups/{slug}{path}"
                assert client.open(url, method=method, htmx=htmx).status_code == 404, (
                    url,
                    user.name,
                )


def test_others_are_kept_out(cast: Cast, client_of: Clients) -> None:
    for user in (cast.member, cast.manager, cast.group_moderator):
        client = client_of(user)
        for method, path in OWNED if user is cast.group_moderator else OWNED + LED:
            url = f"/groups/groep-closed{path}"
            assert client.open(url, method=method).status_code == 403, (url, user.name)
        assert client.post("/groups/groep-closed/join").status_code == 403
    visitor = client_of(None)
    for method, path in PATHS:
        answer = visitor.open(f"/groups/groep-closed{path}", method=method)
        assert answer.status_code == (303 if method == "GET" else 401)


# Making and changing

SECOND = "sam-specialist@voorbeeldstad.example"
NEW = {
    "name": "Pilot wachtlijst", "description": "Samen korter wachten", "kind": "closed",
    "second_owner": SECOND, "welcome": "Fijn dat je er bent", "rules": "Geen namen",
    "question_text": "Wat heb je geprobeerd?", "premoderated": "y", "auto_role": "",
}  # fmt: skip


def test_the_manager_makes_a_group(cast: Cast, client_of: Clients) -> None:
    client = client_of(cast.manager)
    assert client.get("/groups/new").status_code == 200
    response = client.post("/groups/new", data={**NEW, "owner": cast.other.email.upper()})
    assert response.status_code == 303 and response.location == "/groups/pilot-wachtlijst"
    group = db.session.scalars(select(Group).where(Group.name == NEW["name"])).one()
    assert (group.kind, group.description) == (GroupKind.CLOSED, NEW["description"])
    assert (group.welcome, group.rules, group.question_text, group.premoderated) == (
        NEW["welcome"], NEW["rules"], NEW["question_text"], True,
    )  # fmt: skip
    for owner in (cast.other, cast.specialist):
        assert role_of(group, owner) is GroupRole.OWNER
    assert role_of(group, cast.manager) is None and group.auto_role is None
    assert actions() == ["group_made", "group_member_added", "group_member_added"]
    mails = {mail.recipient for mail in db.session.scalars(select(OutgoingMail))}
    assert mails == {cast.other.email, SECOND}


def test_a_new_hidden_group_is_out_of_its_makers_sight(cast: Cast, client_of: Clients) -> None:
    client = client_of(cast.manager)
    data = {**NEW, "kind": "hidden", "owner": cast.other.name}
    assert client.post("/groups/new", data=data).location == "/groups"
    assert client.get("/groups/pilot-wachtlijst").status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": " "}, {"name": "a" * 111}, {"name": "groep CLOSED"}, {"kind": ""}, {"kind": "geheim"},
        {"owner": ""}, {"owner": "niemand"}, {"owner": "Dubbele Naam"}, {"second_owner": ""},
        {"second_owner": "niemand"}, {"second_owner": "Otto Ander"}, {"auto_role": "member"},
        {"auto_role": "baas"}, {"welcome": "a" * 2001}, {"rules": "a" * 2001},
        {"question_text": "a" * 2001},
    ],
)  # fmt: skip
def test_asks_what_is_missing_and_keeps_input(
    wrong: dict[str, str], cast: Cast, client_of: Clients
) -> None:
    person("Dubbele Naam")
    namesake = person("Andere Naam")
    namesake.name = "Dubbele Naam"
    data = {**NEW, "owner": cast.other.email, **wrong}
    response = client_of(cast.manager).post("/groups/new", data=data)
    assert response.status_code == 422 and NEW["description"] in response.text
    assert "aria-invalid" in response.text or "error" in response.text
    assert len(db.session.scalars(select(Group)).all()) == 3


def test_names_of_hidden_groups_stay_unknown(cast: Cast, client_of: Clients) -> None:
    data = {**NEW, "name": cast.hidden.name, "owner": cast.other.email}
    assert client_of(cast.manager).post("/groups/new", data=data).status_code == 303


def test_only_the_manager_makes_groups(cast: Cast, client_of: Clients) -> None:
    data = {**NEW, "owner": cast.other.email}
    for user in (cast.member, cast.moderator, cast.administrator, cast.group_owner):
        client = client_of(user)
        assert client.get("/groups/new").status_code == 403
        assert client.post("/groups/new", data=data).status_code == 403
    assert client_of(None).post("/groups/new", data=data).status_code == 401


def test_a_group_called_new_can_be_reached(cast: Cast, client_of: Clients) -> None:
    client = client_of(cast.manager)
    response = client.post("/groups/new", data={**NEW, "name": "New", "owner": cast.other.email})
    assert response.location == "/groups/new-2"


def test_an_owner_changes_the_group(cast: Cast, client_of: Clients) -> None:
    client = client_of(cast.group_owner)
    assert cast.closed.name in client.get("/groups/groep-closed/edit").text
    data = {"name": "Andere naam", "description": "Nieuw", "kind": "hidden"}
    assert client.post("/groups/groep-closed/edit", data=data).location == "/groups/groep-closed"
    assert (cast.closed.name, cast.closed.kind) == ("Andere naam", GroupKind.HIDDEN)
    assert actions() == ["group_changed"]
    assert client_of(cast.member).get("/groups/groep-closed").status_code == 404


def test_a_group_never_opens_up(cast: Cast, client_of: Clients) -> None:
    client = client_of(cast.group_owner)
    data = {"name": "Open nu", "description": "", "kind": "open"}
    assert client.post("/groups/groep-closed/edit", data=data).status_code == 422
    assert cast.closed.kind is GroupKind.CLOSED


# Members


def test_joining_takes_effect_at_once(cast: Cast, client_of: Clients) -> None:
    client = client_of(cast.member)
    for _time in range(2):
        assert client.post("/groups/groep-open/join").status_code == 303
    assert role_of(cast.open, cast.member) is GroupRole.MEMBER
    assert "/discussions/new?group=groep-open" in client.get("/groups/groep-open").text
    assert client.get("/groups/groep-open/leave").status_code == 200
    assert client.post("/groups/groep-open/leave").location == "/groups"
    assert role_of(cast.open, cast.member) is None
    assert actions() == ["group_member_added", "group_member_removed"]
    row = db.session.scalars(select(LogEntry)).first()
    assert row and row.group_id == cast.open.id and cast.member.name in row.result


def test_membership_of_a_closed_group_takes_effect_at_once(cast: Cast, client_of: Clients) -> None:
    secret = discussion(cast.insider, "Achter de deur", group=cast.closed)
    path = f"/discussions/{secret.id}-{secret.slug}"
    owner, member = client_of(cast.group_owner), client_of(cast.member)
    assert member.get(path).status_code == 404
    owner.post("/groups/groep-closed/members", data={"user_id": cast.member.id})
    assert member.get(path).status_code == 200
    assert "Achter de deur" in member.get("/groups/groep-closed").text
    owner.post(f"/groups/groep-closed/members/{cast.member.id}/remove")
    assert member.get(path).status_code == 404
    assert "Achter de deur" not in member.get("/groups/groep-closed").text
    assert member.post("/groups/groep-closed/leave").status_code == 403
    assert [m.recipient for m in db.session.scalars(select(OutgoingMail))] == [
        cast.member.email
    ] * 2


def test_roles_in_the_group_take_effect_at_once(cast: Cast, client_of: Clients) -> None:
    secret = discussion(cast.group_owner, group=cast.closed)
    owner, insider = client_of(cast.group_owner), client_of(cast.insider)
    hide = f"/content/{secret.id}/hide"
    assert insider.get(hide).status_code == 403
    url = f"/groups/groep-closed/members/{cast.insider.id}/role"
    assert owner.post(url, data={"role": "moderator"}).status_code == 303
    assert insider.get(hide).status_code == 200 and insider.get("/moderation").status_code == 200
    assert owner.post(url, data={"role": "member"}).status_code == 303
    assert insider.get(hide).status_code == 403 and insider.get("/moderation").status_code == 403
    assert actions() == ["group_role_changed"] * 2
    assert owner.post(url, data={"role": "baas"}).status_code == 422


def test_people_are_found_by_name_and_address(cast: Cast, client_of: Clients) -> None:
    client = client_of(cast.group_owner)
    add = 'name="user_id" value="{}"'
    for words, user, found in (
        ("lotte", cast.member, True), (cast.member.email, cast.member, True),
        ("voorbeeldstad", cast.member, False), ("Ineke", cast.insider, False), ("%", cast.member, False),
    ):  # fmt: skip
        page = client.get("/groups/groep-closed/members", query_string={"q": words}).text
        assert (add.format(user.id) in page) is found, words
    for key in ("999999", "x", ""):
        answer = client.post("/groups/groep-closed/members", data={"user_id": key})
        assert answer.status_code == 422
    assert client.post("/groups/groep-closed/members/999999/remove").status_code == 404


def test_the_only_member_stays_owner(cast: Cast, client_of: Clients) -> None:
    client = client_of(cast.group_owner)
    own = f"/groups/groep-closed/members/{cast.group_owner.id}"
    for user in (cast.insider, cast.group_moderator):
        group_members.remove(cast.closed, user, user)
    db.session.commit()
    assert client.post(f"{own}/role", data={"role": "member"}).status_code == 422
    assert role_of(cast.closed, cast.group_owner) is GroupRole.OWNER
    group_members.add(cast.closed, cast.insider, cast.group_owner)
    db.session.commit()
    answer = client.post(f"{own}/role", data={"role": "member"})
    assert role_of(cast.closed, cast.insider) is GroupRole.OWNER, "the other one takes over"
    assert answer.location == "/groups/groep-closed", "who no longer owns it sees the group"
    assert client.get("/groups/groep-closed/members").status_code == 403


def test_takes_as_many_statements_for_many(cast: Cast, client_of: Clients) -> None:
    client = client_of(cast.group_owner)
    paths = ("/groups", "/groups/groep-closed", "/groups/groep-closed/members?q=a")
    before = [counted(client, path) for path in paths]
    for number in range(5):
        someone = person(f"Nieuw Lid {number}")
        db.session.add(Membership(user=someone, group=cast.closed))
        db.session.add(Group(name=f"Extra {number}", slug=f"extra-{number}", kind=GroupKind.OPEN))
        discussion(someone, group=cast.closed)
    assert [counted(client, path) for path in paths] == before


def counted(client: CheckingClient, path: str) -> int:
    client.get(path)
    with statements() as made:
        assert client.get(path).status_code == 200
    return len(made)
