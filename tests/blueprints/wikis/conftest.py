"""What the tests of wikis share: a small tree in one theme, and a page in another."""

from dataclasses import dataclass

import pytest

from app.extensions import db
from app.models import WikiPage
from app.services import wikis
from app.services.wikis import Version
from tests.cast import Cast


@dataclass
class Tree:
    """In the theme of the specialist: `top` with `child` below it. In the other theme: `other`."""

    top: WikiPage
    child: WikiPage
    other: WikiPage


@pytest.fixture
def tree(cast: Cast) -> Tree:
    """Return three pages, made as specialists make them."""
    top = wikis.create(
        cast.theme, Version("Beslagvrije voet", "# Wat\n\nEerst.\n\n# Hoe\n\nDan.", cast.specialist)
    )
    child = wikis.create(cast.theme, Version("Tabellen", "Bedragen.", cast.specialist), parent=top)
    other = wikis.create(cast.other_theme, Version("Huur", "Wonen.", cast.other_specialist))
    db.session.commit()
    return Tree(top, child, other)
