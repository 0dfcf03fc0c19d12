"""``lykeion cohort``: who of a course is in which cohort, and which content group that is."""

from __future__ import annotations

import json as json_text
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from lykeion.catalog.types import Placed
from lykeion.commands.start import start
from lykeion.core.clock import now
from lykeion.core.errors import LykeionError

_LARGEST: Final = 20_000_000  # bytes of a file


def show(run_key: str, json: bool = False) -> int:
    """``lykeion cohort list``: the cohorts of a course, and whether its learners are put into them."""
    catalog = _started()
    run, lines = catalog.run(run_key), catalog.cohorts(run_key)
    rows = [
        {
            "name": one.name,
            "assignment": "automatic" if one.automatic else "manual",
            "group": None if one.group is None else f"{one.partition}:{one.group}",
            "members": one.members,
        }
        for one in lines
    ]
    if json:
        print(json_text.dumps({"cohorted": run.cohorted, "cohorts": rows}))
        return 0
    print(f"cohorts are {'on' if run.cohorted else 'off'}")
    for row in rows:
        group = f", content group {row['group']}" if row["group"] else ""
        print(f"{row['name']}: {row['assignment']}, members: {row['members']}{group}")
    for (partition, number), name in catalog.content_groups(run).items():
        print(f"content group {partition}:{number} is “{name}”")
    return 0


def create(run_key: str, name: str, automatic: bool = False, group: str | None = None) -> int:
    """``lykeion cohort create``: makes a cohort, with its content group if given."""
    catalog, linked = _started(), _group(group)
    from django.db import transaction  # settings are read by now

    with transaction.atomic():
        catalog.make_cohort(run_key, name, automatic=automatic, at=now())
        if linked is not None:
            catalog.link_cohort(run_key, name, linked, at=now())
    print(f"made {name}")
    return 0


def link(run_key: str, name: str, group: str) -> int:
    """``lykeion cohort link``: puts a cohort into a content group (PARTITION:GROUP), or with ``none`` out of it."""
    _started().link_cohort(run_key, name, None if group == "none" else _group(group), at=now())
    print(f"{name} is in content group {group}")
    return 0


def assign(run_key: str, path: Path) -> int:
    """``lykeion cohort assign``: places the people of a CSV file; prints what became of each line that did not work.

    The exit code is 1 when there was one.
    """
    text = _read(path)
    return _report(_started().import_cohorts(run_key, text, at=now()))


def add(run_key: str, name: str, people: Sequence[str]) -> int:
    """``lykeion cohort add``: puts people, by user name or e-mail address, into a cohort."""
    return _report(_started().add_to_cohort(run_key, name, people, at=now()))


def switch(run_key: str, state: str) -> int:
    """``lykeion cohort switch``: whether learners of a course are in cohorts: on, off, or as the course says."""
    run = _started().set_cohorted(run_key, {"on": True, "off": False}.get(state), at=now())
    print(f"cohorts are {'on' if run.cohorted else 'off'}")
    return 0


def _report(placed: Sequence[Placed]) -> int:
    words = {
        "unknown": "nobody has this user name",
        "invalid": "no user name or address",
        "no_cohort": "no such cohort",
    }
    wrong = [one for one in placed if one.outcome in words]
    for one in wrong:
        place = f"line {one.line}: " if one.line else ""
        print(f"{place}{one.entry} ({one.cohort}): {words[one.outcome]}")
    counts = {name: sum(one.outcome == name for one in placed) for name in ("added", "moved", "present", "preassigned")}
    print(", ".join(f"{name}: {count}" for name, count in counts.items()))
    return 1 if wrong else 0


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            found = file.read(_LARGEST + 1)
        if len(found) > _LARGEST:
            raise LykeionError(f"{path} is larger than {_LARGEST // 1_000_000} MB.")
        return found.decode("utf-8-sig")
    except OSError as error:
        raise LykeionError(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise LykeionError(f"{path} is not UTF-8 text (byte {error.start}); save it as CSV in UTF-8.") from error


def _group(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    partition, _, group = text.partition(":")
    if not (partition.isdecimal() and group.isdecimal()):
        raise LykeionError(f"{text} is no content group; write PARTITION:GROUP, as `lykeion cohort list` shows them.")
    return int(partition), int(group)


def _started() -> Any:
    """The door of ``catalog``, once there are models."""
    start()
    from lykeion.catalog import api

    return api
