"""Tracking logs are put aside once a day and packed a day later, one of each host that writes into the folder."""

from __future__ import annotations

import gzip
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import jinja2

TEMPLATE = Path(__file__).resolve().parent.parent / "ansible/roles/logs/templates/lykeion-logs.j2"


def test_logs_of_one_host_and_of_many(tmp_path: Path) -> None:
    logs = tmp_path / "log"
    logs.mkdir()
    written = {
        "tracking.log": "now",
        "tracking.log@web1": "now",
        "tracking.log@at-10-20-64-7": "now",
        "tracking.log@idle": "",
        "tracking.log-20260101T000000.000001": "old",
        "tracking.log@at-10-20-64-7-20260101T000000.000001": "old",
        f"tracking.log@web1-{datetime.now(UTC):%Y%m%dT%H%M%S.%f}": "young",
        "tracking.log@web2-20260101T000000.000001.gz": "packed",
        "tracking.lost": "-",
    }
    for name, text in written.items():
        (logs / name).write_text(text)
    script = tmp_path / "lykeion-logs"
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, trim_blocks=True)
    made = environment.from_string(TEMPLATE.read_text())
    script.write_text(made.render(ansible_managed="made", lykeion_home=tmp_path, lykeion_tracking_target=""))

    for _ in range(2):
        subprocess.run(["bash", str(script)], check=True)

    names = sorted(path.name for path in logs.iterdir() if not path.name.startswith("."))
    packed = [name for name in names if name.endswith(".gz")]
    assert packed == [
        "tracking.log-20260101T000000.000001.gz",
        "tracking.log@at-10-20-64-7-20260101T000000.000001.gz",
        "tracking.log@web2-20260101T000000.000001.gz",
    ]
    assert gzip.decompress((logs / packed[1]).read_bytes()) == b"old"
    assert not {"tracking.log", "tracking.log@web1", "tracking.log@at-10-20-64-7"} & set(names)
    assert sum(name.startswith("tracking.log@web1-") for name in names) == 2
    assert {"tracking.log@idle", "tracking.lost"} <= set(names)
    assert sorted((logs / name).read_text() for name in names if name not in packed) == [
        "",
        "-",
        "now",
        "now",
        "now",
        "young",
    ]
