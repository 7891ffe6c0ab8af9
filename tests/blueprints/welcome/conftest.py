"""A member on their first day."""

from collections.abc import Callable

import pytest

from app.extensions import db
from app.models import User
from tests.cast import Cast, person
from tests.checking import CheckingClient


@pytest.fixture
def newcomer(cast: Cast) -> User:
    """Return a member who has only just signed in for the first time."""
    user = person("Nora Nieuw")
    user.accepted_rules, user.welcomed_at = 0, None
    db.session.commit()
    return user


@pytest.fixture
def new_client(
    newcomer: User, client_of: Callable[[User | None], CheckingClient]
) -> CheckingClient:
    """Return the client of the newcomer."""
    return client_of(newcomer)
