"""The room in which names are completed."""

from flask import Blueprint

bp = Blueprint("suggest", __name__)
