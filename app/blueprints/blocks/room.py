"""The room itself."""

from flask import Blueprint

bp = Blueprint("blocks", __name__)
