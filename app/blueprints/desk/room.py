"""The room itself."""

from flask import Blueprint

bp = Blueprint("desk", __name__)
