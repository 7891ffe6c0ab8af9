"""The guard that keeps tests on this machine."""

import socket

import pytest

from tests.loopback import OutsideLoopbackError, is_loopback


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1", "voorbeeldstad.example"])
def test_other_machines_are_out_of_reach(host: str) -> None:
    with pytest.raises(OutsideLoopbackError):
        socket.create_connection((host, 80), timeout=0.1)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost", None])
def test_this_machine_is_within_reach(host: str | None) -> None:
    assert is_loopback(host)
