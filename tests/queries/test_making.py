"""Statements that are kept are made by one thread at a time."""

from collections.abc import Callable
from threading import Event, Thread

import pytest

from app.extensions import Kring
from app.models import Discussion, User
from app.models.unattached import MAKING
from app.queries.home import home_of
from app.queries.reading import read_piece
from tests.cast import Cast, discussion

PATIENCE = 30.0  # seconds

ASKS: dict[str, Callable[[User, int], object]] = {
    "a piece": lambda reader, key: read_piece(Discussion, reader, key),
    "home": lambda reader, _key: home_of(reader),
}


@pytest.mark.sqlite
@pytest.mark.parametrize("asks", ASKS)
def test_nobody_makes_one_beside_another(app: Kring, cast: Cast, asks: str) -> None:
    """Two that were made at once joined tables that neither names, and were kept so."""
    reader, key = cast.member, discussion(cast.other).id
    began, done = Event(), Event()

    def ask() -> None:
        with app.test_request_context():
            began.set()
            ASKS[asks](reader, key)
            done.set()

    with MAKING:
        thread = Thread(target=ask)
        thread.start()
        assert began.wait(PATIENCE) and not done.wait(0.5)
    assert done.wait(PATIENCE)
    thread.join()
