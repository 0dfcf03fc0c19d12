"""Links inside the course that lead nowhere: to files, blocks, and runs of old."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from lykeion.authoring.checks.types import Finding, Looked
from lykeion.authoring.wholecourse import Place

_RUN = re.compile(r"/courses/course-v1(?::|%3A)(?P<org>[^+/%]+)(?:\+|%2B)(?P<number>[^+/%]+)(?:\+|%2B)(?P<run>[^/?#]+)")


def check(looked: Looked) -> Iterator[Finding]:
    """Missing files first, then blocks, then links to other runs."""
    for name, places in looked.uses.missing.items():
        for place in places:
            yield _at(looked, place, "missing-file", file=name)
    ids = set(looked.outline.by_id)
    for place in looked.places:
        for block_id in sorted(looked.said[place.object_id].blocks - ids):
            yield _at(looked, place, "missing-block", block=block_id)
    yield from _old_runs(looked)


def _old_runs(looked: Looked) -> Iterator[Finding]:
    run = looked.outline.run
    for place in looked.places:
        for url in sorted(looked.said[place.object_id].web):
            found = _RUN.search(url)
            if found and (found["org"], found["number"]) == (run.org, run.course) and unquote(found["run"]) != run.run:
                yield _at(looked, place, "other-run", "warning", url=url)


def _at(looked: Looked, place: Place, code: str, level: str = "error", **values: str) -> Finding:
    title = looked.nodes[place.object_id].fields.get("display_name") or place.ref
    return Finding(code, level, place.ref, str(title), place.unit, values)  # type: ignore[arg-type]  # one of the three
