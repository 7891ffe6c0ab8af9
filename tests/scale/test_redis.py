"""Several machines take jobs from one queue in Redis; when that is away, pages go on."""

import logging
import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import pytest
from sqlalchemy import select

from app import create_app
from app.extensions import Kring, db
from app.lib.job_queue import make_queue
from app.models import OutgoingMail
from app.services import outbox
from app.services.jobs import WAITING
from tests.cast import make_cast
from tests.databases import let_go
from tests.mail_peer import free_port, serving
from tests.scale.conftest import PATIENCE, SERVE, machine, reach, redis_at, wait_for

pytestmark = pytest.mark.redis
NIGHT = datetime(2026, 11, 21, 3, 20, tzinfo=UTC)


def ask_for_a_link(port: int, email: str) -> int:
    """Ask for a way back in, as a browser does."""
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    connection.request("GET", "/password/forgot")
    page = connection.getresponse()
    cookie = page.getheader("Set-Cookie", "").partition(";")[0]
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.read().decode())
    assert token
    sent = urlencode({"email": email, "csrf_token": token[1]})
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/password/forgot", sent, headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status


def test_mail_asked_for_on_two_machines_leaves_through_one_queue(
    app: Kring, redis: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        cast = make_cast()
        addresses = {cast.member.email, cast.other.email}
        db.session.remove()
    one, other = free_port(), free_port()
    monkeypatch.setenv("KRING_REDIS_URL", redis)
    with serving() as peer:
        monkeypatch.setenv("KRING_MAIL_URL", peer.url)
        with (
            machine(tmp_path / "a", tmp_path / "a.log", *SERVE, str(one)),
            machine(tmp_path / "b", tmp_path / "b.log", *SERVE, str(other)),
        ):
            for port, email in zip((one, other), sorted(addresses), strict=True):
                wait_for(partial(reach, port), OSError)
                assert ask_for_a_link(port, email) == 200
            deadline = time.monotonic() + PATIENCE
            while len(peer.taken) < 2 and time.monotonic() < deadline:
                time.sleep(0.1)
    assert {envelope.rcpt_tos[0] for envelope in peer.taken} == addresses
    assert len(peer.taken) == 2
    assert not list(tmp_path.rglob("jobs.db"))


@pytest.fixture
def scaled(app: Kring, socket: Path) -> Iterator[Kring]:
    """Return an application with a queue in a Redis that may be there or not."""
    made = create_app({"REDIS_URL": f"unix://{socket}", "WTF_CSRF_ENABLED": False})
    yield made
    let_go(made)


def test_without_redis_pages_go_on_and_work_is_handed_over_later(
    scaled: Kring, socket: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with scaled.app_context():
        email = make_cast().member.email
    answer = scaled.test_client().post("/password/forgot", data={"email": email})
    assert answer.status_code == 200
    assert "send_reset_link waits" in caplog.text
    with redis_at(socket), caplog.at_level(logging.CRITICAL):
        assert scaled.jobs.pending_count() == 0
        assert scaled.extensions[WAITING].flush_now()
        (job,) = scaled.jobs.pending()
        scaled.jobs.execute(job)
    with scaled.app_context():
        assert db.session.scalars(select(OutgoingMail.recipient)).all() == [email]


def test_mail_is_kept_when_redis_is_away(scaled: Kring, socket: Path) -> None:
    with scaled.app_context():
        outbox.post(make_cast().member, "password_changed")
        scaled.extensions["deliver_mail"]()
        db.session.commit()
        assert outbox.deliver_due() == 1


def test_work_of_a_certain_minute_is_given_out_once(redis: str, tmp_path: Path) -> None:
    machines = [make_queue(redis, tmp_path / "jobs.db", immediate=False) for _ in range(2)]
    for queue in machines:
        queue.periodic_task(lambda _moment: True, name="tidy")(lambda: None)
    first, second = (queue.read_periodic(NIGHT) for queue in machines)
    assert [task.name for task in first] == ["tidy"] and not second
    assert [len(queue.read_periodic(NIGHT.replace(minute=21))) for queue in machines] == [1, 0]


def test_without_redis_nothing_is_given_out(socket: Path, tmp_path: Path) -> None:
    queue = make_queue(f"unix://{socket}", tmp_path / "jobs.db", immediate=False)
    queue.periodic_task(lambda _moment: True, name="tidy")(lambda: None)
    assert not queue.read_periodic(NIGHT)


def test_doctor_says_which_queue_there_is_and_whether_it_answers(
    scaled: Kring, socket: Path
) -> None:
    said = scaled.test_cli_runner().invoke(args=["doctor"])
    assert said.exit_code == 1
    assert f"op unix://{socket} antwoordt niet" in said.output
    with redis_at(socket):
        said = scaled.test_cli_runner().invoke(args=["doctor"])
    assert f"op unix://{socket} antwoordt; er wachten 0 taken" in said.output


def test_no_secret_of_the_queue_is_shown(app: Kring) -> None:
    made = create_app({"REDIS_URL": f"redis://kring:geheim@127.0.0.1:{free_port()}/1"})
    said = made.test_cli_runner().invoke(args=["doctor"])
    let_go(made)
    assert "redis://127.0.0.1:" in said.output and "geheim" not in said.output
