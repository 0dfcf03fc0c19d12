"""Connects the runtime, which knows no site, with the site it runs in."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.cache import caches

from lykeion.blocks import registry, services
from lykeion.blocks.facts import VERSION, facts
from lykeion.blocks.scripting import script_runner
from lykeion.blocks.vocabulary import InstalledVocabulary
from lykeion.content import api as content
from lykeion.content.types import ObjectId


def connect() -> None:
    """Tells ``content`` what is known of blocks, and the runtime what the site lends to them."""
    content.register_facts(facts, VERSION)
    content.register_vocabulary(InstalledVocabulary())
    registry.installed.put_beside(tuple(settings.LYKEION_ASIDES))
    services.site.buckets = getattr(settings, "XBLOCK_SETTINGS", {})
    services.site.cache = _cache
    services.site.read_file = read_file
    services.site.script_runner = script_runner
    services.site.file_version = file_version


def read_file(root: ObjectId, path: str) -> bytes | None:
    """The bytes of the course file ``path`` at ``root``, or None when there is none."""
    stored = content.file(root, path)
    if stored is None:
        return None
    with content.open_file(stored) as stream:
        return stream.read()


def file_version(root: ObjectId, path: str) -> str | None:
    """What changes when the course file ``path`` does; None when there is none."""
    stored = content.file(root, path)
    return None if stored is None else stored.hash


def _cache(name: str) -> Any:
    return caches["blocks"]
