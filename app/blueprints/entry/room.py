"""The room itself: the views of its other modules hang in it."""

from flask import Blueprint

bp = Blueprint("entry", __name__)
