"""What hosts tell Prometheus besides its own exporters: jobs, members of MongoDB, and which units are looked at."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import jinja2
import yaml

ROLE = Path(__file__).resolve().parent.parent / "ansible/roles/metrics"
TOLD = "/var/lib/prometheus/node-exporter"


def made(template: str, folder: Path, **told: Any) -> str:
    """What the script of this template tells, with the programs of ``folder``."""
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=False)  # no HTML
    environment.filters["to_json"] = json.dumps
    text = environment.from_string((ROLE / "templates" / template).read_text())
    script = text.render(ansible_managed="made", **told).replace(TOLD, str(folder)).replace("/opt/lykeion", str(folder))
    environ = {"PATH": f"{folder}:{os.environ['PATH']}"}
    subprocess.run(["bash", "-c", script], env=environ, check=True)
    (file,) = folder.glob("*.prom")
    return file.read_text()


def program(path: Path, text: str) -> None:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o700)


def test_queues_are_told_with_the_seconds_of_the_oldest_and_failures_of_an_hour_without_an_end(tmp_path: Path) -> None:
    waiting = [{"queue": "mail", "waiting": 3, "oldest": "2 h 0 min", "seconds": 7200}]
    said = json.dumps({"jobs": [], "waiting": waiting, "failed_within_hour": 501})
    program(tmp_path / "runuser", f"echo '{said}'")
    (tmp_path / "lykeion.env").touch()

    told = made("lykeion-metrics.j2", tmp_path, lykeion_etc=tmp_path, lykeion_root=tmp_path)

    figures = dict(line.rsplit(" ", 1) for line in told.splitlines())
    assert {name: number for name, number in figures.items() if number != "0"} == {
        'lykeion_jobs_waiting{queue="mail"}': "3",
        'lykeion_jobs_oldest_seconds{queue="mail"}': "7200",
        "lykeion_jobs_failed_within_hour": "501",
    }
    assert figures['lykeion_jobs_oldest_seconds{queue="reports"}'] == "0"


def test_each_host_of_mongodb_asks_for_all_members(tmp_path: Path) -> None:
    program(tmp_path / "mongotool", 'echo "$1"; cat')

    told = made("lykeion-mongodb.j2", tmp_path, lykeion_mongodb_members=["10.0.0.1:27017"])

    assert told == 'figures\n{"members": ["10.0.0.1:27017"]}\n'


def test_units_of_spark_are_looked_at_too() -> None:
    asked = yaml.safe_load((ROLE / "vars/main.yml").read_text())["metrics_units"]
    wanted = re.compile(asked.partition("unit-include=")[2].strip())

    for unit in ("spark-master", "spark-worker", "mongod", "lykeion-mongodb", "nginx"):
        assert wanted.fullmatch(f"{unit}.service"), unit
