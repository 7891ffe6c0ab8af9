"""A client that looks at every page that a test visits, as a strict reader would."""

import re
from collections import Counter
from contextvars import Context
from functools import lru_cache
from io import BytesIO
from typing import Any
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import html5lib
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

from app.extensions import db
from app.models import User, UserSession
from app.services.sessions import hash_token

SECRET = "csrf-for-tests"  # no secret: only tests know it
# Each looks once at every sign, however long a text is.
WORDS = re.compile(r">(?=[^<\w]*\w)[\w .,:;!?()'–…-]++<")
TOKEN = r"(?<![\w-])[\w-]{20,}+\.[\w-]{6}\.[\w-]{27}"
KEY = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
MOMENT = r"\d{4}-\d\d-\d\dT[\d:.]+(?:\+[\d:]+|Z)?"
VARIES = re.compile(f"{TOKEN}|{KEY}|{MOMENT}")
# Where something leads, or what it holds: any such value is as right as another.
VALUES = re.compile(r' (href|action|value|content)="(?!javascript:)(?:[^"&<>]|&amp;|&#\d\d;)++"')
RIGHT: set[int] = set()
UNLABELLED = frozenset({"hidden", "submit", "button", "reset", "image"})


class CheckingClient(FlaskClient):
    """A browser without JavaScript, or with htmx where a call says `htmx=True`.

    `reads` can be switched off where thousands of pages are asked for their status only.
    """

    reads = True

    def sign_in(self, user: User) -> "CheckingClient":
        """Open a session for `user`, as the sign-in page does after the password was right."""
        token = f"session-of-{user.id}"
        db.session.add(UserSession(token_hash=hash_token(token), user_id=user.id))
        db.session.commit()
        with self.session_transaction() as session:
            session["_user_id"] = token
            session["_fresh"] = True
        return self

    def open(
        self, *args: Any, htmx: bool = False, csrf: bool = True, **kwargs: Any
    ) -> TestResponse:
        """Send a request and check the answer. Forms get their token unless `csrf` is off."""
        # The test's own transaction must not hold the database while the product works.
        db.session.commit()
        if htmx:
            kwargs["headers"] = {"HX-Request": "true", "HX-Request-Type": "partial"} | dict(
                kwargs.get("headers", {})
            )
        if kwargs.get("method") == "POST" and csrf and "json" not in kwargs:
            kwargs["data"] = {"csrf_token": self.csrf_token(), **kwargs.get("data", {})}
        # An empty context: a request must not share the test's session or who is signed in.
        response = Context().run(super().open, *args, **kwargs)
        if (
            self.reads
            and response.mimetype == "text/html"
            and response.status_code not in {301, 302, 303}
        ):
            check_new(response.get_data(as_text=True))
        return response

    def csrf_token(self) -> str:
        """Return a form token that belongs to this client's session."""
        with self.session_transaction() as session:
            session["csrf_token"] = SECRET
        serializer = URLSafeTimedSerializer(
            self.application.config["SECRET_KEY"], salt="wtf-csrf-token"
        )
        token = serializer.dumps(SECRET)
        return token if isinstance(token, str) else token.decode()


def is_fragment(html: str) -> bool:
    """Tell whether this is a part of a page: it has no doctype."""
    return not html.lstrip().lower().startswith("<!doctype")


@lru_cache(maxsize=4)
def parsed(html: str) -> tuple[ET.Element, list[str]]:
    """Return what a browser makes of it, and the mistakes: first for `check`, then for a test."""
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"), namespaceHTMLElements=False)
    root: ET.Element = parser.parseFragment(html) if is_fragment(html) else parser.parse(html)
    mistakes = [f"{code} at line {where[0]}" for where, code, _values in parser.errors]
    return root, mistakes


def form_of(html: str) -> str:
    """Return what is left of a page without its words, moments and keys."""
    return VARIES.sub("-", WORDS.sub(">-<", html))


def check_new(html: str) -> None:
    """Check a page, unless one of the same form was right, whatever its addresses and values."""
    form = hash(VALUES.sub(r' \1="-"', form_of(html)))
    if form not in RIGHT:
        check(html)
        RIGHT.add(form)


def check(html: str) -> ET.Element:
    """Assert what holds for every page and fragment, and return the parsed tree."""
    root, mistakes = parsed(html)
    assert not mistakes, f"no HTML: {mistakes}"
    elements = [element for element in root.iter() if isinstance(element.tag, str)]
    doubles = [key for key, n in Counter(e.get("id") for e in elements).items() if key and n > 1]
    assert not doubles, f"ids stand twice: {doubles}"
    for element in elements:
        check_element(element)
    check_labels(elements)
    if not is_fragment(html):
        assert [e.tag for e in elements].count("h1") == 1, "a page has one h1"
        title = root.find(".//title")
        assert title is not None and (title.text or "").strip(), "a page has a title"
        assert root.get("lang"), "a page says its language"
        assert root.find(".//main") is not None, "a page has a main landmark"
    return root


def check_element(element: ET.Element) -> None:
    """Assert that nothing on the page goes around the content security policy, or needs a script."""
    names = set(element.attrib)
    assert not {name for name in names if name.startswith("on")}, f"inline script: {element.attrib}"
    assert "style" not in names and element.tag != "style", f"inline style: {element.attrib}"
    assert element.tag != "script" or element.get("src"), "a script without a file"
    assert not (element.get("href") or "").startswith("javascript:"), "a script as address"
    if "hx-post" in names:
        own = element.tag == "form" and element.get("action") and element.get("method") == "post"
        assert own or element.get("formaction") or element.tag in {"button", "div", "textarea"}, (
            f"hx-post without a real form: {element.attrib}"
        )
    if "hx-get" in names and element.tag == "a":
        assert element.get("href"), f"hx-get without a real link: {element.attrib}"
    if element.tag == "form" and (element.get("method") or "get").lower() == "post":
        tokens = [e for e in element.iter("input") if e.get("name") == "csrf_token"]
        assert tokens, f"a form without token: {element.attrib}"
    if element.tag == "img":
        assert "alt" in names, "an image without alternative text"


def check_labels(elements: list[ET.Element]) -> None:
    """Assert that every field has a label."""
    labelled = {e.get("for") for e in elements if e.tag == "label"}
    wrapped = {id(f) for e in elements if e.tag == "label" for f in e.iter()}
    for field in elements:
        if field.tag not in {"input", "select", "textarea"} or field.get("type") in UNLABELLED:
            continue
        named = field.get("aria-label") or field.get("aria-labelledby")
        assert named or field.get("id") in labelled or id(field) in wrapped, (
            f"a field without label: {field.attrib}"
        )


def words_of(answer: TestResponse) -> str:
    """Return all that an answer tells as text, with its headers; of a ZIP what is in it as well."""
    data = answer.get_data()
    told = [data]
    if answer.mimetype == "application/zip":
        with ZipFile(BytesIO(data)) as archive:
            told += [
                part for name in archive.namelist() for part in (name.encode(), archive.read(name))
            ]
    return b"\n".join(told).decode(errors="replace") + str(answer.headers)
