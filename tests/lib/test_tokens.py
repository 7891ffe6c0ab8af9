"""Token files of municipalities: values come through, all else is refused."""

from pathlib import Path

import pytest
import tinycss2
from hypothesis import given
from hypothesis import strategies as st

from app.lib import theme, tokens
from app.lib.colours import Colour, contrast
from app.lib.tokens import TokensRefused, Wrong, in_use, read

STATIC = Path(__file__).parents[2] / "app" / "static"
SHEETS = "\n".join((STATIC / name).read_text() for name in ("vendor/nlds.css", "css/kring.css"))
OURS = theme.root_tokens(SHEETS)
# As a municipality writes it: a class, colours of its own, tokens of components that refer to them.
MUNICIPAL = """@charset "utf-8";
/* Gemeente Voorbeeldstad, gemaakt met Style Dictionary */
.voorbeeldstad-theme {
  --voorbeeldstad-color-blauw: #0a5ca8;
  --voorbeeldstad-color-wit: hsl(0 0% 100%);
  --utrecht-document-background-color: var(--voorbeeldstad-color-wit);
  --utrecht-document-color: rgb(51, 51, 51);
  --utrecht-document-font-family: "Open Sans", Arial, sans-serif;
  --utrecht-link-color: var(--voorbeeldstad-color-blauw);
  --utrecht-link-hover-color: #063c6d;
  --utrecht-button-border-radius: calc(2px * 2);
  --utrecht-button-primary-action-background-color: var(--voorbeeldstad-color-blauw);
  --utrecht-button-primary-action-color: var(--bestaat-niet, var(--voorbeeldstad-color-wit));
  --utrecht-heading-1-color: var(--voorbeeldstad-color-blauw) !important;
  --nl-paragraph-font-size: 1.125rem;
  --denhaag-iets: 1px solid red;
}
"""


def reason(text: str) -> TokensRefused:
    with pytest.raises(TokensRefused) as caught:
        read(text)
    return caught.value


def test_a_token_file_is_read() -> None:
    found = read(MUNICIPAL)
    assert found["--utrecht-link-color"] == "var(--voorbeeldstad-color-blauw)"
    assert found["--utrecht-document-font-family"] == '"Open Sans", Arial, sans-serif'
    assert found["--utrecht-heading-1-color"] == "var(--voorbeeldstad-color-blauw)"
    assert found["--denhaag-iets"] == "1px solid red"


def test_the_tokens_that_kring_comes_with_have_the_shape() -> None:
    """What NL Design System publishes itself is taken: the example tokens under our components."""
    vendored = theme.root_tokens((STATIC / "vendor" / "nlds.css").read_text())
    text = f".voorbeeld-theme {{{tokens.serialised(vendored)}}}"
    found = read(text)
    assert len(found) > 500
    changed = theme.pairs_changed(in_use(found, SHEETS), OURS)
    assert changed and not theme.unreadable(changed)


