"""Values that pages hand to the shared templates. Any object with the same attributes will do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class Link:
    """A place to go: an item of a menu, of a breadcrumb trail (the last one has no url), of tabs."""

    label: str
    url: str = ""
    current: bool = False
    icon: str = ""
    post: bool = False  # follow by a form that posts (log out), not by a link
    event: str = ""  # what the tracking log calls following it
    event_detail: str = ""  # JSON


@dataclass(frozen=True, slots=True)
class AccountMenu:
    """The corner of the header. A visitor has no ``label``: the links then show as buttons, the last one strong."""

    label: str
    items: Sequence[Link]


@dataclass(frozen=True, slots=True)
class UnitTab:
    """One unit in the sequence strip."""

    label: str
    url: str
    icon: str = "text"  # text, video, problem, discussion, other
    complete: bool = False
    current: bool = False
    bookmarked: bool = False


@dataclass(frozen=True, slots=True)
class OutlineItem:
    """A subsection in the outline. ``state`` is what the learner has done, ``locked`` why it cannot be opened, and
    ``unlock`` the address of what opens it."""

    label: str
    url: str = ""
    state: Literal["complete", "started", "todo"] = "todo"
    current: bool = False
    kind: str = ""  # assignment type, such as Homework
    due: datetime | None = None
    note: str = ""
    locked: str = ""
    unlock: str = ""


@dataclass(frozen=True, slots=True)
class OutlineGroup:
    """A section in the outline, with its subsections."""

    label: str
    items: Sequence[OutlineItem] = field(default_factory=tuple)
    open: bool = False
    state: Literal["complete", "started", "todo"] = "todo"
