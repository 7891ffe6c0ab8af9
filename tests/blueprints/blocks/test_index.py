"""/account/blocks: whom one mutes or blocks, and undoing it."""

from collections.abc import Callable

from sqlalchemy import select

from app.extensions import db
from app.models import Block, BlockLevel, User
from app.services.blocks import keep_away
from bench.statements import statements
from tests.cast import Cast, person
from tests.checking import CheckingClient

ClientOf = Callable[[User | None], CheckingClient]
PATH = "/account/blocks"


def test_visitors_sign_in_first(client_of: ClientOf, cast: Cast) -> None:
    assert client_of(None).get(PATH).location == f"/login?next={PATH}"


def test_nobody_yet(client: CheckingClient) -> None:
    assert "Je hebt niemand gedempt of geblokkeerd" in client.get(PATH).text
    assert PATH in client.get("/account").text


def test_it_lists_ones_own_and_undoes(client: CheckingClient, cast: Cast) -> None:
    keep_away(cast.member, cast.other, BlockLevel.MUTE)
    keep_away(cast.member, cast.manager, BlockLevel.BLOCK)
    keep_away(cast.other, cast.specialist, BlockLevel.BLOCK)
    db.session.commit()
    page = client.get(PATH).text
    assert "Otto Ander" in page and "Gedempt" in page
    assert "Mina Manager" in page and "Geblokkeerd" in page and "Sam Specialist" not in page
    path = f"/people/{cast.other.id}-{cast.other.handle}/unblock"
    assert f'action="{path}"' in page
    for _time in range(2):
        assert client.post(path).location == PATH
    assert "Otto Ander" not in client.get(PATH).text.partition("<main")[2].partition("k-rows")[2]
    assert db.session.scalars(select(Block.person_id).order_by(Block.user_id)).all() == [
        cast.manager.id, cast.specialist.id,
    ]  # fmt: skip


def test_visitors_undo_nothing(client_of: ClientOf, cast: Cast) -> None:
    path = f"/people/{cast.other.id}-{cast.other.handle}/unblock"
    assert client_of(None).post(path).status_code == 401


def test_a_page_takes_a_fixed_number_of_statements(client: CheckingClient, cast: Cast) -> None:
    for number in range(9):
        made = person(f"Persoon {number}")
        db.session.flush()
        keep_away(cast.member, made, BlockLevel.MUTE)
    db.session.commit()
    client.get(PATH)
    with statements() as asked:
        client.get(PATH)
    assert len(asked) == 2, "\n\n".join(asked)
