"""Articles keep their addresses, and names are filled in as text only."""

from app.lib.articles import numbered
from app.lib.markdown import render
from app.lib.placeholders import fill


def test_headings_become_articles_with_a_lasting_address() -> None:
    html = numbered(
        render("## Een\n\nZie [twee](#artikel-2) en [een](#een).\n\n## Twee\n\n### Drie").html
    )
    assert '<h2 id="artikel-1">1. Een<' in html and '<h2 id="artikel-2">2. Twee<' in html
    assert '<a href="#artikel-2">twee</a>' in html and '<a href="#artikel-1">een</a>' in html
    assert '<h3 id="h-drie">Drie<' in html and "#h-een" not in html


def test_two_headings_alike_are_two_articles() -> None:
    html = numbered(render("## Een\n\n## Een").html)
    assert html.count('id="artikel-1"') == html.count('id="artikel-2"') == 1
    assert html.count('href="#artikel-1"') == html.count('href="#artikel-2"') == 1


def test_names_are_filled_in_as_text() -> None:
    assert fill("<p>{a} {b} {c}</p>", {"a": "<i>", "b": "{a}"}) == "<p>&lt;i&gt; {a} {c}</p>"


def test_nothing_changes_inside_a_tag() -> None:
    for tag in ('<a href="{a}">', '<a title=">{a}" href="{a}">', '<a title="<" href="{a}">'):
        assert fill(tag, {"a": "javascript:x"}) == tag
