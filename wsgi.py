"""The application for a WSGI server and for the `flask` command."""

import gc
import sys

gc.disable()  # What a start makes stays. To look for garbage in it takes a fifth of its time.

from app import create_app  # noqa: E402  # that is where most of it is made

try:
    app = create_app()
except (OSError, ValueError) as error:
    sys.exit(f"Kring cannot start: {error}")
gc.freeze()
gc.enable()
