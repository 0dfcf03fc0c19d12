"""Textbooks of a course: PDF files with chapters, each a tab for learners."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from django.utils.translation import gettext as _

from lykeion.authoring.api.courses import require
from lykeion.authoring.codecs import entries
from lykeion.authoring.saving import COURSE, check, course_fields, edited, field_of, version
from lykeion.authoring.types import Author, AuthoringError, Capability, FieldError
from lykeion.content import api as content
from lykeion.content.api import Draft
from lykeion.content.types import Edited, Json

__all__ = ["Chapter", "Textbook", "add", "remove", "save_textbook", "textbooks"]


@dataclass(frozen=True, slots=True)
class Chapter:
    """``url`` is the address of a PDF, ``/static/NAME`` for a file of the course; ``missing``: it has no such file."""

    title: str
    url: str
    missing: bool = False


@dataclass(frozen=True, slots=True)
class Textbook:
    """One textbook; ``base`` is its version."""

    id: str
    title: str
    chapters: tuple[Chapter, ...]
    base: str


def textbooks(author: Author) -> list[Textbook]:
    """The textbooks of the draft, in order."""
    return [_textbook(author, one) for one in _listed(course_fields(author.root).get("pdf_textbooks"))]


def add(author: Author, title: str, *, at: datetime) -> str:
    """A new textbook without chapters; its id."""
    require(author, Capability.EDIT)
    book = {"id": uuid4().hex, "tab_title": _title(title, "title"), "chapters": []}

    def change(draft: Draft) -> None:
        _set(draft, [*_listed(field_of(draft, "pdf_textbooks")), book])
        _ensure_tab(draft)

    edited(author, change, at=at, why="Changed settings: textbooks")
    return str(book["id"])


def save_textbook(
    author: Author, book_id: str, *, title: str, chapters: Sequence[Chapter], base: str, at: datetime
) -> Edited[None]:
    """Gives a textbook its title and chapters; a chapter without title and address is left out.

    Raises :class:`FieldError` for an address that is none, and ``ChangedMeanwhile``.
    """
    require(author, Capability.EDIT)
    listed = [_chapter(one, place) for place, one in enumerate(chapters) if one.title.strip() or one.url.strip()]
    wanted = {"tab_title": _title(title, "title"), "chapters": listed}

    def change(draft: Draft) -> None:
        books = _listed(field_of(draft, "pdf_textbooks"))
        place = _place(books, book_id)
        new = {**books[place], **wanted}
        if new != books[place]:
            check(COURSE, "pdf_textbooks", books[place], base)
        _set(draft, [*books[:place], new, *books[place + 1 :]])

    return edited(author, change, at=at, why="Changed settings: textbooks")


def remove(author: Author, book_id: str, *, at: datetime) -> Edited[None]:
    """Takes a textbook out. ``settings.take_back`` brings it back."""
    require(author, Capability.EDIT)

    def change(draft: Draft) -> None:
        books = _listed(field_of(draft, "pdf_textbooks"))
        place = _place(books, book_id)
        _set(draft, [*books[:place], *books[place + 1 :]])

    return edited(author, change, at=at, why="Changed settings: textbooks")


def _ensure_tab(draft: Draft) -> None:
    """A course that lists its tabs gets one for textbooks, or nobody would find them."""
    stored = field_of(draft, "tabs")
    if isinstance(stored, list) and not any(one.get("type") == "pdf_textbooks" for one in entries(stored)):
        draft.update(COURSE, {"tabs": [*stored, {"type": "pdf_textbooks", "name": "Textbooks"}]})


def _listed(stored: Json) -> list[dict[str, Any]]:
    """The books, each with an id; old ones that have none are called by their place."""
    return [{"id": f"book{place}", **one} for place, one in enumerate(entries(stored))]


def _set(draft: Draft, books: list[dict[str, Any]]) -> None:
    draft.update(COURSE, {"pdf_textbooks": books})


def _place(books: list[dict[str, Any]], book_id: str) -> int:
    for place, one in enumerate(books):
        if str(one["id"]) == book_id:
            return place
    raise AuthoringError(_("This textbook is not there any more."))


def _textbook(author: Author, one: Mapping[str, Any]) -> Textbook:
    found = tuple(
        Chapter(str(chapter.get("title") or ""), url, _is_missing(author, url))
        for chapter in entries(one.get("chapters"))
        for url in [str(chapter.get("url") or "")]
    )
    return Textbook(str(one["id"]), str(one.get("tab_title") or ""), found, version(dict(one)))


def _is_missing(author: Author, url: str) -> bool:
    path = url.partition("#")[0].removeprefix("/static/")
    return url.startswith("/static/") and content.file(author.root, path) is None


def _chapter(one: Chapter, place: int) -> dict[str, str]:
    title, url = one.title.strip(), one.url.strip()
    if not title:
        raise FieldError(_("Give the chapter a name."), f"chapter_title-{place}")
    if not url.startswith("/static/"):
        try:
            known = urlsplit(url).scheme in {"http", "https"} and urlsplit(url).netloc
        except ValueError:
            known = ""
        if not known:
            words = _("Give the address of a PDF: /static/NAME for a file of the course, or one with https://.")
            raise FieldError(words, f"chapter_url-{place}")
    return {"title": title, "url": url}


def _title(title: str, name: str) -> str:
    if not title.strip():
        raise FieldError(_("Give the textbook a title."), name)
    return title.strip()
