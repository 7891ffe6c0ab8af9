"""A forged request changes nothing, and looking around changes nothing either."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import product
from secrets import token_hex
from typing import Any

import pytest
from flask import session
from flask_wtf.csrf import validate_csrf
from itsdangerous import URLSafeTimedSerializer

from app.extensions import TOKEN, Kring, csrf_token, db
from app.lib.batches import Batch
from app.models import Content, GroupKind, Notification, User
from app.policy import PARTS
from app.services import attachments, editing, searches, views
from tests.cast import PASSWORD, Cast, case
from tests.checking import CheckingClient
from tests.security.database import changed, dump
from tests.security.walk import ways
from tests.test_routes import Secret, scene

ClientOf = Callable[[User | None], CheckingClient]

# Together these fields satisfy every form: without the guard the requests below would change much.
FIELDS = {
    "addresses": "vervalst@x.example", "message": "Vervalst",
    "group_id": "", "parent_id": "", "owner_id": "", "title": "Vervalst", "body": "Vervalst", "reason": "Vervalst", "note": "Vervalst",
    "name": "Vervalst", "job_title": "Vervalst", "about": "Vervalst", "locale": "nl",
    "description": "Vervalst", "answer": "Vervalst", "owner": "Otto Ander", "second_owner": "Sam Specialist", "auto_role": "", "heir_id": "",
    "welcome": "Vervalst", "rules": "Vervalst", "question_text": "Vervalst", "premoderated": "y", "is_question": "1", "version": "1",
    "level": "mute", "confirm": "y", "day": "2027-01-01",
    "rule": "", "certain": "y", "minutes": "15", "chosen": "content-1", "mode": "read_only", "place": "all", "banner": "Vervalst",
    "text": "Vervalst", "report": "Vervalst", "call_list": "Vervalst",
    "case_hours": "1", "appeal_days": "1", "own_edit_days": "1", "premoderated_posts": "1", "hide_after_reports": "1", "watched_words": "vervalst",
    "liked": "1", "following": "1", "marked": "1", "role": "moderator", "theme": "2",
    "kind": GroupKind.HIDDEN, "theme_id": "1", "standing": "expired", "until": "2026-12-24",
    "name_shown": "keep", "decision": "hide", "outcome": "Vervalst", "why": "Vervalst", "to": "2", "user_id": "2", "email": "lotte-lid@voorbeeldstad.example",
    **{f"{part}_audience": "groups" for part in PARTS},
    "draft_place": "discussions:new", "draft_user": "1",
    "alt": "Vervalst", "line": "Vervalst", "review_months": "6", "four_eyes": "y", "review_on": "2030-01-01",
    "department_id": "", "phone": "06 12345678", "expertise": "vervalsen", "agree": "y", "themes": "1",
    "password": PASSWORD, "current_password": PASSWORD, "new_password": "vervalst-paard-kiest-later",
}  # fmt: skip


# After these nobody would be signed in any more.
LEAVING = {"account.sign_out", "account.sign_in", "account.security"}


def token(app: Kring, secret: str, key: str = "") -> str:
    """Return a form token for a session that keeps this secret, signed with our key or another."""
    signer = URLSafeTimedSerializer(key or app.config["SECRET_KEY"], salt="wtf-csrf-token")
    made = signer.dumps(secret)
    return made if isinstance(made, str) else made.decode()


def forgeries(app: Kring) -> Iterator[dict[str, Any]]:
    """Yield what another site, or someone who made up a token, can send."""
    yield {"data": FIELDS}
    yield {"data": {**FIELDS, "csrf_token": "made-up"}}
    yield {"data": {**FIELDS, "csrf_token": token(app, "secret of another session")}}
    yield {"data": {**FIELDS, "csrf_token": token(app, "csrf-for-tests", "another key")}}
    yield {"data": json.dumps(FIELDS), "content_type": "text/plain"}
    yield {"data": json.dumps(FIELDS), "content_type": "application/json"}
    yield {"data": FIELDS, "headers": {"X-CSRFToken": "made-up", "HX-Request": "true"}}


@pytest.fixture
def secrets(cast: Cast) -> list[Secret]:
    """Return the scene, with something in every state that a form could change."""
    made = scene(cast)
    first = made[0].subject
    assert isinstance(first, Content)
    case(first, cast.member)
    db.session.add(Notification(user_id=cast.member.id, verb="replied", content_id=first.id))
    db.session.commit()
    return made


def who_may(cast: Cast, endpoint: str) -> User:
    """Return someone who may send most of the forms of a room: else nothing would be proved."""
    if "administrator" in endpoint:
        return cast.administrator
    rooms = {
        "entry": cast.manager, "wikis": cast.specialist, "people": cast.manager,
        "groups": cast.group_owner, "decisions": cast.manager, "proposals": cast.specialist,
    }  # fmt: skip
    return rooms.get(endpoint.partition(".")[0], cast.moderator)


def test_forged_requests_change_nothing(
    app: Kring, cast: Cast, client_of: ClientOf, secrets: list[Secret]
) -> None:
    found = [(way, who_may(cast, way.endpoint)) for way in ways(app, secrets, {"POST"}, most=1)]
    clients = {user.id: client_of(user) for user in {user for _way, user in found}}
    for client in clients.values():
        client.csrf_token()  # the session has a secret, that the forger does not know
    before = dump(app)
    for (way, user), forged in product(found, forgeries(app)):
        answer = clients[user.id].open(way.url, method="POST", csrf=False, **forged)
        assert answer.status_code == 400, f"{way} {forged}: {answer.status_code}"
    assert not changed(before, dump(app))


def test_the_same_requests_with_a_token_do_change_things(
    app: Kring, cast: Cast, client_of: ClientOf, secrets: list[Secret]
) -> None:
    """Else the test above would prove nothing."""
    before, statuses = dump(app), Counter[int]()
    for way in ways(app, secrets, {"POST"}, most=1):
        user = who_may(cast, way.endpoint)
        client = client_of(user)
        if way.endpoint not in LEAVING:
            statuses[client.post(way.url, data=FIELDS).status_code] += 1
    assert statuses[303] > 20, statuses
    assert len(changed(before, dump(app))) > 8


def test_a_token_of_another_member_is_worth_nothing(
    app: Kring, cast: Cast, client_of: ClientOf, secrets: list[Secret]
) -> None:
    """One's own token, got on one's own account, does not open a colleague's session."""
    mine, theirs = client_of(cast.other), client_of(cast.member)
    theirs.csrf_token()
    page = mine.get("/account/profile").text
    own = page.partition('name="csrf_token" type="hidden" value="')[2].partition('"')[0]
    assert own
    before = dump(app)
    answer = theirs.post("/account/profile", data={**FIELDS, "csrf_token": own}, csrf=False)
    assert answer.status_code == 400
    assert not changed(before, dump(app))


