"""What frames every page of a course in Studio: its name, the way around, and who may do what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lykeion.authoring.types import Author, Capability
from lykeion.core.keys import CourseLocator
from lykeion.ui.types import Link


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a course in Studio: the name of its address, and what it takes to see it."""

    name: str
    label: Any  # translated when shown
    icon: str
    needs: Capability = Capability.VIEW


@dataclass(frozen=True, slots=True)
class Group:
    """Pages that belong together."""

    label: str
    links: Sequence[Link]


GROUPS: tuple[tuple[Any, tuple[Page, ...]], ...] = (
    (
        gettext_lazy("Content"),
        (
            Page("studio:outline", gettext_lazy("Outline"), "unit"),
            Page("studio:pages", gettext_lazy("Pages"), "text"),
            Page("studio:updates", gettext_lazy("Updates and handouts"), "bell"),
            Page("studio:textbooks", gettext_lazy("Textbooks"), "book"),
            Page("studio:files", gettext_lazy("Files"), "file"),
        ),
    ),
    (
        gettext_lazy("Settings"),
        (
            Page("studio:schedule", gettext_lazy("Schedule and details"), "calendar"),
            Page("studio:grading", gettext_lazy("Grading"), "chart"),
            Page("studio:groups", gettext_lazy("Groups"), "people"),
            Page("studio:features", gettext_lazy("Features"), "star"),
            Page("studio:team", pgettext_lazy("people who make a course", "Team"), "person"),
            Page("studio:certificates", gettext_lazy("Certificates"), "certificate"),
            Page("studio:advanced", gettext_lazy("Advanced settings"), "settings"),
        ),
    ),
    (
        gettext_lazy("Tools"),
        (
            Page("studio:checks", gettext_lazy("Checks"), "check-circle"),
            Page("studio:library_updates", gettext_lazy("Updates of libraries"), "book"),
            Page("studio:history", gettext_lazy("History"), "clock"),
            Page("studio:rerun", gettext_lazy("New run"), "plus"),
            Page("studio:import", gettext_lazy("Import"), "upload", Capability.REPLACE),
            Page("studio:export", gettext_lazy("Export"), "download"),
            Page("studio:git", gettext_lazy("Git"), "copy", Capability.REPLACE),
            Page("studio:tags", gettext_lazy("Tags"), "filter"),
        ),
    ),
)


OF_LIBRARIES: tuple[tuple[Any, tuple[Page, ...]], ...] = (
    (
        gettext_lazy("Library"),
        (
            Page("studio:library", gettext_lazy("Items"), "book"),
            Page("studio:files", gettext_lazy("Files"), "file"),
            Page("studio:team", pgettext_lazy("people who make a course", "Team"), "person"),
            Page("studio:history", gettext_lazy("History"), "clock"),
            Page("studio:import", gettext_lazy("Import"), "upload", Capability.REPLACE),
            Page("studio:export", gettext_lazy("Export"), "download"),
        ),
    ),
)


def frame(author: Author, current: str, **more: Any) -> dict[str, Any]:
    """The context that ``studio/base.html`` needs; ``current`` is the name of a page (``outline``)."""
    return {
        "author": author,
        "run": author.run,
        "course_title": author.title,
        "nav_groups": groups(author, current),
        "studio_url": reverse("studio:libraries" if author.is_library else "studio:home"),
        "studio_name": _("Libraries") if author.is_library else _("Studio"),
        "home_url": reverse("studio:library" if author.is_library else "studio:outline", args=[author.run]),
        "view_live": "" if author.is_library else f"/courses/{author.run}/course/",
        "can": {capability.value: True for capability in author.may},
        **more,
    }


def groups(author: Author, current: str) -> list[Group]:
    """The pages of a course, or of a library, that ``author`` may see."""
    found = [
        Group(str(label), [_link(author.run, page, current) for page in pages if author.can(page.needs)])
        for label, pages in (OF_LIBRARIES if author.is_library else GROUPS)
    ]
    return [group for group in found if group.links]


def _link(run: CourseLocator, page: Page, current: str) -> Link:
    address = reverse(page.name, args=[run])
    return Link(str(page.label), address, current=page.name == f"studio:{current}", icon=page.icon)
