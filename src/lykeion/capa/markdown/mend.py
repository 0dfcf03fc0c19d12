"""Making text that authors type into well-formed XML, and leaving alone what is well-formed already.

Signs that only look like markup (`a < b`, `AT&T`, a tag that is never closed) become text, `<br>` is closed, and names
of HTML's characters (`&nbsp;`) become numbers.
"""

import re
from dataclasses import dataclass
from html.entities import html5
from typing import Final

from lxml import etree

from lykeion.capa.source import Element

_ATTRIBUTE: Final = r"""\s+[A-Za-z_][\w.-]*\s*=\s*(?:"[^"<]*"|'[^'<]*')"""
_TOKEN: Final = re.compile(
    rf"<(?P<close>/?)(?P<name>[A-Za-z_][\w.-]*)(?P<attributes>(?:{_ATTRIBUTE})*)\s*(?P<empty>/?)>"
)
_NAME_OF_ATTRIBUTE: Final = re.compile(r"([\w.-]+)\s*=\s*(?:\"[^\"]*\"|'[^']*')")
_AMPERSAND: Final = re.compile(r"&(?:(#[0-9]{1,7}|#x[0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,40});)?")
_NOT_IN_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_OWN_NAMES: Final = frozenset(["lt", "gt", "amp", "quot", "apos"])
_VOID: Final = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "source", "track", "wbr"])


@dataclass(slots=True)
class _Piece:
    """A piece of text; a `tag` that still waits for its other half is written as text if that never comes."""

    text: str
    tag: str = ""


def printable(text: str) -> str:
    """The text without the letters that XML cannot hold; lines end in one way."""
    return _NOT_IN_XML.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def tree_of(content: str) -> Element | None:
    """The content in an element of its own; None where it is not well-formed."""
    try:
        return etree.fromstring(
            f"<prob>{content}</prob>", etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        )
    except (etree.XMLSyntaxError, ValueError):
        return None


def mended(content: str) -> str:
    """The content as it is, or with what is not markup in it turned into text."""
    if not any(sign in content for sign in ("&", "<", "]]>")) or tree_of(content) is not None:
        return content
    pieces: list[_Piece] = []
    waiting: list[_Piece] = []
    place = 0
    for token in _TOKEN.finditer(content):
        pieces.append(_Piece(_text(content[place : token.start()])))
        pieces.append(_paired(token, waiting))
        place = token.end()
    pieces.append(_Piece(_text(content[place:])))
    return "".join(piece.text if not piece.tag else _text(piece.text) for piece in pieces)


def _paired(token: re.Match[str], waiting: list[_Piece]) -> _Piece:
    """A tag whose other half is there stays a tag."""
    name = token["name"]
    if token["close"]:
        return _closing(token.group(), name, waiting)
    names = _NAME_OF_ATTRIBUTE.findall(token["attributes"])
    if len(names) != len(set(names)) or "xmlns" in names:
        return _Piece(_text(token.group()))
    attributes = _ampersands(token["attributes"])
    if token["empty"] or name in _VOID:
        return _Piece(f"<{name}{attributes}/>")
    piece = _Piece(f"<{name}{attributes}>", name)
    waiting.append(piece)
    return piece


def _closing(text: str, name: str, waiting: list[_Piece]) -> _Piece:
    for index in range(len(waiting) - 1, max(-1, len(waiting) - 200), -1):
        if waiting[index].tag == name:
            waiting[index].tag = ""
            del waiting[index:]
            return _Piece(text)
    return _Piece(_text(text))


def _text(text: str) -> str:
    return _ampersands(text).replace("<", "&lt;").replace("]]>", "]]&gt;")


def _ampersands(text: str) -> str:
    return _AMPERSAND.sub(_reference, text) if "&" in text else text


def _reference(match: re.Match[str]) -> str:
    """A reference that XML knows, or one that means the same, or the sign itself as text."""
    name = match.group(1)
    if name is None:
        return "&amp;"
    if name in _OWN_NAMES or (name.startswith("#") and _is_letter(name[1:])):
        return match.group()
    letters = html5.get(f"{name};", "")
    return "".join(f"&#{ord(letter)};" for letter in letters) or f"&amp;{match.group()[1:]}"


def _is_letter(number: str) -> bool:
    code = int(number[1:], 16) if number[0] == "x" else int(number)
    return 0 < code <= 0x10FFFF and not _NOT_IN_XML.match(chr(code))
