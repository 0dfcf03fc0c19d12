"""Connects the runtime, which knows no site, with the site it runs in."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.core.cache import caches
from django.urls import get_script_prefix

from lykeion.blocks import framing, guarding, registry, services
from lykeion.blocks.facts import VERSION, facts
from lykeion.blocks.folders import Folders
from lykeion.blocks.scripting import script_runner
from lykeion.blocks.vocabulary import InstalledVocabulary
from lykeion.content import api as content
from lykeion.content.types import ObjectId, StoredFile

FOLDERS = "folders"  # of the fields of type Filesystem, below what else blocks keep


def connect() -> None:
    """Tells ``content`` what is known of blocks, and the runtime what the site lends to them."""
    content.register_facts(facts, VERSION)
    content.register_vocabulary(InstalledVocabulary())
    registry.installed.put_beside(tuple(settings.LYKEION_ASIDES))
    guarding.limits.seconds = settings.LYKEION_BLOCK_SECONDS
    framing.framed.types = registry.installed.known(settings.LYKEION_FRAMED_BLOCKS)
    services.site.host = urlsplit(settings.SITE_URL).netloc
    services.site.buckets = settings.XBLOCK_SETTINGS
    services.site.with_tables = settings.LYKEION_BLOCKS_WITH_TABLES
    services.site.cache = _cache
    services.site.folders = Folders(settings.MEDIA_ROOT / FOLDERS, settings.SECRET_KEY, folder_address)
    services.site.read_file = read_file
    services.site.read_extra = read_extra
    services.site.script_runner = script_runner
    services.site.file_version = file_version


def read_file(root: ObjectId, path: str) -> bytes | None:
    """The bytes of the course file ``path`` at ``root``, or None when there is none."""
    return _bytes(content.file(root, path))


def read_extra(root: ObjectId, path: str) -> bytes | None:
    """The bytes of the file ``path`` of the folder that the course at ``root`` came from, or None."""
    return _bytes(content.imported(root, path))


def _bytes(stored: StoredFile | None) -> bytes | None:
    if stored is None:
        return None
    with content.open_file(stored) as stream:
        return stream.read()


def file_version(root: ObjectId, path: str) -> str | None:
    """What changes when the course file ``path`` does; None when there is none."""
    stored = content.file(root, path)
    return None if stored is None else stored.hash


def folder_address(name: str, path: str) -> str:
    """The address of the file ``path`` in the folder ``name`` of a block's field."""
    return f"{get_script_prefix()}xblock/folder/{name}/{quote(path)}"


def _cache(name: str) -> Any:
    return caches["blocks"]
