"""Addresses that blocks ask for. The learn face answers them; a test holds both together."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import quote

from django.conf import settings
from django.urls import get_script_prefix

from lykeion.blocks import api as blocks
from lykeion.content import api as content
from lykeion.content.types import ObjectId, Outline
from lykeion.core.keys import CourseLocator
from lykeion.core.paths import SAFE, SAFE_IN_SEGMENT


class SiteUrls:
    """The addresses of one run of the site at one root."""

    __slots__ = ("_base", "_files", "_root")

    def __init__(self, run: CourseLocator, root: ObjectId, prefix: str) -> None:
        self._base = f"{prefix}courses/{quote(str(run), safe=SAFE)}/"
        self._files = f"{prefix}{{}}asset-v1:{quote(f'{run.org}+{run.course}+{run.run}', safe=SAFE)}+type@asset+block/"
        self._root = root

    def handler(self, usage: str, handler: str, suffix: str, query: str, *, thirdparty: bool) -> str:
        """Address of a handler of the block (or aside) ``usage``; a whole one for third parties, who are elsewhere."""
        door = "handler_noauth" if thirdparty else "handler"
        path = f"{self._base}xblock/{quote(usage, safe=SAFE_IN_SEGMENT)}/{door}/{quote(handler, safe='')}"
        path += f"/{quote(suffix, safe=SAFE)}" if suffix else ""
        path = f"{path}?{query}" if query else path
        return settings.SITE_URL + path if thirdparty else path

    def resource(self, block_type: str, uri: str) -> str:
        """Address of a file in a block's package."""
        return f"{get_script_prefix()}xblock/resource/{quote(block_type, safe='')}/{quote(uri, safe=SAFE)}"

    def asset(self, path: str) -> str:
        """Address of a course file: with its hash, so that browsers keep it for ever, if the file is there."""
        stored = content.file(self._root, path)
        version = f"assets/courseware/v1/{stored.hash}/" if stored else ""
        return self._files.format(version) + quote(path, safe=SAFE)

    def jump(self, block_id: str) -> str:
        """Address that leads to a block by its id."""
        return f"{self._base}jump_to_id/{quote(block_id, safe=SAFE_IN_SEGMENT)}"

    def course(self, tail: str) -> str:
        """Address below the run."""
        return self._base + quote(tail, safe=SAFE)


def urls_of(outline: Outline) -> SiteUrls:
    """The addresses of a run at its root (remembered)."""
    return _urls(outline.run, outline.root, get_script_prefix())


def with_addresses(run: CourseLocator, text: str) -> str:
    """Authors' short links as addresses; see :func:`lykeion.courseware.api.with_addresses`."""
    return blocks.with_addresses(text, urls_of(content.outline(run)))


@lru_cache(maxsize=512)
def _urls(run: CourseLocator, root: ObjectId, prefix: str) -> SiteUrls:
    return SiteUrls(run, root, prefix)
