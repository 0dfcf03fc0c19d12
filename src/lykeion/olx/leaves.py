"""Blocks without child blocks of their own kind: html, problem, discussion, and every tag kept as XML.

Each `read_*` takes the definition element (which it may change) and returns the fields.
"""

from collections.abc import Callable
from typing import Final

from lykeion.olx.attributes import from_attributes, to_attributes
from lykeion.olx.fieldtypes import DROPPED, UPSTREAM
from lykeion.olx.markup import OPTION, Node, drop_attribute, elements, has_text, parse_text, serialise
from lykeion.olx.types import Block, Fields, Json

Odd = Callable[[str], None]
ASIDE: Final = "xblock_asides.v1"
_OWN_PLACE: Final = frozenset(["data", "xml_asides", "xml_children"])


def own_attributes(node: Node, tag: str) -> dict[str, str]:
    """The attributes that say what a node is, old names translated (`name`, and `attempts` of problems)."""
    found = {str(name): str(text) for name, text in node.attrib.items() if name not in DROPPED}
    _translate(found, "name", "display_name")
    if tag == "problem":
        _translate(found, "attempts", "max_attempts")
    return found


def _translate(found: dict[str, str], old: str, new: str) -> None:
    if old in found and new not in found:
        found[new] = found.pop(old)


def read_attributes(node: Node, tag: str, odd: Odd) -> Fields:
    """Fields of a node whose unknown attributes are kept in `xml_attributes`."""
    fields, unknown = from_attributes(tag, own_attributes(node, tag), odd)
    kept = fields.get("xml_attributes")
    rest: Fields = {**unknown, **(kept if isinstance(kept, dict) else {})}
    if rest:
        fields["xml_attributes"] = rest
    return fields


def take_asides(node: Node, fields: Fields) -> None:
    """Move the elements of XBlock asides out of a node into the field `xml_asides`."""
    asides = [child for child in elements(node) if is_aside(child)]
    if asides:
        fields["xml_asides"] = [serialise(aside) for aside in asides]
        for aside in asides:
            remove(aside)


def remove(child: Node) -> None:
    """Take an element out of its parent and leave the text that follows it, unless that is only blanks."""
    parent = child.getparent()
    assert parent is not None, "only children are removed"  # noqa: S101 - a promise of the callers
    tail, before = child.tail or "", child.getprevious()
    if tail.strip():
        if before is None:
            parent.text = (parent.text or "") + tail
        else:
            before.tail = (before.tail or "") + tail
    parent.remove(child)


def read_problem(node: Node, odd: Odd) -> Fields:
    """Fields of a problem. `data` is its XML with the attributes that are no fields."""
    fields, unknown = from_attributes("problem", own_attributes(node, "problem"), odd)
    fields.pop("xml_attributes", None)
    take_asides(node, fields)
    node.attrib.clear()
    for name, text in unknown.items():
        node.set(name, text)
    fields["data"] = serialise(node)
    return fields


def problem_xml(fields: Fields) -> str:
    """The whole `<problem>` of a file. Raises `BrokenXml` when `data` is not XML."""
    node = parse_text(str(fields.get("data", "<problem/>")))
    for name, text in to_attributes("problem", fields, _OWN_PLACE).items():
        node.set(name, text)
    for aside in texts(fields.get("xml_asides")):
        node.append(parse_text(aside))
    return serialise(node)


def read_discussion(node: Node, odd: Odd) -> Fields:
    """Fields of a discussion; child elements are not known and kept as XML."""
    fields = read_attributes(node, "discussion", odd)
    tell_text(node, "discussion", odd)
    take_asides(node, fields)
    keep_children(elements(node), fields)
    return fields


def tell_text(node: Node, tag: str, odd: Odd) -> None:
    """Say that a text has no place in an element that is made of attributes and child elements."""
    if has_text(node):
        odd(f"text directly inside <{tag}> is never shown and was left out")


def keep_children(children: list[Node], fields: Fields) -> None:
    """Keep elements that are no blocks and no fields in `xml_children`."""
    if children:
        fields["xml_children"] = [serialise(child) for child in children]


def kept_children(fields: Fields) -> list[str]:
    """Unknown elements and asides, to be written inside their block again."""
    return [*texts(fields.get("xml_children")), *texts(fields.get("xml_asides"))]


def texts(value: Json) -> list[str]:
    """The strings of a JSON list; anything else counts as empty."""
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def is_aside(node: Node) -> bool:
    """Whether an element belongs to an XBlock aside, which rides on the block around it."""
    return node.get("xblock-family") == ASIDE


def is_option(node: Node) -> bool:
    """Whether an element is a field of an XBlock (`<option:name>`), not a child block."""
    return str(node.tag).startswith(OPTION)


def read_raw(node: Node, tag: str, odd: Odd) -> Fields:
    """The element as XML, without its name, which is the block's id, and without what says of which item of a library
    it is a copy."""
    drop_attribute(node, "url_name")
    node.tag = tag
    origin = {name: str(node.get(name)) for name in UPSTREAM if node.get(name) is not None}
    fields, _ = from_attributes(tag, origin, odd)
    for name in origin:
        drop_attribute(node, name)
    return {**fields, "xml": serialise(node)}


def raw_xml(block: Block, inner: list[str]) -> str:
    """A block kept as XML with its id and its child elements put back. Raises `BrokenXml` when it is not XML."""
    node = parse_text(str(block.fields.get("xml") or f"<{block.type}/>"))
    attributes = {str(name): str(text) for name, text in node.attrib.items()}
    node.attrib.clear()
    node.set("url_name", block.id)
    for name, text in attributes.items():
        if name != "url_name":
            node.set(name, text)
    origin: Fields = {name: block.fields[name] for name in UPSTREAM if name in block.fields}
    for name, text in to_attributes(block.type, origin).items():
        node.set(name, text)
    for child in inner:
        node.append(parse_text(child))
    return serialise(node)


def html_attributes(fields: Fields) -> dict[str, str]:
    """Attributes of an html definition, but for its filename."""
    return to_attributes("html", fields, _OWN_PLACE)


def plain_attributes(block: Block) -> dict[str, str]:
    """Attributes of a video or a discussion, without what is written elsewhere."""
    return to_attributes(block.type, block.fields, _OWN_PLACE)
