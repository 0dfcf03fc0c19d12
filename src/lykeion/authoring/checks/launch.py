"""The launch checklist and best practice of Open edX (``course-checklist`` of its authoring app)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from lykeion.authoring.checks.effort import video_seconds
from lykeion.authoring.checks.grading import assignment_types, graded_subsections, weight_percent
from lykeion.authoring.checks.types import Looked
from lykeion.content.types import OutlineBlock

SHORT: Final = 10 * 60  # seconds: longer videos are watched to the end by few
DIVERSE: Final = 0.8
DEEP: Final = 5  # components of a unit


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a checklist: done or not, or None where it does not apply. ``page`` is where it is mended."""

    code: str
    group: str
    done: bool | None
    page: str
    values: Mapping[str, Any]


def checklist(looked: Looked) -> list[Item]:
    """Every line, in order."""
    return [Item(code, group, *test(looked)) for code, group, test in _LINES]


Answer = tuple[bool | None, str, dict[str, Any]]


def _welcome(looked: Looked) -> Answer:
    updates = looked.parts.get("info/updates")
    fields = updates.fields if updates else {}
    items = fields.get("items") or []
    visible = [one for one in items if isinstance(one, dict) and one.get("status") != "deleted"]
    return bool(visible or str(fields.get("data", "")).strip("<>olu/ \n")), "updates", {}


def _policy(looked: Looked) -> Answer:
    total = weight_percent(assignment_types(looked))
    return total == 100, "grading", {"total": f"{total:g}"}


def _certificate(looked: Looked) -> Answer:
    found = looked.course.fields.get("certificates")
    designs = found.get("certificates") if isinstance(found, dict) else None
    return any(isinstance(one, dict) and one.get("is_active") for one in designs or ()), "certificates", {}


def _dates(looked: Looked) -> Answer:
    fields = looked.course.fields
    return bool(fields.get("start") and (fields.get("end") or fields.get("self_paced"))), "schedule", {}


def _deadlines(looked: Looked) -> Answer:
    course = looked.outline.course
    graded = graded_subsections(looked)
    if not graded or course.settings.get("self_paced"):
        return None, "outline", {}
    start, end = course.settings.get("start"), looked.end

    def is_good(block: OutlineBlock) -> bool:
        due = block.settings.get("due")
        return due is not None and (start is None or due >= start) and (end is None or due <= end)

    bad = [block.title for block in graded if not is_good(block)]
    return not bad, "outline", {"titles": ", ".join(bad[:5])}


def _overview(looked: Looked) -> Answer:
    about = looked.parts.get("about/overview")
    return bool(about and str(about.fields.get("data", "")).strip()), "schedule", {}


def _image(looked: Looked) -> Answer:
    return bool(looked.course.fields.get("course_image")), "schedule", {}


def _videos(looked: Looked) -> Answer:
    known = [seconds for _, node in looked.of_type("video") if (seconds := video_seconds(node)) is not None]
    if not known:
        return None, "outline", {}
    share = sum(seconds <= SHORT for seconds in known) / len(known)
    return share >= DIVERSE, "outline", {"percent": round(100 * share)}


def _diverse(looked: Looked) -> Answer:
    subsections = [block for block in looked.outline.blocks if block.type == "sequential" and block.children]
    if not subsections:
        return None, "outline", {}
    mixed = sum(
        len({one.type for one in looked.outline.subtree(block)[1:] if not one.children}) > 1 for block in subsections
    )
    share = mixed / len(subsections)
    return share >= DIVERSE, "outline", {"percent": round(100 * share)}


def _highlights(looked: Looked) -> Answer:
    sections = [node for _, node in looked.of_type("chapter")]
    if not sections or not looked.course.fields.get("highlights_enabled_for_messaging"):
        return None, "outline", {}
    missing = sum(not node.fields.get("highlights") for node in sections)
    return not missing, "outline", {"missing": missing}


def _depth(looked: Looked) -> Answer:
    units = [len(block.children) for block in looked.outline.blocks if block.type == "vertical"]
    if not units:
        return None, "outline", {}
    middle = sorted(units)[len(units) // 2]
    return middle <= DEEP, "outline", {"middle": middle}


_LINES: Final[tuple[tuple[str, str, Callable[[Looked], Answer]], ...]] = (
    ("welcome", "launch", _welcome),
    ("dates", "launch", _dates),
    ("policy", "launch", _policy),
    ("deadlines", "launch", _deadlines),
    ("certificate", "launch", _certificate),
    ("overview", "launch", _overview),
    ("image", "launch", _image),
    ("videos", "practice", _videos),
    ("diverse", "practice", _diverse),
    ("highlights", "practice", _highlights),
    ("depth", "practice", _depth),
)
