"""Before a backup is brought back: web hosts that are in no inventory are asked for, since no playbook stops them."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from test_follow import Host

PLAYBOOK = Path(__file__).resolve().parent.parent / "ansible/restore.yml"


@pytest.fixture
def host(tmp_path: Path) -> Host:
    made = Host(tmp_path)
    plays: list[dict[str, Any]] = yaml.safe_load(PLAYBOOK.read_text())
    tasks = {task["name"]: task for play in plays for task in play["tasks"]}
    text = tasks["Which of them said in the last minutes that they are there"]["ansible.builtin.shell"]["cmd"]
    (tmp_path / "text").write_text(text)
    made.tool("scaled", "#!/bin/bash\n" + made.made(tmp_path / "text"))
    return made


def test_hosts_that_spoke_in_the_last_minutes_are_told(host: Host) -> None:
    (host.store / "hosts").mkdir()
    for address, ago in {"10.20.64.7": 20, "10.20.64.8": 3600, "10.20.64.9": 200}.items():
        (host.store / "hosts" / address).write_text(f"{time.time() - ago:.0f}\n")

    done = host.run("scaled")

    assert (done.returncode, done.stdout.split(), done.stderr) == (0, ["10.20.64.7", "10.20.64.9"], "")


def test_where_no_host_ever_came_none_is_told(host: Host) -> None:
    done = host.run("scaled")

    assert (done.returncode, done.stdout) == (0, "")


def test_a_store_that_cannot_be_asked_is_no_store_without_hosts(host: Host) -> None:
    (host.tools / "unreachable").touch()

    assert host.run("scaled").returncode != 0
