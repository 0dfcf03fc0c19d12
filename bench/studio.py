"""What authors wait for, in courses of 50, 5,000 and 20,000 blocks: a process that edits and publishes, and a
learner's first page afterwards. ``python -m bench`` runs it and writes its section of ``bench/RESULTS.md``; alone it
prints JSON:

    LYKEION_HOME=FOLDER python -m bench.studio FOLDER
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import sys
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

COURSES = {"S50": (5, 8), "M5000": (450, 10), "L20000": (1800, 10)}
ROUNDS = 15
GOAL = 0.3
"""Seconds for a publish and the first page after it, whatever the course's size."""


def section(name: str, figures: dict[str, Any], floor: float) -> str:
    """The figures as Markdown, beside ``floor``: CPU milliseconds of a bare Django view in the same run."""
    lines = [
        f"\n### {name}\n",
        "| act | blocks | CPU ms | times the floor | p50 / worst ms |",
        "|---|---|---|---|---|",
    ]
    for row in figures["rows"]:
        cpu, blocks = row["cpu"], f"{row['blocks']:,}"
        lines.append(
            f"| {row['act']} | {blocks} | {cpu:.1f} | {cpu / floor:.1f} | {row['p50']:.1f} / {row['worst']:.1f} |"
        )
    lines.append(
        f"\nOne process, {ROUNDS} rounds, each of another unit; a floor is {floor:.1f} ms, and the machine had "
        f"{figures['load']:.1f} busy processes for each core beside. What the servers of MariaDB and MongoDB do is in "
        f"the waiting time only. A publish with the first page after it took {figures['together']:.2f} s of processor "
        f"time at the largest size (target {GOAL} s at any size).\n"
    )
    return "\n".join(lines)


def main(work: Path) -> None:
    """Measures on the site of this environment; courses that it does not have are made."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lykeion.settings")
    from lykeion.commands.serve import migrate  # the environment is read on import

    migrate()
    figures = [_course(name, work) for name in COURSES]
    load = os.getloadavg()[0] / (os.cpu_count() or 1)
    together = max(one["together"] for one in figures)
    print(json.dumps({"rows": [row for one in figures for row in one["rows"]], "together": together, "load": load}))


def _course(name: str, work: Path) -> dict[str, Any]:
    from lykeion.content import api as content
    from lykeion.core.keys import parse_run

    run = parse_run(f"course-v1:Bench+{name}+bench")
    if run not in content.heads():
        _import(name, run, work)
    page = _learner(run)
    page()
    blocks = len(content.outline(run).blocks)
    acts = _acts(run, page, COURSES[name][0])
    times: dict[str, list[tuple[float, float]]] = {act: [] for act in acts}
    for turn in range(-1, ROUNDS):
        for act, call in acts.items():
            took = _timed(lambda call=call, turn=turn: call(turn))  # type: ignore[misc]
            if turn >= 0:  # before, this process has not seen the course
                times[act].append(took)
    pairs = zip(times["publish a unit"], times["a learner's first page after it"], strict=True)
    return {
        "together": statistics.mean(publish[1] + first[1] for publish, first in pairs),
        "rows": [_row(act, blocks, took) for act, took in times.items()],
    }


def _acts(run: Any, page: Callable[[], None], units: int) -> dict[str, Callable[[int], object]]:
    from lykeion.content import api as content
    from lykeion.content.types import NewBlock
    from lykeion.core.clock import now

    fresh = count()

    def edit(change: Callable[[Any], Any]) -> None:
        content.edit(run, change, author="bench", at=now())

    def unit(turn: int) -> int:
        return turn * 97 % units

    def write(turn: int) -> None:
        edit(lambda draft: draft.update(f"html@h{unit(turn)}_1", {"data": f"<p>Turn {time.time_ns()}</p>"}))

    def add(turn: int) -> None:
        name = f"new{os.getpid()}_{next(fresh)}"
        edit(lambda draft: draft.add(f"vertical@u{unit(turn)}", NewBlock("html", name, {"data": "<p>New</p>"}), 1))

    def publish(turn: int) -> None:
        content.publish(run, ref=f"vertical@u{unit(turn)}", author="bench", at=now())

    return {
        "edit a field": write,
        "add a block": add,
        "ask for unpublished changes": lambda turn: content.has_unpublished_changes(run, f"vertical@u{unit(turn)}"),
        "publish a unit": publish,
        "a learner's first page after it": lambda turn: page(),
        "edit another field": write,
        "discard the changes of a unit": lambda turn: content.discard(
            run, ref=f"vertical@u{unit(turn)}", author="bench", at=now()
        ),
    }


def _import(name: str, run: Any, work: Path) -> None:
    from bench.courses import write_course
    from lykeion.content import api as content
    from lykeion.core.clock import now

    units, per_unit = COURSES[name]
    folder = write_course(work / f"studio-{name}", name=name, units=units, per_unit=per_unit)
    content.import_course(folder, run=run, author="bench", at=now())
    shutil.rmtree(folder)


def _learner(run: Any) -> Callable[[], None]:
    """Asks for the first unit of the course as an enrolled learner."""
    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.test import Client

    from lykeion.accounts import api as accounts
    from lykeion.catalog import api as catalog
    from lykeion.core.clock import now

    settings.ALLOWED_HOSTS = ["*"]
    name = f"reader-{run.course}-{os.getpid()}"
    person = accounts.create_person(
        username=name, email=f"{name}@example.com", password=None, full_name=name, confirmed=True
    )
    catalog.enrol(person.id, run, at=now())
    client = Client()
    client.force_login(get_user_model().objects.get(pk=person.id), backend=settings.AUTHENTICATION_BACKENDS[0])

    def ask() -> None:
        answer = client.get(f"/courses/{run}/courseware/c0/s0/1/")
        assert answer.status_code == 200, answer.status_code

    return ask


def _timed(act: Callable[[], object]) -> tuple[float, float]:
    """Seconds waited, and of processor time."""
    began, busy = time.perf_counter(), time.process_time()
    act()
    return time.perf_counter() - began, time.process_time() - busy


def _row(act: str, blocks: int, took: list[tuple[float, float]]) -> dict[str, Any]:
    waited, busy = ([1000 * one for one in column] for column in zip(*took, strict=True))
    return {
        "act": act,
        "blocks": blocks,
        "cpu": statistics.mean(busy),
        "p50": statistics.median(waited),
        "worst": max(waited),
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]))
