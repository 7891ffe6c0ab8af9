"""The application for a WSGI server and for the `flask` command."""

import sys

from app import create_app

try:
    app = create_app()
except (OSError, ValueError) as error:
    sys.exit(f"Kring cannot start: {error}")
