"""The processes of ``lykeion up``: who is there, and what they hold open."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest


@pytest.fixture
def up(tmp_path: Path) -> Iterator[psutil.Process]:
    """A site on embedded defaults that answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    given = {name: value for name, value in os.environ.items() if not name.startswith(("LYKEION_", "DJANGO_"))}
    command = [sys.executable, "-m", "lykeion", "up", "--port", str(port)]
    with subprocess.Popen(command, env={**given, "LYKEION_HOME": str(tmp_path)}) as process:
        try:
            _wait_for(f"http://127.0.0.1:{port}/heartbeat")
            yield psutil.Process(process.pid)
        finally:
            process.terminate()
            process.wait(30)


def test_the_process_that_forks_holds_no_database_open(up: psutil.Process) -> None:
    """SQLite's locks do not survive a fork: a web process born of one that holds the file may never write again."""
    assert [file.path for file in up.open_files() if "sqlite3" in file.path] == []


def test_jobs_run_in_a_process_of_their_own_that_ends_with_the_site(up: psutil.Process) -> None:
    jobs = [child for child in up.children() if "worker" in child.cmdline()]
    assert len(jobs) == 1

    up.send_signal(signal.SIGTERM)

    assert psutil.wait_procs(jobs, timeout=20)[1] == []


def test_jobs_end_even_when_the_site_is_killed(up: psutil.Process) -> None:
    family = up.children(recursive=True)
    jobs = [child for child in family if "worker" in child.cmdline()]

    up.kill()

    left = psutil.wait_procs(jobs, timeout=20)[1]
    for child in psutil.wait_procs(family, timeout=5)[1]:
        child.kill()
    assert left == []


def _wait_for(address: str) -> None:
    until = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
