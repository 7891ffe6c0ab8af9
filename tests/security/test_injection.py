"""What attackers type comes back as text, on every page on which it stands."""

import ast
import csv
import io
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree as ET

import pytest
from sqlalchemy import func, select

import app as product
from app.extensions import Kring, db
from app.models import OutgoingMail, User
from tests.cast import Cast
from tests.checking import CheckingClient
from tests.marks import both_or_sqlite
from tests.security.attacks import ATTACKS, COMPUTED, spread
from tests.security.crawler import crawl
from tests.security.pages import parsed

ClientOf = Callable[[User | None], CheckingClient]
URL_ATTRIBUTES = {"href", "src", "action", "formaction", "xlink:href", "data", "poster", "srcset"}
LATE = {"_l", "_nl", "lazy_gettext", "lazy_ngettext", "lazy_pgettext", "lazy_npgettext"}
DIRECTION = set("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# What is escaped is the work of templates; these could mean something to a database.
ON_BOTH = {"sql", "braces", "invisible"}
SEARCHES = (
    "/people?q=",
    "/discussions?keyword=",
    "/moderation/log?reason=",
    "/moderation/log?actor=",
    "/login?next=",
    "/groups?q=",
    "/",
)


def check_inert(html: str, said: str) -> None:
    """Assert that nothing in the page runs, asks, or leads where an attacker wants it to."""
    for element in parsed(html).iter():
        if isinstance(element.tag, str):
            check_element(element, said)
    assert COMPUTED not in html, said
    assert not DIRECTION & set(html), said
    assert "\x00" not in html, said


def check_element(element: ET.Element, said: str) -> None:
    said = f"{said}: <{element.tag} {element.attrib}>"
    assert element.tag not in {"iframe", "object", "embed", "base", "style"}, said
    assert element.tag != "script" or (element.get("src") or "").startswith("/static/"), said
    for name, value in element.attrib.items():
        assert not name.startswith("on") and name not in {"style", "srcdoc"}, said
        assert not name.startswith(("hx-", "data-hx-")) or value != "/gehackt", said
        assert not name.startswith("hx-on"), said
        if name in URL_ATTRIBUTES:
            plain = "".join(value.split()).lower()
            assert not plain.startswith(("javascript:", "vbscript:", "data:text")), said
            assert name == "href" or not plain.startswith(("http:", "https:", "//")), said


@pytest.mark.parametrize("name", both_or_sqlite(ATTACKS, ON_BOTH))
def test_attacks_come_back_as_text(app: Kring, cast: Cast, client_of: ClientOf, name: str) -> None:
    attack = ATTACKS[name]
    statuses = spread(cast, client_of, attack)
    assert statuses.count(303) >= len(statuses) - 1, statuses
    seen = 0
    for actor in (cast.moderator, cast.member, cast.specialist, cast.manager):
        client = client_of(actor)
        for path, answer in crawl(client, "/", most=120):
            # The log leads to pages in the bin, which only its specialists can open.
            assert answer.status_code in {200, 204, 303, 404}, f"{path}: {answer.status_code}"
            if answer.mimetype == "text/html":
                check_inert(answer.text, path)
                seen += 1
        for path in SEARCHES:
            check_inert(client.get(path + quote(attack)).text, path)
    assert seen > 80
    assert db.session.scalar(select(func.count(User.id))) == 12
    for mail in db.session.scalars(select(OutgoingMail)):
        assert "\n" not in mail.subject and "\r" not in mail.subject
        assert mail.recipient.endswith("@voorbeeldstad.example")


def test_no_late_text_holds_what_people_typed() -> None:
    """A lazy text says of itself that it is safe markup, with the values in it."""
    folder = Path(product.__file__).parent
    found = [
        f"{path.relative_to(folder)}:{call.lineno}"
        for path in folder.rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in LATE
        and call.keywords
    ]
    assert not found, "take gettext where a text holds a value: it is escaped in a page"


def test_the_export_of_the_log_holds_no_formula(cast: Cast, client_of: ClientOf) -> None:
    spread(cast, client_of, ATTACKS["formula"])
    client = client_of(cast.moderator)
    text = client.get("/moderation/log.csv").get_data().decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(text), delimiter=";") for cell in row]
    assert any("HYPERLINK" in cell for cell in cells)
    assert not [cell for cell in cells if cell[:1] in set("=+-@\t\r") and cell[1:2].isalpha()]
