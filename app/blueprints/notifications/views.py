"""News for one member."""

from flask import Blueprint

bp = Blueprint("notifications", __name__)
