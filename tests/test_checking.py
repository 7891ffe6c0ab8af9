"""What looks at every page in the tests finds what is wrong, also after one of nearly that form was right."""

import pytest

from tests.checking import check_new, form_of
from tests.effort import grows_in_proportion

PAGE = (
    '<!doctype html><html lang="nl"><head><title>Kring</title></head>'
    "<body><main><h1>Kring</h1>{}</main></body></html>"
)
RIGHT = '<a href="/groups">Groepen</a><label for="q">Zoek</label><input id="q" value="wonen">'


@pytest.mark.parametrize(
    "was, becomes",
    [
        ('href="/groups"', 'href="javascript:alert(1)"'),
        ('href="/groups"', 'href="/groups" onclick="go()"'),
        ('href="/groups"', 'href="/groups" style="color: red"'),
        ('href="/groups"', 'hx-get="/groups" href=""'),
        ('href="/groups"', 'href="/a"b"'),
        ("Groepen", "Groepen</b>"),
        ("Groepen", '<img src="/logo.png">'),
        ("Groepen", '<h1 id="q">Groepen</h1>'),
        ('for="q"', 'for="search"'),
        ("</label>", "</label><form method='post'></form>"),
    ],
)
def test_a_mistake_is_found_on_a_page_that_was_right(was: str, becomes: str) -> None:
    check_new(PAGE.format(RIGHT))
    check_new(PAGE.format(RIGHT.replace("/groups", "/wikis").replace("wonen", "jeugd")))
    with pytest.raises(AssertionError):
        check_new(PAGE.format(RIGHT.replace(was, becomes)))


@pytest.mark.parametrize("text", ["x", "<", "x ", "x-", '="', "&amp;"])
def test_a_long_text_takes_no_longer_than_its_length(text: str) -> None:
    assert grows_in_proportion(lambda size: form_of(f"<p>\n{text * size}\n</p>"), 40_000)
