"""What every test can ask for: the application, on a database as new."""

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app import create_app
from app.cli.migrating import upgrade_schema
from app.extensions import Kring, db
from app.models import User
from tests import compiled, loopback
from tests.cast import Cast, make_cast
from tests.checking import CheckingClient
from tests.databases import KIND, Database, database, let_go

CORPUS = Path(os.environ.get("KRING_CORPUS", Path(__file__).parents[2] / "shared" / "corpus"))
LIB = Path(__file__).with_name("lib")
REDIS = shutil.which("redis-server") is not None
LEFT_OUT = {"postgres": ("browser", "sqlite"), "sqlite": ("postgres",)}[KIND]

loopback.install()
compiled.keep_templates()
compiled.keep_addresses()
compiled.keep_statements()
for name in [name for name in os.environ if name.startswith("KRING_") and "TEST" not in name]:
    del os.environ[name]


def pytest_report_header() -> str:
    """Say on which database this run is, and what it leaves out."""
    corpus = "" if CORPUS.is_dir() else "; *** no corpus: its tests are left out (KRING_CORPUS) ***"
    redis = "" if REDIS else "; *** no redis-server: its tests are left out ***"
    return f"kring: {KIND}, without the marks {', '.join(LEFT_OUT)}{corpus}{redis}"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out, not skip, what is about the other database or reads texts that aren't here.

    The tools of app/lib know no database: their tests run once, with SQLite.
    """
    left_out = {*LEFT_OUT, *([] if CORPUS.is_dir() else ["corpus"]), *([] if REDIS else ["redis"])}
    apart = [
        item
        for item in items
        if any(item.get_closest_marker(mark) for mark in left_out)
        or (KIND == "postgres" and item.path.parent == LIB)
    ]
    if apart:
        config.hook.pytest_deselected(items=apart)
        items[:] = [item for item in items if item not in apart]


def pytest_collection_finish() -> None:
    """Look less often for garbage, and not among what was imported: a quarter of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """Return a database that the migrations made."""
    with database() as made, pytest.MonkeyPatch.context() as environment:
        environment.setenv("KRING_INSTANCE", str(tmp_path_factory.mktemp("migrated")))
        environment.setenv("KRING_DATABASE_URL", made.url)
        application = create_app({"TESTING": True})
        with application.app_context():
            upgrade_schema()
            db.engine.dispose()
        made.keep()
        yield made


@pytest.fixture
def app(migrated: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Kring]:
    """Return a new application on a database as new, with an instance folder of its own.

    The environment names both, so a command that a test starts works on the same data. No
    context is pushed: requests that share one would share who is signed in.
    """
    migrated.renew()
    monkeypatch.setenv("KRING_INSTANCE", str(tmp_path / "instance"))
    monkeypatch.setenv("KRING_DATABASE_URL", migrated.url)
    application = create_app({"TESTING": True})
    yield application
    let_go(application)


@pytest.fixture
def app_context(app: Kring) -> Iterator[None]:
    """Push an application context for tests that ask models, queries and services themselves."""
    with app.app_context():
        yield


@pytest.fixture
def cast(app_context: None) -> Cast:
    """Return the cast, kept in the database."""
    return make_cast()


@pytest.fixture
def client_of(app: Kring) -> Callable[[User | None], CheckingClient]:
    """Return what makes a checking client for a person, or for a visitor (None)."""
    app.test_client_class = CheckingClient

    def make(user: User | None = None) -> CheckingClient:
        client = app.test_client()
        assert isinstance(client, CheckingClient)
        return client.sign_in(user) if user else client

    return make


@pytest.fixture
def client(cast: Cast, client_of: Callable[[User | None], CheckingClient]) -> CheckingClient:
    """Return a client of the ordinary member of the cast."""
    return client_of(cast.member)
