"""Attributes and special elements of containers: wiki and textbooks of a course, `<show>` of a conditional."""

from typing import Final

from lykeion.olx.attributes import attributes_text, to_attributes
from lykeion.olx.fieldtypes import OWN_PLACE
from lykeion.olx.leaves import Odd, keep_children, kept_children, read_attributes, take_asides, tell_text, texts
from lykeion.olx.markup import Node, elements, has_text, is_carriable
from lykeion.olx.types import Block, Fields, Json

CONDITIONS: Final = ("completed", "attempted", "submitted", "correct", "poll_answer", "voted")
"""Attributes of a conditional that name what its source must have come to (`conditional_block.py`)."""


def read_container(node: Node, tag: str, odd: Odd) -> tuple[Fields, list[Node]]:
    """Fields of a container and those of its elements that are blocks."""
    fields = read_attributes(node, tag, odd)
    take_asides(node, fields)
    tell_text(node, tag, odd)
    if tag == "course":
        return fields, _read_course(node, fields)
    if tag == "conditional":
        return fields, _read_conditional(node, fields)
    return fields, elements(node)


def _read_course(node: Node, fields: Fields) -> list[Node]:
    special = [child for child in elements(node) if child.tag in ("wiki", "textbook")]
    rest = [child for child in special if not _read_special(child, fields)]
    keep_children(rest, fields)
    return [child for child in elements(node) if child not in special]


def _read_special(child: Node, fields: Fields) -> bool:
    names = set(child.attrib)
    if len(child) or has_text(child):
        return False
    if child.tag == "wiki" and names == {"slug"} and "wiki_slug" not in fields:
        fields["wiki_slug"] = str(child.get("slug"))
        return True
    books = fields.setdefault("textbooks", []) if child.tag == "textbook" and names == {"title", "book_url"} else None
    if isinstance(books, list):
        books.append([str(child.get("title")), str(child.get("book_url"))])
        return True
    return False


def _read_conditional(node: Node, fields: Fields) -> list[Node]:
    unknown = fields.get("xml_attributes")
    if isinstance(unknown, dict):
        _read_condition(unknown, fields)
    shows = [child for child in elements(node) if child.tag == "show" and set(child.attrib) <= {"sources"}]
    shown = _split(";".join(child.get("sources", "") for child in shows))
    if shown:
        fields["show_tag_list"] = shown
    return [child for child in elements(node) if child not in shows]


def _read_condition(unknown: dict[str, Json], fields: Fields) -> None:
    named = [name for name in CONDITIONS if name in unknown]
    if len(named) == 1 and "conditional_attr" not in fields and "conditional_value" not in fields:
        fields["conditional_attr"], fields["conditional_value"] = named[0], unknown.pop(named[0])
    if isinstance(sources := unknown.get("sources"), str) and "sources_list" not in fields:
        fields["sources_list"] = _split(sources)
        del unknown["sources"]
    if not unknown:
        del fields["xml_attributes"]


def _split(sources: str) -> list[Json]:
    return [source.strip() for source in sources.split(";") if source.strip()]


def container_xml(
    block: Block, inner: list[str], identity: dict[str, str], without: frozenset[str] = frozenset()
) -> str:
    """A container's element, one child a line. `identity` are attributes to put first (of a course or a draft root)."""
    attributes = _condition(block, to_attributes(block.type, block.fields, _elsewhere(block)))
    attributes = {name: text for name, text in attributes.items() if name not in without}
    start = f"<{block.type}{attributes_text({**identity, **attributes})}"
    lines = [*inner, *_special(block), *kept_children(block.fields)]
    if not lines:
        return f"{start}/>\n"
    return "".join([start, ">\n", *(f"  {line}\n" for line in lines), f"</{block.type}>\n"])


def _elsewhere(block: Block) -> frozenset[str]:
    """Fields that are written as elements or as files of their own."""
    if block.type == "course":
        return OWN_PLACE
    if block.type == "conditional" and _is_joined(block.fields.get("show_tag_list")):
        return frozenset(["xml_asides", "xml_children", "show_tag_list"])
    return frozenset(["xml_asides", "xml_children"])


def _condition(block: Block, attributes: dict[str, str]) -> dict[str, str]:
    """A conditional names its condition by an attribute (`completed="true"`), as Open edX reads it."""
    if block.type != "conditional":
        return attributes
    name, value = block.fields.get("conditional_attr"), block.fields.get("conditional_value")
    if (
        name in CONDITIONS
        and isinstance(value, str)
        and is_carriable(value)
        and attributes.keys().isdisjoint(CONDITIONS)
    ):
        attributes = {k: v for k, v in attributes.items() if k not in ("conditional_attr", "conditional_value")}
        attributes[str(name)] = value
    if _is_joined(sources := block.fields.get("sources_list")) and "sources" not in attributes:
        attributes = {k: v for k, v in attributes.items() if k != "sources_list"}
        attributes["sources"] = ";".join(texts(sources))
    return attributes


def _is_joined(names: Json) -> bool:
    """Whether a list survives being written as one text with semicolons."""
    joined = ";".join(texts(names))
    return bool(joined) and _split(joined) == names and is_carriable(joined)


def _special(block: Block) -> list[str]:
    if block.type == "conditional":
        shown = block.fields.get("show_tag_list")
        sources = {"sources": ";".join(texts(shown))}
        return [f"<show{attributes_text(sources)}/>"] if _is_joined(shown) else []
    names = in_elements(block)
    books = block.fields["textbooks"] if "textbooks" in names else []
    written = [
        f"<textbook{attributes_text({'title': str(book[0]), 'book_url': str(book[1])})}/>"
        for book in (books if isinstance(books, list) else ())
        if isinstance(book, list)
    ]
    if "wiki_slug" in names:
        written.append(f"<wiki{attributes_text({'slug': str(block.fields['wiki_slug'])})}/>")
    return written


def in_elements(block: Block) -> frozenset[str]:
    """Fields of a course that its child elements carry in full."""
    if block.type != "course":
        return frozenset()
    slug, books = block.fields.get("wiki_slug"), block.fields.get("textbooks")
    names = {"wiki_slug"} if isinstance(slug, str) and is_carriable(slug) else set()
    if isinstance(books, list) and books and all(_is_book(book) for book in books):
        names.add("textbooks")
    return frozenset(names)


def _is_book(book: Json) -> bool:
    return isinstance(book, list) and len(book) == 2 and all(isinstance(t, str) and is_carriable(t) for t in book)
