"""Ids of blocks and asides as opaque keys. A block's usage key serves as its definition key: trees share content by
hash, not by definition."""

from __future__ import annotations

from typing import Any, Final
from uuid import uuid4

from opaque_keys.edx.asides import AsideDefinitionKeyV2, AsideUsageKeyV2
from opaque_keys.edx.keys import UsageKey
from opaque_keys.edx.locator import BlockUsageLocator, CourseLocator
from xblock.exceptions import NoSuchDefinition, NoSuchUsage
from xblock.fields import ScopeIds
from xblock.runtime import IdGenerator, IdReader

from lykeion.core.keys import parse_usage, usage_text

# Opaque keys are untyped, and their abstract properties are filled in by ``__init__``, which mypy cannot see.
_ASIDE_DEFINITION: Final[Any] = AsideDefinitionKeyV2
_ASIDE_USAGE: Final[Any] = AsideUsageKeyV2
_USAGE: Final[Any] = BlockUsageLocator


class Keys(ScopeIds):  # type: ignore[misc]
    """A block's ids together with its place in the runtime, so that no field access looks anything up."""

    place: Any  # runtime.Place

    def _replace(self, **changes: Any) -> Keys:
        """As of any named tuple; blocks from Open edX rename themselves with it (``block.location = ...``)."""
        replaced: Keys = super()._replace(**changes)
        replaced.place = self.place
        return replaced


class BlockIds(IdReader, IdGenerator):  # type: ignore[misc]
    """Reads and makes ids in one run."""

    def __init__(self, run: CourseLocator) -> None:
        self.run = run

    def get_usage_id_from_aside(self, aside_id: AsideUsageKeyV2) -> UsageKey:
        """The block that an aside stands beside."""
        usage: UsageKey = aside_id.usage_key
        return usage

    def get_definition_id_from_aside(self, aside_id: AsideDefinitionKeyV2) -> UsageKey:
        """The definition that an aside stands beside."""
        definition: UsageKey = aside_id.definition_key
        return definition

    def get_definition_id(self, usage_id: UsageKey) -> UsageKey:
        """The definition of a usage: the usage itself. Raises :class:`NoSuchUsage`."""
        if not isinstance(usage_id, UsageKey):
            raise NoSuchUsage(repr(usage_id))
        return usage_id

    def get_block_type(self, def_id: UsageKey) -> str:
        """The tag of a definition. Raises :class:`NoSuchDefinition`."""
        block_type = getattr(def_id, "block_type", None)
        if block_type is None:
            raise NoSuchDefinition(repr(def_id))
        return str(block_type)

    def get_aside_type_from_usage(self, aside_id: AsideUsageKeyV2) -> str:
        """The type of an aside's usage."""
        return str(aside_id.aside_type)

    def get_aside_type_from_definition(self, aside_id: AsideDefinitionKeyV2) -> str:
        """The type of an aside's definition."""
        return str(aside_id.aside_type)

    def create_aside(
        self, definition_id: UsageKey, usage_id: UsageKey, aside_type: str
    ) -> tuple[AsideDefinitionKeyV2, AsideUsageKeyV2]:
        """The ids of an aside; the same for the same block and type."""
        return _ASIDE_DEFINITION(definition_id, aside_type), _ASIDE_USAGE(usage_id, aside_type)

    def create_usage(self, def_id: UsageKey) -> UsageKey:
        """A usage for a definition made by :meth:`create_definition`."""
        return def_id

    def create_definition(self, block_type: str, slug: str | None = None) -> BlockUsageLocator:
        """A new id for a block of ``block_type``, named ``slug`` if given."""
        definition: BlockUsageLocator = _USAGE(self.run, block_type, slug or uuid4().hex)
        return definition


def usage_key(run: CourseLocator, ref: str) -> BlockUsageLocator:
    """The usage key of ``ref`` in ``run``; building one costs 20 µs, so they are kept."""
    return parse_usage(usage_text(run, ref))


def aside_key(text: str) -> AsideUsageKeyV2 | None:
    """The key of an aside, or None when ``text`` names no aside. Raises :class:`InvalidKeyError` for a broken one."""
    return AsideUsageKeyV2.from_string(text) if text.startswith("aside-usage-v2:") else None
