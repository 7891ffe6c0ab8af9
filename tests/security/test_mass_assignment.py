"""Fields that a form does not have are not taken: nobody makes themselves more than they are.

Every form is sent twice from the same state: honestly, and with a value for every column of every
model besides. Both must leave the same database behind; neither is kept.
"""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from app.extensions import Base, Kring, db
from app.lib.clock import now
from app.models import Content, GroupRole, Role, User
from tests.cast import Cast, comment, discussion, wiki_page
from tests.checking import CheckingClient
from tests.security.database import Dump, changed
from tests.security.test_csrf import FIELDS, LEAVING
from tests.security.walk import ways
from tests.test_routes import scene

ClientOf = Callable[[User | None], CheckingClient]
# Each request makes these anew; the hash of a row of the log is over the moment too.
ANEW = {"hash", "at", "submission_key", "message_id", "body", "token_hash"}
# Addresses tell by these what a form is about; a column is called so as well.
IN_ADDRESS = {"page"}
CHANGES_GRANTS = {
    "people.grant",
    "people.grant_administrator",
    "people.withdraw",
    "people.withdraw_administrator",
}
# What the administrator does with an account is about these very columns.
CHANGES_ACCOUNTS = {
    "settings.account",
    "settings.close_account",
    "settings.open_account",
    "settings.change_address",
}
CHANGES_SETTINGS = ("settings.", "crisis.", "moderation.plan_review")
CHANGES_LEADERS = {
    "groups.new", "groups.change_role", "groups.remove", "groups.leave", "groups.make_support",
    "settings.close_account",
}  # fmt: skip


def fields_of_power(cast: Cast, user: User) -> dict[str, str]:
    """Return a value for every column of every model, and what frameworks like to bind as well."""
    columns = {column.name for table in Base.metadata.sorted_tables for column in table.columns}
    values = dict.fromkeys(columns, str(cast.other.id))
    values |= {name: now().isoformat() for name in columns if name.endswith(("_at", "_until"))}
    values |= {
        "role": "administrator", "roles": "administrator", "is_active": "1", "is_admin": "1",
        "group_id": str(cast.closed.id), "user_id": str(user.id), "status": "published",
        "grants-0-role": "administrator", "memberships-0-role": "owner", "password_hash": "x",
    }  # fmt: skip
    return values


def rows_now() -> Dump:
    """Return what stands in all tables, as the transaction that is going on sees it."""
    db.session.flush()
    found: Dump = {
        table.name: [
            {n: v for n, v in row.items() if n not in ANEW and not n.endswith("_at")}
            for row in db.session.execute(
                select(table).order_by(*table.primary_key.columns)
            ).mappings()
        ]
        for table in Base.metadata.sorted_tables
    }
    # Words to help who misspells are written by a thread, in its own time.
    found.pop("search_words")
    # What can be found gets a new number, made of the time, each time it is written.
    named = [{n: v for n, v in row.items() if n != "id"} for row in found["search_documents"]]
    return {**found, "search_documents": sorted(named, key=str)}


@pytest.fixture
def outcome(monkeypatch: pytest.MonkeyPatch) -> list[Dump]:
    """Collect what each request would have kept, and keep nothing."""
    found: list[Dump] = []

    def look_and_drop() -> None:
        found.append(rows_now())
        db.session.expunge_all()  # what was loaded stays known, as after app.extensions.store
        db.session.rollback()

    monkeypatch.setattr("app.extensions.commit", look_and_drop)
    return found


@pytest.mark.sqlite  # in PostgreSQL numbers go on after a transaction that was given up
@pytest.mark.parametrize(
    "actor", ["member", "specialist", "moderator", "manager", "administrator", "group_owner"]
)
def test_no_form_takes_what_it_does_not_have(
    app: Kring, cast: Cast, client_of: ClientOf, outcome: list[Dump], actor: str
) -> None:
    user = getattr(cast, actor)
    secrets = scene(cast)
    honest = {name: str(value) for name, value in FIELDS.items()}
    extra = {k: v for k, v in fields_of_power(cast, user).items() if k not in honest}
    client, user_id = client_of(user), user.id
    before, compared = rows_now(), 0
    for way in ways(app, secrets, {"POST"}, most=4):
        if way.endpoint in LEAVING:
            continue
        outcome.clear()
        first = client.post(way.url, data=honest)
        addressed = {name: value for name, value in extra.items() if name not in IN_ADDRESS}
        second = client.post(way.url, data={**honest, **extra}, query_string=addressed)
        assert first.status_code == second.status_code, way
        if len(outcome) == 2:
            assert not changed(*outcome), way
            check_power(way.endpoint, user_id, before, outcome[1])
            compared += 1
    assert compared > 5


