"""Wikis: the trees of pages, the page of one, writing, versions, and the bin."""

from app.blueprints.wikis import agreeing, exporting, history, register, reviewing, tree, writing
from app.blueprints.wikis.views import bp

__all__ = ["agreeing", "bp", "exporting", "history", "register", "reviewing", "tree", "writing"]
