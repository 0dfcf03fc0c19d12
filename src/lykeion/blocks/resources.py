"""Files in blocks' packages, as pages ask for them."""

from __future__ import annotations

import mimetypes
import re
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from django.conf import settings
from django.contrib.staticfiles import finders
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


@lru_cache(maxsize=1024)
def script_at(url: str, pattern: str) -> str | None:
    """The text of the script at ``url``: a file of a block's package (``pattern`` is the address of ``FILE`` of
    ``TYPE``) or a static file of an installed app; None for any other address. Remembered: packages do not change."""
    path = url.partition("?")[0].removeprefix(settings.SITE_URL)  # blocks may name a file with the whole address
    named = re.match(re.escape(pattern).replace("TYPE", "([^/]+)").replace("FILE", "(.+)"), path)
    try:
        if named:
            return resource(*map(unquote, named.groups()))[0].decode("utf-8", "replace")
        name = path.removeprefix(settings.STATIC_URL)
        found = finders.find(name) if name != path and SAFE_NAME.match(name) else None
        return Path(found).read_text("utf-8", "replace") if found else None
    except (NoSuchResource, OSError):
        return None


def content_type(name: str) -> str:
    """The content type for a file of that name."""
    suffix = name[name.rfind(".") :].lower() if "." in name else ""
    return TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"


def _class(block_type: str) -> Any:
    try:
        return registry.installed.block_class(block_type)
    except UnknownType:
        return registry.installed.aside_class(block_type)
