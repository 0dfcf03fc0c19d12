"""What of the platform a course uses, each with a switch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lykeion.authoring.api import pages
from lykeion.authoring.api.courses import require
from lykeion.authoring.saving import COURSE, course_fields, edited, field_of
from lykeion.authoring.types import Author, AuthoringError, Capability
from lykeion.catalog import api as catalog
from lykeion.content.api import Draft
from lykeion.content.types import Edited, Json, RunMissing

__all__ = ["Feature", "features", "switch"]


@dataclass(frozen=True, slots=True)
class Feature:
    """One switch. ``tab``: what it does is to show a tab. ``decided``: the team switched it for the run as it is
    taught, so what the course says does not count, and it is not switched here."""

    name: str
    title: Any
    text: Any
    tab: bool = False
    on: bool = False
    decided: bool = False


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
            " them on or off under “For instructors > Cohorts”, that counts."
        ),
    ),
)


def features(author: Author) -> list[Feature]:
    """The switches as the draft has them, and as the team has what it decided."""
    shown = {tab.key for tab in pages.tabs(author) if tab.shown}
    fields, decided = course_fields(author.root), _decided(author)
    return [
        replace(one, on=decided[one.name], decided=True)
        if one.name in decided
        else replace(one, on=_is_on(one, fields, shown))
        for one in _KNOWN
    ]


def switch(author: Author, name: str, on: bool, *, at: datetime) -> Edited[None]:
    """Switches one of them on or off. Raises :class:`AuthoringError` for one that the team decided on."""
    require(author, Capability.SETTINGS)
    feature = next((one for one in _KNOWN if one.name == name), None)
    if feature is None:
        raise AuthoringError(_("There is no feature “{name}” here.").format(name=name))
    if feature.tab:
        return pages.show(author, name, on, at=at)
    if name in _decided(author):
        raise AuthoringError(_("Teachers have switched this under “For instructors > Cohorts”; change it there."))

    def change(draft: Draft) -> None:
        if name == "cohorts":
            stored = field_of(draft, "cohort_config")
            rest = {key: value for key, value in stored.items() if key != "cohort"} if isinstance(stored, dict) else {}
            draft.update(COURSE, {"cohort_config": {**rest, "cohorted": on}})
        else:
            draft.update(COURSE, {name: on})

    return edited(author, change, at=at, why="Changed settings: features")


def _is_on(feature: Feature, fields: Mapping[str, Json], shown: set[str]) -> bool:
    if feature.tab:
        return feature.name in shown
    if feature.name == "cohorts":
        return catalog.says_cohorted(fields.get("cohort_config"))
    return fields.get(feature.name) is True


def _decided(author: Author) -> dict[str, bool]:
    """What teachers switched for the run, by name; a run that learners do not see yet has nothing of it. One read."""
    try:
        offered = catalog.run(author.run)
    except RunMissing:
        return {}
    return {"cohorts": offered.cohorted} if offered.cohorts_decided else {}
