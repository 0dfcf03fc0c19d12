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


def steps() -> list[tuple[str, dict[str, Any]]]:
    """Tasks of the playbook as text, in their order, each with itself."""
    plays: list[dict[str, Any]] = yaml.safe_load(PLAYBOOK.read_text())
    return [(yaml.safe_dump(task, width=1000), task) for play in plays for task in play["tasks"]]


def place(*words: str) -> int:
    """Where the only task is that has all these words."""
    (found,) = (number for number, (text, _) in enumerate(steps()) if all(word in text for word in words))
    return found


def test_no_backup_is_made_of_what_is_half_back() -> None:
    order = [
        place("replace=yes"),  # a restore that is refused changes nothing
        place("lykeion-backup.timer", "stopped"),
        place("lykeion-backup hold"),
        place("DROP DATABASE"),
        place("tasks_from: start.yml"),
        place("lykeion-backup take"),
        place("lykeion-backup.timer", "started"),
    ]

    assert order == sorted(order)
    assert all("trial" in steps()[number][1]["when"] for number in order[-2:])


def test_a_database_that_was_dropped_and_not_loaded_does_not_stop_the_next_try() -> None:
    assert "lykeion-backup people" in steps()[place("register: restore_people")][0]  # 0 without the table


def test_what_loads_in_secret_says_why_it_failed() -> None:
    for loads in (place("DROP DATABASE"), place("mongotool load")):
        secret, said = steps()[loads][1], steps()[loads + 1][1]
        assert secret["failed_when"] is False
        assert secret["register"] in said["ansible.builtin.assert"]["fail_msg"]
