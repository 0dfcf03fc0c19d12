"""Rows of the list of learners: the template of one is the same for all of them but for its holes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from lykeion.teaching.api.learners import Learner
from lykeion.teaching.types import Capability, Teacher
from lykeion.ui.filled import filled

register = template.Library()


@register.simple_tag(takes_context=True)
def learner_rows(
    context: dict[str, Any], lines: Iterable[tuple[Learner, Sequence[str]]], tracks: Sequence[str], here: str
) -> SafeString:
    """Write a row for each learner of a page. ``lines``: each with the names of their roles; ``here``: the query of the
    page, to which changes lead back."""
    teacher: Teacher = context["teacher"]
    key = teacher.run.key
    fixed = {
        "tracks": tuple(tracks),
        "changes": teacher.can(Capability.ENROL),
        "cohorted": bool(context["cohort_names"]),
    }
    common = {
        "track_address": f"{reverse('instructor:learner_track', args=[key])}?{here}",
        "unenrol_address": f"{reverse('instructor:learner_unenrol', args=[key])}?{here}",
        "csrf_token": str(context["csrf_token"]),
    }
    progress = reverse("learner_progress", args=[key, 0]).removesuffix("0/") if teacher.can(Capability.GRADE) else ""
    rows = (_row(one, roles, fixed, {**common, "progress": _of(progress, one)}) for one, roles in lines)
    return mark_safe("\n".join(rows))  # noqa: S308  templates whose holes are escaped


def _of(progress: str, one: Learner) -> str:
    return f"{progress}{one.id}/" if progress else ""


def _row(one: Learner, roles: Sequence[str], fixed: dict[str, Any], common: dict[str, str]) -> SafeString:
    holes = {
        "user": str(one.id),
        "username": one.username,
        "full_name": one.full_name,
        "roles": _badges(roles),
        "email": one.email,
        "cohort": one.cohort,
        **common,
    }
    return filled("instructor/people/learner_row.html", holes, mode=one.mode, **fixed)


def _badges(roles: Sequence[str]) -> SafeString:
    return (
        format_html_join("", ' <span class="badge">{}</span>', ((role,) for role in roles)) if roles else SafeString()
    )
