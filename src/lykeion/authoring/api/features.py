"""What of the platform a course uses, each with a switch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lykeion.authoring.api import pages
from lykeion.authoring.api.courses import require
from lykeion.authoring.saving import COURSE, course_fields, edited, field_of
from lykeion.authoring.types import Author, AuthoringError, Capability
from lykeion.content.api import Draft
from lykeion.content.types import Edited, Json

__all__ = ["Feature", "features", "switch"]


@dataclass(frozen=True, slots=True)
class Feature:
    """One switch. ``tab``: what it does is to show a tab."""

    name: str
    title: Any
    text: Any
    tab: bool = False
    on: bool = False


_KNOWN: Final = (
    Feature("progress", gettext_lazy("Progress page"), gettext_lazy("Learners see their grades and points."), True),
    Feature("dates", gettext_lazy("Dates page"), gettext_lazy("Learners see what is due when, in one list."), True),
    Feature("pdf_textbooks", gettext_lazy("Textbooks"), gettext_lazy("Each textbook of the course is a tab."), True),
    Feature(
        "enable_subsection_gating",
        gettext_lazy("Prerequisite subsections"),
        gettext_lazy("A subsection can stay closed until another one was done well enough."),
    ),
    Feature(
        "cohorts",
        gettext_lazy("Cohorts"),
        gettext_lazy(
            "Learners are divided into cohorts; content groups can be for some of them. Once teachers have switched"
            " them on or off under “For instructors”, that counts."
        ),
    ),
)


def features(author: Author) -> list[Feature]:
    """The switches as the draft has them."""
    shown = {tab.key for tab in pages.tabs(author) if tab.shown}
    fields = course_fields(author.root)
    return [Feature(one.name, one.title, one.text, one.tab, _is_on(one, fields, shown)) for one in _KNOWN]


def switch(author: Author, name: str, on: bool, *, at: datetime) -> Edited[None]:
    """Switches one of them on or off."""
    require(author, Capability.SETTINGS)
    feature = next((one for one in _KNOWN if one.name == name), None)
    if feature is None:
        raise AuthoringError(_("There is no feature “{name}” here.").format(name=name))
    if feature.tab:
        return pages.show(author, name, on, at=at)

    def change(draft: Draft) -> None:
        if name == "cohorts":
            stored = field_of(draft, "cohort_config")
            draft.update(COURSE, {"cohort_config": {**(stored if isinstance(stored, dict) else {}), "cohorted": on}})
        else:
            draft.update(COURSE, {name: on})

    return edited(author, change, at=at, why="Changed settings: features")


def _is_on(feature: Feature, fields: Mapping[str, Json], shown: set[str]) -> bool:
    if feature.tab:
        return feature.name in shown
    if feature.name == "cohorts":
        stored = fields.get("cohort_config")
        return isinstance(stored, Mapping) and (stored.get("cohorted") is True or stored.get("cohort") is True)
    return fields.get(feature.name) is True
