"""A missing peer is said loudly, and is an error where nothing may be left out."""

import pytest

from tools import ensure_peers
from tools.ensure_peers import PEERS, Peer


@pytest.fixture(autouse=True)
def absent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PEERS, "absent", Peer(("kring-absent",), lambda: False, "all is dark"))
    monkeypatch.setattr(ensure_peers, "as_root", lambda: None)
    monkeypatch.delenv("CI", raising=False)


def test_a_missing_peer_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert ensure_peers.main(["absent"]) == 0
    assert "kring-absent is not installed: all is dark" in capsys.readouterr().out


def test_a_missing_peer_fails_under_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    assert ensure_peers.main(["absent"]) == 1


def test_what_only_makes_it_faster_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    slower = Peer(("kring-absent",), lambda: False, "it takes longer", needed=False)
    monkeypatch.setitem(PEERS, "absent", slower)
    monkeypatch.setenv("CI", "true")
    assert ensure_peers.main(["absent"]) == 0
