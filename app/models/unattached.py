"""Rows made into objects that no session knows, so that many requests can read the same ones.

Loading an object by the session costs many times what its row costs. Where a page only shows, its
rows are read as they are, and the objects made from them are remembered by those rows: another row
makes another object, so nothing that is remembered is ever out of date.
"""

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from threading import RLock
from typing import Any

from sqlalchemy import (
    Connection,
    Dialect,
    Executable,
    Row,
    String,
    inspect,
    literal_column,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import InstrumentedAttribute, make_transient_to_detached
from sqlalchemy.orm.attributes import instance_dict

from app.extensions import db

ROWS_KEPT = 300


MAKING = RLock()
"""Held while a statement that is kept is made: two threads that make their first at once, from the same
models, can each get one that does not work, and it would be kept."""


class Part:
    """Some columns of a model (or of an alias of it) among those of a row; all when none are named."""

    def __init__(self, entity: Any, *names: str) -> None:
        mapper = inspect(entity).mapper
        self.manager = mapper.class_manager
        self.names = names or tuple(attribute.key for attribute in mapper.column_attrs)
        key = mapper.get_property_by_column(mapper.primary_key[0]).key
        self.key_at = self.names.index(key)
        self.columns = [getattr(entity, name) for name in self.names]

    def make(self, values: Sequence[Any], **related: Any) -> Any:
        """Return an object with these values and related objects; None for a row that is not there.

        What it was not given cannot be read from it: asking raises DetachedInstanceError.
        """
        if values[self.key_at] is None:
            return None
        made = self.manager.new_instance()
        instance_dict(made).update(zip(self.names, values, strict=True), **related)
        make_transient_to_detached(made)
        return made


def columns(parts: Iterable[Part]) -> list[InstrumentedAttribute[Any]]:
    """Return the columns of all parts, to select them side by side."""
    return [column for part in parts for column in part.columns]


def split(row: Sequence[Any], parts: Iterable[Part]) -> list[Sequence[Any]]:
    """Return the values of a row part by part, and last what follows after them."""
    found, start = [], 0
    for part in parts:
        found.append(row[start : start + len(part.names)])
        start += len(part.names)
    return [*found, row[start:]]


def rows(statement: Executable, values: Mapping[str, Any]) -> Sequence[Row[Any]]:
    """Return the rows of a statement, with what this transaction changed so far."""
    db.session.flush()
    return db.session.connection().execute(statement, values).all()


def quoted(text: str) -> Any:
    """Return a text as a part of a statement: as a value it would be put in at each execution."""
    return literal_column(f"'{text}'", String)


class Prepared:
    """A statement that was made once, as text too, whose rows come as plain tuples.

    A row that was met before, value for value, is that same tuple: its values are not converted
    from those of the database once more. With `named` the values of a row are known by name too.
    Only for values that are single ones: a list of them would change the text. A statement that
    changes rows has to name all that it stores, for what columns have by default is not filled in.
    """

    def __init__(self, statement: Any, *, named: bool = False) -> None:
        self.statement = statement
        names = [column.key for column in statement.selected_columns] if named else ()
        self.shape = row_of(tuple(names)) if names else tuple
        self.texts: dict[str, Text] = {}

    def rows(self, **values: Any) -> list[Any]:
        """Return the rows, with what this transaction changed so far; none of what returns nothing."""
        session = db.session()
        session.flush()
        connection = session.connection()
        text = self.texts.get(connection.dialect.name) or self.text(connection.dialect)
        found = fetched(connection, text.sql, text.parameters(values))
        return list(map(text.converted, found))

    def text(self, dialect: Dialect) -> "Text":
        """Return the statement as one kind of database takes it, made at first use."""
        with MAKING:
            if dialect.name not in self.texts:
                self.texts[dialect.name] = Text(self.statement, dialect, self.shape)
            return self.texts[dialect.name]


class Text:
    """A statement as one kind of database takes it: its text, how values go in and come out."""

    def __init__(
        self, statement: Any, dialect: Dialect, shape: Callable[[Iterable[Any]], Any]
    ) -> None:
        compiled: Any = statement.compile(dialect=dialect)
        if compiled.post_compile_params or compiled.literal_execute_params:
            raise ValueError("the text of this statement depends on its values")
        self.sql = str(compiled)
        self.order = compiled.positiontup
        self.into = {
            name: processor
            for bind, name in compiled.bind_names.items()
            if (processor := bind.type.dialect_impl(dialect).bind_processor(dialect))
        }
        self.fixed = self.taken(compiled.construct_params({}, _check=False))
        self.converted = converter(statement, dialect, shape)

    def taken(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return values as the driver takes them."""
        into = self.into
        return {
            name: into[name](value) if name in into else value for name, value in values.items()
        }

    def parameters(self, values: Mapping[str, Any]) -> Any:
        """Return all values of the statement: these, and those that are always the same."""
        given = {**self.fixed, **self.taken(values)}
        if self.order is None:
            return {name: given[name] for name in self.fixed}
        return tuple([given[name] for name in self.order])


def converter(
    statement: Any, dialect: Dialect, shape: Callable[[Iterable[Any]], Any]
) -> Callable[[Any], Any]:
    """Return the function from a row as this database gives it to one with Python's values."""
    each = [
        column.type.dialect_impl(dialect).result_processor(dialect, None)
        # A statement that was written as text says nothing of what it returns.
        for column in getattr(statement, "exported_columns", ())
    ]
    processors = [(number, convert) for number, convert in enumerate(each) if convert]
    if not processors:
        return shape

    @lru_cache(ROWS_KEPT)
    def converted(row: Any) -> Any:
        made = list(row)
        for number, convert in processors:
            made[number] = convert(made[number])
        return shape(made)

    return converted


def fetched(connection: Connection, sql: str, parameters: Any) -> Sequence[Any]:
    """Return the rows of a text as the driver gives them; SQLAlchemy's way costs ten times as much.

    None of what returns nothing. Who listens for statements hears of it. Raises DBAPIError.
    """
    cursor = connection.connection.cursor()
    for listener in connection.dispatch.before_cursor_execute:
        listener(connection, cursor, sql, parameters, None, False)
    kinds = connection.dialect.loaded_dbapi.Error
    try:
        cursor.execute(sql, parameters)
        found: Sequence[Any] = cursor.fetchall() if cursor.description else ()
    except kinds as error:
        raise DBAPIError.instance(
            sql, parameters, error, kinds, dialect=connection.dialect
        ) from error
    finally:
        cursor.close()
    return found


def row_of(names: tuple[str, ...]) -> Callable[[Iterable[Any]], Any]:
    """Return what gives the values of a row these names."""
    kind: Any = namedtuple("Row", list(names))  # type: ignore[misc]  # noqa: PYI024  # known when it runs
    make: Callable[[Iterable[Any]], Any] = kind._make
    return make
