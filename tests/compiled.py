"""What is compiled anew with every application, and need not be: each test makes one.

Half of the time of an ordinary test went into it.
"""

import re
from collections.abc import Callable
from typing import Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Engine
from werkzeug.routing import Rule

from app.extensions import Kring

STATEMENTS = 5_000
"""That are kept compiled: all that the suite has of each."""


class KeptTemplates(BytecodeCache):
    """Templates as they were compiled by an earlier application; one that changed is not used."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Hand over what is known of a template."""
        if bucket.key in self.kept:
            bucket.bytecode_from_string(self.kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a template that was compiled."""
        self.kept[bucket.key] = bucket.bytecode_to_string()


def keep_templates() -> None:
    """Let Jinja compile a template once, for pages and for the parts of them that are kept."""
    Kring.jinja_options = {**Kring.jinja_options, "bytecode_cache": KeptTemplates()}


def keep_addresses() -> None:
    """Let werkzeug read each address, and compile the function that writes it, once."""
    plain = Rule.compile
    kept: dict[tuple[object, ...], Rule] = {}

    def compile_once(rule: Rule) -> None:
        key = (rule.rule, rule.subdomain, rule.merge_slashes, repr(rule.defaults))
        if key not in kept:
            plain(rule)
            kept[key] = rule
        first = kept[key]
        rule._parts, rule._trace, rule._converters = first._parts, first._trace, first._converters
        rule.arguments |= first.arguments
        rule._build = first._build.__func__.__get__(rule, None)  # type: ignore[attr-defined]
        rule._build_unknown = first._build_unknown.__func__.__get__(rule, None)  # type: ignore[attr-defined]

    Rule.compile = compile_once  # type: ignore[method-assign, assignment]


def keep_statements() -> None:
    """Let SQLAlchemy compile a statement once for each database.

    What it compiled belongs to a dialect, so engines share that too. Each has a pool and listeners
    of its own: what a test hears or changes there, the next test does not meet.
    """
    plain: Callable[..., Engine] = SQLAlchemy._make_engine
    kept: dict[str, Engine] = {}

    def make_engine(
        database: SQLAlchemy, bind_key: str | None, options: dict[str, Any], app: Flask
    ) -> Engine:
        # All that is said of a connection, but not where its lock lies in memory.
        key = re.sub("0x[0-9a-f]+", "", repr(options))
        if key not in kept:
            many = {**options, "query_cache_size": STATEMENTS}
            kept[key] = plain(database, bind_key, many, app)
        first = kept[key]
        engine = Engine(first.pool.recreate(), first.dialect, first.url)
        engine._compiled_cache = first._compiled_cache
        return engine

    SQLAlchemy._make_engine = make_engine  # type: ignore[method-assign, assignment]
