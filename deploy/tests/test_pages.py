"""How nginx answered, counted for Prometheus: each line once, though the log is put aside at night."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

TOOL = Path(__file__).resolve().parent.parent / "ansible/roles/metrics/files/lykeion-pages"


def line(status: int, path: str = "/") -> str:
    return f'{{"time":"now","method":"GET","path":"{path}","status":{status},"bytes":0}}\n'


def counted(folder: Path) -> dict[str, int]:
    text = TOOL.read_text()
    for there in ("/var/log/nginx", "/var/lib/prometheus/node-exporter", "/var/lib", "/run/lykeion"):
        text = text.replace(f'"{there}/', f'"{folder}/')
    done = subprocess.run([sys.executable, "-"], input=text, text=True, capture_output=True)
    assert (done.returncode, done.stderr) == (0, "")
    told = folder / "lykeion_pages.prom"
    if not told.exists():
        return {}
    pairs = [one.rsplit(" ", 1) for one in told.read_text().splitlines()]
    return {name.split('"')[1]: int(number) for name, number in pairs if '"' in name and number != "0"}


def test_each_answer_is_counted_once(tmp_path: Path) -> None:
    log = tmp_path / "access.log"
    log.write_text(line(200) * 3 + line(502) + line(404, r"/\"status\":500"))

    assert counted(tmp_path) == {"2xx": 3, "4xx": 1, "5xx": 1}
    with log.open("a") as more:
        more.write(line(302) + line(500)[:40])
    assert counted(tmp_path) == {"2xx": 3, "3xx": 1, "4xx": 1, "5xx": 1}
    with log.open("a") as more:
        more.write(line(500)[40:])
    assert counted(tmp_path) == {"2xx": 3, "3xx": 1, "4xx": 1, "5xx": 2}


def test_what_came_before_the_log_was_put_aside_is_counted_too(tmp_path: Path) -> None:
    log = tmp_path / "access.log"
    log.write_text(line(200))
    counted(tmp_path)
    with log.open("a") as more:
        more.write(line(500))
    log.rename(tmp_path / "access.log.1")
    log.write_text(line(200) + line(301))

    assert counted(tmp_path) == {"2xx": 2, "3xx": 1, "5xx": 1}
    assert counted(tmp_path) == {"2xx": 2, "3xx": 1, "5xx": 1}


def test_a_host_that_answered_nobody_yet_tells_nothing(tmp_path: Path) -> None:
    assert counted(tmp_path) == {}


@pytest.mark.parametrize("answered", [False, True])
def test_whether_a_host_is_drained_is_told_though_nobody_asks_it_anything(tmp_path: Path, answered: bool) -> None:
    told = tmp_path / "lykeion_pages.prom"
    if answered:
        (tmp_path / "access.log").write_text(line(200))

    counted(tmp_path)
    assert "lykeion_drained 0\n" in told.read_text()
    (tmp_path / "drain").touch()
    counted(tmp_path)
    assert "lykeion_drained 1\n" in told.read_text()
