"""A cookie that was verified before is not verified anew, and still grows too old."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from itsdangerous import BadSignature, SignatureExpired

from app.lib.clock import now
from app.lib.session_cookies import SessionCookies

HOUR = 3600


@pytest.fixture
def bare() -> Flask:
    made = Flask(__name__)
    made.secret_key = "geheim"
    return made


def test_what_was_read_grows_too_old(bare: Flask) -> None:
    serializer = SessionCookies().get_signing_serializer(bare)
    assert serializer is not None
    cookie = str(serializer.dumps({"wie": "Anna"}))
    assert serializer.loads(cookie, max_age=HOUR) == {"wie": "Anna"}
    with time_machine.travel(now() + timedelta(seconds=HOUR + 2)), pytest.raises(SignatureExpired):
        serializer.loads(cookie, max_age=HOUR)
    with time_machine.travel(now() - timedelta(seconds=HOUR)), pytest.raises(SignatureExpired):
        serializer.loads(cookie, max_age=HOUR)


def test_each_request_gets_values_of_its_own(bare: Flask) -> None:
    serializer = SessionCookies().get_signing_serializer(bare)
    assert serializer is not None
    cookie = str(serializer.dumps({"_flashes": []}))
    serializer.loads(cookie, max_age=HOUR)["_flashes"].append("eens")
    assert serializer.loads(cookie, max_age=HOUR) == {"_flashes": []}


def test_what_was_changed_is_refused_each_time(bare: Flask) -> None:
    serializer = SessionCookies().get_signing_serializer(bare)
    other = SessionCookies().get_signing_serializer(Flask("ander"))
    assert serializer is not None and other is None
    cookie = str(serializer.dumps({"wie": "Anna"}))
    serializer.loads(cookie, max_age=HOUR)
    for _ in range(2):
        with pytest.raises(BadSignature):
            serializer.loads(cookie[:-1] + ("A" if cookie[-1] != "A" else "B"), max_age=HOUR)


def test_an_application_with_another_key_reads_nothing_of_it(bare: Flask) -> None:
    serializer = SessionCookies().get_signing_serializer(bare)
    strange = Flask("ander")
    strange.secret_key = "ander geheim"
    other = SessionCookies().get_signing_serializer(strange)
    assert serializer is not None and other is not None
    cookie = str(serializer.dumps({"wie": "Anna"}))
    serializer.loads(cookie, max_age=HOUR)
    with pytest.raises(BadSignature):
        other.loads(cookie, max_age=HOUR)