@pytest.mark.parametrize(
    "text, wrong, line, what",
    [
        ("  \n", Wrong.EMPTY, 0, ""),
        ('{"color": {"$value": "#fff"}}', Wrong.JSON, 0, ""),
        ('[{"a": 1}]', Wrong.JSON, 0, ""),
        (":root { --iets: red }", Wrong.NOT_TOKENS, 0, ""),
        ('@import "x.css";', Wrong.AT_RULE, 1, "@import"),
        (":root{--nl-a:1}\n@media print{:root{--nl-a:2}}", Wrong.AT_RULE, 2, "@media"),
        (':root {\n @import "x";\n --nl-a: 1 }', Wrong.AT_RULE, 2, "@import"),
        (":root {\n  color: red }", Wrong.PROPERTY, 2, "color"),
        (":root { --nl-á: red }", Wrong.PROPERTY, 1, "--nl-á"),
        ("a:hover { --nl-a: 1 }", Wrong.SELECTOR, 1, "a:hover"),
        ("* { --nl-a: 1 }", Wrong.SELECTOR, 1, "*"),
        ("a[x] { --nl-a: 1 }", Wrong.SELECTOR, 1, ""),
        (":root{--nl-a:1}}\nbody{x:y}", Wrong.SELECTOR, 1, ""),
        (".a{--nl-a:1}\n.b{--nl-a:1}", Wrong.THEMES, 2, ".a .b"),
        ("--nl-a: 1", Wrong.BROKEN, 1, ""),
        (":root { --nl-a: 1; &:hover { --nl-b: 1 } }", Wrong.BROKEN, 1, ""),
        (":root {\n\n --nl-a: url(http://x.example/) }", Wrong.VALUE, 3, "--nl-a: url()"),
        (':root { --nl-a: url("x") }', Wrong.VALUE, 1, "--nl-a: url()"),
        (r":root { --nl-a: u\72 l(x) }", Wrong.VALUE, 1, "--nl-a: url()"),
        (r":root { --nl-a: \75rl('x') }", Wrong.VALUE, 1, "--nl-a: url()"),
        (':root { --nl-a: image-set("x" 1x) }', Wrong.VALUE, 1, "--nl-a: image-set()"),
        (":root { --nl-a: expression(alert(1)) }", Wrong.VALUE, 1, "--nl-a: expression()"),
        (':root { --nl-a: "</style><script>" }', Wrong.VALUE, 1, "--nl-a: <"),
        (':root { --nl-a: "a\\a b" }', Wrong.VALUE, 1, ""),
        (":root { --nl-a: { color: red } }", Wrong.VALUE, 1, "--nl-a: {} block"),
        (":root { --nl-a: var(--x, url(x)) }", Wrong.VALUE, 1, "--nl-a: url()"),
        (":root { --nl-a: @x }", Wrong.VALUE, 1, ""),
        (":root { --nl-a: " + "(" * 50_000, Wrong.VALUE, 1, ""),
        ("(" * 50_000 + "{ --nl-a: 1 }", Wrong.BROKEN, 1, ""),
        ("(" * 999 + ")" * 999 + "{ --nl-a: 1 }", Wrong.SELECTOR, 1, ""),
        (":root { --nl-a: " + "a" * 600 + " }", Wrong.VALUE, 1, ""),
        (':root { --nl-a: "open\n', Wrong.VALUE, 2, ""),
        ("<!doctype html><style>:root{--nl-a:1}", Wrong.SELECTOR, 1, ""),
        ("\x00\x01\x02", Wrong.BROKEN, 1, ""),
    ],
)  # fmt: skip
def test_what_is_no_token_file_is_refused(text: str, wrong: Wrong, line: int, what: str) -> None:
    refusal = reason(text)
    assert refusal.reason is wrong
    assert refusal.line == line or (wrong is Wrong.VALUE and "open" in text)
    assert what in refusal.what


def test_kring_keeps_its_own_variables() -> None:
    assert read(":root { --k-ink: #fff; --nl-a: 1 }") == {"--nl-a": "1"}


def test_only_what_is_used_is_served() -> None:
    used = in_use(read(MUNICIPAL), SHEETS)
    assert "--voorbeeldstad-color-blauw" in used
    assert "--denhaag-iets" not in used


@pytest.mark.parametrize(
    "value, colour",
    [
        ("#0a5ca8", (10, 92, 168)), ("#05a", (0, 85, 170)), ("rgb(0 0 0)", (0, 0, 0)),
        ("hsl(0 0% 100%)", (255, 255, 255)), ("rebeccapurple", (102, 51, 153)),
        ("var(--a)", (255, 0, 0)), ("var(--nope, var(--a))", (255, 0, 0)),
        ("var(--nope, /* of */ #000)", (0, 0, 0)),
    ],
)  # fmt: skip
def test_colours_are_found_however_they_are_written(value: str, colour: tuple[int, ...]) -> None:
    found = theme.paint({"--x": value, "--a": "red"}, "--x")
    assert found == (Colour(*colour), 1.0)


@pytest.mark.parametrize(
    "value",
    ["", "1px solid red", "var(--x)", "var(--nope)", "currentcolor", "color-mix(in srgb, red, blue)",
     "rgb(var(--a), 0, 0)", "var()", "inherit"],
)  # fmt: skip
def test_what_cannot_be_told_is_said_to_be_unknown(value: str) -> None:
    assert theme.paint({"--x": value, "--a": "1"}, "--x") is None


def test_a_circle_of_references_ends() -> None:
    ring = {"--a": "var(--b)", "--b": "var(--c, var(--a))", "--c": "var(--a)"}
    assert theme.paint(ring, "--a") is None