def check_power(endpoint: str, user_id: int, before: Dump, after: Dump) -> None:
    """Assert that who may what, and who made what, is as it was but for what the form is about."""
    if endpoint not in CHANGES_GRANTS:
        assert after["grants"] == before["grants"], endpoint
    if endpoint not in CHANGES_LEADERS:
        assert leaders(after) <= leaders(before), endpoint
    if not endpoint.startswith(CHANGES_SETTINGS):
        assert after["settings"] == before["settings"], endpoint
        assert after["themes"] == before["themes"], endpoint
    fixed = ("id", "email", "handle", "department_id", "deactivated_at")
    if endpoint not in CHANGES_ACCOUNTS:
        assert picked(after["users"], fixed) == picked(before["users"], fixed), endpoint
    made = {row["id"]: row for row in before["content"]}
    mine = {row["group_id"] for row in before["memberships"] if row["user_id"] == user_id}
    for row in after["content"]:
        old = made.get(row["id"])
        assert row["author_id"] == (old["author_id"] if old else user_id), endpoint
        assert row["group_id"] in ({old["group_id"]} if old else {None, *mine}), endpoint
    for name in ("comments", "likes", "reports"):
        key = {"comments": "author_id", "likes": "user_id", "reports": "reporter_id"}[name]
        known = {row["id"]: row[key] for row in before[name]}
        assert all(row[key] == known.get(row["id"], user_id) for row in after[name]), endpoint


def leaders(rows: Dump) -> set[tuple[int, int]]:
    return {
        (row["user_id"], row["group_id"])
        for row in rows["memberships"]
        if row["role"] is not GroupRole.MEMBER
    }


def picked(rows: list[dict[str, Any]], names: tuple[str, ...]) -> list[list[Any]]:
    return [[row.get(name) for name in names] for row in rows]


def test_writing_into_a_group_of_others_is_refused(
    app: Kring, cast: Cast, client_of: ClientOf
) -> None:
    """`group_id` is in the form of a new discussion: only one's own groups are a choice."""
    given = {"title": "Stiekem", "body": "Erin", "is_question": "1"}
    outsider, inside = client_of(cast.other), {**given, "group_id": str(cast.closed.id)}
    for group in (cast.closed, cast.hidden, cast.open):
        answer = outsider.post("/discussions/new", data={**given, "group_id": str(group.id)})
        assert answer.status_code == 422
    assert db.session.scalar(select(Content.id)) is None
    assert client_of(cast.insider).post("/discussions/new", data=inside).status_code == 303


def test_a_specialist_gives_no_page_to_another_theme(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.specialist)
    page = wiki_page(cast.specialist, cast.theme)
    elsewhere = {
        "theme_id": str(cast.other_theme.id),
        "title": "Stiekem",
        "body": "Erin",
        "version": "1",
        "standing": "in_force",
    }
    assert client.post("/wikis/new", data=elsewhere).status_code == 403
    assert client.post(f"/wikis/{page.id}-x/move", data=elsewhere).status_code == 403
    client.post(f"/wikis/{page.id}-x/edit", data=elsewhere)
    assert db.session.scalars(select(Content.theme_id)).all() == [cast.theme.id]


def test_a_member_marks_nothing_in_a_discussion_of_another(cast: Cast, client_of: ClientOf) -> None:
    asked = discussion(cast.other)
    reply = comment(asked, cast.member)
    client = client_of(cast.blogger)
    for deed in ("answer", "summary"):
        answer = client.post(f"/comments/{reply.id}/{deed}", data={"marked": "1"})
        assert answer.status_code == 403


def test_no_grant_comes_from_a_profile(cast: Cast, client: CheckingClient) -> None:
    given = {
        "name": "Lotte",
        "locale": "nl",
        "role": Role.ADMINISTRATOR,
        "grants": Role.ADMINISTRATOR,
    }
    assert client.post("/account/profile", data=given).status_code == 303
    db.session.expire_all()
    assert cast.member.roles == {Role.MEMBER}
