"""Files in blocks' packages, as pages ask for them."""

from __future__ import annotations

import mimetypes
import re
from typing import Any

from xblock.exceptions import DisallowedFileError

from lykeion.blocks import registry
from lykeion.blocks.registry import UnknownType
from lykeion.blocks.types import BlockProblem

SAFE_NAME = re.compile(r"(?!/)(?:(?!\.)[^/\\\x00-\x1f:]+/)*(?!\.)[^/\\\x00-\x1f:]+\Z")
TYPES = {  # the machine's own table may lack them, or say otherwise
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".json": "application/json",
    ".map": "application/json",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".ttf": "font/ttf",
    ".wasm": "application/wasm",
    ".vtt": "text/vtt",
    ".webp": "image/webp",
    ".html": "text/html",
}


class NoSuchResource(BlockProblem):
    """No such file is meant for pages."""


def resource(block_type: str, uri: str) -> tuple[bytes, str]:
    """The bytes and content type of the file ``uri`` in the package of ``block_type`` (a block or an aside).

    Raises :class:`NoSuchResource` for anything that the class does not offer, whatever tricks are in the name.
    """
    if not SAFE_NAME.match(uri):
        raise NoSuchResource(f"There is no file {uri!r}.")
    try:
        with _class(block_type).open_local_resource(uri) as stream:
            return stream.read(), content_type(uri)
    except (DisallowedFileError, OSError, BlockProblem) as error:
        raise NoSuchResource(f"There is no file {uri!r}.", str(error)) from error


def content_type(name: str) -> str:
    """The content type for a file of that name."""
    suffix = name[name.rfind(".") :].lower() if "." in name else ""
    return TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"


def _class(block_type: str) -> Any:
    try:
        return registry.installed.block_class(block_type)
    except UnknownType:
        return registry.installed.aside_class(block_type)
