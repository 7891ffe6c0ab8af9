"""Marks that several tests share."""

import pytest

both_ways = pytest.mark.parametrize(
    "javascript", [pytest.param(True, id="script"), pytest.param(False, id="no-script")]
)
