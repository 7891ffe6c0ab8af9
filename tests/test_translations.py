"""Every text of the interface is there in Dutch."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.checkers import num_plurals, python_format
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from app.config import ROOT

LAZY = {"_l": None, "lazy_gettext": None}
CATALOGUE = ROOT / "app" / "translations" / "nl" / "LC_MESSAGES" / "messages.po"


@cache
def in_code() -> dict[str, Path]:
    """Return the texts in code and templates, each with a file where it stands."""
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]  # Babel's own
    found = extract_from_dir(
        str(ROOT / "app"), methods, options, keywords={**DEFAULT_KEYWORDS, **LAZY}
    )
    return {first(message): Path(name) for name, _line, message, _notes, _context in found}


@cache
def catalogue() -> Catalog:
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="nl")


def translated() -> list[Message]:
    return [message for message in catalogue() if message.id]


def forms(message: Message) -> list[str]:
    """Return the translation, and that of the plural where there is one."""
    string = message.string or ""
    return [string] if isinstance(string, str) else list(string)


def first(text: str | tuple[str, ...] | list[str]) -> str:
    """Return the singular of a text that also has a plural."""
    return text if isinstance(text, str) else text[0]


def test_every_text_is_in_the_catalogue() -> None:
    missing = {text: name for text, name in in_code().items() if text not in catalogue()}
    assert not missing, "run: make messages, then translate"


def test_every_text_is_translated() -> None:
    empty = [first(message.id) for message in translated() if not all(forms(message))]
    assert not empty


def test_no_translation_is_a_guess() -> None:
    assert not [message.id for message in translated() if message.fuzzy]


def test_nothing_is_left_of_texts_that_are_gone() -> None:
    gone = [first(message.id) for message in translated() if first(message.id) not in in_code()]
    assert not gone + list(catalogue().obsolete), "run: make messages"


@pytest.mark.parametrize("check", [num_plurals, python_format])
def test_translations_have_the_same_blanks(check: Callable[[Catalog, Message], None]) -> None:
    for message in translated():
        check(catalogue(), message)
