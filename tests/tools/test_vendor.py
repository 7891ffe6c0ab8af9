"""What is taken of the design system: the rules and tokens that a page can use, and all of those."""

import re
from pathlib import Path

from app.lib.theme import root_tokens
from tools.vendor import APP, may_match, named_classes, needed, prune_rules, split_selectors

STYLES = (APP / "static" / "vendor" / "nlds.css").read_text()
OWN = (APP / "static" / "css" / "kring.css").read_text()
CLASSES = {"utrecht-button", "utrecht-alert--"}


def classes_of(css: str) -> set[str]:
    return set(re.findall(r"\.(utrecht-[\w-]+)", css))


def test_rules_with_a_class_that_nothing_names_are_left_out() -> None:
    css = (
        ".utrecht-button,.utrecht-button--huge{a:b}.utrecht-button--huge:hover{a:b}"
        "@media print{.utrecht-link{a:b}}@media (forced-colors:active){.utrecht-button{a:b}}"
    )
    expected = ".utrecht-button{a:b}@media (forced-colors:active){.utrecht-button{a:b}}"
    assert prune_rules(css, [], CLASSES) == expected


def test_the_states_of_a_class_that_is_used_stay() -> None:
    for state in (":hover", ":focus-visible", ":invalid", ":disabled", "[aria-busy=true]"):
        assert may_match(f".utrecht-button{state}", CLASSES)
    assert may_match(".utrecht-button:not(.utrecht-button--huge)", CLASSES)


def test_selectors_are_parted_at_the_commas_outside_brackets() -> None:
    button = ".utrecht-button:hover:not(:disabled,[aria-disabled=true],.utrecht-button--huge)"
    link = '.utrecht-link[title="a,b"]:is(:hover,:not(.x,.y))'
    assert prune_rules(f"{link},{button}{{a:b}}", [], CLASSES) == f"{button}{{a:b}}"
    assert split_selectors(f"{link},{button}") == [link, button]


def test_a_name_that_a_template_completes_stays() -> None:
    assert may_match(".utrecht-alert--warning .utrecht-button", CLASSES)
    assert not may_match(".utrecht-alert__icon .utrecht-button", CLASSES)


def test_a_pattern_leaves_out_more() -> None:
    css = "[dir=rtl] .utrecht-button,.utrecht-button{a:b}"
    assert prune_rules(css, [re.compile(r"^\[dir=")], CLASSES) == ".utrecht-button{a:b}"


def test_the_styles_name_no_class_that_pages_do_not_have() -> None:
    asked = classes_of(re.sub(r":not\([^()]*\)", "", STYLES))
    unused = {name for name in asked if not may_match(f".{name}", named_classes())}
    assert unused == set(), "run `make vendor`"


def test_every_class_of_the_design_system_in_a_template_has_a_style() -> None:
    """Who uses a class that was not used before renews the styles."""
    templates = "".join(path.read_text() for path in Path(APP, "templates").rglob("*.html"))
    named = set(re.findall(r"(?<![\w-])utrecht-[\w-]*\w", templates))
    assert named - classes_of(STYLES + OWN) == set(), "run `make vendor`"


def test_the_styles_declare_no_token_that_nothing_reads() -> None:
    tokens = root_tokens(STYLES)
    read = needed(tokens, re.findall(r"var\(\s*(--[\w-]+)", STYLES.replace(":root{", "") + OWN))
    assert set(tokens) == set(read), "run `make vendor`"
