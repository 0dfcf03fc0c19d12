"""From the XML of third-party blocks to field values, by the class's own ``parse_xml``, once per object."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from lxml import etree
from opaque_keys.edx.locator import CourseLocator
from xblock.core import XBlockAside
from xblock.field_data import FieldData
from xblock.runtime import Runtime

from lykeion.blocks.broken import cannot_show
from lykeion.blocks.fields import Values
from lykeion.blocks.folders import CourseFolder
from lykeion.blocks.ids import BlockIds, Keys
from lykeion.blocks.inherited import CourseBlock
from lykeion.blocks.mixing import mixologist
from lykeion.blocks.plain import copied, plain
from lykeion.blocks.registry import Registry
from lykeion.blocks.types import BlockProblem
from lykeion.content.types import Json, ObjectId
from lykeion.core.lru import WeightedCache

FAMILY = "xblock-family"
BESIDE = "beside"  # the stored field of values that a class never writes into its XML
_PARSE_XML = 3  # node, runtime, keys
_POSITIONAL = frozenset({inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD})


@dataclass(frozen=True, slots=True)
class Parsed:
    """Field values in JSON form: the block's own, and those of each aside beside it."""

    values: Mapping[str, Json]
    asides: Mapping[str, Mapping[str, Json]]
    weight: int = 0
    root: str = ""
    """The root of the course whose folder was looked into; '' when the XML says all."""


_parsed: WeightedCache[tuple[ObjectId, type], Parsed] = WeightedCache(16 << 20, lambda parsed: 200 + parsed.weight)


def parsed(
    object_id: ObjectId,
    cls: type,
    xml: str,
    run: CourseLocator,
    types: Registry,
    root: str = "",
    read: Callable[[str], bytes | None] | None = None,
) -> Parsed:
    """The fields that ``xml`` gives a block of ``cls``. Raises :class:`BlockProblem` when the class cannot read it.

    ``read`` gives the files of the folder that the course at ``root`` was imported from.
    """
    key = (object_id, cls)
    found = _parsed.get(key)
    if found is None or found.root not in {"", root}:
        found = parse(cls, xml, run, types, root, read)
        _parsed.put(key, found)
    return found


def parse(
    cls: type,
    xml: str,
    run: CourseLocator,
    types: Registry,
    root: str = "",
    read: Callable[[str], bytes | None] | None = None,
) -> Parsed:
    """As :func:`parsed`, without looking or remembering."""
    try:
        node = etree.fromstring(xml.encode(), _parser())
    except etree.XMLSyntaxError as error:
        raise BlockProblem(cannot_show(), f"Its XML is broken: {error}") from error
    runtime = ParsingRuntime(run, types)
    runtime.resources_fs = folder = CourseFolder(str(node.tag), read)
    asides = {name: runtime.read(types.aside_class(name), child) for name, child in _asides(node, types)}
    _drop_settings(node, cls)
    values = runtime.read(runtime.mixologist.mix(cls), node)
    return Parsed(values, asides, len(xml), root if folder.used else "")


def asides_of(fragments: list[str], run: CourseLocator, types: Registry) -> dict[str, Values]:
    """The fields of asides kept as XML texts, by type; asides that are not installed are left out."""
    wrapped = etree.fromstring(f"<x>{''.join(fragments)}</x>".encode(), _parser())
    runtime = ParsingRuntime(run, types)
    return {name: runtime.read(types.aside_class(name), child) for name, child in _asides(wrapped, types)}


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=False)


def _drop_settings(node: Any, cls: Any) -> None:
    """Takes out the settings that all blocks have: the outline has read them already, and forgives more than the
    fields do (``due="2026-01-02"`` is an error to XBlock's own date field)."""
    for name in CourseBlock.fields.keys() - cls.fields.keys():
        node.attrib.pop(name, None)


def _asides(node: Any, types: Registry) -> list[tuple[str, Any]]:
    """Takes the elements of installed asides out of ``node``."""
    found = []
    for child in list(node.iterchildren(tag=etree.Element)):
        if child.attrib.pop(FAMILY, None) == XBlockAside.entry_point:
            node.remove(child)
            if child.tag in types.asides:
                found.append((child.tag, child))
    return found


