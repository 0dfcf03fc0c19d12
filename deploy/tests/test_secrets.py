"""What a site keeps to itself is in no journal: modules of Ansible write there what they are told, without `no_log`."""

from __future__ import annotations

import configparser
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jinja2
import yaml

ANSIBLE = Path(__file__).resolve().parent.parent / "ansible"
VARIABLES = ANSIBLE / "roles/lykeion"
HERE = ("assert", "set_fact", "debug", "include_tasks", "include_role")
ON_THE_CONTROLLER = {f"ansible.builtin.{module}" for module in HERE}


def secrets() -> set[str]:
    """Variables that are marked SECRET, and those that are made of one."""
    marked = re.findall(r"^(lykeion_\w+):.*# .*SECRET", (VARIABLES / "defaults/main.yml").read_text(), re.MULTILINE)
    found = set(marked)
    made = {}
    for role in ("lykeion", "mysql"):
        made |= yaml.safe_load((ANSIBLE / f"roles/{role}/vars/main.yml").read_text())
    for _ in made:
        found |= {name for name, value in made.items() if set(re.findall(r"\w+", str(value))) & found}
    return found


def tasks() -> Iterator[tuple[str, dict[str, Any]]]:
    files = [*ANSIBLE.glob("*.yml"), *ANSIBLE.glob("roles/*/tasks/*.yml"), *ANSIBLE.glob("roles/*/handlers/*.yml")]
    for file in sorted(files):
        yield from (
            (f"{file.relative_to(ANSIBLE)}: {task['name']}", task) for task in within(yaml.safe_load(file.read_text()))
        )


def within(entries: list[dict[str, Any]] | None) -> Iterator[dict[str, Any]]:
    """The tasks of plays and blocks, those in them too."""
    for entry in entries or []:
        parts = [
            entry[key] for key in ("tasks", "pre_tasks", "post_tasks", "block", "rescue", "always") if key in entry
        ]
        for part in parts:
            yield from within(part)
        if not parts and "hosts" not in entry and "ansible.builtin.import_playbook" not in entry:
            yield entry


def test_no_task_tells_the_journal_a_secret() -> None:
    known = secrets()
    assert {
        "lykeion_backup_identity",
        "lykeion_mongodb_admin_password",
        "lykeion_content_url",
        "lykeion_environment",
        "mysql_accounts",
    } <= known

    told = [
        place
        for place, task in tasks()
        if not task.get("no_log") and not ON_THE_CONTROLLER & set(task) and set(re.findall(r"\w+", str(task))) & known
    ]

    assert told == []


def test_no_secret_is_on_a_command_line() -> None:
    """Where `environment` is too: before the command that sudo runs, which it writes into the journal."""
    known = secrets()
    commands = ("command", "shell", "script")

    def on_it(task: dict[str, Any]) -> Iterator[Any]:
        yield task.get("environment")
        for told in (task.get(f"ansible.builtin.{module}") for module in commands):
            yield told.get("cmd") if isinstance(told, dict) else told

    told = [place for place, task in tasks() if set(re.findall(r"\w+", str([*on_it(task)]))) & known]

    assert told == []
    plays = (play for file in ANSIBLE.glob("*.yml") for play in yaml.safe_load(file.read_text()))
    assert [play["name"] for play in plays if "environment" in play] == []


def command(file: str, name: str, **told: str) -> tuple[str, str]:
    """The script of a task, and what it is given on its standard input."""
    (task,) = (task for place, task in tasks() if place == f"{file}: {name}")
    shell = task["ansible.builtin.shell"]
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=False)  # no HTML
    environment.filters |= {"bool": bool, "quote": str}
    script, given = (environment.from_string(shell[key]).render(told) for key in ("cmd", "stdin"))
    return script, given + "\n"


def tool(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(f"#!/bin/bash\n{text}\n")
    (folder / name).chmod(0o700)


def test_who_migrates_has_the_settings_of_the_site_and_an_account_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "lykeion.env").write_text('LYKEION_SECRET_KEY="a \\$ecret"\nLYKEION_DATABASE_URL="mysql://site@db/l"\n')
    (tmp_path / "venv/bin").mkdir(parents=True)
    tool(tmp_path / "venv/bin", "lykeion", 'echo "$*: $LYKEION_SECRET_KEY $LYKEION_DATABASE_URL"')
    url = r"mysql://migration:a%24b\c@db/l?ssl_mode=REQUIRED"
    paths = {"app_release_path": str(tmp_path), "lykeion_etc": str(tmp_path)}
    given = {"lykeion_migration_url": url, "lykeion_contract": "", **paths}
    script, told = command("roles/app/tasks/migrate.yml", "Bring the database up to date", **given)

    done = subprocess.run(["sh", "-c", script], input=told, capture_output=True, text=True)

    assert (done.returncode, done.stdout) == (0, f"migrate --expand-only: a $ecret {url}\n")
    (tmp_path / "lykeion.env").unlink()
    assert subprocess.run(["sh", "-c", script], input=told, capture_output=True, text=True).returncode != 0


def test_who_brings_the_database_back_reads_its_account_from_a_file_that_is_none(tmp_path: Path) -> None:
    tool(tmp_path, "zstd", "echo DUMP")
    tool(tmp_path, "mariadb", 'cat "${1#*=}"; echo "then ${@:2}"; [ "$2" = -e ] || cat')
    account = {"host": "10.0.0.1", "port": "3306", "migration_user": "migration", "migration_password": "p$%\\n'"}
    given = {f"lykeion_mysql_{name}": value for name, value in account.items()}
    given |= {"lykeion_mysql_database": "learn", "lykeion_mysql_client": "ssl\n"}
    script, told = command("restore.yml", "The database of learners", **given)
    environ = {"PATH": f"{tmp_path}:{os.environ['PATH']}"}

    done = subprocess.run(["bash", "-c", script], input=told, env=environ, capture_output=True, text=True)

    file = "[client]\nhost=10.0.0.1\nport=3306\nuser=migration\npassword=p$%\\n'\nssl\n"
    assert (done.returncode, done.stderr) == (0, "")
    first, second, rest = done.stdout.split(file)
    assert (first, rest) == ("", "then learn\nDUMP\n")
    assert second.startswith("then -e DROP DATABASE IF EXISTS learn;")


def test_modules_write_nothing_to_the_journal_of_a_host_at_all() -> None:
    settings = configparser.ConfigParser()
    settings.read(ANSIBLE / "ansible.cfg")

    assert settings.getboolean("defaults", "no_target_syslog")


def test_what_a_command_is_given_on_its_standard_input_is_not_told() -> None:
    def given(task: dict[str, Any]) -> bool:
        return any(isinstance(value, dict) and "stdin" in value for value in task.values())

    found = {place: task.get("no_log", False) for place, task in tasks() if given(task)}

    assert len(found) > 1
    assert all(found.values()), found
