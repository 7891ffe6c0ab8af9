"""No test reaches outside this machine: a call that tries is stopped with a clear error."""

import ipaddress
import sys
from typing import Any

EVENTS = frozenset({"socket.connect", "socket.sendto", "socket.getaddrinfo"})


class OutsideLoopbackError(Exception):
    """A test tried to reach another machine."""


def _guard(event: str, arguments: tuple[Any, ...]) -> None:
    if event not in EVENTS:
        return
    host = arguments[0] if event == "socket.getaddrinfo" else arguments[1]
    if isinstance(host, tuple):
        host = host[0]
    elif event != "socket.getaddrinfo":
        return  # a socket in the file system
    if not is_loopback(host):
        raise OutsideLoopbackError(f"{event} to {host!r}")


def is_loopback(host: object) -> bool:
    """Tell whether a host name or address means this machine."""
    if host in {None, "", "localhost", b"localhost"}:
        return True
    text = host.decode() if isinstance(host, bytes) else str(host)
    try:
        return ipaddress.ip_address(text).is_loopback
    except ValueError:
        return False


def install() -> None:
    """Watch every socket of this process from now on; Python offers no way to undo it."""
    sys.addaudithook(_guard)
