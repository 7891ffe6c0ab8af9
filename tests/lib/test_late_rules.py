from typing import Any

import pytest
from werkzeug.routing import Map, Rule

from app.lib.late_rules import LateRule


def test_an_address_is_compiled_when_it_is_written_first(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[str] = []
    plain = Rule._compile_builder

    def listen(rule: Rule, *arguments: Any) -> Any:
        compiled.append(rule.rule)
        return plain(rule, *arguments)

    monkeypatch.setattr(Rule, "_compile_builder", listen)
    rules = Map([LateRule("/late/<int:id>", endpoint="late"), LateRule("/later", endpoint="later")])
    here = rules.bind("kring.example")
    assert here.match("/late/3") == ("late", {"id": 3})
    assert compiled == []
    assert [here.build("late", {"id": number}) for number in (3, 4)] == ["/late/3", "/late/4"]
    assert compiled == ["/late/<int:id>"]


def test_what_an_address_asks_may_have_any_name() -> None:
    here = Map([LateRule("/late", endpoint="late")]).bind("kring.example")
    assert here.build("late", {"rule": "1", "self": "2"}) == "/late?rule=1&self=2"
