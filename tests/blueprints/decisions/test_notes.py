"""/people/…/notes: what managers remember of a member, seen by managers alone."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import current_app
from sqlalchemy import select

from app.extensions import db
from app.lib.clock import now
from app.models import StaffNote, User
from app.services import accounts, jobs
from tests.cast import Cast, decision
from tests.checking import CheckingClient

ClientOf = Callable[[User | None], CheckingClient]


def url(person: User, rest: str = "notes") -> str:
    return f"/people/{person.id}-{person.handle}/{rest}"


def a_note(cast: Cast, person: User) -> StaffNote:
    note = StaffNote(person_id=person.id, author_id=cast.manager.id, body="Belde over de toon.")
    db.session.add(note)
    db.session.commit()
    return note


@pytest.mark.parametrize("htmx", [False, True])
def test_a_note_is_kept_and_deleted(cast: Cast, client_of: ClientOf, *, htmx: bool) -> None:
    client = client_of(cast.manager)
    answer = client.post(url(cast.other), data={"body": "Belde over de toon."}, htmx=htmx)
    assert answer.status_code in {204, 303}
    page = client.get(url(cast.other, "measures")).text
    assert "Belde over de toon." in page and "Mina Manager" in page
    assert "mag vragen om de notities te zien" in page
    (note,) = db.session.scalars(select(StaffNote))
    answer = client.post(url(cast.other, f"notes/{note.id}/delete"), htmx=htmx)
    assert answer.status_code in {204, 303}
    assert not db.session.scalars(select(StaffNote)).all()


@pytest.mark.parametrize("body", ["", " \n ", "a" * 1001])
def test_an_empty_or_endless_note_comes_back(cast: Cast, client_of: ClientOf, body: str) -> None:
    answer = client_of(cast.manager).post(url(cast.other), data={"body": body})
    assert answer.status_code == 422 and 'id="body-error"' in answer.text
    assert not db.session.scalars(select(StaffNote)).all()


def test_only_managers_see_notes_and_not_those_about_themselves(
    cast: Cast, client_of: ClientOf
) -> None:
    note = a_note(cast, cast.other)
    for actor in (cast.other, cast.moderator, cast.administrator):
        client = client_of(actor)
        assert client.post(url(cast.other), data={"body": "Nee"}).status_code == 403
        assert client.post(url(cast.other, f"notes/{note.id}/delete")).status_code == 403
    manager = client_of(cast.manager)
    assert manager.post(url(cast.manager), data={"body": "Nee"}).status_code == 403
    assert manager.post(url(cast.member, f"notes/{note.id}/delete")).status_code == 404
    assert client_of(None).post(url(cast.other), data={"body": "Nee"}).status_code == 401
    assert len(db.session.scalars(select(StaffNote)).all()) == 1


def test_who_lets_their_name_go_leaves_no_notes(cast: Cast) -> None:
    a_note(cast, cast.other)
    a_note(cast, cast.member)
    warned = decision(cast.other, cast.manager)
    with current_app.test_request_context():
        accounts.close(cast.other, cast.administrator, keep_name=False)
        db.session.commit()
    assert db.session.scalars(select(StaffNote.person_id)).all() == [cast.member.id]
    db.session.refresh(warned)
    assert warned.label == "Oud-lid"


def test_notes_go_after_two_years(cast: Cast) -> None:
    a_note(cast, cast.other)
    with time_machine.travel(now() + timedelta(days=729)):
        jobs.tidy()
    assert len(db.session.scalars(select(StaffNote)).all()) == 1
    with time_machine.travel(now() + timedelta(days=731)):
        jobs.tidy()
    assert not db.session.scalars(select(StaffNote)).all()
