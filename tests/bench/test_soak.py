"""The endurance run: what it looks at, and a short one on the example of the seed."""

import os
import time
from pathlib import Path

import pytest

from app.extensions import db
from app.models import Comment
from bench import inside, seed, soak
from bench.serving import PRODUCT, running
from bench.soak import Diary, Plan, by_minute, growth, is_good, missing, told
from tests.cli.test_serve import free_port

PLAN = Plan(seconds=600.0)
SMALL = seed.Size(replies=1_000, members=120, wiki_pages=16, groups=3, notifications=5, unread=2)


def diary() -> Diary:
    """Return what ten quiet minutes look like."""
    quiet = Diary(killed=300.0)
    quiet.answers = [(float(at), 10.0) for at in range(600)]
    quiet.acknowledged = ["Duurproef 2 1"]
    quiet.totals = [(float(at), 50.0) for at in range(0, 600, 10)]
    return quiet


def test_a_quiet_run_is_good() -> None:
    figures = told(diary(), PLAN, 10.0, [])
    assert is_good(figures)
    assert (figures["p99_ratio"], figures["growth_mb"], figures["answers"]) == (1.0, 0.0, 600)


def test_one_error_is_too_many_but_for_what_the_kill_cut_off() -> None:
    faulty = diary()
    faulty.errors = [(301.0, "ConnectionResetError")]
    assert is_good(told(faulty, PLAN, 10.0, []))
    faulty.errors = [(320.0, "ConnectionResetError")]
    assert not is_good(told(faulty, PLAN, 10.0, []))


def test_a_reply_that_is_lost_is_one_too_many() -> None:
    assert not is_good(told(diary(), PLAN, 10.0, ["Duurproef 2 1"]))


def test_growth_counts_after_the_warm_up() -> None:
    series = [(float(at), min(at, 60.0)) for at in range(0, 600, 10)]
    assert growth(series, 60.0) == 0.0
    assert growth([(at, float(at)) for at, _weight in series], 60.0) == pytest.approx(510, abs=20)
    assert growth(series[:3], 60.0) == 0.0


def test_minutes_are_told_apart() -> None:
    assert by_minute(diary())[0][:2] == (0, 60)
    assert len(by_minute(diary())) == 10


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of a small seed, named by the environment."""
    folder = tmp_path / "seed"
    # The database that other tests of this process use is named there.
    monkeypatch.delenv("KRING_DATABASE_URL", raising=False)
    seed.ensure(folder, SMALL)
    monkeypatch.setenv("KRING_INSTANCE", str(folder))
    return folder


@pytest.mark.sqlite
def test_a_short_run_loses_nothing(small: Path) -> None:
    """Too short to say anything of memory: a process that has just begun still grows."""
    with (
        inside.product() as app,
        running(PRODUCT, port := free_port(), dict(os.environ)) as server,
    ):
        found, figures = soak.soak(port, app, server.pid, Plan(seconds=12.0))
        assert figures["errors"] == figures["lost"] == 0
        assert figures["answers"] and figures["acknowledged"] and found.killed
        assert missing(app, [*found.acknowledged, "never written"]) == ["never written"]
        with app.app_context():
            assert db.session.query(Comment).filter(Comment.body.startswith(soak.MARK)).count()
            db.session.rollback()
    assert time.monotonic() > found.started
