"""The tabs of a course: pages that authors write, and those that the platform has."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal
from uuid import uuid4

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lykeion.authoring.api.courses import require
from lykeion.authoring.api.text import with_endings_of
from lykeion.authoring.codecs import entries
from lykeion.authoring.saving import COURSE as _COURSE
from lykeion.authoring.saving import course_fields, edited, field_of, meanwhile, part_at, part_value, version
from lykeion.authoring.types import Author, AuthoringError, Capability, FieldError
from lykeion.content import api as content
from lykeion.content.api import Draft
from lykeion.content.types import Edited, Json, Node

__all__ = ["BUILT_IN", "HERE", "Page", "Tab", "add", "move", "page", "remove", "save_page", "show", "step", "tabs"]

FIRST: Final = ("courseware", "course_info")
"""The two that stand first, whatever else there is (Open edX: ``xmodule/tabs.py``)."""
HERE: Final = ("progress", "dates", "pdf_textbooks")
"""Tabs of the platform that have a page here and can be switched on and off."""
BUILT_IN: Final[Mapping[str, Any]] = {
    "courseware": gettext_lazy("Course"),
    "course_info": gettext_lazy("Home"),
    "progress": gettext_lazy("Progress"),
    "dates": gettext_lazy("Dates"),
    "pdf_textbooks": gettext_lazy("Textbooks"),
    "discussion": gettext_lazy("Discussion"),
    "wiki": gettext_lazy("Wiki"),
    "textbooks": gettext_lazy("Textbooks (images)"),
    "html_textbooks": gettext_lazy("Textbooks (HTML)"),
    "instructor": gettext_lazy("Instructor"),
    "edxnotes": gettext_lazy("Notes"),
    "teams": gettext_lazy("Teams"),
    "external_link": gettext_lazy("Link to another site"),
    "external_discussion": gettext_lazy("Discussion on another site"),
}
_DEFAULT: Final = ("courseware", "course_info", "progress", "dates", "pdf_textbooks")
_ENGLISH: Final = {
    "courseware": "Course",
    "course_info": "Home",
    "progress": "Progress",
    "dates": "Dates",
    "pdf_textbooks": "Textbooks",
}


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab. ``key`` is what stands for it in forms: ``static_tab.SLUG``, else its type; ``base`` its version.

    ``kind``: ``fixed`` stands first; ``page`` is one of the authors'; ``here`` is one of the platform's; ``elsewhere``
    is for Open edX only, where the course may have come from.
    """

    key: str
    kind: Literal["fixed", "page", "here", "elsewhere"]
    name: str
    slug: str
    shown: bool
    staff_only: bool
    base: str
    unpublished: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the authors, to be edited."""

    slug: str
    name: str
    html: str
    staff_only: bool
    base: str


def tabs(author: Author) -> list[Tab]:
    """The tabs of the draft, in order."""
    published, fields = content.head(author.run), course_fields(author.root)
    listed = _listed(fields.get("tabs"))
    if entries(fields.get("pdf_textbooks")) and not any(one.get("type") == "pdf_textbooks" for one in listed):
        listed = [*listed, {"type": "pdf_textbooks"}]  # learners find them last, even so
    return [_tab(entry, author.root, published) for entry in listed]


def page(author: Author, slug: str) -> Page:
    """One page of the authors. Raises :class:`AuthoringError` when there is none."""
    listed = _listed(course_fields(author.root).get("tabs"))
    entry = next((one for one in listed if _key(one) == f"static_tab.{slug}"), None)
    if entry is None:
        raise AuthoringError(_("This course has no page “{name}” any more.").format(name=slug))
    html, name = _html(part_at(author.root, f"tabs/{slug}")), str(entry.get("name") or slug)
    staff_only = entry.get("course_staff_only") is True
    return Page(slug, name, html, staff_only, version([name, html, staff_only]))


def add(author: Author, name: str, *, at: datetime) -> str:
    """A new page called ``name``, last and empty; its slug."""
    require(author, Capability.EDIT)
    if not name.strip():
        raise FieldError(_("Give the page a name."), "name")
    slug = uuid4().hex
    entry = {"type": "static_tab", "name": name.strip(), "url_slug": slug}

    def change(draft: Draft) -> None:
        _set(draft, [*_listed(field_of(draft, "tabs")), entry])
        draft.set_part(f"tabs/{slug}", Node("static_tab", {"data": ""}))

    edited(author, change, at=at, why=f"Added: tabs/{slug}")
    return slug


def save_page(
    author: Author, slug: str, *, name: str, html: str, staff_only: bool, base: str, at: datetime
) -> Edited[str]:
    """Gives a page its name and text; its value is the version that it then has.

    Raises :class:`FieldError`, and ``ChangedMeanwhile`` when it is not as it was at version ``base`` any more.
    """
    require(author, Capability.EDIT)
    if not name.strip():
        raise FieldError(_("Give the page a name."), "name")

    def change(draft: Draft) -> str:
        listed = _listed(field_of(draft, "tabs"))
        place = _place(listed, f"static_tab.{slug}")
        text = str(part_value(draft, f"tabs/{slug}", "data") or "")
        present = [str(listed[place].get("name") or slug), text, listed[place].get("course_staff_only") is True]
        wanted = [name.strip(), with_endings_of(text, html), staff_only]
        if base and version(present) != base and present != wanted:
            names = [
                what for what, was, now in zip(("name", "data", "staff"), present, wanted, strict=True) if was != now
            ]
            raise meanwhile(f"tabs/{slug}", names, version(present))
        entry = {**listed[place], "name": wanted[0]}
        entry = {**entry, "course_staff_only": True} if staff_only else _without(entry, "course_staff_only")
        _set(draft, [*listed[:place], entry, *listed[place + 1 :]])
        node = draft.part(f"tabs/{slug}") or Node("static_tab", {})
        draft.set_part(f"tabs/{slug}", Node(node.type, {**node.fields, "data": wanted[1]}, node.children))
        return version(wanted)

    return edited(author, change, at=at, why=f"Edited: tabs/{slug}")


def show(author: Author, key: str, shown: bool, *, at: datetime) -> Edited[None]:
    """Shows or hides a tab. One of the platform that is not listed yet is put last."""
    require(author, Capability.EDIT)
    if key in FIRST:
        raise AuthoringError(_("The first two tabs are always there."))

    def changed(listed: list[Mapping[str, Json]]) -> list[Mapping[str, Json]]:
        if key in HERE and not any(_key(one) == key for one in listed):
            return [*listed, {"type": key, "name": _ENGLISH[key], **({} if shown else {"is_hidden": True})}]
        place = _place(listed, key)
        entry = _without(listed[place], "is_hidden")
        return [*listed[:place], entry if shown else {**entry, "is_hidden": True}, *listed[place + 1 :]]

    return _change(author, changed, at=at, why=f"{'Showed' if shown else 'Hid'}: tabs/{key}")


def move(author: Author, key: str, index: int, *, at: datetime) -> Edited[None]:
    """Puts a tab at place ``index``, counted without it; never before the first two."""
    require(author, Capability.EDIT)
    if key in FIRST:
        raise AuthoringError(_("The first two tabs stay where they are."))

    def changed(listed: list[Mapping[str, Json]]) -> list[Mapping[str, Json]]:
        entry = listed[_place(listed, key)]
        rest = [one for one in listed if one is not entry]
        first = sum(1 for one in rest if one.get("type") in FIRST)
        place = max(first, min(index, len(rest)))
        return [*rest[:place], entry, *rest[place:]]

    return _change(author, changed, at=at, why=f"Moved: tabs/{key}")


def step(author: Author, key: str, by: int, *, at: datetime) -> Edited[None]:
    """Moves a tab by so many places, from where it is now."""
    require(author, Capability.EDIT)
    place = _place(_listed(course_fields(author.root).get("tabs")), key)
    return move(author, key, max(0, place + by), at=at)


def remove(author: Author, slug: str, *, at: datetime) -> Edited[None]:
    """Takes a page of the authors out, with its text. ``settings.take_back`` brings it back."""
    require(author, Capability.EDIT)

    def change(draft: Draft) -> None:
        listed = _listed(field_of(draft, "tabs"))
        place = _place(listed, f"static_tab.{slug}")
        _set(draft, [*listed[:place], *listed[place + 1 :]])
        draft.set_part(f"tabs/{slug}", None)

    return edited(author, change, at=at, why=f"Removed: tabs/{slug}")


def _change(
    author: Author,
    changed: Callable[[list[Mapping[str, Json]]], Sequence[Mapping[str, Json]]],
    *,
    at: datetime,
    why: str,
) -> Edited[None]:
    return edited(author, lambda draft: _set(draft, changed(_listed(field_of(draft, "tabs")))), at=at, why=why)


def _set(draft: Draft, listed: Sequence[Mapping[str, Json]]) -> None:
    draft.update(_COURSE, {"tabs": [dict(one) for one in listed]})


def _listed(stored: Json) -> list[Mapping[str, Json]]:
    """The tabs of a course in order; those of a new course when it lists none."""
    if not isinstance(stored, list):
        return [{"type": kind, "name": _ENGLISH[kind]} for kind in _DEFAULT]
    return entries(stored)


def _place(listed: Sequence[Mapping[str, Json]], key: str) -> int:
    for place, entry in enumerate(listed):
        if _key(entry) == key:
            return place
    raise AuthoringError(_("This course has no tab “{name}” any more.").format(name=key))


def _key(entry: Mapping[str, Json]) -> str:
    kind = str(entry.get("type") or "")
    return f"static_tab.{entry.get('url_slug')}" if kind == "static_tab" else kind


def _tab(entry: Mapping[str, Json], root: Any, published: Any) -> Tab:
    kind, slug = str(entry.get("type") or ""), str(entry.get("url_slug") or "")
    own = kind == "static_tab"
    name = str(entry.get("name") or "") if own or kind not in BUILT_IN else str(BUILT_IN[kind])
    changed = own and content.parts(root).get(f"tabs/{slug}") != content.parts(published).get(f"tabs/{slug}")
    return Tab(
        _key(entry),
        "fixed" if kind in FIRST else "page" if own else "here" if kind in HERE else "elsewhere",
        name or slug or kind,
        slug,
        entry.get("is_hidden") is not True,
        entry.get("course_staff_only") is True,
        version(entry),
        changed,
    )


def _html(node: Node | None) -> str:
    return str(node.fields.get("data") or "") if node else ""


def _without(entry: Mapping[str, Json], name: str) -> dict[str, Json]:
    return {key: value for key, value in entry.items() if key != name}
