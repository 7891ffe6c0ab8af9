"""What the tests of getting in share."""

from collections.abc import Callable

import pytest

from app.extensions import db
from app.models import User
from app.services import settings
from app.site import forget_site
from tests.cast import Cast
from tests.checking import CheckingClient


@pytest.fixture
def visitor(cast: Cast, client_of: Callable[[User | None], CheckingClient]) -> CheckingClient:
    """Return a client that nobody signed in on."""
    return client_of(None)


@pytest.fixture
def manager(cast: Cast, client_of: Callable[[User | None], CheckingClient]) -> CheckingClient:
    """Return a client of the community manager."""
    return client_of(cast.manager)


@pytest.fixture
def entry(cast: Cast) -> Callable[..., None]:
    """Return what changes the settings of getting in."""

    def change(**values: object) -> None:
        settings.change(values, cast.administrator)
        db.session.commit()
        forget_site()

    return change
