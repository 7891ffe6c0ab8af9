"""What is reachable: a package for each content type and each desk."""

from flask import Flask

from app.blueprints import (
    account,
    attachments,
    comments,
    content,
    discussions,
    groups,
    home,
    moderation,
    notifications,
    pages,
    people,
    themes,
    wikis,
)

ROOMS = (
    account,
    attachments,
    comments,
    content,
    discussions,
    groups,
    home,
    moderation,
    notifications,
    pages,
    people,
    themes,
    wikis,
)


def init_app(app: Flask) -> None:
    """Open all rooms."""
    for room in ROOMS:
        app.register_blueprint(room.bp)
