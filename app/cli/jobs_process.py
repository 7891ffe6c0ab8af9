"""The process for background jobs that a server keeps beside it."""

import ctypes
import logging
import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress

from huey import Huey

from app.config import ROOT

RESTART_PAUSE = 5.0  # seconds between two starts of a process that keeps ending
STOP_PATIENCE = 20.0  # seconds for requests and jobs to finish
NAME = b"kring-jobs"
PR_SET_PDEATHSIG, PR_SET_NAME = 1, 15  # from Linux's <sys/prctl.h>
OURS = (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT, signal.SIGHUP, signal.SIGCHLD)
COMMAND = ["-m", "flask", "--app", "wsgi", "worker"]
_log = logging.getLogger(__name__)


class JobsProcess:
    """Does what `flask worker` does, split off from the server: it shares the memory of the code."""

    def __init__(self, jobs: Huey) -> None:
        self.jobs = jobs
        self.pid = 0
        self.started = -RESTART_PAUSE

    def keep_running(self, let_go: Callable[[], None]) -> None:
        """Start the process when it is not there, yet not more often than every few seconds.

        `let_go` closes, in the new process, what only its parent needs.
        """
        if self.is_there() or time.monotonic() - self.started < RESTART_PAUSE:
            return
        self.started = time.monotonic()
        self.pid = os.fork()
        if self.pid == 0:
            try:
                let_go()
                become_apart()
                run_jobs(self.jobs)
            except Exception:  # noqa: BLE001  # the loop of the server must not see it
                _log.exception("the process for jobs ends")
            finally:
                sys.exit()

    def is_there(self) -> bool:
        """Tell whether the process lives; the server may have noticed its end before us."""
        if not self.pid:
            return False
        try:
            return os.waitpid(self.pid, os.WNOHANG)[0] == 0
        except ChildProcessError:
            return False

    def ask_to_stop(self) -> None:
        if self.is_there():
            os.kill(self.pid, signal.SIGTERM)

    def wait_for_stop(self) -> None:
        deadline = time.monotonic() + STOP_PATIENCE
        while self.is_there() and time.monotonic() < deadline:
            time.sleep(0.05)
        with suppress(ProcessLookupError):
            if self.is_there():
                os.kill(self.pid, signal.SIGKILL)


def become_apart() -> None:
    """Forget how the server answers signals, and end with it; Linux shows the name in `ps`."""
    for name in OURS:
        signal.signal(name, signal.SIG_DFL)
    signal.set_wakeup_fd(-1)
    if sys.platform == "linux":
        libc = ctypes.CDLL(None)
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        libc.prctl(PR_SET_NAME, NAME)
    # A hang-up makes huey start its command anew; that of this process is the server's.
    os.chdir(ROOT)
    sys.argv = COMMAND


def run_jobs(jobs: Huey) -> None:
    """Run background jobs until asked to stop."""
    jobs.create_consumer(workers=1, initial_delay=0.1, max_delay=1.0).run()