class ParsedFields(FieldData):  # type: ignore[misc]
    """Fields of the blocks that are being read: a dict each."""

    def get(self, block: Any, name: str) -> Json:
        """The value; raises :class:`KeyError` if it is not set yet."""
        return copied(block.scope_ids.place[name])

    def set(self, block: Any, name: str, value: Any) -> None:
        """Sets the value."""
        block.scope_ids.place[name] = plain(value)

    def delete(self, block: Any, name: str) -> None:
        """Forgets the value."""
        del block.scope_ids.place[name]

    def has(self, block: Any, name: str) -> bool:
        """Whether it is set."""
        return name in block.scope_ids.place


class ParsingRuntime(Runtime):  # type: ignore[misc]
    """Enough of a runtime for ``parse_xml`` and for questions that need no learner (``max_score``)."""

    user_id = None
    resources_fs = CourseFolder()
    export_fs = None

    def __init__(self, run: CourseLocator, types: Registry) -> None:
        ids = BlockIds(run)
        self.course_id = run
        self.types = types
        self.fields = ParsedFields()
        super().__init__(ids, ids, mixins=(CourseBlock,), services={"field-data": self.fields})
        self.mixologist = mixologist

    def read(self, cls: Any, node: Any) -> Values:
        """The values that ``cls.parse_xml`` reads from ``node``. Raises :class:`BlockProblem` with what it said."""
        node.attrib.pop(FAMILY, None)
        values: Values = {}
        keys = self.keys(node.tag, values)
        extra = [self.id_generator] if _wants_generator(cls) else []
        try:
            block = cls.parse_xml(node, self, keys, *extra)
            block.save()
        except Exception as error:
            reason = f"<{node.tag}> cannot be read by {cls.__name__}: {type(error).__name__}: {error}"
            raise BlockProblem(cannot_show(), reason) from error
        return values

    def keys(self, block_type: str, values: Values) -> Keys:
        """Ids of a block that is in no course yet, with ``values`` as its fields."""
        definition = self.id_generator.create_definition(block_type)
        keys = Keys(None, block_type, definition, definition)
        keys.place = values
        return keys

    def load_block_type(self, block_type: str) -> Any:
        """The class of ``<block_type>``."""
        return self.types.block_class(block_type)

    def load_aside_type(self, aside_type: str) -> Any:
        """The class of asides of this type."""
        return self.types.aside_class(aside_type)

    def add_node_as_child(self, block: Any, node: Any) -> None:
        """Child blocks are in the course's tree already; elements that are none were kept with the XML."""

    def parse_asides(self, node: Any, def_id: object, usage_id: object, id_generator: object) -> list[Any]:
        """Asides were taken out of ``node`` before the block was given it."""
        return []

    def applicable_aside_types(self, block: Any) -> list[str]:
        """None: see :meth:`parse_asides`."""
        return []

    def get_policy(self, usage_id: object) -> dict[str, Json]:
        """Old blocks ask for their policy; it is merged into their settings already."""
        return {}

    def handler_url(
        self, block: Any, handler_name: str, suffix: str = "", query: str = "", thirdparty: bool = False
    ) -> str:
        """There are no addresses while reading."""
        raise NotImplementedError("a block has no address while it is read from XML")

    def resource_url(self, resource: str) -> str:
        """There are no addresses while reading."""
        raise NotImplementedError("a block has no address while it is read from XML")

    def local_resource_url(self, block: Any, uri: str) -> str:
        """There are no addresses while reading."""
        raise NotImplementedError("a block has no address while it is read from XML")

    def publish(self, block: Any, event_type: str, event_data: Any) -> None:
        """Nobody listens while reading."""


@cache
def _wants_generator(cls: Any) -> bool:
    """Blocks written for XBlock < 2 still take the id generator that was dropped from ``parse_xml``, by any name."""
    taken = [one for one in inspect.signature(cls.parse_xml).parameters.values() if one.kind in _POSITIONAL]
    return len(taken) > _PARSE_XML and taken[_PARSE_XML].default is inspect.Parameter.empty
