"""Links that only work at the site a course comes from, made into the portable ones of OLX.

Authors paste addresses as they see them: `/c4x/ORG/COURSE/asset/x`, `/asset-v1:...+type@asset+block@x`,
`/courses/RUN/jump_to_id/y`. As Open edX does on import (`xmodule/.../store_utilities.py:
rewrite_nonportable_content_links`), they become `/static/x`, `/jump_to_id/y` and `/course/...`, which mean the same in
any run. Only links that lead into this course are touched: to a file or a block it has, or below its own run.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from typing import Final
from urllib.parse import quote, unquote

from lykeion.olx.names import clean
from lykeion.olx.types import Block, Course, Fields, Json

_HINTS: Final = ("/c4x/", "asset-v1", "/courses/")
_COLON, _PLUS, _AT = "(?::|%3[Aa])", r"(?:\+|%2[Bb])", "(?:@|%40)"
_OPENING: Final = r"""(?:(?P<quote>\\?["']|&quot;|&\#3[49];)|(?P<paren>\()|\A)"""
_HOST: Final = r"(?P<host>(?:https?:)?//[\w.:-]{1,255})?"
_VERSION: Final = r"(?:/assets/courseware(?:/v\d)?/[0-9a-f]{32,64})?"
_TAIL: Final = r"""(?(quote)[^<>\n]{0,2000}?(?=(?P=quote))|(?(paren)[^)\s"'<>]{0,2000}(?=\))|[^"'<>\n]{0,2000}\Z))"""
_QUERY: Final = re.compile(r"\?|(?<!&)\#")
_USAGE: Final = re.compile(r"(?:block-v1:[^/]+\+block@|i4x:/{1,2}[^/]+/[^/]+/[^/]+/)(?P<id>[^/@+]+)/?\Z")
_STATIC: Final = re.compile(
    _OPENING + r"""/static/(?P<path>[^"'<>\n\\?\#)]{1,500}?)(?=&quot;|&\#3[49];|["'\\?\#)]|\Z)"""
)
_ODD: Final = re.compile(r"[^\w.%-]")


def with_portable_links(course: Course) -> Course:
    """The course with every link to itself in a portable form; all else is as it was, down to the same values.

    A link leads to the course when it names its organisation and number and either a file or a block that is there,
    or, without a host, this very run. (An export of edX.org calls every run `course`; then any run is this one.)
    Doing it twice changes nothing. About pages, which are read outside of the course, get links to files only.
    """
    links = _Links(course)
    pages = tuple(links.page(page) for page in course.pages)
    drafts = tuple(replace(draft, block=links.block(draft.block)) for draft in course.drafts)
    return replace(course, root=links.block(course.root), drafts=drafts, pages=pages)


def missing_files(course: Course) -> dict[str, tuple[Block, int]]:
    """What links of the course (`/static/x`) lead to that it does not have: path, first block with one, how many."""
    names = _by_name([file.path.removeprefix("static/") for file in course.files])
    found: dict[str, tuple[Block, int]] = {}
    trees = (course.root, *(draft.block for draft in course.drafts), *course.pages)
    seen: dict[int, Block] = {id(block): block for tree in trees for block in tree.walk()}
    for block in seen.values():
        for path in _static_paths(block.fields if block.type != "error" else None):
            if path not in names and _flat(path) not in names:
                first, count = found.get(path, (block, 0))
                found[path] = first, count + 1
    return found


def _static_paths(value: Json) -> Iterator[str]:
    """The path of each link to a file in the strings of a value."""
    if isinstance(value, str):
        links = _STATIC.finditer(value) if "/static/" in value else ()
        yield from (path for link in links if (path := unquote(unescape(link["path"])).strip("/")))
    elif isinstance(value, list | dict):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _static_paths(item)


class _Links:
    """What the links of one course are looked up in."""

    def __init__(self, course: Course) -> None:
        self._run = course.run
        trees = (course.root, *(draft.block for draft in course.drafts))
        self._ids = {block.id for tree in trees for block in tree.walk()}
        self._files = _by_name([file.path.removeprefix("static/") for file in course.files])
        org, number = _spelled(course.org), _spelled(course.course)
        asset = (
            f"/c4x/{org}/{number}/asset/"
            f"|/asset-v1{_COLON}{org}{_PLUS}{number}{_PLUS}[^/\"'<>\\s]{{1,200}}?"
            f"{_PLUS}type{_AT}asset{_PLUS}block(?:{_AT}|/)"
        )
        keys = f"course-v1{_COLON}{org}{_PLUS}{number}{_PLUS}|{org}/{number}/"
        self._asset = re.compile(f"{_OPENING}{_HOST}{_VERSION}(?:{asset})(?P<tail>{_TAIL})")
        self._course = re.compile(
            f"{_OPENING}{_HOST}/courses/(?:{keys})(?P<run>[\\w%~.-]{{1,200}})(?P<tail>(?=[/?#\"'&)\\\\]){_TAIL})"
        )

    def block(self, block: Block) -> Block:
        """The block and all below it; itself when nothing changes."""
        children = tuple(self.block(child) for child in block.children)
        fields = block.fields if block.type == "error" else self._of_fields(block.fields, with_course=True)
        if fields is block.fields and all(a is b for a, b in zip(children, block.children, strict=True)):
            return block
        return replace(block, fields=fields, children=children)

    def page(self, page: Block) -> Block:
        """A page beside the tree."""
        return replace(page, fields=self._of_fields(page.fields, with_course=page.type != "about"))

    def _of_fields(self, fields: Fields, *, with_course: bool) -> Fields:
        found = self._value(fields, with_course)
        assert isinstance(found, dict), "an object stays an object"  # noqa: S101 - what `_value` keeps
        return found

    def _value(self, value: Json, with_course: bool) -> Json:
        """The value, itself when nothing in it changes."""
        if isinstance(value, str):
            return self._text(value, with_course)
        if isinstance(value, list):
            items = [self._value(item, with_course) for item in value]
            return items if any(a is not b for a, b in zip(items, value, strict=True)) else value
        if isinstance(value, dict):
            entries = {name: self._value(item, with_course) for name, item in value.items()}
            return entries if any(entries[name] is not value[name] for name in value) else value
        return value

    def _text(self, text: str, with_course: bool) -> str:
        if not any(hint in text for hint in _HINTS):
            return text
        found = self._asset.sub(self._to_file, text)
        found = self._course.sub(self._to_course, found) if with_course else found
        return text if found == text else found

    def _to_file(self, found: re.Match[str]) -> str:
        path, query = _split(found["tail"])
        link = self._file(path)
        return found[0] if link is None else f"{_opening(found)}/static/{link}{query}"

    def _file(self, written: str) -> str | None:
        """How a link names the file that is meant by `written`; None when the course has none."""
        name = unquote(unescape(written))
        if name in self._files and self._files[name] == name:
            return written
        path = self._files.get(name.replace("@", "/")) or self._files.get(_flat(name.replace("@", "/")))
        return None if path is None else quote(path)

    def _to_course(self, found: re.Match[str]) -> str:
        link = self._below(found["tail"], is_own=not found["host"] and self._run in (unquote(found["run"]), "course"))
        is_whole = not _opening(found)  # the address of a tab or a service, which nobody looks for short links in
        return found[0] if is_whole or link is None else f"{_opening(found)}{link}"

    def _below(self, tail: str, *, is_own: bool) -> str | None:
        """The short form of a link to `tail` below a run of the course."""
        path, query = _split(tail)
        kind, _, rest = unquote(unescape(path)).strip("/").partition("/")
        if kind in ("jump_to", "jump_to_id"):
            usage = _USAGE.match(rest) if kind == "jump_to" else None
            name = clean(usage["id"] if usage else rest.strip("/"))
            return f"/jump_to_id/{quote(name, safe=':~')}{query}" if name in self._ids else None
        if is_own or (kind == "courseware" and rest.partition("/")[0] in self._ids):
            return f"/course{tail}" if tail.startswith("/") else f"/course/{tail}"
        return None


def _spelled(name: str) -> str:
    """A pattern for a name as it is and percent-encoded."""
    return f"(?:{re.escape(name)}|{re.escape(quote(name, safe=''))})"


def _opening(found: re.Match[str]) -> str:
    return found["quote"] or found["paren"] or ""


def _split(tail: str) -> tuple[str, str]:
    """The path, and what follows from the first `?` or `#` on."""
    end = _QUERY.search(tail)
    return (tail, "") if end is None else (tail[: end.start()], tail[end.start() :])


def _by_name(paths: list[str]) -> dict[str, str]:
    """Paths by themselves and, where that is free, by the flat name that Open edX gives an asset."""
    names: dict[str, str] = {}
    for path in paths:
        names.setdefault(_flat(path), path)
    return names | {path: path for path in paths}


def _flat(path: str) -> str:
    return _ODD.sub("_", path)
