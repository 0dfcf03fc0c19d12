"""Crews: processes forked from one another that end together."""

from __future__ import annotations

import subprocess
import sys

ASKED_TO_END_WHILE_IT_GROWS = """
import os, signal
from lykeion.commands.crew import Member, run_crew

def ask(stop):
    os.kill(os.getppid(), signal.SIGTERM)
    stop.wait()

run_crew([Member("first", ask), *(Member(str(n), lambda stop: stop.wait()) for n in range(40))])
"""


def test_a_crew_that_is_asked_to_end_while_it_grows_loses_no_signal() -> None:
    ended = subprocess.run([sys.executable, "-c", ASKED_TO_END_WHILE_IT_GROWS], timeout=30, check=False)

    assert ended.returncode == 0
