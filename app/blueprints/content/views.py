"""What members add to a piece: likes, follows, reports."""

from flask import Blueprint

bp = Blueprint("content", __name__)
