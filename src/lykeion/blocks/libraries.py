"""Libraries that Open edX's pages have and blocks count on, put on the page exactly where a block's script names them.

Each is a file of its own (``ui/ts/legacy/``). What is found in a script is remembered by the script, so looking costs
nothing after the first time; a page whose blocks bring no scripts is not looked at.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Final

from lykeion.blocks.types import Resource

SIGNS: Final = {
    "small": r"\$\.(?:cookie|removeCookie)\b|jQuery\.cookie\b|\.(?:leanModal|timepicker)\("
    r"|\b(?:Collapsible|JavascriptLoader)\."
    r"|\brewriteStaticLinks\(",
    "jquery-ui": r"(?:\$|jQuery)\.(?:ui|widget|datepicker)\b|\.(?:accordion|autocomplete|datepicker|dialog|draggable"
    r"|droppable|progressbar|resizable|selectable|selectmenu|slider|sortable|spinner|tabs)\(",
    "backbone": r"\bBackbone\.",
    "codemirror": r"\bCodeMirror[.(]",
    "fileupload": r"\.fileupload\(",
    "qtip": r"\.qtip\(",
    "tinymce": r"\btiny(?:mce|MCE)\.(?:init|get|execCommand|activeEditor|EditorManager|baseURL)\b|\.tinymce\(",
    "uri": r"\bURI[.(]",
}
"""What in a script says that it uses a library: the names that libraries hang on ``window`` and on jQuery."""
WITH_STYLES: Final = frozenset({"jquery-ui", "codemirror", "qtip"})
SCRIPTS: Final = frozenset({"application/javascript", "text/javascript", "application/x-javascript"})
_SIGN: Final = re.compile("|".join(f"(?P<{name.replace('-', '_')}>{sign})" for name, sign in SIGNS.items()))

_INLINE: Final = re.compile(r"<script\b(?![^>]*\bjson)[^>]*>(.+?)</script", re.IGNORECASE | re.DOTALL)
"""A script in HTML. What it is started with (JSON) is another one for every visit, and names nothing."""


def with_libraries(
    resources: tuple[Resource, ...], html: str, read: Callable[[str], str | None], address: Callable[[str], str]
) -> tuple[Resource, ...]:
    """``resources`` after the libraries that they, and the scripts in ``html`` ('' when there are none), name.

    ``read`` gives the text of the script at an address of ours (None for others'), ``address`` that of one of ``ui``.
    """
    named: set[str] = set()
    for text in (*_INLINE.findall(html), *_scripts(resources, read)):
        named.update(named_in(text))
    return (*_files(named, address), *resources) if named else resources


def _scripts(resources: Iterable[Resource], read: Callable[[str], str | None]) -> Iterator[str]:
    for one in resources:
        if one.mimetype in SCRIPTS:
            text = read(one.data) if one.kind == "url" else one.data
            if text:
                yield text


@lru_cache(maxsize=2048)
def named_in(text: str) -> tuple[str, ...]:
    """The libraries that a script names."""
    found = {match.lastgroup for match in _SIGN.finditer(text)}
    return tuple(name for name in SIGNS if name.replace("-", "_") in found)


def _files(named: set[str], address: Callable[[str], str]) -> Iterator[Resource]:
    for name in (one for one in SIGNS if one in named):
        if name in WITH_STYLES:
            yield Resource("url", address(f"ui/legacy/{name}.css"), "text/css", "head")
        yield Resource("url", address(f"ui/legacy/{name}.js"), "text/javascript", "head")
