"""Values that cross the door of ``authoring``."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeGuard

from lykeion.accounts.types import Person
from lykeion.content.types import Node, ObjectId
from lykeion.core.errors import LykeionError
from lykeion.core.keys import CourseLocator, Home, LibraryLocatorV2, run_of


class Capability(StrEnum):
    """What somebody may do in Studio with one course (``access.py`` says which role may what)."""

    VIEW = "view"  # open it, look at everything, export it
    EDIT = "edit"  # change the draft: structure, components, pages
    FILES = "files"  # upload, replace, lock and delete files
    PUBLISH = "publish"  # make changes seen by learners; discard them; restore old versions
    SETTINGS = "settings"  # schedule, grading, groups, certificates, advanced settings, features
    REPLACE = "replace"  # import over it, pull it from Git
    TEAM = "team"  # give and take roles


class AuthoringError(LykeionError):
    """Something that an author can mend; nothing was changed."""


class FieldError(AuthoringError):
    """A value that cannot be taken; ``field`` is its name in the form that it came from."""

    def __init__(self, message: str, field: str) -> None:
        super().__init__(message)
        self.field = field


class NotAllowed(AuthoringError):
    """The person may not do this here."""


def is_library(home: Home) -> TypeGuard[LibraryLocatorV2]:
    """Whether this is the key of a library."""
    return isinstance(home, LibraryLocatorV2)


@dataclass(frozen=True, slots=True)
class Author:
    """Somebody at work on one course, or one library: who, what they may do, and the draft as it was when the request
    came. For a library ``run`` is its key (what changes drafts takes either), and ``course`` its block."""

    person: Person
    run: CourseLocator
    root: ObjectId
    course: Node
    may: frozenset[Capability]

    @property
    def title(self) -> str:
        """The name of the course, as its draft has it."""
        name = self.course.fields.get("display_name")
        return name if isinstance(name, str) and name.strip() else str(self.run).rpartition(":")[2]

    @property
    def is_library(self) -> bool:
        """Whether this is a library."""
        return is_library(self.run)

    @property
    def as_course(self) -> CourseLocator:
        """The course that blocks are told they are in: blocks know courses only, so a library is one to them, named as
        ``content.part_outline`` names it."""
        return run_of(str(self.run.org), self.run.slug, "library") if is_library(self.run) else self.run

    def can(self, capability: Capability) -> bool:
        """Whether they may do it."""
        return capability in self.may


@dataclass(frozen=True, slots=True)
class CourseCard:
    """A course in the list of Studio's home. ``unpublished``: its draft differs from what learners see."""

    run: CourseLocator
    title: str
    unpublished: bool
