"""What is reachable: a package for each content type and each desk."""

from flask import Flask

from app.blueprints import (
    account,
    attachments,
    blocks,
    comments,
    content,
    crisis,
    decisions,
    desk,
    discussions,
    drafts,
    entry,
    groups,
    help,  # noqa: A004  # the room is called so
    helped,
    home,
    images,
    moderation,
    notifications,
    pages,
    people,
    proposals,
    search,
    settings,
    share,
    suggest,
    templates,
    themes,
    welcome,
    wikis,
)

ROOMS = (
    account,
    attachments,
    blocks,
    comments,
    content,
    crisis,
    decisions,
    desk,
    discussions,
    drafts,
    entry,
    groups,
    help,
    helped,
    home,
    images,
    moderation,
    notifications,
    pages,
    people,
    proposals,
    search,
    settings,
    share,
    suggest,
    templates,
    themes,
    welcome,
    wikis,
)


def init_app(app: Flask) -> None:
    """Open all rooms."""
    for room in ROOMS:
        app.register_blueprint(room.bp)