def test_what_is_see_through_is_seen_on_what_is_behind_it() -> None:
    values = {
        **OURS,
        "--utrecht-document-background-color": "#fff",
        "--utrecht-document-color": "#0008",
    }
    seen = theme.ratio_of(values, "--utrecht-document-color", "--utrecht-document-background-color")
    assert seen == pytest.approx(contrast(Colour(119, 119, 119), Colour(255, 255, 255)), abs=0.1)


def changed(css: str) -> list[theme.Pair]:
    return theme.pairs_changed(read(f":root {{ {css} }}"), OURS)


@pytest.mark.parametrize(
    "css, name",
    [
        ("--utrecht-document-color: #999", "text"),
        ("--utrecht-document-color: #eee; --utrecht-document-background-color: #111", "text_on_card"),
        ("--utrecht-document-background-color: #888", "soft_text"),
        ("--utrecht-link-color: #7ab8ff", "link"),
        ("--utrecht-button-primary-action-background-color: #ffd700", "button"),
        ("--utrecht-form-label-color: #aaa", "label"),
        ("--utrecht-textbox-background-color: #333", "field"),
        ("--utrecht-alert-warning-color: gold", "notice"),
    ],
)  # fmt: skip
def test_what_people_could_not_read_is_found(css: str, name: str) -> None:
    bad = {pair.name: pair.ratio for pair in theme.unreadable(changed(css))}
    assert name in bad
    assert all(ratio is not None and ratio < 4.5 for ratio in bad.values())


def test_a_good_theme_is_not_complained_about() -> None:
    assert not theme.unreadable(theme.pairs_changed(read(MUNICIPAL), OURS))


def test_what_is_unknown_is_named() -> None:
    pairs = changed("--utrecht-form-label-color: color-mix(in srgb, red, blue)")
    assert [(pair.name, pair.ratio) for pair in pairs] == [("label", None)]


def test_what_does_not_change_is_not_looked_at() -> None:
    assert changed("--utrecht-button-border-radius: 0") == []


def test_the_sheet_has_the_theme_in_the_light_and_its_letters_in_both() -> None:
    sheet = theme.sheet_of(in_use(read(MUNICIPAL), SHEETS), OURS)
    both, light, dark = sheet.split("@media screen")[1:]
    assert "--utrecht-document-font-family" in both and "color" not in both
    assert "--utrecht-document-color" in light and "prefers-color-scheme: light" in light
    assert "--k-brand: #0a5ca8;" in light and "--k-canvas: #ffffff;" in light
    assert "--utrecht" not in dark and "--k-brand: " in dark


values = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="url(\\)'\"/*;{}<>@-#var 0aà\n:!,", max_size=60),
    st.sampled_from(
        ['url("x")', "u\\72l(x)", "url/**/(x)", "#fff", "var(--nl-b)", "</style>", "1px"]
    ),
)


@given(st.lists(st.tuples(st.sampled_from(["--nl-a", "--utrecht-link-color", "--x"]), values)))
def test_what_is_served_holds_tokens_and_nothing_else(given_values: list[tuple[str, str]]) -> None:
    """Whatever stands in a file: what comes out is read by a parser as plain custom properties."""
    css = "".join(f"{name}: {value};" for name, value in given_values)
    try:
        found = read(f":root {{ --nl-z: 1; {css} }}")
    except TokensRefused:
        return
    served = theme.sheet_of(found, OURS)
    rules = tinycss2.parse_stylesheet(served, skip_comments=True, skip_whitespace=True)
    assert [rule.lower_at_keyword for rule in rules] == ["media", "media", "media"]
    for rule in rules:
        [inner] = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
        assert tinycss2.serialize(inner.prelude).strip() == ":root"
        for node in tinycss2.parse_blocks_contents(
            inner.content, skip_comments=True, skip_whitespace=True
        ):
            assert node.type == "declaration" and node.name.startswith("--")
            assert not forbidden(node.value)
    assert "<" not in served and "\\" not in served


def forbidden(parts: list[object]) -> bool:
    """Tell whether a value could load something."""
    for part in parts:
        kind = getattr(part, "type", "")
        if kind in {"url", "error", "{} block", "at-keyword"}:
            return True
        if kind == "function":
            if part.lower_name not in tokens.FUNCTIONS:  # type: ignore[attr-defined]  # a function has it
                return True
            if forbidden(part.arguments):  # type: ignore[attr-defined]  # as above
                return True
    return False
