#!/usr/bin/env python3
"""What each size costs a month, and how many learners at once its web hosts bear: docs/operators/clouds/sizes.md.

    deploy/terraform/.venv/bin/python deploy/terraform/costs.py           # writes the page

Prices are those of prices.json; what a request takes is read from bench/RESULTS.md (MariaDB, MongoDB, Redis).
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import hcl2

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PAGE = ROOT / "docs" / "operators" / "clouds" / "sizes.md"
RESULTS = ROOT / "bench" / "RESULTS.md"

# What a learner does in a minute: pages opened, answers sent, batches of events (counted as the smallest page).
A_MINUTE = {"unit page, 10 blocks": 2.0, "answer": 1.0, "about page": 2.0}
BUSY = 0.5  # a host is planned to be busy for half of its time, so that one may be lost and peaks be borne
REAL = 0.6  # of a core of the benchmark, that a virtual one (a thread of a core) is worth
ONE_HOST = 0.4  # of the only host, that is left to pages beside databases and jobs
ACTIVE_SHARE = 0.1  # of the learners at once who are there on average over a month
PAGE_KB = 40  # with what of its assets is not kept by the browser
STORED = {"trial": (20, 20), "campus": (200, 300), "nation": (5_000, 20_000)}  # GB of shared files, of buckets
DISKS = {"web": 30, "workers": 50, "data": 100}  # GB, as the roots' variables say where a size does not
BACKUP_GB = 100  # likewise
JUMP_GB = 30  # of the module `layout`
CLOUDS = {"aws": "AWS", "google": "Google Cloud", "azure": "Azure"}


def main() -> int:
    """Writes the page."""
    prices = json.loads((HERE / "prices.json").read_text())
    taken = milliseconds()
    parts = [HEAD.format(noted=prices["noted"], extended=prices["aws"]["hour"]["mysql_8.0_core"], **described(taken))]
    for cloud, title in CLOUDS.items():
        parts.append(f"\n## {title}\n\n{table(cloud, prices, taken)}")
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text("".join(parts))
    return 0


HEAD = """# Sizes, and what they cost

This page is made by `deploy/terraform/costs.py`. It is an estimate to begin with: prices are of
{noted}. What a request takes is measured (`bench/RESULTS.md`, with MariaDB, MongoDB and Redis on
one machine): {measured}.

How it is computed: a learner who is at work opens {pages:g} pages, sends {answers:g} answer and
{events:g} batches of events in a minute, which takes {ms:.2f} ms of a core in each second. A
virtual core is counted as {real:g} of a core of the benchmark, and hosts as busy for {busy:.0%} of
the time. A month has 730 hours; on average {share:.0%} of the learners that fit are there; each
page carries {kb} KB to the world. Learners are what the web hosts bear; of a single host pages get
{one:.0%}. Spark is paid by use and not in it. What databases bear was not measured with so many:
look at their load (the alarms do) before you promise a nation to anybody.

*Up to* is with all web hosts that may come with the load; the sum is without any, and each that is
there costs what its row says beside.

MySQL 8.0 is old: AWS and Google Cloud ask for more since the summer of 2026 (*extended support*), for
each core of the database and of the one that stands by; Azure has such a price too. AWS' row counts
with ${extended:.2f} for a core and hour, from memory; look at each cloud's price list. For Google Cloud and
Azure it is **not in the sums**. Terraform's modules ask for 8.0 because nothing newer was tried.
"""


def described(taken: dict[str, float]) -> dict[str, Any]:
    """The words of the page's head."""
    measured = ", ".join(f"{name} {taken[name]:g} ms" for name in A_MINUTE)
    pages, answers, events = A_MINUTE.values()
    return {
        "measured": measured, "pages": pages, "answers": answers, "events": events, "ms": 1000 * load(taken),
        "real": REAL, "busy": BUSY, "share": ACTIVE_SHARE, "kb": PAGE_KB,
        "one": ONE_HOST,
    }  # fmt: skip


def milliseconds() -> dict[str, float]:
    """Milliseconds of CPU of each request, on real servers."""
    text = RESULTS.read_text().partition("## MariaDB, MongoDB, Redis")[2].partition("\n## ")[0]
    found = {name.strip(): float(ms) for name, ms in re.findall(r"^\| ([^|]+) \| ([\d.]+) \|", text, re.M)}
    missing = A_MINUTE.keys() - found.keys()
    if missing:
        sys.exit(f"costs: bench/RESULTS.md has no row {', '.join(sorted(missing))} for real servers; run make bench.")
    return found


