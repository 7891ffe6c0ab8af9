"""What a monitor asks."""

from collections.abc import Callable

import pytest
from sqlalchemy import text

from app.extensions import db
from app.models import User
from tests.checking import CheckingClient

Clients = Callable[[User | None], CheckingClient]


@pytest.fixture
def monitor(app_context: None, client_of: Clients) -> CheckingClient:
    return client_of(None)


def test_all_is_well(monitor: CheckingClient) -> None:
    response = monitor.get("/health")
    assert response.status_code == 200
    assert response.json == {"status": "ok", "database": "ok"}


def test_head_works(monitor: CheckingClient) -> None:
    response = monitor.head("/health")
    assert response.status_code == 200
    assert not response.data


def test_a_broken_database_is_told_without_details(
    monitor: CheckingClient, caplog: pytest.LogCaptureFixture
) -> None:
    db.session.execute(text("ALTER TABLE users RENAME TO people"))
    db.session.commit()
    try:
        response = monitor.get("/health")
    finally:
        db.session.execute(text("ALTER TABLE people RENAME TO users"))
        db.session.commit()
    assert response.status_code == 503
    assert response.json == {"status": "error", "database": "unavailable"}
    assert "users" in caplog.text


def test_nothing_can_be_sent_to_it(monitor: CheckingClient) -> None:
    assert monitor.post("/health").status_code == 405
