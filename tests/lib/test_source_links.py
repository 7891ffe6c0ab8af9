"""Links in Markdown are found where they stand, also in texts made to take long."""

import pytest

from app.lib.natural_order import natural
from app.lib.source_links import Link, relative, rewrite, targets
from tests.effort import grows_in_proportion

HOSTILE = {
    "brackets": "[" * 200_000,
    "pairs": "[a" * 100_000,
    "nested": "[x " + "[a] " * 50_000,
    "ticks": "`a" * 100_000,
    "runs": "`" * 200_000,
    "growing": " ".join("`" * n for n in range(1, 600)),
    "addresses": "[a](" * 50_000,
    "parentheses": "[a]((((" * 30_000,
    "tags": "<a " * 60_000,
    "open tag": "<a" + " b" * 100_000,
    "titles": '[a](b "' * 30_000,
}


def found(text: str) -> list[tuple[str, str, str]]:
    """Return kind, label and address of all links."""
    links: list[Link] = []
    rewrite(text, links.append)
    return [(link.kind, link.label, link.address) for link in links]


@pytest.mark.parametrize(
    "text, link",
    [
        ("[a](b.md)", ("link", "a", "b.md")),
        ('[a [b]](c.md#d "e")', ("link", "a [b]", "c.md#d")),
        ("![a](b.png)", ("image", "a", "b.png")),
        ("[a](<b.md>)", ("link", "a", "b.md")),
        ("[a](b_(c).md)", ("link", "a", "b_(c).md")),
        ('<a class="x" href="b.md">', ("html_link", "", "b.md")),
        ("<img alt='' src='b.png'>", ("html_image", "", "b.png")),
    ],
)
def test_links_are_found(text: str, link: tuple[str, str, str]) -> None:
    assert found(f"Zie {text} hier.") == [link]


@pytest.mark.parametrize(
    "text", ["`[a](b.md)`", "```\n[a](b.md)\n```", "~~~\n[a](b.md)", "[a] (b.md)", "[[a]]"]
)
def test_what_is_no_link_is_left_alone(text: str) -> None:
    assert not found(text)
    assert rewrite(text, lambda _link: "weg") == text


def test_only_the_address_changes() -> None:
    text = 'Zie [a](b.md#c "d")\n\n```\n[a](b.md)\n```\n<a href="b.md">x</a>\n'
    changed = rewrite(text, lambda link: link.to("e.md"))
    assert changed == 'Zie [a](e.md "d")\n\n```\n[a](b.md)\n```\n<a href="e.md">x</a>\n'


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_text_takes_no_time(name: str) -> None:
    assert grows_in_proportion(lambda size: rewrite(HOSTILE[name][:size], lambda _: None), 200_000)


@pytest.mark.parametrize(
    "source, address, target",
    [
        ("a/b.md", "c.md", "a/c.md"),
        ("a/b.md", "../c.md#d", "c.md"),
        ("a/index.md", "./c/", "a/c/index.md"),
        ("index.md", "a%20b.md?x=1", "a b.md"),
        ("a/b.md", "../../../etc/x.md", "../../etc/x.md"),
    ],
)
def test_addresses_count_from_the_file(source: str, address: str, target: str) -> None:
    assert target in targets(source, address)[0]


def test_an_address_leads_back() -> None:
    address = relative("a/b c.md", "d/é (1).md", "kop")
    names, heading = targets("a/b c.md", address)
    assert (names[0], heading) == ("d/é (1).md", "kop")


def test_numbers_in_names_count() -> None:
    assert sorted(["10-a", "2-b", "B", "a"], key=natural) == ["2-b", "10-a", "a", "B"]
