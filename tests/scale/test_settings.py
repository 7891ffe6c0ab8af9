"""What is set on one machine is seen on the others: at once where settings are changed."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import text

from app import create_app
from app.extensions import Kring, db
from app.models import Setting, User
from tests.cast import Cast
from tests.checking import CheckingClient
from tests.databases import let_go

Clients = Callable[[User | None], CheckingClient]


@pytest.fixture
def other(app: Kring) -> Iterator[Kring]:
    """Return the application of another machine."""
    made = create_app({"TESTING": True})
    yield made
    let_go(made)


def test_a_form_never_shows_what_another_machine_has_changed(
    other: Kring, cast: Cast, client_of: Clients
) -> None:
    here = client_of(cast.administrator)
    assert "Kring Jeugd" not in here.get("/settings/general").text
    with other.app_context():
        db.session.merge(Setting(key="name", value="Kring Jeugd"))
        db.session.commit()
    assert 'value="Kring Jeugd"' in here.get("/settings/general").text


@pytest.mark.postgres
@pytest.mark.parametrize("setting, value", [("jit", "off"), ("random_page_cost", "1.1")])
def test_postgresql_plans_for_short_questions(app: Kring, setting: str, value: str) -> None:
    with app.app_context():
        assert db.session.scalar(text(f"SHOW {setting}")) == value
