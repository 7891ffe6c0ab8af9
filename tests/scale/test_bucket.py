"""An S3 store keeps the promises of a folder: whole or not at all, once, for us alone."""

import hashlib
import json
import os
import subprocess
import sys
import traceback
from datetime import UTC, datetime, timedelta
from io import SEEK_END, BytesIO

import pytest

from app import create_app
from app.config import ROOT
from app.lib.bucket import PIECE, Bucket
from app.lib.storage import NO_ROOM, TooLarge
from tests.mail_peer import free_port
from tests.scale.conftest import put

CONTENT = b"De inhoud van een brief."
NAME = hashlib.sha256(CONTENT).hexdigest()
LONG_AGO, SOON = (datetime.now(UTC) + timedelta(days=days) for days in (-1, 1))


@pytest.fixture
def files(bucket: tuple[str, str]) -> Bucket:
    return Bucket(bucket[1])


def read(files: Bucket, sha256: str = NAME) -> bytes:
    with files.open(sha256) as file:
        return file.read()


def test_a_file_is_found_under_its_hash(files: Bucket) -> None:
    stored = files.save(BytesIO(CONTENT), 100)
    assert (stored.sha256, stored.size) == (NAME, len(CONTENT))
    files.save(BytesIO(CONTENT), 100)
    assert list(files.names()) == [NAME]
    assert read(files) == CONTENT
    assert files.place.startswith("s3://kring-") and files.place.endswith("/intranet/files")


def test_a_large_file_goes_up_in_pieces_and_is_read_anywhere(files: Bucket) -> None:
    large = os.urandom(2 * PIECE + 1000)
    stored = files.save(BytesIO(large), len(large))
    with files.open(stored.sha256) as file:
        assert file.seek(-1000, SEEK_END) == 2 * PIECE
        assert file.read() == large[-1000:]
        file.seek(0)
        assert b"".join(iter(lambda: file.read(300_000), b"")) == large


def test_more_than_allowed_leaves_nothing(files: Bucket) -> None:
    with pytest.raises(TooLarge):
        files.save(BytesIO(b"x" * 101), 100)
    assert not list(files.names())


def test_deleting(files: Bucket) -> None:
    files.save(BytesIO(CONTENT), 100)
    files.delete(NAME)
    files.delete(NAME)
    assert not list(files.names())
    with pytest.raises(FileNotFoundError):
        files.open(NAME)


def test_what_nothing_needs_is_put_aside_before_it_is_deleted(files: Bucket) -> None:
    files.save(BytesIO(CONTENT), 100)
    assert not files.delete_before(NAME, LONG_AGO)
    assert not files.delete_before(NAME, SOON)
    assert list(files.names()) == [NAME] and read(files) == CONTENT
    assert not files.delete_before(NAME, LONG_AGO)
    assert files.delete_before(NAME, SOON)
    assert not files.delete_before(NAME, SOON)
    assert not list(files.names())


def test_what_is_stored_once_more_while_it_lies_aside_stays(files: Bucket) -> None:
    files.save(BytesIO(CONTENT), 100)
    files.delete_before(NAME, SOON)
    files.save(BytesIO(CONTENT), 100)
    assert list(files.names()) == [NAME]
    assert not files.delete_before(NAME, LONG_AGO)
    assert not files.delete_before(NAME, SOON)
    assert read(files) == CONTENT


@pytest.mark.parametrize("name", ["../../secret_key", "", "A" * 64, f"{NAME}\n"])
def test_only_a_hash_names_a_file(files: Bucket, name: str) -> None:
    for act in (files.open, files.delete):
        with pytest.raises(ValueError, match="not a hash"):
            act(name)


def test_a_bucket_that_hands_out_files_is_noticed(files: Bucket, bucket: tuple[str, str]) -> None:
    assert not files.is_open_to_others()
    rule = {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::*"}
    put(f"{bucket[0]}?policy", json.dumps({"Version": "2012-10-17", "Statement": [rule]}).encode())
    assert files.is_open_to_others()


@pytest.fixture(params=["away", "no bucket"])
def out_of_reach(request: pytest.FixtureRequest, s3: str) -> Bucket:
    """Return a store that does not answer, and one that has no such bucket."""
    keys = "access_key_id=kring&secret_access_key=geheim"
    place = s3 if request.param == "no bucket" else f"http://127.0.0.1:{free_port()}"
    return Bucket(f"s3://elders?endpoint={place}&{keys}")


def test_a_store_out_of_reach_is_like_a_disk_that_fails(out_of_reach: Bucket) -> None:
    for act in (out_of_reach.check, lambda: out_of_reach.save(BytesIO(CONTENT), 100)):
        with pytest.raises(OSError, match=r"S3|not found") as failure:
            act()
        assert failure.value.errno in NO_ROOM
        assert "geheim" not in "".join(traceback.format_exception(failure.value))


def test_a_process_that_was_forked_off_is_told_instead_of_waiting_for_ever(files: Bucket) -> None:
    files.save(BytesIO(CONTENT), 100)
    child = os.fork()
    if child == 0:
        try:
            files.open(NAME)
        except RuntimeError:
            os._exit(7)
        finally:
            os._exit(1)  # whatever happens, no second run of these tests goes on from here
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7


@pytest.mark.parametrize(
    "setting, reason",
    [
        ({"FILES_URL": "s3://kring?onzin=1&access_key_id=geheim"}, "'onzin' is not valid"),
        ({"FILES_URL": "ftp://kring:geheim@elders/"}, "s3://bucket or file:///folder"),
        ({"FILES_URL": "file://elders/map"}, "s3://bucket or file:///folder"),
        ({"REDIS_URL": "redos://:geheim@elders"}, "redis://, rediss:// or unix://"),
        ({"REDIS_URL": "redis://:gehe/im@elders"}, "redis://, rediss:// or unix://"),
    ],
)
@pytest.mark.usefixtures("app")
def test_what_cannot_work_is_said_at_the_start(setting: dict[str, str], reason: str) -> None:
    with pytest.raises(ValueError, match=reason) as refusal:
        create_app(setting)
    assert "gehe" not in str(refusal.value)


def test_a_library_that_is_absent_is_named() -> None:
    code = """
import sys
sys.modules["obstore"] = sys.modules["redis"] = None
from app.lib.bucket import Bucket
from app.lib.job_queue import make_queue
for make in (lambda: Bucket("s3://x"), lambda: make_queue("redis://x", "x", immediate=False)):
    try:
        make()
    except ValueError as error:
        print(error)
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    said = done.stdout.splitlines()
    assert len(said) == 2
    assert all("pip install -r requirements-scale.txt" in line for line in said)
