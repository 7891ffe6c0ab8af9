"""gunicorn as Kring runs it, with the worker for background jobs beside it."""

import ctypes
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.glogging import Logger
from werkzeug.routing import Map

from app.config import ROOT

THREADS = 4
RESTART_PAUSE = 5.0  # seconds between two starts of a jobs worker that keeps ending
STOP_PATIENCE = 20.0  # seconds for requests and jobs to finish
PR_SET_PDEATHSIG = 1  # from Linux's <sys/prctl.h>


class Server(BaseApplication):
    """Serves `app` on a socket that listens already."""

    def __init__(self, app: Flask, listener: int, workers: int) -> None:
        """Take the file descriptor of the socket and the number of processes."""
        self.app = app
        self.settings = settings(app, listener, workers)
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.settings.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self.app

    def run(self) -> None:
        Keeper(self).run()


class Keeper(Arbiter):
    """gunicorn's own keeper of processes, that also keeps the jobs worker running."""

    def __init__(self, server: Server) -> None:
        super().__init__(server)
        self.jobs = JobsWorker()

    def manage_workers(self) -> None:
        """Keep every process running; gunicorn asks this about once a second."""
        super().manage_workers()
        self.jobs.keep_running()

    def stop(self, graceful: bool = True) -> None:  # noqa: FBT001, FBT002  # gunicorn calls it so
        self.jobs.ask_to_stop()
        super().stop(graceful)
        self.jobs.wait_for_stop()


class JobsWorker:
    """The process that runs background jobs: `flask worker`."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self.started = -RESTART_PAUSE

    def keep_running(self) -> None:
        """Start the process when it is not there, yet not more often than every few seconds."""
        ended = self.process is None or self.process.poll() is not None
        if ended and time.monotonic() - self.started >= RESTART_PAUSE:
            self.started = time.monotonic()
            self.process = subprocess.Popen(
                [sys.executable, "-m", "flask", "--app", "wsgi", "worker"],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                preexec_fn=end_with_parent,  # noqa: PLW1509  # this process has one thread
            )

    def ask_to_stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()

    def wait_for_stop(self) -> None:
        if self.process is None:
            return
        try:
            self.process.wait(STOP_PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()


def end_with_parent() -> None:
    """Ask Linux to end this process when the server is killed; elsewhere do nothing."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def settings(app: Flask, listener: int, workers: int) -> dict[str, Any]:
    """Return gunicorn's settings; times are in seconds."""
    memory = Path("/dev/shm")  # noqa: S108  # gunicorn makes nameless files there
    return {
        "bind": [f"fd://{listener}"],
        "workers": workers,
        "worker_class": "gthread",
        "threads": THREADS,
        "timeout": 60,
        "graceful_timeout": int(STOP_PATIENCE),
        "keepalive": 5,
        "max_requests": 20_000,
        "max_requests_jitter": 2_000,
        # Heartbeats on a busy disk make healthy processes look dead.
        "worker_tmp_dir": str(memory) if os.access(memory, os.W_OK) else None,
        # Whom to believe about the client is decided once: KRING_PROXIES.
        "forwarded_allow_ips": "",
        "secure_scheme_headers": {},
        "control_socket_disable": True,
        "proc_name": "kring",
        "loglevel": "warning",
        "accesslog": "-",
        "access_log_format": '%(t)s "%(m)s %(U)s" %(s)s %(B)s bytes %(M)s ms',
        "logger_class": logger_without_secrets(app),
    }


def logger_without_secrets(app: Flask) -> type[Logger]:
    """Return a log that names no query, no address of a visitor and no token in a path."""
    mask = token_mask(app.url_map)

    class QuietLogger(Logger):
        def atoms(self, resp: Any, req: Any, environ: Any, request_time: Any) -> dict[str, Any]:
            atoms: dict[str, Any] = super().atoms(resp, req, environ, request_time)
            return {**atoms, "U": mask(atoms["U"])}

    return QuietLogger


def token_mask(url_map: Map) -> Callable[[str], str]:
    """Return a function that hides what follows in a path where a rule has a `token`."""
    starts = {r.rule.partition("<")[0] for r in url_map.iter_rules() if "token" in r.arguments}
    secret = re.compile(rf"^({'|'.join(map(re.escape, sorted(starts)))}).+")
    return (lambda path: secret.sub(r"\1…", path)) if starts else str
