import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Playwright

from app.lib.safe_redirect import is_safe_path, safe_path

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip

OWN = [
    "/",
    "/discussions/12-hoe-pak-je-dit-aan",
    "/discussions/12-x?page=2#comment-40",
    "/search?q=a+b&type=wiki",
    "/search?q=https://ander.example//x",
    "/search?q=50%25%20meer",
    "/search?q=caf%C3%A9",
    "/wikis/3-één-pagina",
    "/people/7-j.jansen@voorbeeldstad.example",
    "/a:b/c;d=e",
    "/tags/100%25",
    "/./desk",
    "/wikis/../desk",
    "/wikis/1-x#//kop",
]

ATTACKS = [
    "", " ", "x", "?q=1", "#top", ".", "..", "./x", "../x", "discussions/1",
    "//evil.example", "///evil.example", "////evil.example", "//evil.example/%2f..",
    "/\\evil.example", "\\/evil.example", "\\\\evil.example", "/\\/evil.example",
    "/\\\\evil.example", "\\evil.example", "/x\\..\\..\\evil.example", "/x?\\",
    "/\t/evil.example", "/\n/evil.example", "/\r/evil.example", "/\r\n/evil.example",
    "\t//evil.example", "\n//evil.example", " //evil.example", "/ok\r\nSet-Cookie: a=b",
    "/\t\\evil.example", "\x00//evil.example", "\x1f//evil.example", "/\x00/evil.example",
    "/ok\x7f", "/ok\x85", "/ok\u2028", "/ok\u202eevil", "/ok\ud800", "/ok\ufeff",
    "/%09/evil.example", "/%0a/evil.example", "/%0d%0aSet-Cookie:%20a=b", "/%00/evil.example",
    "/%2f/evil.example", "/%2fevil.example", "/%2F%2Fevil.example", "/%5cevil.example",
    "/%5C%5Cevil.example", "%2f%2fevil.example", "/x%2f%2fy", "/%e2%80%ae",
    "/.//evil.example", "/..//evil.example", "/x/..//evil.example", "/%2e%2e//evil.example",
    "/./\\evil.example", "/x//y",
    "https:evil.example", "https:/evil.example", "https://evil.example", "http:evil.example",
    "HTTPS://evil.example", "hTtPs:\\\\evil.example", "h\nttps://evil.example",
    "https://kring.test@evil.example", "https://kring.test:x@evil.example/",
    "//kring.test@evil.example", "@evil.example", ":@evil.example", "https://kring.test.evil.example",
    "http://kring.test/desk", "//kring.test/desk", "ftp://evil.example", "blob:https://evil.example/1",
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\nscript:alert(1)", " javascript:alert(1)",
    "\x01javascript:alert(1)", "javascript://%0aalert(1)", "data:text/html,<script>alert(1)</script>",
    "vbscript:x", "file:///etc/passwd", "mailto:a@evil.example", "about:blank",
    "\u3002//evil.example", "\uff0f\uff0fevil.example", "\u2044/evil.example", "\xa0//evil.example",
    "/" + "a" * 2_000,
]  # fmt: skip


@pytest.mark.parametrize("path", OWN)
def test_own_paths_are_kept(path: str) -> None:
    assert safe_path(path, "/elsewhere") == path


@pytest.mark.parametrize("attack", ATTACKS)
def test_everything_else_gives_the_default(attack: str) -> None:
    assert safe_path(attack, "/elsewhere") == "/elsewhere"


def test_no_target_gives_the_default() -> None:
    assert safe_path(None, "/") == "/"


@given(st.text(alphabet=" \t\r\n\x00\x7f/\\.:@?#%2f5c09aehtps\u2028\uff0f", max_size=24))
def test_what_is_kept_starts_with_one_slash_in_every_reading(text: str) -> None:
    kept = safe_path(text, "/")
    read_by_browser = kept.strip(" ").replace("\t", "").replace("\n", "").replace("\\", "/")
    assert read_by_browser.startswith("/")
    assert not read_by_browser.startswith("//")


def _mutations() -> list[str]:
    """Each attack behind, within and around an own path, and each short text of risky signs."""
    signs = ["/", "\\", "\t", "\n", ".", "%2e", "%2f", "%5c", "%09", ":", "@", "evil.example"]
    starts = ["/" + a + b + c for a in signs for b in signs for c in signs]
    return [*OWN, *ATTACKS, *["/" + a for a in ATTACKS], *["/x" + a for a in ATTACKS], *starts]


@pytest.mark.browser
@pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed")
def test_chromium_stays_on_the_site_for_all_that_is_kept(playwright: Playwright) -> None:
    kept = [text for text in _mutations() if is_safe_path(text)]
    assert len(kept) > 100
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    try:
        origins = browser.new_page().evaluate(
            "paths => JSON.parse(paths).map(x => new URL(x, 'http://kring.test/desk').origin)",
            json.dumps(kept),
        )
    finally:
        browser.close()
    left = [k for k, origin in zip(kept, origins, strict=True) if origin != "http://kring.test"]
    assert left == []
