"""gunicorn as Kring runs it, with the worker for background jobs beside it."""

import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.glogging import Logger
from werkzeug.routing import Map

from app.cli.jobs_process import STOP_PATIENCE, JobsProcess
from app.cli.patience import THREADS, PatientWorker

UNREADABLE = "Invalid request"
"""With which gunicorn begins to tell of a request that it refuses."""


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
        self.jobs = JobsProcess(server.app.jobs)  # type: ignore[attr-defined]  # ours is a Kring

    def manage_workers(self) -> None:
        """Keep every process running; gunicorn asks this about once a second."""
        super().manage_workers()
        self.jobs.keep_running(self.let_go)

    def let_go(self) -> None:
        """Close, in a process split off for something else, what belongs to serving requests."""
        for listener in self.LISTENERS:
            listener.close()
        for worker in self.WORKERS.values():
            worker.tmp.close()

    def stop(self, graceful: bool = True) -> None:  # noqa: FBT001, FBT002  # gunicorn calls it so
        self.jobs.ask_to_stop()
        super().stop(graceful)
        self.jobs.wait_for_stop()


def settings(app: Flask, listener: int, workers: int) -> dict[str, Any]:
    """Return gunicorn's settings; times are in seconds."""
    memory = Path("/dev/shm")  # noqa: S108  # gunicorn makes nameless files there
    return {
        "bind": [f"fd://{listener}"],
        "workers": workers,
        "worker_class": PatientWorker,
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
            # A request that gunicorn refuses by itself has no path yet.
            return {**atoms, "U": mask(atoms["U"] or "-")}

        def exception(self, msg: str, *args: Any, **kwargs: Any) -> None:
            super().exception(msg, *(mask(str(a).partition("?")[0]) for a in args), **kwargs)

        def warning(self, msg: str, *args: Any, **kwargs: Any) -> None:
            if msg.startswith(UNREADABLE):  # what follows is who asked, and for what
                msg = f"{UNREADABLE}: {type(sys.exception()).__name__}"
            super().warning(msg, *args, **kwargs)

    return QuietLogger


def token_mask(url_map: Map) -> Callable[[str], str]:
    """Return a function that hides what follows in a path where a rule has a `token`."""
    starts = {r.rule.partition("<")[0] for r in url_map.iter_rules() if "token" in r.arguments}
    secret = re.compile(rf"^({'|'.join(map(re.escape, sorted(starts)))}).+")
    return (lambda path: secret.sub(r"\1…", path)) if starts else str
