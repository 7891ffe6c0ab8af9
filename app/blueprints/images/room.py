"""The room in which images live."""

from flask import Blueprint

bp = Blueprint("images", __name__)
