"""Changing what authors wrote into asides. A draft keeps each aside as the XML that its own class reads: beside the
fields of a block of ours, inside the XML of a block of others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from lxml import etree
from opaque_keys.edx.locator import CourseLocator
from xblock.core import XBlockAside

from lykeion.blocks import parse, registry
from lykeion.blocks.broken import cannot_show
from lykeion.blocks.fields import Values
from lykeion.blocks.rewriting import kept_as_xml
from lykeion.blocks.types import AsideWritten, BlockProblem
from lykeion.content.types import Json

_FAMILY = XBlockAside.entry_point
_BESIDE = "xml_asides"


def asides_of(fields: Mapping[str, Json], run: CourseLocator) -> dict[str, Values]:
    """The fields of the asides that a stored block has beside it, by type; those that are not in use are left out.

    Raises :class:`BlockProblem` when one cannot be read.
    """
    return parse.asides_of(_texts(fields), run, registry.installed)


def with_asides(
    kind: str, fields: Mapping[str, Json], asides: Mapping[str, AsideWritten], run: CourseLocator
) -> dict[str, Json]:
    """``fields`` of a stored block after its asides wrote. One that has nothing to keep any more is left out.

    Raises :class:`BlockProblem` when the class of one loses what it wrote.
    """
    before = asides_of(fields, run)
    made = {name: _merged(before.get(name, {}), one) for name, one in asides.items()}
    written = {name: _written(name, values, run) for name, values in made.items() if values}
    if kept_as_xml(kind):
        return {**fields, "xml": _inside(str(fields.get("xml") or f"<{kind}/>"), asides, written)}
    others = [text for text in _texts(fields) if _parsed(text).tag not in asides]
    rest = {name: value for name, value in fields.items() if name != _BESIDE}
    listed = others + [_text(node) for node in written.values()]
    return {**rest, _BESIDE: listed} if listed else rest


def _merged(before: Mapping[str, Json], one: AsideWritten) -> Values:
    return {name: value for name, value in {**before, **one.values}.items() if name not in one.unset}


def _written(kind: str, values: Values, run: CourseLocator) -> Any:
    """The element that the class writes for ``values``."""
    cls = registry.installed.aside_class(kind)
    runtime = parse.ParsingRuntime(run, registry.installed)
    node = etree.Element(kind)
    try:
        cls(runtime=runtime, scope_ids=runtime.keys(kind, dict(values))).add_xml_to_node(node)
    except Exception as error:
        raise BlockProblem(cannot_show(), f"{cls.__name__}: {type(error).__name__}: {error}") from error
    node.tag = kind
    node.set(parse.FAMILY, _FAMILY)
    lost = sorted(values.keys() - parse.asides_of([_text(node)], run, registry.installed).get(kind, {}).keys())
    if lost:
        words = _("This part cannot be saved: its package does not write {names} into the course as it should.")
        raise BlockProblem(words.format(names=", ".join(lost)), f"{cls.__name__}.add_xml_to_node loses {lost}.")
    return node


def _inside(xml: str, asides: Mapping[str, object], written: Mapping[str, Any]) -> str:
    node = _parsed(xml)
    for child in list(node.iterchildren(tag=etree.Element)):
        if child.get(parse.FAMILY) == _FAMILY and child.tag in asides:
            node.remove(child)
    node.extend(written.values())
    return _text(node)


def _texts(fields: Mapping[str, Json]) -> list[str]:
    beside = fields.get(_BESIDE)
    if isinstance(beside, list):
        return [text for text in beside if isinstance(text, str)]
    xml = fields.get("xml")
    if not isinstance(xml, str) or _FAMILY not in xml:
        return []
    return [
        _text(child) for child in _parsed(xml).iterchildren(tag=etree.Element) if child.get(parse.FAMILY) == _FAMILY
    ]


def _parsed(xml: str) -> Any:
    try:
        return etree.fromstring(xml.encode(), etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    except etree.XMLSyntaxError as error:
        raise BlockProblem(cannot_show(), f"Its XML is broken: {error}") from error


def _text(node: Any) -> str:
    return etree.tostring(node, encoding="unicode", with_tail=False)