def load(taken: dict[str, float]) -> float:
    """Seconds of a core that a learner at work takes in a second."""
    return sum(times * taken[name] for name, times in A_MINUTE.items()) / 60_000


def table(cloud: str, prices: dict[str, Any], taken: dict[str, float]) -> str:
    """What each size is made of."""
    rows = ["| | " + " | ".join(STORED) + " |", "|---|" + "---|" * len(STORED)]
    sizes = {name: month(cloud, name, prices, taken) for name in STORED}
    labels = dict.fromkeys(label for size in reversed(sizes.values()) for label in size)  # the largest has all of them
    rows += [
        f"| {label} | " + " | ".join(size.get(label, "none") for size in sizes.values()) + " |" for label in labels
    ]
    return "\n".join(rows) + "\n"


def month(cloud: str, name: str, prices: dict[str, Any], taken: dict[str, float]) -> dict[str, str]:
    """Label -> words, of one size."""
    size = _read(HERE / cloud / "env" / f"{name}.tfvars")
    known = prices[cloud]
    hour, gb = known["hour"], known["gb_month"]
    of_a_host = known["cores"][size["web"]["type"]] * REAL * BUSY / load(taken)
    learners = int(size["web"]["count"] * of_a_host * (ONE_HOST if size.get("one_host") else 1))
    more = size.get("autoscale", {}).get("most", 0) * of_a_host
    hosts = sum(size[kind]["count"] * hour.get(size[kind]["type"], 0) for kind in ("web", "workers", "data"))
    hosts += hour[size["jump"]] if size.get("jump") else 0
    disks = sum(size[kind]["count"] * size[kind].get("disk_gb", DISKS[kind]) for kind in DISKS)
    disks += size["workers"].get("backup_gb", BACKUP_GB) if size["workers"]["count"] else 0
    disks += JUMP_GB if size.get("jump") else 0
    mysql, redis = size["mysql"], size["redis"]
    database = extended = 0.0
    if mysql["mode"] == "managed":
        twice = 2 if mysql.get("multi_az", True) else 1
        extended = twice * known["cores"].get(mysql["type"], 0) * hour.get("mysql_8.0_core", 0) * prices["hours"]
        database = twice * (hour[mysql["type"]] * prices["hours"] + mysql["storage_gb"] * gb["database"])
    cache = redis.get("nodes", 2) * hour[redis["type"]] * prices["hours"] if redis["mode"] == "managed" else 0.0
    network = hour["address"] if size.get("one_host") else hour["balancer"] + size["zones"] * hour["nat"]
    files, buckets = STORED[name]
    files = max(files, size.get("files_gb", known.get("least_files_gb", 0)))  # some clouds sell no less
    stored = (0 if size.get("one_host") else files * gb["files"]) + buckets * gb["bucket"]
    pages = learners * ACTIVE_SHARE * A_MINUTE["unit page, 10 blocks"] * 60 * prices["hours"]
    sent = pages * PAGE_KB / 1e6 * gb["out"]
    costs = {
        "hosts": hosts * prices["hours"], "their disks": disks * gb["disk"], "managed MySQL": database,
        "MySQL 8.0's extended support": extended, "managed Redis": cache, "network": network * prices["hours"],
        "files and buckets": stored, "sent to learners": sent,
    }  # fmt: skip
    told = {"learners at once": f"{_round(learners):,}" + (f", up to {_round(learners + more):,}" if more else "")}
    told |= {label: f"${cost:,.0f}" for label, cost in costs.items() if cost}
    told["**a month**"] = f"**${sum(costs.values()):,.0f}**"
    return told | ({"each web host that comes": f"${hour[size['web']['type']]:.2f} an hour"} if more else {})


def _read(path: Path) -> dict[str, Any]:
    with path.open() as file:
        return {name: values[0] for name, values in hcl2.load(file).items()}


def _round(number: float) -> int:
    """To two digits: it is an estimate."""
    digits = max(0, len(str(int(number))) - 2)
    return int(number) // 10**digits * 10**digits


if __name__ == "__main__":
    sys.exit(main())
