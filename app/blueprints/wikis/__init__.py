"""Wikis: the trees of pages, the page of one, writing, versions, and the bin."""

from app.blueprints.wikis import history, tree, writing
from app.blueprints.wikis.views import bp

__all__ = ["bp", "history", "tree", "writing"]
