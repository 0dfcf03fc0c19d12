"""Checks of a course: what to mend before learners come, and links to other sites. Large courses are a job."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from lykeion.authoring import errands, webcheck
from lykeion.authoring.api.transfers import entered
from lykeion.authoring.checks import effort, grading, launch, links, media, problems, reach
from lykeion.authoring.checks.types import Check, Finding, Looked
from lykeion.authoring.checks.words import checklist_words, words_of
from lykeion.authoring.errands import Shown
from lykeion.authoring.fileuses import mentions_of, run_in_files, uses
from lykeion.authoring.mentions import Names
from lykeion.authoring.models import Errand
from lykeion.authoring.types import Author
from lykeion.authoring.wholecourse import nodes, places
from lykeion.catalog import api as catalog
from lykeion.content import api as content
from lykeion.content.types import ContentError, RunMissing
from lykeion.core.clock import now
from lykeion.jobs.api import Running

__all__ = [
    "CHECKS",
    "LINKS",
    "Shown",
    "checklist_words",
    "is_small",
    "latest",
    "look",
    "look_at_links",
    "order",
    "outside",
    "shown",
    "words_of",
]

CHECKS, LINKS = "checks", "links"
AREAS: Final[Mapping[str, Check]] = {
    "links": links.check,
    "media": media.check,
    "reach": reach.check,
    "grading": grading.check,
    "problems": problems.check,
}
AT_ONCE: Final = 400  # blocks that a page looks at while somebody waits
MOST: Final = 2_000  # findings of a report
_LEVELS: Final = {"error": 0, "warning": 1, "hint": 2}
shown, latest = errands.shown, errands.latest


@dataclass(frozen=True, slots=True)
class Link:
    """A page elsewhere and the places that link to it (refs with the units they are in)."""

    url: str
    places: list[tuple[str, str]]


def look(author: Author, *, at: datetime) -> dict[str, Any]:
    """Everything there is to say of the draft: ``findings`` and ``checklist`` (their words are in ``checks/words.py``),
    ``effort`` in seconds, and the ``root`` it is about. JSON. Costs as much as the course is large."""
    looked = _looked(author, at)
    found = [{**asdict(one), "area": area} for area, one in _findings(looked)]
    found.sort(key=lambda one: _LEVELS[one["level"]])
    busy = effort.effort(looked, lambda path: _text(author, path))
    return {
        "root": author.root,
        "findings": found[:MOST],
        "more": max(0, len(found) - MOST),
        "checklist": [asdict(one) for one in launch.checklist(looked)],
        "effort": {**asdict(busy), "hours": busy.hours},
    }


def is_small(author: Author) -> bool:
    """Whether a page may look while somebody waits."""
    return len(places(author.root)) <= AT_ONCE


def order(author: Author, kind: str, *, at: datetime) -> int:
    """Orders the checks, or (``LINKS``) a look at every page elsewhere that the course links to."""
    return errands.order(author, kind, {}, at=at)


def do_checks(row: Errand, _running: Running) -> dict[str, Any]:
    """The work of the checks."""
    return look(entered(row), at=now())


def outside(author: Author) -> list[Link]:
    """The pages elsewhere that the draft links to, in the order of the course."""
    everywhere = places(author.root)
    said = mentions_of(everywhere, run_in_files(author.run))
    found: dict[str, list[tuple[str, str]]] = {}
    for place in everywhere:
        for url in sorted(said[place.object_id].web):
            found.setdefault(url.partition("#")[0], []).append((place.ref, place.unit))
    return [Link(url, where) for url, where in found.items()]


def do_links(row: Errand, running: Running) -> dict[str, Any]:
    """The work of a look at pages elsewhere."""
    return look_at_links(outside(entered(row)), running)


def look_at_links(wanted: list[Link], running: Running, **how: Any) -> dict[str, Any]:
    """``links`` that are not fine: url, verdict, status, places; and how many were looked at."""
    where = {link.url: link.places for link in wanted}
    found: list[dict[str, Any]] = []
    running.progress(0, len(where), "links")
    for done, answer in enumerate(webcheck.look_all(where, **how), start=1):
        if done % 10 == 0:
            running.progress(done, len(where), "links")
        if answer.verdict != "ok":
            found.append({**asdict(answer), "places": where[answer.url]})
    return {"links": found, "looked": min(len(where), webcheck.MOST), "all": len(where)}


def _findings(looked: Looked) -> Iterator[tuple[str, Finding]]:
    for area, check in AREAS.items():
        for one in check(looked):
            yield area, one


def _looked(author: Author, at: datetime) -> Looked:
    outline = content.outline_at(author.run, author.root)
    everywhere = places(author.root)
    ids = [place.object_id for place in everywhere]
    said = mentions_of(everywhere, run_in_files(author.run))
    parts = content.parts(author.root)
    known = dict(nodes(ids))
    named = {name: known[oid] for name, oid in parts.items() if oid in known}
    found = uses(author.root, author.run)
    end = _date(author.course.fields.get("end"))
    return Looked(outline, everywhere, known, said, found, named, _cohorts(author), end, at)


def _date(value: Any) -> datetime | None:
    try:
        return content.parse_date(value)
    except content.BadDate:  # which the course's settings say already
        return None


def _cohorts(author: Author) -> tuple[Any, ...]:
    try:
        return catalog.cohorts(author.run)
    except RunMissing:  # a course that was never offered has no cohorts
        return ()


def _text(author: Author, path: str) -> str:
    files = content.files(author.root)
    name = Names(files).path(path)
    if name is None:
        return ""
    try:
        with content.open_file(files[name]) as stream:
            return stream.read(1 << 20).decode("utf-8", "replace")
    except ContentError:  # gone from the storage; the length is estimated without it
        return ""
