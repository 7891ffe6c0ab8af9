"""E-mail addresses, and lists of them as people paste them."""

import pytest

from app.lib.addresses import PUBLIC_MAIL, domain, domain_of, entries, is_in, normal, turned


@pytest.mark.parametrize(
    "text, found",
    [
        ("a@x.nl", [("", "a@x.nl")]),
        ("a@x.nl\nb@x.nl\r\nc@x.nl", [("", "a@x.nl"), ("", "b@x.nl"), ("", "c@x.nl")]),
        ("a@x.nl, b@x.nl;c@x.nl d@x.nl", [("", f"{n}@x.nl") for n in "abcd"]),
        ("Anna Bos <a@x.nl>", [("Anna Bos", "a@x.nl")]),
        ("Bos, Anna <a@x.nl>; Boer, Jan de <j@x.nl>", [("Anna Bos", "a@x.nl"), ("Jan de Boer", "j@x.nl")]),
        ("Bos, Anna <a@x.nl>, Vos, Piet <p@x.nl>", [("Anna Bos", "a@x.nl"), ("Piet Vos", "p@x.nl")]),
        ('"Bos, Anna" <a@x.nl>, b@x.nl', [("Anna Bos", "a@x.nl"), ("", "b@x.nl")]),
        ("a@x.nl, Piet <p@x.nl>", [("", "a@x.nl"), ("Piet", "p@x.nl")]),
        ("Anna Bos\ta@x.nl", [("Anna Bos", "a@x.nl")]),
        ("<a@x.nl>", [("", "a@x.nl")]),
        (" ;,\n \n", []),
        ("onzin", [("", "onzin")]),
        ("open <a@x.nl", [("open", "<a@x.nl")]),
    ],
)  # fmt: skip
def test_a_list_is_read(text: str, found: list[tuple[str, str]]) -> None:
    assert [(entry.name, entry.address) for entry in entries(text)] == found


@pytest.mark.parametrize(
    "text", ["Bos, Anna <geen adres>", '"Bos, Anna" <a@x>', "onzin met, een komma", "a@@x, b@ x"]
)
def test_what_is_refused_is_read_the_same_again(text: str) -> None:
    again = "\n".join(entry.text for entry in entries(text))
    assert entries(again) == entries(text)


def test_a_long_list_takes_no_long_time() -> None:
    assert len(entries("<" * 30_000)) == 1
    assert len(entries("Jan <" * 10_000)) == 1
    assert len(entries("a,<b>" * 6_000)) == 6_000


def test_names_are_turned_once() -> None:
    assert turned("Boer, Jan de") == "Jan de Boer"
    assert turned("Boer, Jan, de") == "Boer, Jan, de"
    assert len(turned("x" * 500)) == 120


def test_an_address_has_one_form() -> None:
    assert (
        normal(" Anna.Bos+Kring@Voorbeeldstad.EXAMPLE ") == "anna.bos+kring@voorbeeldstad.example"
    )
    assert domain_of(normal("a@MÜNSTER.example")) == "xn--mnster-3ya.example"
    for text in ("", "a", "a@b", "a@b@c.nl", "a@b.nl\nBcc: c@d.nl", "a b@c.nl", "a@[127.0.0.1]"):
        with pytest.raises(ValueError, match=r"."):
            normal(text)


def test_only_the_domain_itself_counts() -> None:
    domains = ("Voorbeeldstad.example", "geen domein")
    assert is_in("a@voorbeeldstad.example", domains)
    for name in ("evil-voorbeeldstad.example", "post.voorbeeldstad.example", "example"):
        assert not is_in(f"a@{name}.example", domains)
    assert domain("@X.nl") == "x.nl"
    assert all(domain(name) == name for name in PUBLIC_MAIL)