@pytest.mark.parametrize("actor", ["member", "moderator", "specialist"])
def test_looking_around_changes_nothing(
    app: Kring, cast: Cast, client_of: ClientOf, secrets: list[Secret], actor: str
) -> None:
    """But for what is gathered and written outside requests, knowingly left out here.

    These are views, downloads, terms that were looked for, and who has a page open to edit.
    """
    for gathered in (views.EXTENSION, attachments.EXTENSION, searches.TERMS, editing.EXTENSION):
        app.extensions[gathered] = Batch[object](lambda _seen: None)
    client = client_of(getattr(cast, actor))
    before = dump(app)
    for way, htmx in product(ways(app, secrets, {"GET", "HEAD"}, most=2), (False, True)):
        client.open(way.url, method=way.method, htmx=htmx, query_string=FIELDS)
    assert not changed(before, dump(app))


def test_a_token_is_of_the_session_as_it_is_now(app: Kring) -> None:
    """It is signed once for a session: one of before would be wrong for as long as the process lives."""
    with app.test_request_context():
        tokens = []
        for _ in range(2):
            session[TOKEN] = token_hex()
            tokens.append(csrf_token())
            validate_csrf(tokens[-1])
            assert csrf_token() == tokens[-1]
        assert tokens[0] != tokens[1]
