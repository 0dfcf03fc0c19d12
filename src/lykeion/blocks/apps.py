"""The app: tells ``content`` what is known of blocks, and the runtime what the site lends to them."""

from __future__ import annotations

from django.apps import AppConfig


class BlocksConfig(AppConfig):
    """XBlocks: the runtime, and our own kinds of blocks."""

    name = "lykeion.blocks"
    label = "blocks"

    def ready(self) -> None:
        """Connects what other apps must know of; models may be imported from here on only."""
        from lykeion.blocks.wiring import connect

        connect()
