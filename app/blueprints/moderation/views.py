"""Moderation in place, reports, the log."""

from flask import Blueprint

bp = Blueprint("moderation", __name__)
