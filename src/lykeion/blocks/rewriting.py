"""Changing blocks of others, which the draft keeps as the XML that their own class reads.

So an export still holds what the package itself writes: the fields are read by the class's ``parse_xml``, changed, and
written by its ``add_xml_to_node``. What the class says nothing of stays as it was: the settings that all blocks have,
and the elements of asides. Fields that a class never writes (what its editor remembers, say) are kept
``beside`` the XML, and as in Open edX no export holds them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from lxml import etree
from opaque_keys.edx.locator import CourseLocator
from xblock.core import XBlock, XBlockAside

from lykeion.blocks import parse, registry
from lykeion.blocks.broken import cannot_show
from lykeion.blocks.fields import Values
from lykeion.blocks.inherited import CourseBlock
from lykeion.blocks.plain import plain
from lykeion.blocks.services import site
from lykeion.blocks.types import BlockProblem
from lykeion.content.types import Json, ObjectId
from lykeion.olx.attributes import Unfit, from_attribute, to_attribute
from lykeion.olx.fieldtypes import Kind, known_fields
from lykeion.olx.vocabulary import CONTAINERS, LEAVES

ASIDE = XBlockAside.entry_point


def kept_as_xml(kind: str) -> bool:
    """Whether a draft keeps blocks of this type as XML."""
    return kind not in CONTAINERS and kind not in LEAVES and kind != "error"


def values_of(kind: str, fields: Mapping[str, Json], run: CourseLocator, root: ObjectId) -> Mapping[str, Json]:
    """The fields of a stored block as its class reads them. Raises :class:`BlockProblem` when it cannot."""
    if not kept_as_xml(kind):
        return fields
    xml, cls = _xml(kind, fields), _class(kind)
    shared = _shared(kind, _element(xml), cls)
    return shared if cls is None else {**shared, **_read(cls, xml, run, root), **fields.get(parse.BESIDE, {})}


def with_values(
    kind: str,
    fields: Mapping[str, Json],
    values: Mapping[str, Json],
    unset: Iterable[str],
    run: CourseLocator,
    root: ObjectId,
) -> dict[str, Json]:
    """``fields`` of a stored block after a change. Raises :class:`BlockProblem` when its class cannot write XML that it
    reads again, or (for what is not one of the settings of all blocks) when there is no class."""
    gone = {name for name in unset if name not in values}
    if not kept_as_xml(kind):
        return {**{name: value for name, value in fields.items() if name not in gone}, **values}
    xml, cls = _xml(kind, fields), _class(kind)
    own, node = _own(cls), _element(xml)
    changed, beside = (values.keys() | gone) & own, dict(fields.get(parse.BESIDE, {}))
    if changed:
        before = _read(cls, xml, run, root)
        merged = {**before, **beside, **values}
        wanted = {name: value for name, value in merged.items() if name in own and name not in gone}
        old, (node, unwritten) = node, _written(cls, kind, before, wanted, changed | beside.keys(), run, root)
        beside = {name: wanted[name] for name in sorted(unwritten & wanted.keys())}
        _carry(kind, old, node, cls)
    _set_shared(kind, node, {name: values[name] for name in sorted(values.keys() - own)}, gone - own)
    kept = {name: value for name, value in fields.items() if name != parse.BESIDE}
    return {
        **kept,
        **({parse.BESIDE: beside} if beside else {}),
        "xml": etree.tostring(node, encoding="unicode", with_tail=False),
    }


def _xml(kind: str, fields: Mapping[str, Json]) -> str:
    return str(fields.get("xml") or f"<{kind}/>")


def _element(xml: str) -> Any:
    try:
        return etree.fromstring(xml.encode(), etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    except etree.XMLSyntaxError as error:
        raise BlockProblem(cannot_show(), f"Its XML is broken: {error}") from error


def _class(kind: str) -> Any:
    """The class of a type; None where no package brings it. Raises :class:`BlockProblem` for a broken package."""
    try:
        return registry.installed.block_class(kind)
    except registry.UnknownType:
        return None


def _own(cls: Any) -> frozenset[str]:
    """The names of fields that the class itself reads and writes."""
    return frozenset() if cls is None else frozenset(cls.fields)


def _settings(kind: str, cls: Any) -> frozenset[str]:
    """The settings that blocks of this type have only because all blocks do."""
    return frozenset(CourseBlock.fields.keys() | known_fields(kind).keys()) - _own(cls)


def _read(cls: Any, xml: str, run: CourseLocator, root: ObjectId) -> Mapping[str, Json]:
    read = None if site.read_extra is None else partial(site.read_extra, root)
    return parse.parse(cls, xml, run, registry.installed, root, read).values


def _written(
    cls: Any,
    kind: str,
    before: Mapping[str, Json],
    wanted: Values,
    changed: Collection[str],
    run: CourseLocator,
    root: ObjectId,
) -> tuple[Any, set[str]]:
    """The element that the class writes for ``wanted``, or XBlock's own rules do if the class loses any of it; and the
    names of those of ``changed`` that neither brings back."""
    found: list[tuple[Any, set[str]]] = []
    reason = ""
    for write in (_by_class, _by_rule):
        node = etree.Element(kind)
        try:
            write(cls, node, dict(wanted), run)
            _clean(node, kind)
            after = _read(cls, etree.tostring(node, encoding="unicode"), run, root)
        except Exception as error:  # noqa: BLE001  a package's own code; the other way may do
            reason = reason or f"{type(error).__name__}: {error}"
            continue
        lost = _lost(before, wanted, after, changed)
        if not lost:
            return node, set()
        found.append((node, lost))
    for node, lost in found:
        if lost <= set(changed) and len(lost) < len(wanted):
            return node, lost
    names = ", ".join(sorted(found[0][1] if found else changed))
    words = _("This part cannot be saved: its package does not write {names} into the course as it should.")
    raise BlockProblem(words.format(names=names), reason or f"{cls.__name__}.add_xml_to_node loses {names}.")


class _Shelf:
    """The file system that the older classes of Open edX write their definition to, leaving a pointer in the tree."""

    def __init__(self) -> None:
        self.files: dict[str, BytesIO] = {}

    def makedirs(self, path: str, recreate: bool = False) -> None:
        """Folders need not be made."""

    @contextmanager
    def open(self, path: str, mode: str = "r") -> Iterator[BytesIO]:
        """A file to be written."""
        yield self.files.setdefault(path, BytesIO())


def _by_class(cls: Any, node: Any, values: Values, run: CourseLocator) -> None:
    block, shelf = _block(cls, node.tag, values, run), _Shelf()
    block.runtime.export_fs = shelf
    block.add_xml_to_node(node)
    written = next((file.getvalue() for path, file in shelf.files.items() if path.endswith(".xml")), None)
    if written is not None:
        whole = _element(written.decode())
        node.attrib.update(whole.attrib)
        node.text = whole.text
        node.extend(list(whole))


def _by_rule(cls: Any, node: Any, values: Values, run: CourseLocator) -> None:
    XBlock.add_xml_to_node(_block(cls, node.tag, values, run), node)


def _block(cls: Any, kind: str, values: Values, run: CourseLocator) -> Any:
    runtime = parse.ParsingRuntime(run, registry.installed)
    return runtime.construct_xblock_from_class(cls, runtime.keys(kind, values))


def _clean(node: Any, kind: str) -> None:
    """What belongs to a place in a course and not to the block."""
    node.tag = kind
    for name in (parse.FAMILY, "url_name"):
        node.attrib.pop(name, None)
    etree.cleanup_namespaces(node)


def _lost(
    before: Mapping[str, Json], wanted: Mapping[str, Json], after: Mapping[str, Json], changed: Collection[str]
) -> set[str]:
    """Fields that are not what they should be once the XML is read again. Values may be tidied by their fields (a date,
    a number as text), but none that was changed may be as it was before, and none that was not may be gone."""
    nothing = object()
    same = {name for name in before if name not in changed and name not in after}
    stale = {
        name
        for name in changed
        if wanted.get(name, nothing) != before.get(name, nothing)
        and after.get(name, nothing) == before.get(name, nothing)
    }
    return same | stale


def _carry(kind: str, old: Any, node: Any, cls: Any) -> None:
    """Puts into ``node`` what the class knows nothing of."""
    for name in _settings(kind, cls):
        node.attrib.pop(name, None)
        if name in old.attrib:
            node.set(name, old.attrib[name])
    for child in list(old.iterchildren(tag=etree.Element)):
        if child.get(parse.FAMILY) == ASIDE:
            node.append(child)


def _shared(kind: str, node: Any, cls: Any) -> Values:
    kinds, names = known_fields(kind), _settings(kind, cls)
    return {str(name): _value(kinds.get(str(name)), text) for name, text in node.attrib.items() if name in names}


def _value(kind: Kind | None, text: str) -> Json:
    try:
        return text if kind is None else from_attribute(kind, text)
    except Unfit:
        return text


def _set_shared(kind: str, node: Any, values: Mapping[str, Json], gone: Iterable[str]) -> None:
    kinds = known_fields(kind)
    for name in gone:
        node.attrib.pop(name, None)
    for name, value in values.items():
        text = to_attribute(kinds[name], plain(value)) if name in kinds else None
        if text is None:
            raise BlockProblem(_("{name} cannot be set here.").format(name=name), f"No attribute of <{kind}> holds it.")
        node.set(name, text)
