"""What the texts of a course point at: files, blocks, pages elsewhere. And links written anew when a file moves.

Links are found as ``blocks/links.py`` finds them: ``/static/x`` after a quote or a parenthesis, wherever it stands. So
are the addresses that a file has on the site (``asset-v1:...``), which authors paste.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any, Final
from urllib.parse import unquote

from lykeion.content.types import Json, Node
from lykeion.core.paths import quoted

_OPENING: Final = r"""(?P<opening>["'(]|&quot;|&\#3[49];|\A)"""
_CLOSING: Final = r"""(?=&quot;|&\#3[49];|["'\\?\#)]|\Z)"""
_ASSET: Final = (
    r"(?:https?://[\w.:-]{1,255})?/(?:assets/courseware(?:/v\d)?/[0-9a-f]{32,64}/)?"
    r"asset-v1(?::|%3[Aa])(?P<run>[^\"'<>\s/@]{1,250}?)(?:\+|%2[Bb])type(?:@|%40)asset(?:\+|%2[Bb])block(?:@|%40|/)"
)
_FILE: Final = re.compile(rf"{_OPENING}(?P<base>/static/|{_ASSET})(?P<path>[^\"'<>\n\\?\#)]{{1,500}}?){_CLOSING}")
_JUMP: Final = re.compile(rf"{_OPENING}/jump_to_id/(?P<id>[^\"'<>\n\\?\#)]{{1,300}}?)/?{_CLOSING}")
_COURSE: Final = re.compile(rf"{_OPENING}/course/(?P<tail>[^\"'<>\n\\)]{{1,500}}?){_CLOSING}")
_ADDRESS: Final = re.compile(
    r"""(?:\b(?:href|src|poster|data)\s*=\s*(?:\\?["']|&quot;)\s*|\A)(?P<url>https?://[^"'<>\s\\]{3,1900}?)"""
    r"""(?=&quot;|["'\s\\]|\Z)"""
)
_ODD: Final = re.compile(r"[^\w.%-]")
_PLAIN: Final = ("course_image", "banner_image", "video_thumbnail_image")
_PYTHON: Final = re.compile(r"<script[^>]{0,200}loncapa/python", re.IGNORECASE)
PYTHON_LIBRARY: Final = "python_lib.zip"


@dataclass(frozen=True, slots=True)
class Mentions:
    """What one text, or one block, points at: names of files as they are written there (``maybe``: those that need not
    be there), ids of blocks, tails below the course, addresses elsewhere."""

    files: frozenset[str] = frozenset()
    maybe: frozenset[str] = frozenset()
    blocks: frozenset[str] = frozenset()
    course: frozenset[str] = frozenset()
    web: frozenset[str] = frozenset()


class Names:
    """The files of a course by the ways links may name them: by path, or flat, as Open edX does (``images_a.png``)."""

    def __init__(self, paths: Mapping[str, object]) -> None:
        self._paths = paths
        self._flat = {flat(path): path for path in sorted(paths, reverse=True)}

    def path(self, written: str) -> str | None:
        """The file that ``written`` means."""
        return written if written in self._paths else self._flat.get(flat(written))


def flat(path: str) -> str:
    """``path`` as Open edX names a file: ``images/a b.png`` is ``images_a_b.png``."""
    return _ODD.sub("_", path)


def mentions(node: Node, run: str) -> Mentions:
    """What the fields of a block or part point at. ``run``: ``ORG+COURSE+RUN``, as its own addresses name it."""
    texts = list(_strings(node.fields))
    return Mentions(
        frozenset(path for text in texts for path in _files(text, run)) | frozenset(_named(node)),
        frozenset([PYTHON_LIBRARY]) if any(_PYTHON.search(text) for text in texts) else frozenset(),
        frozenset(
            unquote(unescape(one["id"])) for text in texts if "/jump_to_id/" in text for one in _JUMP.finditer(text)
        ),
        frozenset(unescape(one["tail"]) for text in texts if "/course/" in text for one in _COURSE.finditer(text)),
        frozenset(unescape(one["url"]) for text in texts if "://" in text for one in _ADDRESS.finditer(text)),
    )


def with_moved(node: Node, run: str, moved: Callable[[str], str | None]) -> dict[str, Json]:
    """The fields of ``node`` that change when ``moved(name as written)`` tells a file's new path (None: it stays)."""

    def rewritten(found: re.Match[str]) -> str:
        new = moved(_written(found)) if _is_own(found, run) else None
        return found[0] if new is None else f"{found['opening']}{found['base']}{quoted(new)}"

    changed: dict[str, Json] = {}
    for name, value in node.fields.items():
        fresh = mapped(value, lambda text: _FILE.sub(rewritten, text) if _may_link(text) else text)
        fresh = _renamed(node.type, name, fresh, moved)
        if fresh != value:
            changed[name] = fresh
    return changed


def _renamed(kind: str, name: str, value: Json, moved: Callable[[str], str | None]) -> Json:
    """Fields that name files without ``/static/``."""
    if kind == "video" and name == "transcripts" and isinstance(value, dict):
        return {language: _or_same(file, moved) for language, file in value.items()}
    if kind == "course" and name in _PLAIN and isinstance(value, str):
        return _or_same(value, moved)
    return value


def _or_same(value: Any, moved: Callable[[str], str | None]) -> Any:
    new = moved(value) if isinstance(value, str) else None
    return value if new is None else new


def _named(node: Node) -> Iterator[str]:
    """Files that fields name without ``/static/``."""
    fields = node.fields
    if node.type == "video":
        transcripts = fields.get("transcripts")
        if isinstance(transcripts, dict):
            yield from (file for file in transcripts.values() if isinstance(file, str) and file)
        sub = fields.get("sub")
        if isinstance(sub, str) and sub:
            yield f"subs_{sub}.srt.sjson"
    elif node.type == "course":
        values = (fields.get(name) for name in _PLAIN)
        yield from (value for value in values if isinstance(value, str) and value and "/" not in value[:1])


def _files(text: str, run: str) -> Iterator[str]:
    if _may_link(text):
        yield from (_written(found) for found in _FILE.finditer(text) if _is_own(found, run) and _written(found))


def _may_link(text: str) -> bool:
    return "/static/" in text or "asset-v1" in text


def _written(found: re.Match[str]) -> str:
    return unquote(unescape(found["path"])).strip("/").replace("@", "/")


def _is_own(found: re.Match[str], run: str) -> bool:
    return found["run"] is None or unquote(found["run"]) == run


def _strings(value: Json) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping | list | tuple):
        for item in value.values() if isinstance(value, Mapping) else value:
            yield from _strings(item)


def mapped(value: Json, change: Callable[[str], str]) -> Json:
    """``value`` with every text in it changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        return {name: mapped(item, change) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [mapped(item, change) for item in value]
    return value
