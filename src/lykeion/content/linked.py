"""Which course files a block shows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote

from lykeion.content.types import Json, NewBlock

_LINK: Final = re.compile(r"""/static/([^\s"'<>()?#&;\\]+)""")


def files_in(block: NewBlock) -> set[str]:
    """The paths below ``static/`` that the fields of ``block``, and of all below it, name."""
    found = {unquote(path) for text in _texts(list(block.fields.values())) for path in _LINK.findall(text)}
    return found.union(*(files_in(child) for child in block.children))


def _texts(value: Json) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from _texts(list(value.values()))
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
