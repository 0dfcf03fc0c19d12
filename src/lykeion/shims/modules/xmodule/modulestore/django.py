"""Stand-in for Open edX's module of this name: courses and their blocks by key, as published. Read only."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NoReturn

from django.dispatch import Signal

from lykeion.blocks.types import NoSuchBlock
from lykeion.catalog import api as catalog
from lykeion.content import api as content
from lykeion.content.types import RunMissing
from lykeion.core.clock import now
from lykeion.core.keys import BadKey, CourseLocator, parse_run, parse_usage, ref_of, usage_of
from lykeion.courseware import api as courseware
from xmodule.modulestore.exceptions import ItemNotFoundError

DEFAULTS: dict[str, Any] = {
    "lti_passports": [],
    "advanced_modules": [],
    "teams_configuration": None,
    "force_on_flexible_peer_openassessments": False,
}
"""What blocks ask of a course whose author set nothing."""


class Course:
    """A course as a whole: its advanced settings are its attributes."""

    def __init__(self, run: CourseLocator, fields: dict[str, Any]) -> None:
        self.id = run
        self.org, self.number = run.org, run.course
        self.location = usage_of(run, "course@course")
        self._fields = fields

    def __getattr__(self, name: str) -> Any:
        fields = self.__dict__.get("_fields", {})
        if name in fields:
            return fields[name]
        if name in DEFAULTS:
            return DEFAULTS[name]
        raise AttributeError(f"{self.id} has no setting {name}")

    @property
    def start(self) -> datetime | None:
        """When the run begins."""
        return catalog.run(self.id).start

    @property
    def end(self) -> datetime | None:
        """When the run is over."""
        return catalog.run(self.id).end

    @property
    def display_name_with_default(self) -> str:
        """The title, or the course number."""
        return str(self._fields.get("display_name") or self.number)

    @property
    def display_org_with_default(self) -> str:
        """The organisation by the name the author gave it."""
        return str(self._fields.get("display_organization") or self.org)

    @property
    def display_number_with_default(self) -> str:
        """The number by the name the author gave it."""
        return str(self._fields.get("display_coursenumber") or self.number)


class _Store:
    def get_item(self, usage_key: Any, *args: Any, **more: Any) -> Any:
        """The block of that key, bound to nobody. Raises :class:`ItemNotFoundError`."""
        try:
            return courseware.borrow(parse_usage(str(usage_key)), now())
        except (BadKey, RunMissing, NoSuchBlock) as error:
            raise ItemNotFoundError(str(usage_key)) from error

    def has_published_version(self, block: Any) -> bool:
        """Whether learners have this block, in whatever state. A draft may hold others."""
        usage = parse_usage(str(block.scope_ids.usage_id))
        try:
            return content.outline(usage.course_key).get(ref_of(usage)) is not None
        except RunMissing:
            return False

    def has_item(self, usage_key: Any, **more: Any) -> bool:
        """Whether there is a block of that key."""
        try:
            self.get_item(usage_key)
        except ItemNotFoundError:
            return False
        return True

    def get_course(self, course_key: Any, *args: Any, **more: Any) -> Course | None:
        """The course of that key, or None."""
        try:
            run = parse_run(str(course_key))
            return Course(run, dict(courseware.course_fields(run)))
        except (BadKey, RunMissing):
            return None

    def update_item(self, block: Any, user_id: object = None, *args: Any, **more: Any) -> NoReturn:
        """Raises :class:`NotImplementedError`: a learner's page changes no course."""
        raise NotImplementedError(f"{block.scope_ids.usage_id} cannot be written from here.")


_STORE = _Store()


def modulestore() -> _Store:
    """The courses of the site."""
    return _STORE


class SignalHandler:
    """Signals about courses that packages listen to."""

    course_published = Signal()
    pre_item_delete = Signal()
    item_deleted = Signal()
    pre_publish = Signal()
