"""How much work something is: in calls, or beside other work, the same on every machine, busy or not."""

import sys
from collections.abc import Callable
from time import process_time
from types import FrameType


def calls(work: Callable[[], object]) -> int:
    """Return how many functions, Python's and C's, `work` calls."""
    count = 0

    def counted(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


def fastest(work: Callable[[], object], times: int = 7) -> float:
    """Return the seconds of processor time that `work` takes when little else is going on."""

    def once() -> float:
        start = process_time()
        work()
        return process_time() - start

    return min(once() for _ in range(times))


def grows_in_proportion(work: Callable[[int], object], size: int) -> bool:
    """Tell whether eight times as much takes some eight times as long: by its square it takes 64 times.

    On a busy machine one of the two can seem twice as long as it is: there is room for that.
    """
    part, whole = fastest(lambda: work(size // 8), 4), fastest(lambda: work(size), 4)
    return whole < 20 * part + 0.01
