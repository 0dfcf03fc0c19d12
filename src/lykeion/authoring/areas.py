"""The areas of Studio's settings: which fields of the course and which parts beside its tree belong to each.

An area has a page of its own, tells what of it learners do not see yet, and is published and discarded on its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext_lazy

from lykeion.authoring.types import Capability


@dataclass(frozen=True, slots=True)
class Area:
    """``parts`` that end in a slash are all parts below it. ``everything``: all fields of the course, whatever they are
    called. ``needs`` is what it takes to change it."""

    name: str
    title: Any  # translated when shown
    fields: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    needs: Capability = Capability.SETTINGS
    everything: bool = False

    def fields_among(self, names: Iterable[str]) -> list[str]:
        """Those of ``names`` that are fields of this area, sorted."""
        return sorted(name for name in names if self.everything or name in self.fields)

    def parts_among(self, names: Iterable[str]) -> list[str]:
        """Those of ``names`` that are parts of this area, sorted."""
        return sorted(name for name in names if any(_is_part(name, own) for own in self.parts))


def _is_part(name: str, own: str) -> bool:
    return name.startswith(own) if own.endswith("/") else name == own


_SCHEDULE: Final = (
    "display_name", "start", "end", "enrollment_start", "enrollment_end", "self_paced", "certificate_available_date",
    "certificates_display_behavior", "language", "course_image", "banner_image", "video_thumbnail_image", "license",
    "pre_requisite_courses", "entrance_exam_enabled", "entrance_exam_id", "entrance_exam_minimum_score_pct",
    "learning_info", "instructor_info",
)  # fmt: skip
_AREAS: Final = (
    Area("pages", gettext_lazy("Pages"), ("tabs",), ("tabs/",), Capability.EDIT),
    Area("updates", gettext_lazy("Updates and handouts"), (), ("info/updates", "info/handouts"), Capability.EDIT),
    Area("textbooks", gettext_lazy("Textbooks"), ("pdf_textbooks",), (), Capability.EDIT),
    Area(
        "schedule",
        gettext_lazy("Schedule and details"),
        _SCHEDULE,
        ("about/",),
    ),
    Area("grading", gettext_lazy("Grading"), ("grading_policy", "graceperiod", "minimum_grade_credit")),
    Area("groups", gettext_lazy("Groups"), ("user_partitions",)),
    Area("certificates", gettext_lazy("Certificates"), ("certificates", "cert_html_view_enabled")),
    Area("features", gettext_lazy("Features"), ("tabs", "enable_subsection_gating", "cohort_config")),
    Area("advanced", gettext_lazy("Advanced settings"), everything=True),
)
AREAS: Final[Mapping[str, Area]] = {area.name: area for area in _AREAS}
