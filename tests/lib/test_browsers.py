"""User-Agent headers in words."""

import pytest

from app.lib.browsers import describe

SAFARI = "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5"


@pytest.mark.parametrize(
    "user_agent, named",
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0",
         ("Firefox", "Windows")),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0",
         ("Edge", "Windows")),
        ("Mozilla/5.0 (X11; Linux x86_64) Chrome/126.0.0.0 Safari/537.36", ("Chrome", "Linux")),
        (f"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) {SAFARI} Safari/604.1",
         ("Safari", "iPhone")),
        (f"Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) {SAFARI} Safari/605.1.15",
         ("Safari", "macOS")),
        ("Mozilla/5.0 (Linux; Android 14) SamsungBrowser/25.0 Chrome/121.0 Mobile Safari/537.36",
         ("Samsung Internet", "Android")),
        ("curl/8.5.0", ("", "")),
        ("", ("", "")),
    ],
)  # fmt: skip
def test_browser_and_system_are_named(user_agent: str, named: tuple[str, str]) -> None:
    assert describe(user_agent) == named
