"""Pieces that wait, among people who have been here long."""

from collections.abc import Callable

import pytest
from sqlalchemy import update

from app.extensions import db
from app.models import Discussion, User
from tests.cast import Cast
from tests.checking import CheckingClient
from tests.waiting import asked, long_ago


@pytest.fixture
def settled(cast: Cast) -> Cast:
    """Return the cast as people who have been here long: nobody is new."""
    db.session.execute(update(User).values(created_at=long_ago()))
    db.session.commit()
    return cast


@pytest.fixture
def waiting(settled: Cast) -> Discussion:
    """Return a question that waits too long."""
    return asked(settled.member, "Wie weet dit?", 5, theme=settled.theme)


@pytest.fixture
def desk(client_of: Callable[[User | None], CheckingClient], settled: Cast) -> CheckingClient:
    """Return the client of an ambassador."""
    return client_of(settled.ambassador)
