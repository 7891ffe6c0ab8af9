"""Statements that change rows, made once as text: to make one costs many times what it does."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Dialect

from app.extensions import db
from app.models.unattached import MAKING, Text, fetched


class Change:
    """A statement that changes rows and returns something of them, with a name for each value.

    Only for values that are single ones: a list of them would change the text. On SQLite it can be
    one that returns nothing.
    """

    def __init__(self, make: Callable[[str], Any]) -> None:
        """`make` returns the statement for a kind of database."""
        self.make = make
        self.texts: dict[str, Text] = {}

    def run(self, **values: Any) -> Sequence[Any]:
        """Change the rows; return what the driver gives, such as ids and counts."""
        db.session.flush()
        connection = db.session.connection()
        text = self.texts.get(connection.dialect.name) or self.text(connection.dialect)
        return fetched(connection, text.sql, text.parameters(values))

    def text(self, dialect: Dialect) -> Text:
        """Return the statement as one kind of database takes it, made at first use."""
        with MAKING:
            if dialect.name not in self.texts:
                self.texts[dialect.name] = Unread(self.make(dialect.name), dialect, tuple)
            return self.texts[dialect.name]


class Unread(Text):
    """A statement whose rows stay as the driver gives them."""

    @staticmethod
    def converter(
        _statement: Any, _dialect: Dialect, shape: Callable[[list[Any]], Any]
    ) -> Callable[[Any], Any]:
        """Return the function from a row to one that is the same."""
        return shape
