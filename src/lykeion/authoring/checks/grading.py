"""Whether what is graded can be: weights, assignment types, dates, problems."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from lykeion.authoring.checks.types import Finding, Looked, about, about_course
from lykeion.content.types import OutlineBlock
from lykeion.grades.api import policy_trouble


def check(looked: Looked) -> Iterator[Finding]:
    """The policy first, then subsections in order."""
    types = assignment_types(looked)
    graded = graded_subsections(looked)
    if wrong := policy_trouble(looked.course.fields.get("grading_policy")):
        yield about_course("policy-broken", "error", trouble=wrong)
    else:
        yield from _policy(types, graded)
    names = {str(one.get("type")) for one in types}
    for block in graded:
        kind = block.own.get("format")
        if not kind:
            yield about(looked, block, "graded-no-type", "warning")
        elif kind not in names:
            yield about(looked, block, "graded-unknown-type", "error", type=kind)
        if not any(one.facts.has_score for one in looked.outline.subtree(block)):
            yield about(looked, block, "graded-nothing", "error")
        if block.settings.get("due") is None and not block.own.get("relative_weeks_due"):
            yield about(looked, block, "graded-no-due", "hint")


def assignment_types(looked: Looked) -> list[dict[str, Any]]:
    """The assignment types of the course's grading policy."""
    policy = looked.course.fields.get("grading_policy")
    grader = policy.get("GRADER") if isinstance(policy, dict) else None
    return [one for one in grader if isinstance(one, dict)] if isinstance(grader, list) else []


def graded_subsections(looked: Looked) -> list[OutlineBlock]:
    """The subsections that count."""
    return [block for block in looked.outline.blocks if block.type == "sequential" and block.settings.get("graded")]


def weight_percent(types: list[dict[str, Any]]) -> float:
    """The weights together, in percent."""
    weights = (one.get("weight") for one in types)
    return round(100 * sum(one for one in weights if isinstance(one, int | float)), 4)


def _policy(types: list[dict[str, Any]], graded: list[OutlineBlock]) -> Iterator[Finding]:
    total = weight_percent(types)
    if types and total != 100:
        yield about_course("weights", "error", total=f"{total:g}")
    counts = Counter(block.own.get("format") for block in graded)
    for one in types:
        wanted = one.get("min_count")
        there = counts[one.get("type")]
        if isinstance(wanted, int) and there < wanted:
            yield about_course("too-few", "warning", type=one.get("type"), there=there, wanted=wanted)
