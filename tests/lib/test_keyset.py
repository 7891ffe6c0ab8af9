import json
import re
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.lib.clock import AMSTERDAM
from app.lib.keyset import BadCursorError, decode_cursor, encode_cursor

MOMENT = datetime(2026, 11, 20, 9, 30, 0, 123456, tzinfo=UTC)


def cursor(value: object) -> str:
    return urlsafe_b64encode(json.dumps(value).encode()).decode()


@given(
    st.datetimes(timezones=st.just(UTC)),
    st.integers(-(2**31), 2**31 - 1),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=40),
)
def test_values_come_back(moment: datetime, number: int, title: str) -> None:
    text = encode_cursor(moment, number, title)
    assert re.fullmatch(r"[\w-]+", text)
    assert decode_cursor(text, (datetime, int, str)) == (moment, number, title)


def test_moments_come_back_in_utc_to_the_microsecond() -> None:
    back = decode_cursor(encode_cursor(MOMENT.astimezone(AMSTERDAM)), (datetime,))
    assert back == (MOMENT,)
    assert back[0].utcoffset() == timedelta(0)


@pytest.mark.parametrize("start", [None, ""])
def test_a_list_starts_without_cursor(start: str | None) -> None:
    assert decode_cursor(start, (int,)) is None


@pytest.mark.parametrize(
    "text",
    [
        "x", "é", "====", "a" * 2_000, "%00", " ", encode_cursor(MOMENT), encode_cursor(1),
        encode_cursor(MOMENT, 1, 2), encode_cursor(1, MOMENT), encode_cursor(MOMENT, "1"),
        cursor({"a": 1}), cursor(None), cursor("ab"), cursor([]), cursor([MOMENT.isoformat(), True]),
        cursor([MOMENT.isoformat(), 1.5]), cursor([MOMENT.isoformat(), 2**31]),
        cursor([MOMENT.isoformat(), None]), cursor(["2026-11-20", 1]), cursor(["gisteren", 1]),
        cursor(["2026-11-20T09:30:00", 1]), cursor(["0001-01-01T00:00:00+14:00", 1]),
        cursor([float("nan"), 1]), urlsafe_b64encode(b"[" * 700).decode(),
        urlsafe_b64encode(b"\xff\xfe").decode(),
        urlsafe_b64encode(b'["2026-11-20T09:30:00+00:00",' + b"9" * 600 + b"]").decode(),
    ],
)  # fmt: skip
def test_malformed_cursors_are_refused(text: str) -> None:
    with pytest.raises(BadCursorError):
        decode_cursor(text, (datetime, int))


@pytest.mark.parametrize("title", ["a\x00b", "\ud800"])
def test_text_that_no_database_takes_is_refused(title: str) -> None:
    with pytest.raises(BadCursorError):
        decode_cursor(cursor([title]), (str,))


@given(st.text(max_size=60))
def test_any_text_is_a_cursor_or_refused(text: str) -> None:
    try:
        decode_cursor(text, (datetime, int))
    except BadCursorError:
        return


def test_a_moment_without_zone_is_not_encoded() -> None:
    with pytest.raises(ValueError, match="time zone"):
        encode_cursor(MOMENT.replace(tzinfo=None))
