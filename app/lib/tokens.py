"""A municipality's design tokens, read from its CSS file: names with plain values, nothing else.

What Kring serves is written anew from what was understood, so nothing that a browser would take
for more than a value can come along.
"""

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

import tinycss2

LONGEST_VALUE = 500
DEEPEST = 6
OURS = "--k-"
"""Kring's own variables: a file cannot set these."""
EXPECTED = ("--utrecht-", "--nl-")
"""How names of NL Design System begin; a file without any is something else."""
FUNCTIONS = frozenset(
    {
        "var", "calc", "min", "max", "clamp", "rgb", "rgba", "hsl", "hsla", "hwb", "lab", "lch",
        "oklab", "oklch", "color", "color-mix", "cubic-bezier", "steps",
    }
)  # fmt: skip
PLAIN = frozenset({"ident", "number", "percentage", "dimension", "hash", "string", "whitespace"})
LITERALS = frozenset(",/+-*")
IN_SELECTORS = frozenset({"literal", "ident", "whitespace", "comment"})
_NAME = re.compile(r"--[a-zA-Z0-9_][a-zA-Z0-9_-]{0,199}")
_SELECTOR = re.compile(r":root|html|body|\.-?[a-zA-Z_][a-zA-Z0-9_-]*")

Tokens = dict[str, str]


class Wrong(StrEnum):
    """Why a file is not taken."""

    EMPTY = "empty"
    JSON = "json"
    BROKEN = "broken"
    AT_RULE = "at_rule"
    SELECTOR = "selector"
    THEMES = "themes"
    PROPERTY = "property"
    VALUE = "value"
    NOT_TOKENS = "not_tokens"


class TokensRefused(ValueError):
    """The file is not taken: `reason` says why, `line` where, and `what` is the word that is meant."""

    def __init__(self, reason: Wrong, line: int = 0, what: str = "") -> None:
        super().__init__(f"{reason} on line {line}: {what}")
        self.reason, self.line, self.what = reason, line, what[:60]


def read(text: str) -> Tokens:
    """Return the tokens that a file declares, by name, the last of each. Raises TokensRefused."""
    if not text.strip():
        raise TokensRefused(Wrong.EMPTY)
    if text.lstrip().startswith(("{", "[")):
        raise TokensRefused(Wrong.JSON)
    found: Tokens = {}
    themes: set[str] = set()
    for rule in tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True):
        if is_charset(rule):
            continue
        themes |= theme_of(rule)
        if len(themes) > 1:
            raise TokensRefused(Wrong.THEMES, rule.source_line, " ".join(sorted(themes)))
        found |= dict(declarations(rule))
    if not any(name.startswith(EXPECTED) for name in found):
        raise TokensRefused(Wrong.NOT_TOKENS)
    return {name: value for name, value in found.items() if not name.startswith(OURS)}


def is_charset(rule: Any) -> bool:
    """Tell whether this says in which letters the file is written: of no more interest."""
    return rule.type == "at-rule" and rule.lower_at_keyword == "charset" and rule.content is None


def theme_of(rule: Any) -> set[str]:
    """Return the classes to which a rule applies. Raises TokensRefused for what is no such rule."""
    if rule.type == "at-rule":
        raise TokensRefused(Wrong.AT_RULE, rule.source_line, f"@{rule.at_keyword}")
    if rule.type != "qualified-rule":
        raise TokensRefused(Wrong.BROKEN, rule.source_line)
    if any(part.type not in IN_SELECTORS for part in rule.prelude):
        raise TokensRefused(Wrong.SELECTOR, rule.source_line, said(rule.prelude[0]))
    text = written(rule.prelude, rule.source_line)
    parts = [part.strip() for part in text.split(",")]
    for part in parts:
        if not _SELECTOR.fullmatch(part):
            raise TokensRefused(Wrong.SELECTOR, rule.source_line, part)
    return {part for part in parts if part.startswith(".")}


def declarations(rule: Any) -> Iterator[tuple[str, str]]:
    """Yield name and value of each token of a rule. Raises TokensRefused."""
    nodes = tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True)
    for node in nodes:
        if node.type == "at-rule":
            raise TokensRefused(Wrong.AT_RULE, node.source_line, f"@{node.at_keyword}")
        if node.type != "declaration":
            raise TokensRefused(Wrong.BROKEN, node.source_line)
        if not _NAME.fullmatch(node.name):
            raise TokensRefused(Wrong.PROPERTY, node.source_line, node.name)
        for part in node.value:
            check(part, node.name)
        value = written(node.value, node.source_line, node.name)
        if value:
            yield node.name, value


def check(part: Any, name: str, depth: int = 0) -> None:
    """Raise TokensRefused for a part of a value that is more than a value."""
    kind = part.type
    inside: list[Any] = []
    if kind == "function" and part.lower_name in FUNCTIONS:
        inside = part.arguments
    elif kind == "() block":
        inside = part.content
    elif not (kind in PLAIN or kind == "comment" or (kind == "literal" and part.value in LITERALS)):
        raise TokensRefused(Wrong.VALUE, part.source_line, f"{name}: {said(part)}")
    if depth > DEEPEST:
        raise TokensRefused(Wrong.VALUE, part.source_line, name)
    if kind == "string" and "<" in part.value:
        raise TokensRefused(Wrong.VALUE, part.source_line, f"{name}: <")
    for each in inside:
        check(each, name, depth + 1)


def said(part: Any) -> str:
    """Return how a refused part of a value begins."""
    if part.type == "function":
        return f"{part.name}()"
    return "url()" if part.type == "url" else str(getattr(part, "value", part.type))


def written(parts: list[Any], line: int, name: str = "") -> str:
    """Return parts as text on one line, without comments. Raises TokensRefused for escapes."""
    kept = [part for part in parts if part.type != "comment"]
    # Between parts that would grow together the serialiser puts an empty comment: it must stay.
    text = " ".join(tinycss2.serialize(kept).split())
    if "\\" in text or len(text) > LONGEST_VALUE:
        raise TokensRefused(Wrong.VALUE, line, name)
    return text


def in_use(tokens: Tokens, style_sheets: str) -> Tokens:
    """Return the tokens to which style sheets refer, directly or through other tokens."""
    kept: Tokens = {}
    waiting = list(variables(style_sheets))
    while waiting:
        name = waiting.pop()
        if name in tokens and name not in kept:
            kept[name] = tokens[name]
            waiting += variables(tokens[name])
    return dict(sorted(kept.items()))


def variables(css: str) -> list[str]:
    """Return the names of the custom properties to which a text refers."""
    return re.findall(r"var\(\s*(--[\w-]+)", css)


def serialised(tokens: Mapping[str, str]) -> str:
    """Return tokens as declarations, a line each."""
    return "".join(f"{name}: {value};\n" for name, value in tokens.items())
