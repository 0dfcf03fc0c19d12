"""The processes of ``lykeion up``: who is there, and what they hold open."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from lykeion.commands import family


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
    jobs = _jobs(up)
    assert len(jobs) == 1

    up.send_signal(signal.SIGTERM)

    assert psutil.wait_procs(jobs, timeout=20)[1] == []


def test_every_process_ends_even_when_the_site_is_killed(up: psutil.Process) -> None:
    everyone = up.children(recursive=True)

    up.kill()

    left = psutil.wait_procs(everyone, timeout=20)[1]
    for child in left:
        child.kill()
    assert (len(everyone), left) == (4, [])  # two web processes, the jobs and the sandbox


def test_wrong_passwords_are_counted_by_all_web_processes_together(up: psutil.Process) -> None:
    answers = [_sign_in(up) for _ in range(16)]

    assert ["too many wrong passwords" in answer for answer in answers] == [False] * 6 + [True] * 10


def test_jobs_are_started_anew_when_their_process_dies(up: psutil.Process) -> None:
    [first] = _jobs(up)

    first.kill()

    until = time.monotonic() + 30
    while not (found := [child for child in _jobs(up) if child.pid != first.pid]) and time.monotonic() < until:
        time.sleep(0.1)
    assert len(found) == 1


def test_a_kept_process_that_dies_is_started_again_and_again_and_said(
    capfd: pytest.CaptureFixture[str],
) -> None:
    command = [sys.executable, "-c", "raise SystemExit(3)"]

    with family.Kept("The process", command, pause=lambda deaths: deaths / 100):
        said = ""
        while said.count("The process ended (code 3); starting it anew") < 2:
            said += capfd.readouterr().err
            time.sleep(0.05)


def test_pauses_double_up_to_a_minute() -> None:
    assert [family.pause_after(deaths) for deaths in (0, 1, 2, 3, 7, 2000)] == [0, 1, 2, 4, 60, 60]


def _jobs(up: psutil.Process) -> list[psutil.Process]:
    return [child for child in up.children() if child.status() != psutil.STATUS_ZOMBIE and "worker" in _words(child)]


def _words(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:  # it ended just now
        return []


def _sign_in(up: psutil.Process) -> str:
    """Tries a wrong password, over a connection of its own: any of the web processes may take it."""
    site = f"http://127.0.0.1:{up.cmdline()[-1]}/account/login/"
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    form = browser.open(site, timeout=10).read().decode()
    token = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)[0]
    sent = urllib.parse.urlencode({"csrfmiddlewaretoken": token, "login": "alice", "password": "wrong"}).encode()
    try:
        return str(browser.open(site, sent, timeout=10).read().decode())
    except urllib.error.HTTPError as answer:
        return str(answer.read().decode())


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
