"""The room itself, apart from its views, which are in files of their own."""

from flask import Blueprint

bp = Blueprint("discussions", __name__)
