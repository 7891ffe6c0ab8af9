"""The room itself."""

from flask import Blueprint

bp = Blueprint("crisis", __name__)
