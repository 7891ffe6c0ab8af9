"""Wikis."""

from flask import Blueprint

bp = Blueprint("wikis", __name__)
