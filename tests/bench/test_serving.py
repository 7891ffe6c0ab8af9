import sys
from pathlib import Path

import pytest

from bench import serving
from bench.serving import PRODUCT, interpreter


@pytest.mark.parametrize("several", ["KRING_DATABASE_URL", "KRING_REDIS_URL"])
def test_only_a_server_for_several_machines_gets_their_libraries(
    several: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    python = Path(__file__)  # any file that is there
    monkeypatch.setattr(serving, "INSTALLED", python)
    assert interpreter(PRODUCT, {several: ""}) == str(python)
    assert interpreter(PRODUCT, {several: "somewhere"}) == sys.executable
    assert interpreter(["-m", "bench.limit"], {}) == sys.executable
