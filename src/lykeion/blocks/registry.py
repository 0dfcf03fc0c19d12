"""Which class stands behind a tag: every installed block and aside, found in one scan and loaded when first needed."""

from __future__ import annotations

import importlib.metadata
import sys
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any

from xblock.core import XBlock, XBlockAside

from lykeion.blocks import watching
from lykeion.blocks.broken import cannot_use, not_installed
from lykeion.blocks.types import BlockProblem
from lykeion.core.env import BadSetting

OURS = "lykeion.blocks.builtin."
BLOCKS, ASIDES = XBlock.entry_point, XBlockAside.entry_point
GROUPS = tuple(group + suffix for group in (BLOCKS, ASIDES) for suffix in ("", ".overrides"))

EntryPoints = Iterable[importlib.metadata.EntryPoint]


class UnknownType(BlockProblem):
    """No installed package brings a block of this type."""


class BrokenType(BlockProblem):
    """The package that brings this type cannot be used here; ``staff`` says why."""


def installed_entry_points() -> list[importlib.metadata.EntryPoint]:
    """Every entry point of blocks and asides, in one scan of what is installed (about 3 ms)."""
    found = importlib.metadata.entry_points()
    return [point for group in GROUPS for point in found.select(group=group)]


class Registry:
    """Tags to classes. Where two packages bring one tag our own wins, unless a third declares an override."""

    def __init__(self, find: Callable[[], EntryPoints] = installed_entry_points, asides: tuple[str, ...] = ()) -> None:
        self._find = find
        self._classes: dict[tuple[str, str], type] = {}
        self.asides = asides
        """Types of asides put beside blocks, in order; the site's choice."""

    @cached_property
    def _points(self) -> dict[tuple[str, str], list[importlib.metadata.EntryPoint]]:
        table: dict[tuple[str, str], list[importlib.metadata.EntryPoint]] = {}
        for point in self._find():
            table.setdefault((point.group, point.name.lower()), []).append(point)
        return table

    def block_class(self, tag: str) -> Any:
        """The class of blocks ``<tag>``. Raises :class:`UnknownType`, or :class:`BrokenType` with the reason."""
        return self._class(BLOCKS, tag)

    def aside_class(self, tag: str) -> Any:
        """The class of asides of type ``tag``. Raises as :meth:`block_class` does."""
        return self._class(ASIDES, tag)

    def package(self, tag: str) -> str:
        """The package that brings blocks ``<tag>``; '' when none, or several do. Nothing is loaded."""
        try:
            return self._choose((BLOCKS, tag.lower())).value.partition(".")[0].partition(":")[0]
        except BlockProblem:
            return ""

    def tags(self) -> list[str]:
        """The tags of all installed blocks, whether or not they can be loaded."""
        return sorted(name for group, name in self._points if group == BLOCKS)

    def aside_tags(self) -> list[str]:
        """The types of all installed asides, whether or not they can be loaded."""
        return sorted(name for group, name in self._points if group == ASIDES)

    def put_beside(self, asides: tuple[str, ...]) -> None:
        """Puts these types of asides beside blocks. Raises :class:`BadSetting` for one that cannot be used here."""
        for tag in asides:
            try:
                self.aside_class(tag)
            except BlockProblem as error:
                there = ", ".join(self.aside_tags()) or "none"
                raise BadSetting(
                    f"LYKEION_ASIDES names {tag!r}: {error.staff} Asides installed here: {there}."
                ) from error
        self.asides = asides

    def known(self, framed: Iterable[str]) -> frozenset[str]:
        """Types of blocks to be shown in frames. Raises :class:`BadSetting` for one that is not installed: with a slip
        in its name a block would stay in the page."""
        tags = self.tags()
        for tag in framed:
            if tag != "*" and tag.lower() not in tags:
                there = ", ".join(tags)
                raise BadSetting(f"LYKEION_FRAMED_BLOCKS names {tag!r}, which is not installed. Types here: {there}.")
        return frozenset(framed)

    def _class(self, group: str, tag: str) -> Any:
        key = (group, tag.lower())
        found = self._classes.get(key)
        if found is None:
            found = self._classes[key] = _load(self._choose(key), tag)
        return found

    def _choose(self, key: tuple[str, str]) -> importlib.metadata.EntryPoint:
        """Overrides first, then what bears the tag, then a block that was taken out of Open edX: its package cannot
        bear the tag of the one it is to replace there, and is called ``_TAG_extracted`` (xblocks-contrib)."""
        group, tag = key
        for name in ((f"{group}.overrides", tag), key, (group, f"_{tag}_extracted")):
            candidates = self._points.get(name, [])
            ours = [point for point in candidates if point.value.startswith(OURS)]
            for choice in (ours, candidates):
                if len({point.value for point in choice}) == 1:
                    return choice[0]
            if candidates:
                names = " and ".join(sorted(point.value for point in candidates))
                raise BrokenType(cannot_use(tag), f"Two packages bring it: uninstall one of {names}.")
        raise UnknownType(not_installed(tag), f"No package declares {group} {tag!r}.")


def _load(point: importlib.metadata.EntryPoint, tag: str) -> type:
    if not point.value.startswith(OURS):
        watching.prepare()
    try:
        loaded: type = point.load()
    except (Exception, SystemExit) as error:
        reason = f"{point.value} cannot be imported: {type(error).__name__}: {error}"
        raise BrokenType(cannot_use(tag), reason) from error
    if "xblock.utils.resources" in sys.modules:  # only where a block brought it: it is slow to import
        from lykeion.blocks.templates import compile_once

        compile_once()
    loaded.plugin_name = point.name  # type: ignore[attr-defined]  # XBlock's own loader promises it
    return loaded


installed = Registry()
"""The blocks of this process."""
