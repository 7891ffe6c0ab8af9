"""Moving a discussion to another theme or group: never to more readers."""

from collections.abc import Callable
from itertools import product

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models import Decision, Discussion, Group, LogEntry, Membership, User
from app.policy import visible_to
from app.services import moving
from tests.cast import Cast, discussion
from tests.checking import CheckingClient

Clients = Callable[[User | None], CheckingClient]
WHY = "Past daar beter"


def data_of(piece: Discussion, group: Group | None) -> dict[str, str]:
    return {
        "theme": str(piece.theme_id or 0), "group": str(group.id if group else 0),
        "reason": WHY, "rule": "",
    }  # fmt: skip


@pytest.mark.parametrize("htmx", [True, False])
def test_into_an_open_group_and_back(htmx: bool, cast: Cast, client_of: Clients) -> None:
    piece = discussion(cast.member, theme=cast.theme)
    client = client_of(cast.moderator)
    for group in (cast.open, None):
        answer = client.post(f"/content/{piece.id}/move", data=data_of(piece, group), htmx=htmx)
        assert answer.status_code == (200 if htmx else 303)
        assert piece.group_id == (group.id if group else None)
    rows = db.session.scalars(select(LogEntry).order_by(LogEntry.id)).all()
    assert [row.result for row in rows] == [" → Groep open", "Groep open → "]
    assert [each.measure for each in db.session.scalars(select(Decision))] == ["moved", "moved"]


def test_into_a_closed_group_of_author_and_mover(cast: Cast, client_of: Clients) -> None:
    db.session.add(Membership(user=cast.moderator, group=cast.closed))
    piece = discussion(cast.member, "Hoort binnen", theme=cast.theme)
    client = client_of(cast.moderator)
    form = client.get(f"/content/{piece.id}/move").text
    assert "Alleen de groep Groep closed" in form and "Groep hidden" not in form
    url = f"/content/{piece.id}/move"
    refused = client.post(url, data=data_of(piece, cast.closed))
    assert refused.status_code == 422 and "De schrijver zit niet in deze groep" in refused.text
    db.session.add(Membership(user=cast.member, group=cast.closed))
    db.session.commit()
    assert client.post(url, data=data_of(piece, cast.closed)).status_code == 303
    assert piece.group_id == cast.closed.id
    assert client_of(cast.other).get(f"/discussions/{piece.id}-{piece.slug}").status_code == 404
    back = client.post(url, data=data_of(piece, None))
    assert back.status_code == 422 and "groep" in back.text
    assert piece.group_id == cast.closed.id


def test_a_group_that_one_does_not_know_is_no_choice(cast: Cast, client_of: Clients) -> None:
    piece = discussion(cast.insider)
    for group in (cast.hidden, cast.closed):
        answer = client_of(cast.ambassador if group is cast.hidden else cast.moderator).post(
            f"/content/{piece.id}/move", data=data_of(piece, group)
        )
        assert answer.status_code == 422
    assert piece.group_id is None


def test_who_leads_a_group_moves_nothing_into_another(cast: Cast, client_of: Clients) -> None:
    piece = discussion(cast.insider, group=cast.closed, theme=cast.theme)
    client = client_of(cast.group_owner)
    for group in (None, cast.open, cast.hidden):
        answer = client.post(f"/content/{piece.id}/move", data=data_of(piece, group))
        assert answer.status_code == 422
    data = {**data_of(piece, cast.closed), "theme": str(cast.other_theme.id)}
    assert client.post(f"/content/{piece.id}/move", data=data).status_code == 303
    assert (piece.group_id, piece.theme_id) == (cast.closed.id, cast.other_theme.id)


def test_what_was_merged_into_it_goes_along(cast: Cast) -> None:
    target = discussion(cast.insider)
    source = discussion(cast.insider, merged_into_id=target.id)
    older = discussion(cast.insider, merged_into_id=source.id)
    db.session.add(Membership(user=cast.moderator, group=cast.closed))
    db.session.commit()
    db.session.refresh(target, ["theme", "group"])
    assert moving.move(target, cast.moderator, WHY, None, cast.closed)
    db.session.commit()
    assert {each.group_id for each in (target, source, older)} == {cast.closed.id}


def test_no_move_lets_words_out(cast: Cast) -> None:
    """Over all pairs of audiences, and all who can move: nobody new reads it afterwards."""
    groups: list[Group | None] = [None, cast.open, cast.closed, cast.hidden]
    people = (cast.other, cast.insider, cast.group_owner, cast.manager, cast.administrator)
    for here, there in product(groups, groups):
        piece = discussion(cast.insider, group=here)
        for mover in (cast.insider, cast.manager):
            before = {user.id for user in people if reads(user, piece)}
            db.session.refresh(piece, ["theme", "group"])
            try:
                moving.move(piece, mover, WHY, cast.other_theme, there)
            except moving.RefusedError:
                db.session.rollback()
                assert here is not there
                continue
            db.session.flush()
            after = {user.id for user in people if reads(user, piece)}
            assert after <= before, (here, there)
            assert cast.insider.id in after, "its author can always still read it"
            db.session.rollback()


def reads(user: User, piece: Discussion) -> bool:
    found = select(Discussion.id).where(Discussion.id == piece.id, visible_to(user))
    return db.session.scalar(found) is not None
