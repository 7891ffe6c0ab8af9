"""Files appear whole or not at all, once for each content, for their owner only."""

import errno
import hashlib
import os
import stat
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from app.lib.storage import Folder, TooLarge

CONTENT = b"De inhoud van een brief."
NAME = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def files(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "files")


def lying(files: Folder) -> list[Path]:
    """Return all files there are, half ones too."""
    return [p for p in files.folder.rglob("*") if p.is_file() and p.name != ".lock"]


def test_a_file_lies_under_its_hash_for_its_owner_only(files: Folder) -> None:
    stored = files.save(BytesIO(CONTENT), 100)
    assert (stored.sha256, stored.size) == (NAME, len(CONTENT))
    path = files.folder / NAME[:2] / NAME
    assert lying(files) == [path]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert (
        stat.S_IMODE(path.parent.stat().st_mode)
        == stat.S_IMODE(files.folder.stat().st_mode)
        == 0o700
    )
    with files.open(NAME) as file:
        assert file.read() == CONTENT


def test_the_same_content_is_stored_once(files: Folder) -> None:
    files.save(BytesIO(CONTENT), 100)
    (path,) = lying(files)
    os.utime(path, (0, 0))
    before = path.stat().st_ino
    files.save(BytesIO(CONTENT), 100)
    assert lying(files) == [path]
    assert path.stat().st_ino == before
    assert path.stat().st_mtime > 0


def test_more_than_allowed_leaves_nothing(files: Folder) -> None:
    files.save(BytesIO(b"x" * 100), 100)
    with pytest.raises(TooLarge):
        files.save(BytesIO(b"y" * 101), 100)
    assert len(lying(files)) == 1


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_full_disk_leaves_nothing(
    files: Folder, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    files.save(BytesIO(b"eerst"), 100)

    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    target: Any = os if step == "fsync" else Path
    monkeypatch.setattr(target, step, full)
    with pytest.raises(OSError, match="No space"):
        files.save(BytesIO(CONTENT), 100)
    assert [path.name for path in lying(files)] == [hashlib.sha256(b"eerst").hexdigest()]


def test_it_is_on_disk_before_it_has_its_name(
    files: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Write, fsync, rename, fsync the folder: in this order."""
    steps: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def note_fsync(descriptor: int) -> None:
        kind = "folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file"
        steps.append(f"fsync {kind}")
        fsync(descriptor)

    def note_replace(path: Path, target: Path) -> Path:
        steps.append("rename")
        return replace(path, target)

    monkeypatch.setattr(os, "fsync", note_fsync)
    monkeypatch.setattr(Path, "replace", note_replace)
    files.save(BytesIO(CONTENT), 100)
    at = steps.index("rename")
    assert "fsync file" in steps[:at]
    assert steps[at + 1 :] == ["fsync folder"]


def test_deleting(files: Folder) -> None:
    files.save(BytesIO(CONTENT), 100)
    assert list(files.names()) == [NAME]
    files.delete(NAME)
    files.delete(NAME)
    assert not list(files.names())
    with pytest.raises(FileNotFoundError):
        files.open(NAME)


def test_what_was_just_stored_is_not_swept_away(files: Folder) -> None:
    files.save(BytesIO(CONTENT), 100)
    moment = datetime.now(UTC)
    assert not files.delete_before(NAME, moment - timedelta(hours=1))
    assert files.delete_before(NAME, moment + timedelta(hours=1))
    assert not files.delete_before(NAME, moment + timedelta(hours=1))


@pytest.mark.parametrize("name", ["../../secret_key", "", "A" * 64, f"{NAME}/..", f"{NAME}\n"])
def test_only_a_hash_names_a_file(files: Folder, name: str) -> None:
    for act in (files.open, files.delete, files.path):
        with pytest.raises(ValueError, match="not a hash"):
            act(name)
