"""All ways into Kring: every route with every subject of the scene of `tests/test_routes.py`."""

from collections.abc import Collection
from dataclasses import dataclass

from flask import url_for

from app.extensions import Kring
from tests.test_routes import Secret, subjects_of


@dataclass(frozen=True)
class Way:
    """One address and how to ask for it."""

    endpoint: str
    method: str
    url: str


def ways(
    app: Kring, secrets: list[Secret], methods: Collection[str] = ("GET", "POST"), most: int = 99
) -> list[Way]:
    """Return every route by these methods, with at most so many subjects each."""
    found = []
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            for values, _subject in list(subjects_of(rule, secrets))[:most]:
                url = url_for(rule.endpoint, **values)
                methods_here = sorted((rule.methods or set()) & set(methods))
                found += [Way(rule.endpoint, method, url) for method in methods_here]
    return found
