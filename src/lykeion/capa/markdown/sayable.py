"""Writing pieces of XML so that the simple syntax takes them as they are."""

import copy
import re
from typing import Final

from lxml import etree

from lykeion.capa.hints import inner_html
from lykeion.capa.source import Element

_MARKS: Final = re.compile(r"\{\{|\}\}|\[\[|\]\]|\|\||\[(?=/?(?:explanation|code)\])", re.IGNORECASE)
_BEGINNING: Final = re.compile(r"^([ \t]*)([(\[{|=-]|s=)", re.MULTILINE)


def by_number(text: str) -> str:
    """Letters written as XML's numbers: the same to XML, and no marks to the simple syntax."""
    return "".join(f"&#{ord(letter)};" for letter in text)


def guarded(text: str, more: str = "") -> str:
    """XML text in which nothing is taken for a mark in the middle of a line; nor any letter of `more`."""
    for letter in more:
        text = text.replace(letter, by_number(letter))
    return _MARKS.sub(lambda match: by_number(match.group()), text)


def guarded_lines(text: str) -> str:
    """XML text of which no line begins with a mark."""
    return _BEGINNING.sub(lambda match: match.group(1) + by_number(match.group(2)), text)


def line_of_xml(element: Element) -> str:
    """A normal element with all in it on one line; the lines of program code are parted by numbers."""
    held = copy.deepcopy(element)
    held.tail = None
    return guarded(etree.tostring(held, encoding="unicode").replace("\n", "&#10;"))


def inside(element: Element, more: str = "") -> str:
    """What is in a normal element, on one line."""
    return guarded(inner_html(element).replace("\n", "&#10;"), more)


def paragraph(element: Element) -> str:
    """A paragraph, bare where that is read back as one."""
    text = inside(element)
    if not text or element.attrib or text.startswith("<") or _BEGINNING.match(text):
        return line_of_xml(element)
    return text


def lines_of_code(text: str) -> str:
    """Program code as it stands: no line of it begins with a mark, none is blank."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return guarded_lines(guarded(escaped, "]").replace("\n\n", "\n&#10;"))


def attribute_text(value: str, more: str = "") -> str:
    """The value of an attribute as the simple syntax has it: it goes into XML as typed, but for quotes."""
    return guarded(value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"), more)
