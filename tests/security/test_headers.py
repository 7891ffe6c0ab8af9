"""The headers that keep a page private and inert stand on every answer, also of refusals."""

from collections.abc import Callable
from itertools import product

import pytest
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from app.access import public
from app.extensions import Kring
from app.models import User
from tests.cast import PASSWORD, Cast
from tests.checking import CheckingClient
from tests.security.walk import ways
from tests.test_routes import scene

ClientOf = Callable[[User | None], CheckingClient]
SITE = "https://localhost"
FROM_HERE = {"Referer": f"{SITE}/"}


@pytest.fixture
def https(monkeypatch: pytest.MonkeyPatch) -> None:
    """Say that Kring is reached by HTTPS, as every real one is."""
    monkeypatch.setenv("KRING_BASE_URL", SITE)


@pytest.fixture
def app(https: None, app: Kring) -> Kring:
    """Return the application with a view for each kind of fault."""
    app.testing = False
    app.config["PROPAGATE_EXCEPTIONS"] = False

    @public
    def fault() -> ResponseReturnValue:
        raise ValueError("a fault of ours")

    @public
    def busy() -> ResponseReturnValue:
        raise OperationalError("SELECT 1", {}, Exception("database is locked"))

    app.add_url_rule("/fault", view_func=fault)
    app.add_url_rule("/busy", view_func=busy, methods=["GET", "POST"])
    return app


def check(answer: TestResponse, said: str) -> None:
    """Assert what holds for each answer."""
    headers = answer.headers
    policy = {
        part.split()[0]: part.split()[1:] for part in headers["Content-Security-Policy"].split(";")
    }
    assert policy["default-src"] == ["'none'"], said
    assert policy["script-src"] == ["'self'"] and policy["style-src"] == ["'self'"], said
    assert policy["form-action"] == ["'self'"], said
    assert policy["base-uri"] == policy["frame-ancestors"] == ["'none'"], said
    assert "unsafe" not in headers["Content-Security-Policy"], said
    assert headers["X-Content-Type-Options"] == "nosniff", said
    assert headers["Referrer-Policy"] in {"same-origin", "strict-origin", "no-referrer"}, said
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin", said
    assert "max-age=31536000" in headers["Strict-Transport-Security"], said
    assert "Access-Control-Allow-Origin" not in headers, said
    for cookie in headers.getlist("Set-Cookie"):
        name, *flags = (part.strip() for part in cookie.split(";"))
        assert name.startswith("__Host-kring="), said
        assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(flags), said
        assert not any(flag.startswith("Domain") for flag in flags), said


def check_page(answer: TestResponse, said: str) -> None:
    """Assert what holds for all but static files: nobody else keeps or gets to see it."""
    check(answer, said)
    assert answer.headers["Cache-Control"] == "private, no-store", said
    assert {"hx-request", "hx-request-type", "hx-boosted"} <= {
        name.lower() for name in answer.vary
    }, said


@pytest.mark.parametrize("actor", [None, "moderator"])
def test_every_route(
    app: Kring, cast: Cast, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch, actor: str | None
) -> None:
    monkeypatch.setattr("app.extensions.commit", lambda: None)
    client = client_of(getattr(cast, actor) if actor else None)
    statuses = set()
    # One subject for each route is enough here: headers don't depend on it.
    for way, htmx in product(ways(app, scene(cast), most=1), (False, True)):
        answer = client.open(
            way.url, method=way.method, htmx=htmx, base_url=SITE, headers=FROM_HERE
        )
        check_page(answer, f"{way}: {answer.status_code}")
        statuses.add(answer.status_code)
    assert len(statuses) > 3


SENT = {
    400: {"csrf_token": "stale"},
    413: {"body": "x" * (2 * 1024 * 1024)},
    503: {"body": "mijn tekst"},
}


@pytest.mark.parametrize(
    "status, method, path",
    [
        (404, "GET", "/no-such-page"),
        (404, "POST", "/no-such-page"),
        (403, "GET", "/moderation"),
        (405, "POST", "/people"),
        (405, "DELETE", "/people"),
        (413, "POST", "/discussions/new"),
        (422, "POST", "/discussions/new"),
        (400, "POST", "/content/1/like"),
        (500, "GET", "/fault"),
        (503, "GET", "/busy"),
        (503, "POST", "/busy"),
        (200, "GET", "/health"),
        (200, "OPTIONS", "/people"),
        (200, "HEAD", "/people"),
    ],
)
def test_every_refusal(
    cast: Cast, client_of: ClientOf, status: int, method: str, path: str
) -> None:
    data = SENT.get(status, {})
    client = client_of(cast.member)
    answer = client.open(path, method=method, data=data, base_url=SITE, headers=FROM_HERE)
    assert answer.status_code == status
    check_page(answer, f"{method} {path}")
    if status >= 400:
        assert 'lang="nl"' in answer.text
        assert "Traceback" not in answer.text and "werkzeug" not in answer.text.lower()


@pytest.mark.parametrize(
    "path", ["css/kring.css", "js/kring.js", "img/favicon.svg", "vendor/htmx.min.js"]
)
def test_static_files(app: Kring, cast: Cast, client_of: ClientOf, path: str) -> None:
    answer = client_of(None).get(f"/static/{path}", base_url=SITE, buffered=True)
    assert answer.status_code == 200
    check(answer, path)
    assert "Set-Cookie" not in answer.headers
    assert "max-age=31536000" in answer.headers["Cache-Control"]


def test_there_is_one_cookie(app: Kring, cast: Cast, client_of: ClientOf) -> None:
    client = client_of(None)
    client.get("/login", base_url=SITE)
    given = {"email": cast.member.email, "password": PASSWORD}
    answer = client.post("/login", data=given, base_url=SITE, headers=FROM_HERE)
    assert answer.status_code == 303
    for path in ("/", "/account/profile", "/discussions/new", "/people"):
        client.get(path, base_url=SITE)
    assert [key[2] for key in client._cookies or ()] == ["__Host-kring"]


def test_hsts_stands_behind_a_proxy_too(app: Kring, cast: Cast, client_of: ClientOf) -> None:
    """A proxy ends HTTPS; Kring then gets HTTP from it, and may not trust what it says."""
    assert "Strict-Transport-Security" in client_of(None).get("/login").headers
