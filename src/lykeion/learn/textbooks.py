"""PDF textbooks of a course, as its field ``pdf_textbooks`` lists them."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from lykeion.content.types import Json
from lykeion.core.keys import CourseLocator
from lykeion.learn.addresses import asset_url


@dataclass(frozen=True, slots=True)
class Chapter:
    """``url`` is ``/static/NAME`` for a file of the course, else an address on the web."""

    title: str
    url: str

    @property
    def is_file(self) -> bool:
        """Whether it is a file of the course: the page then shows it, where other sites may refuse to be framed."""
        return self.url.startswith("/static/")

    def address(self, run: CourseLocator, page: int | None = None) -> str:
        """Where the PDF is, opened at ``page`` (from 1)."""
        bare = self.url.partition("#")[0]
        there = asset_url(run, bare.removeprefix("/static/")) if self.is_file else bare
        return there if page is None else f"{there}#page={page}"


@dataclass(frozen=True, slots=True)
class Textbook:
    """One textbook with its chapters."""

    title: str
    chapters: tuple[Chapter, ...]


def read_textbooks(stored: Json) -> tuple[Textbook, ...]:
    """The textbooks with a chapter that can be opened; others show nothing, so they are left out."""
    listed = [one for one in stored if isinstance(one, dict)] if isinstance(stored, list) else []
    books = (Textbook(str(one.get("tab_title") or one.get("title") or ""), _chapters(one)) for one in listed)
    return tuple(book for book in books if book.title and book.chapters)


def _chapters(book: dict[str, Json]) -> tuple[Chapter, ...]:
    listed = book.get("chapters")
    if not isinstance(listed, list):
        listed = [{"title": book.get("tab_title"), "url": book.get("url")}]  # old ones are one file
    entries = [one for one in listed if isinstance(one, dict)]
    found = [Chapter(str(one.get("title") or ""), str(one.get("url") or "")) for one in entries]
    return tuple(one for one in found if _can_open(one.url))


def _can_open(url: str) -> bool:
    try:
        return url.startswith("/static/") or urlsplit(url).scheme in {"http", "https"}
    except ValueError:
        return False
