"""Whatever an address, a query or a form holds: an answer in plain Dutch, never a fault of ours."""

import inspect
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextvars import Context
from typing import TypeVar
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.extensions import Kring
from app.lib.keyset import encode_cursor
from app.models import User
from tests.cast import Cast
from tests.checking import CheckingClient
from tests.security.test_csrf import FIELDS, LEAVING
from tests.security.walk import Way, ways
from tests.test_routes import Secret, scene

Value = TypeVar("Value")
ClientOf = Callable[[User | None], CheckingClient]
IN_PATHS = (
    "0", "-1", "1", "1-", "1-x", "999999999", "9999999999", "9" * 40, "1.5", "1e3", "٣", "²",
    "%00", "1-%00", "x%00y", "%ff%fe", "1-%ff", "..%2f..%2fetc%2fpasswd", "%2e%2e", "é", "%F0%9F%98%80",
    "'%20OR%201=1--", "%0d%0aSet-Cookie:%20x=1", "{{7*7}}", "%25s", "<script>", "x" * 3000, "1-" + "x" * 3000,
)  # fmt: skip
VALUES = (
    b"", b"0", b"-1", b"1", b"9999999999", b"9" * 19, b"9" * 25, b"9" * 5000, b"1.5", b"NaN", b"null",
    b"[]", b"%00", b"a%00b", b"%ff%fe", b"%ed%a0%80", b"%F0%9F%98%80", b"'\"%3B--", b"%25%5F", b"x" * 20000,
    b"2026-13-45", b"0000-00-00", b"99999-01-01", b"0001-01-01", b"9999-12-31", b"%E2%80%AE",
)  # fmt: skip
METHODS = ("PUT", "DELETE", "PATCH", "TRACE", "PROPFIND", "X" * 30)
PLACE = re.compile(r"<[^>]+>")


def cursors() -> Iterator[bytes]:
    """Yield cursors of the right form with values at the edge of what a database can compare."""
    for key in (0, -1, 2**31, 2**63 - 1):
        for moment in (
            "0001-01-01T00:00:00+00:00",
            "9999-12-31T23:59:59+00:00",
            "0001-01-01T00:00:00+14:00",
        ):
            for kinds in (
                (moment, key),
                (key, moment, key),
                (key,),
                (moment, "x", key),
                ("x", key),
            ):
                yield encode_cursor(*kinds).encode()


IN_ADDRESS = r'(?:args(?:\.get\(|\[)|number_in_address\()"(\w+)"'
IN_FORM = (
    r'(?:form\.get\(|number_in_form\(|intention\()"(\w+)"'
    r"|^    (\w+) = (?:\w*Field|Line|Text|Markdown|SubmissionKey|hidden_number)\("
)


def names_read(app: Kring, endpoint: str, pattern: str) -> set[str]:
    """Return the names that the room of a route reads from addresses, or from forms."""
    view = inspect.unwrap(app.view_functions[endpoint])
    package = view.__module__.rpartition(".")[0]
    modules = [m for name, m in sys.modules.items() if name.startswith(package)]
    source = "".join(inspect.getsource(module) for module in modules)
    return {
        name
        for found in re.finditer(pattern, source, re.MULTILINE)
        for name in found.groups()
        if name
    }


@pytest.fixture
def app(app: Kring) -> Kring:
    """Return an application that answers faults as it does outside tests."""
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return app


@pytest.fixture
def secrets(cast: Cast) -> list[Secret]:
    """Return the scene; there is one of it."""
    return scene(cast)


@pytest.fixture
def clients(cast: Cast, client_of: ClientOf, secrets: list[Secret]) -> list[CheckingClient]:
    """Return clients that reach every room between them: of three people, and of nobody."""
    assert secrets
    people = (cast.moderator, cast.specialist, cast.manager, None)
    return [client_of(person) for person in people]


def fine(answer: TestResponse, said: str) -> None:
    assert answer.status_code < 500, f"{said}: {answer.status_code}"
    assert "Traceback" not in answer.text
    assert answer.headers.get("Set-Cookie", "").startswith(("", "kring="))
    assert "x=1" not in answer.headers.get("Set-Cookie", "")


def some(values: Sequence[Value], turn: int, every: int) -> Sequence[Value]:
    """Return one in so many: over all routes and names each value has its turns."""
    return values[turn % every :: every]


def test_hostile_paths(app: Kring, clients: list[CheckingClient]) -> None:
    rules = [rule for rule in app.url_map.iter_rules() if rule.arguments]
    for turn, rule in enumerate(rules):
        client = client_for(rule.endpoint, clients)
        for value in some(IN_PATHS, turn, 3):
            path = value.join(PLACE.split(rule.rule))
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                fine(client.open(path, method=method), f"{method} {path[:200]}")


