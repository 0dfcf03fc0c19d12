"""A worker that is killed while it sends: nobody gets a mail twice, nobody is left out."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

from tests.notices.server import MailServer

LEARNERS = 200
KILLED_AT = (30, 110)  # mails that were taken
ROOT = Path(__file__).resolve().parents[2]


def test_every_learner_gets_one_mail_however_often_the_worker_is_killed(tmp_path: Path) -> None:
    with MailServer() as server:
        server.answers_after = 0.005  # a kill meets a mail that is taken but not answered more often than not
        command = [sys.executable, "-m", "tests.notices.worker_process", str(LEARNERS)]
        with subprocess.Popen(
            command, env=_environ(tmp_path, server.port), cwd=ROOT, text=True, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        ) as home:  # fmt: skip
            for count in KILLED_AT:
                worker = _ask(home, "work")
                _until_taken(server, count)
                os.kill(worker, signal.SIGKILL)
                assert _ask(home, "wait") == signal.SIGKILL
            _ask(home, "work")
            assert _ask(home, "wait") == 0
            found = _ask(home, "counts")

    copies, states = Counter(server.delivered), Counter(found["rows"].values())
    sent = {address for address, state in found["rows"].items() if state == "sent"}
    unknown = {address for address, state in found["rows"].items() if state == "unknown"}
    assert (found["state"], len(sent | unknown)) == ("done", LEARNERS), states
    assert len(unknown) <= len(KILLED_AT)
    assert {copies[address] for address in sent} == {1}
    assert all(copies[address] <= 1 for address in unknown)


def _environ(home: Path, port: int) -> dict[str, str]:
    rest = {name: value for name, value in os.environ.items() if not name.startswith(("LYKEION_", "DJANGO_"))}
    mail = {"LYKEION_MAIL_URL": f"smtp://127.0.0.1:{port}", "LYKEION_MAIL_RATE": "6000000"}
    return rest | mail | {"LYKEION_HOME": str(home), "PYTHONPATH": str(ROOT)}


def _ask(home: subprocess.Popen[str], word: str) -> Any:
    assert home.stdin is not None
    assert home.stdout is not None
    home.stdin.write(f"{word}\n")
    home.stdin.flush()
    return json.loads(home.stdout.readline())


def _until_taken(server: MailServer, count: int) -> None:
    until = time.monotonic() + 60
    while len(server.delivered) < count:
        assert time.monotonic() < until, f"only {len(server.delivered)} mails came"
        time.sleep(0.01)
