"""A browser of the bench: cookies, forms and nothing else; it asks loopback only."""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from html.parser import HTMLParser
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from bench.failing import BenchError

LOOPBACK = "127.0.0.1"
PATIENCE = 60  # seconds


@dataclass(frozen=True)
class Answer:
    """What a server said."""

    status: int
    location: str
    body: bytes


class Fields(HTMLParser):
    """Gathers the hidden fields of the form of a page that is sent to an address."""

    def __init__(self, action: str) -> None:
        super().__init__()
        self.action = action
        self.inside = False
        self.found: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        own = dict(attrs)
        if tag == "form":
            self.inside = own.get("action") == self.action
        if tag == "input" and self.inside and own.get("type") == "hidden":
            self.found[own.get("name") or ""] = own.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "form"


class Visitor:
    """Someone who visits a server on this machine."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}

    @property
    def cookie(self) -> str:
        """Return the header with which others can visit in this session."""
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def ask(self, path: str, fields: Mapping[str, str] | None = None) -> Answer:
        """Ask for a page, or send a form."""
        headers = {"Cookie": self.cookie} if self.cookies else {}
        method, body = "GET", None
        if fields is not None:
            method, body = "POST", urlencode(fields)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        with closing(HTTPConnection(LOOPBACK, self.port, timeout=PATIENCE)) as connection:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            for _name, value in filter(is_cookie, response.getheaders()):
                self.cookies |= {key: morsel.value for key, morsel in SimpleCookie(value).items()}
            return Answer(response.status, response.getheader("Location") or "", response.read())

    def page(self, path: str, needs: bytes = b"</html>") -> bytes:
        """Return a page; raises BenchError unless it is there and holds what it should."""
        answer = self.ask(path)
        if answer.status != 200 or needs not in answer.body:
            raise BenchError(f"{path} answered {answer.status}, without {needs.decode()}?")
        return answer.body

    def form(self, path: str, action: str) -> dict[str, str]:
        """Return the hidden fields of the form on a page that is sent to `action`."""
        reader = Fields(action)
        reader.feed(self.page(path).decode())
        return reader.found

    def sign_in(self, email: str, password: str) -> "Visitor":
        """Sign in through the form, as a person does."""
        fields = {**self.form("/login", "/login"), "email": email, "password": password}
        answer = self.ask("/login", fields)
        if answer.status != 303:
            raise BenchError(f"{email} cannot sign in: {answer.status}")
        return self


def is_cookie(header: tuple[str, str]) -> bool:
    """Tell whether a header sets a cookie."""
    return header[0].lower() == "set-cookie"
