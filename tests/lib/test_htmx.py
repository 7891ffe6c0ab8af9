import json

import pytest
from flask import Request, Response
from werkzeug.test import EnvironBuilder

from app.lib.htmx import (
    hx_redirect,
    is_htmx,
    page_path,
    replace_url,
    reswap,
    retarget,
    trigger,
    vary,
)


def request(**headers: str) -> Request:
    named = [(name.replace("_", "-"), value) for name, value in headers.items()]
    return Request(EnvironBuilder(headers=named).get_environ())


@pytest.mark.parametrize(
    "headers, fragment",
    [
        ({}, False),
        ({"HX_Request": "true"}, True),
        ({"HX_Request": "true", "HX_Request_Type": "partial"}, True),
        ({"HX_Request": "true", "HX_Request_Type": "full"}, False),
        ({"HX_Request": "true", "HX_Boosted": "true"}, False),
        ({"HX_Request": "true", "HX_History_Restore_Request": "true"}, False),
        ({"HX_Request_Type": "partial"}, False),
        ({"HX_Request": "false"}, False),
    ],
)
def test_a_fragment_is_wanted(headers: dict[str, str], fragment: bool) -> None:
    assert is_htmx(request(**headers)) is fragment


@pytest.mark.parametrize(
    "address, path",
    [
        ("http://localhost/wikis/1-x?view=all#top", "/wikis/1-x?view=all"),
        ("http://localhost/", "/"),
        ("http://evil.example/wikis", None),
        ("http://localhost//evil.example", None),
        ("javascript:alert(1)", None),
        ("", None),
    ],
)
def test_the_page_on_which_htmx_works(address: str, path: str | None) -> None:
    assert page_path(request(HX_Current_URL=address)) == path


def test_vary_names_every_deciding_header_and_keeps_what_is_there() -> None:
    response = Response()
    response.vary.add("Cookie")
    assert {name.lower() for name in vary(response).vary} == {
        "cookie",
        "hx-request",
        "hx-request-type",
        "hx-boosted",
        "hx-history-restore-request",
    }


def test_vary_twice_names_each_once() -> None:
    response = vary(vary(Response()))
    assert response.headers["Vary"].lower().count("hx-boosted") == 1


def test_redirect_to_an_own_path() -> None:
    assert hx_redirect(Response(), "/wikis/1-x").headers["HX-Redirect"] == "/wikis/1-x"


@pytest.mark.parametrize("target", ["javascript:alert(1)", "//evil.example", "https://a.example/"])
def test_redirect_elsewhere_is_refused(target: str) -> None:
    with pytest.raises(ValueError, match="own"):
        hx_redirect(Response(), target)


def test_trigger_gathers_events_and_stays_ascii() -> None:
    response = trigger(Response(), "kring:saved")
    trigger(response, "kring:announce", {"text": "Één reactie\r\nerbij"})
    header = response.headers["HX-Trigger"]
    assert header.isascii()
    assert json.loads(header) == {
        "kring:saved": {},
        "kring:announce": {"text": "Één reactie\r\nerbij"},
    }


def test_another_address_in_the_bar() -> None:
    assert replace_url(Response(), "/search?q=wmo").headers["HX-Replace-Url"] == "/search?q=wmo"


def test_retarget_and_reswap() -> None:
    response = reswap(retarget(Response(), "#errors"), "innerHTML")
    assert response.headers["HX-Retarget"] == "#errors"
    assert response.headers["HX-Reswap"] == "innerHTML"
