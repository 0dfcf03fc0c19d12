"""The app: tells ``content`` what is known of blocks, and the runtime what the site lends to them."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig


class BlocksConfig(AppConfig):
    """XBlocks: the runtime, and our own kinds of blocks."""

    name = "lykeion.blocks"
    label = "blocks"

    def ready(self) -> None:
        """Connects what other apps must know of."""
        from django.conf import settings
        from django.core.cache import caches

        from lykeion.blocks import registry, services
        from lykeion.blocks.facts import facts

        if find_spec("lykeion.content.api"):
            import_module("lykeion.content.api").register_facts(facts)
        registry.installed.asides = tuple(settings.LYKEION_ASIDES)
        services.site.buckets = getattr(settings, "XBLOCK_SETTINGS", {})
        services.site.cache = lambda name: caches["default"]
