"""Addresses of the pages of a run, written without ``reverse()``: a unit page shows dozens of them.

``tests/learn/test_addresses.py`` holds every one against the table in ``urls.py``.
"""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import quote

from django.urls import get_script_prefix

from lykeion.content.types import Outline, OutlineBlock
from lykeion.core.keys import CourseLocator, usage_text
from lykeion.core.paths import SAFE, SAFE_IN_SEGMENT

UNIT_DEPTH = 3  # course 0, section 1, subsection 2, unit 3


@lru_cache(maxsize=1024)
def _base(prefix: str, run: CourseLocator) -> str:
    return f"{prefix}courses/{quote(str(run), safe=SAFE)}"


def course_url(run: CourseLocator, tail: str = "") -> str:
    """``/courses/<run>/<tail>``; ``tail`` is a path, quoted here."""
    return f"{_base(get_script_prefix(), run)}/{quote(tail, safe=SAFE)}"


def home_url(run: CourseLocator) -> str:
    """Course home."""
    return course_url(run, "course/")


def unit_url(outline: Outline, ref: str) -> str:
    """The canonical address of a unit; of a subsection or section, the address that leads to its unit.

    A block below a unit gives the unit with the block as fragment. A block that is not there gives course home.
    """
    block = outline.get(ref)
    if block is None or block.depth == 0:
        return home_url(outline.run)
    way = [*outline.ancestors(block), block][1 : UNIT_DEPTH + 1]
    parts = [_segment(one.id) for one in way[:2]]
    if len(way) == UNIT_DEPTH:
        parts.append(str(position(outline, way[-1])))
    fragment = f"#{quote(ref, safe='@')}" if block.depth > UNIT_DEPTH else ""
    return f"{_base(get_script_prefix(), outline.run)}/courseware/{'/'.join(parts)}/{fragment}"


@lru_cache(maxsize=4096)
def _segment(text: str) -> str:
    return quote(text, safe=SAFE_IN_SEGMENT)


def position(outline: Outline, unit: OutlineBlock) -> int:
    """The place of ``unit`` in its subsection from 1, hidden neighbours included: one address for everybody."""
    return outline.blocks[unit.parent].children.index(unit.index) + 1


def bookmark_url(run: CourseLocator, ref: str) -> str:
    """Where a unit's bookmark is set and taken away."""
    return course_url(run, f"bookmarks/{usage_text(run, ref)}")


def asset_url(run: CourseLocator, name: str) -> str:
    """The address of a course file that always gives its newest version."""
    return f"{get_script_prefix()}{_asset(run, name)}"


def versioned_asset_url(run: CourseLocator, digest: str, name: str) -> str:
    """The address of one version of a course file; browsers keep it for ever."""
    return f"{get_script_prefix()}assets/courseware/v1/{digest}/{_asset(run, name)}"


def _asset(run: CourseLocator, name: str) -> str:
    return f"asset-v1:{quote(f'{run.org}+{run.course}+{run.run}', safe=SAFE)}+type@asset+block/{quote(name, safe=SAFE)}"
