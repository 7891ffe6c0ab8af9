"""What the application asked of the database, from which function, and how often in one request."""

import importlib
import pkgutil
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache, wraps
from pathlib import Path
from types import FrameType, FunctionType
from typing import Any, TypeGuard

import pytest
from sqlalchemy import Engine, event

import app
from app import queries

FOLDER = str(Path(app.__file__).parent)
QUERIES = "app.queries."
PASSED_ON = (f"{FOLDER}/extensions.py", f"{FOLDER}/models/")
"""What sends statements for others."""
Kept = type(lru_cache(len))
EXPLAINED = ("SELECT", "WITH", "UPDATE", "DELETE", "INSERT")


class Recording:
    """Statements by the function that sent them, as they were sent first."""

    def __init__(self) -> None:
        self.sent: dict[tuple[str, str], tuple[Any, str]] = {}
        self.now: Counter[str] = Counter()
        self.page = ""
        self.thread = threading.get_ident()

    def begin(self, page: str) -> None:
        """Count anew: this page is next."""
        self.page = page
        self.now.clear()

    def note(
        self, _connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any
    ) -> None:
        """Remember a statement that is about to be sent."""
        if statement.startswith(EXPLAINED):
            if threading.get_ident() == self.thread:
                self.now[statement] += 1
            one = parameters[0] if isinstance(parameters, list) else parameters
            self.sent.setdefault((statement, sender()), (one, self.page))


def sender() -> str:
    """Return the nearest function of the application that led here, such as `services.views.write`."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        file = frame.f_code.co_filename
        if file.startswith(FOLDER) and not file.startswith(PASSED_ON):
            module = file.removeprefix(f"{FOLDER}/").removesuffix(".py").replace("/", ".")
            return f"{module}.{frame.f_code.co_name}"
        frame = frame.f_back
    return "tests"


@contextmanager
def recording() -> Iterator[Recording]:
    """Record what happens inside the block, in this thread."""
    found = Recording()
    event.listen(Engine, "before_cursor_execute", found.note)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", found.note)


def public_queries() -> dict[str, FunctionType]:
    """Return all public functions of app/queries by `module.function`."""
    found = {}
    for module in pkgutil.iter_modules(queries.__path__):
        for name, value in vars(importlib.import_module(QUERIES + module.name)).items():
            if is_query(value) and value.__module__ == QUERIES + module.name:
                found[f"{module.name}.{name}"] = value
    return found


def is_query(value: object) -> TypeGuard[FunctionType]:
    """Tell whether this is a public function of app/queries."""
    return (
        isinstance(value, FunctionType)
        and value.__module__.startswith(QUERIES)
        and not value.__name__.startswith("_")
    )


def watch_queries(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Return the names of the public functions of app/queries, from which each goes that is called."""
    waiting = set(public_queries())

    def watched(function: FunctionType) -> Callable[..., Any]:
        name = f"{function.__module__.removeprefix(QUERIES)}.{function.__name__}"

        @wraps(function)
        def call(*values: Any, **named: Any) -> Any:
            waiting.discard(name)
            return function(*values, **named)

        return call

    ours = [module for name, module in sys.modules.items() if name.split(".")[0] == "app"]
    for module in ours:
        for name, value in list(vars(module).items()):
            if is_query(value):
                monkeypatch.setattr(module, name, watched(value))
            elif isinstance(value, Kept):
                value.cache_clear()  # what an earlier test had made is made again, and seen
    return waiting
