"""One session for each person, however often a test asks for their client."""

from collections.abc import Callable

import pytest

from app.models import User
from tests.checking import CheckingClient

ClientOf = Callable[[User | None], CheckingClient]


@pytest.fixture
def client_of(client_of: ClientOf) -> ClientOf:
    """Return what gives one client for each person; a new one for each visitor."""
    made: dict[int, CheckingClient] = {}

    def one(user: User | None = None) -> CheckingClient:
        if user is None:
            return client_of(None)
        return made.get(user.id) or made.setdefault(user.id, client_of(user))

    return one
