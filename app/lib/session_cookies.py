"""Session cookies: one that was verified before is not verified anew."""

import time
from copy import deepcopy
from functools import lru_cache, partial
from typing import Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import SignatureExpired, URLSafeTimedSerializer

COOKIES_KEPT = 1000
EXTENSION = "kring_session_cookies"


class SessionCookies(SecureCookieSessionInterface):
    """Flask's own sessions, by one serializer for each application that remembers what it read."""

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Return what signs and reads the cookies; None without a secret key."""
        if EXTENSION not in app.extensions:
            plain = super().get_signing_serializer(app)
            app.extensions[EXTENSION] = Remembering(plain) if plain else None
        found: URLSafeTimedSerializer | None = app.extensions[EXTENSION]
        return found


class Remembering:
    """Signs values, and remembers those that it verified; how old they may be is asked each time."""

    def __init__(self, plain: URLSafeTimedSerializer) -> None:
        self.dumps = plain.dumps
        self.read = lru_cache(COOKIES_KEPT)(partial(plain.loads, return_timestamp=True))

    def loads(self, text: str, max_age: int) -> Any:
        """Return a value of its own for each who asks. Raises BadSignature."""
        value, signed_at = self.read(text)
        if not 0 <= int(time.time()) - int(signed_at.timestamp()) <= max_age:
            raise SignatureExpired("too old, or from the future", value, signed_at)
        return deepcopy(value)