def test_hostile_queries(app: Kring, clients: list[CheckingClient], secrets: list[Secret]) -> None:
    for turn, way in enumerate(ways(app, secrets, {"GET"}, most=1)):
        names = names_read(app, way.endpoint, IN_ADDRESS) | {"after", "page", "old", "new"}
        client = client_for(way.endpoint, clients)
        tried = [(name, value) for name in sorted(names) for value in VALUES]
        tried += [(name, value) for name in ("after", "before") for value in cursors()]
        tried += [("old", b"1&new=" + value) for value in VALUES]
        for name, value in some(tried, turn, 17):
            query = name.encode() + b"=" + value
            fine(client.get(way.url, query_string=query.decode()), f"{way} {query[:60]!r}")


def test_hostile_forms(app: Kring, clients: list[CheckingClient], secrets: list[Secret]) -> None:
    good = {name: str(value) for name, value in FIELDS.items()}
    for turn, way in enumerate(ways(app, secrets, {"POST"}, most=1)):
        if way.endpoint in LEAVING or "session" in way.endpoint:
            continue
        client = client_for(way.endpoint, clients)
        token = client.csrf_token()
        names = names_read(app, way.endpoint, IN_FORM)
        for value in some(VALUES, turn, 3):
            every = dict.fromkeys(names, value)
            fine(send(client, way, token, every), f"{way} all {value[:30]!r}")
        for number, name in enumerate(sorted(names)):
            for value in some(VALUES, turn + number, 9):
                one = {**{key: quote(text).encode() for key, text in good.items()}, name: value}
                fine(send(client, way, token, one), f"{way} {name}={value[:30]!r}")


def client_for(endpoint: str, clients: list[CheckingClient]) -> CheckingClient:
    rooms = {"wikis": 1, "people": 2, "groups": 2, "account": 3}
    return clients[rooms.get(endpoint.partition(".")[0], 0)]


def send(client: CheckingClient, way: Way, token: str, fields: dict[str, bytes]) -> TestResponse:
    """Post fields that are percent-encoded already: so that they need not be text at all."""
    pairs = [b"csrf_token=" + token.encode(), *(k.encode() + b"=" + v for k, v in fields.items())]
    kind = "application/x-www-form-urlencoded"
    data = b"&".join(pairs)
    # Not looked at by the strict parser: a forged hidden field with a NUL comes back as it was sent.
    answer: TestResponse = Context().run(
        FlaskClient.open, client, way.url, method="POST", data=data, content_type=kind
    )
    return answer


@pytest.mark.parametrize("method", METHODS)
def test_odd_methods(
    app: Kring, clients: list[CheckingClient], secrets: list[Secret], method: str
) -> None:
    for way in ways(app, secrets, {"GET", "POST"}, most=1):
        answer = clients[0].open(way.url, method=method, csrf=False)
        assert answer.status_code in {400, 404, 405}, f"{method} {way}"


@pytest.mark.parametrize(
    "kind", ["multipart/form-data", "multipart/form-data; boundary=x", "text/xml", "a" * 5000, ""]
)
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"--x\r\n",
        b'--x\r\nContent-Disposition: form-data; name="\xff"\r\n\r\n\xff\r\n--x--',
        b"&" * 5000,
    ],
)
def test_odd_bodies(app: Kring, clients: list[CheckingClient], kind: str, body: bytes) -> None:
    for client in (clients[0], clients[3]):
        for path in ("/discussions/new", "/login", "/content/1/comments"):
            answer = client.post(
                path,
                data=body,
                content_type=kind,
                csrf=False,
                headers={"X-CSRFToken": client.csrf_token()},
            )
            fine(answer, f"{kind} {body!r}")


def test_odd_headers(app: Kring, clients: list[CheckingClient]) -> None:
    for name in (
        "Host",
        "Referer",
        "User-Agent",
        "Accept-Language",
        "Cookie",
        "HX-Request",
        "HX-Current-URL",
        "Range",
        "If-Modified-Since",
        "X-Forwarded-For",
        "Content-Length",
    ):
        for value in (
            "",
            "é",
            "\x7f",
            "evil.example",
            "x" * 5000,
            "-1",
            "bytes=0-1,5-",
            "kring=x; kring=y",
        ):
            for client in (clients[0], clients[3]):
                fine(client.get("/login", headers={name: value}), f"{name}: {value[:20]}")
