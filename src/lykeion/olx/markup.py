"""XML text in and out, with everything that could reach outside or explode turned off.

Parsing makes no network access, loads no DTD and expands no entity; a document that declares entities is refused.
"""

import codecs
import re
from typing import Final, cast
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from lxml import etree

from lykeion.core.crowds import MOST_ATTRIBUTES, crowded
from lykeion.olx.types import OlxError

Node = etree._Element

OPTION: Final = "{http://code.edx.org/xblock/option}"
_DECLARATION: Final = re.compile(rb"^<\?xml[^>]*?\?>")
_DECLARED_ENCODING: Final = re.compile(rb"^<\?xml[^>]*?encoding\s*=\s*[\"']([\w.\-]+)[\"']")
_BOMS: Final = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_BARE_UTF16: Final = ((b"<\x00", "utf-16-le"), (b"\x00<", "utf-16-be"))
_ONE_BYTE_ASCII: Final = re.compile(
    r"utf-8|ascii|iso8859-\d+|cp12\d\d|cp8\d\d|koi8-[rtu]|mac-\w+|gb2312|gbk|gb18030|big5|euc_\w+|shift_jis|tis-620"
)
_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_VOID: Final = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"]
)  # elements that HTML never closes
_REFUSED: Final = (etree.ErrorTypes.ERR_RESOURCE_LIMIT, etree.ErrorTypes.ERR_ENTITY_LOOP)
_PARSER: Final = etree.XMLParser(
    resolve_entities=False,
    load_dtd=False,
    no_network=True,
    huge_tree=False,
    remove_blank_text=False,
    strip_cdata=False,
    encoding="utf-8",
)


class BrokenXml(Exception):
    """XML that does not parse: the parser's own words and the line."""

    def __init__(self, message: str, line: int, text: str) -> None:
        super().__init__(message)
        self.message, self.line, self.text = message, line, text


def parse(data: bytes, file: str) -> Node:
    """The root element of `data`, the content of `file`.

    Raises `BrokenXml` when the text is not well-formed, `OlxError` when it is refused: a wrong encoding, declared
    entities, elements nested too deep, elements with too many attributes.
    """
    if data[:3] == b"\xef\xbb\xbf" or not data.isascii() or b"encoding" in data[:200] or b"\x00" in data[:2]:
        data = to_utf8(data, file)
    if not data.strip():
        raise BrokenXml("the file is empty", 1, data.decode() or "\n")  # one line end, so that it stays a file
    if b"<!DOCTYPE" in data:
        _refuse_entities(data, file)
    try:
        root = etree.fromstring(data, _PARSER)
    except etree.XMLSyntaxError as error:
        raise _reason(error, data, file) from error
    if b"<!DOCTYPE" in data:
        _no_entity_left(root, data)
    if (crowd := crowded(root, data.count(b"="))) is not None:
        raise OlxError(
            f"an element with more than {MOST_ATTRIBUTES:,} attributes is refused", file, cast(int, crowd.sourceline)
        )
    return root


def parse_text(text: str, file: str = "") -> Node:
    """The root element of XML that is already text; raises as `parse` does."""
    return parse(text.encode("utf-8", "surrogatepass"), file)


def to_utf8(data: bytes, file: str) -> bytes:
    """The same XML in UTF-8, its encoding found as appendix F of the XML standard tells."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _recode(data[len(mark) :], encoding, file)
    for start, encoding in _BARE_UTF16:
        if data.startswith(start):
            return _recode(data, encoding, file)
    declared = _DECLARED_ENCODING.match(data)
    if not declared:
        return _recode(data, "utf-8", file)
    name = declared.group(1).decode("ascii")
    return _recode(data, _known_encoding(name, file), file)


def _known_encoding(name: str, file: str) -> str:
    try:
        known = codecs.lookup(name).name
    except LookupError:
        known = ""
    if known == "utf-16":  # declared, yet the text was readable byte by byte: every reader takes it as UTF-8
        return "utf-8"
    if not _ONE_BYTE_ASCII.fullmatch(known):
        raise OlxError(f"the encoding {name!r} is not supported; save the file as UTF-8", file, 1)
    return known


def _recode(data: bytes, encoding: str, file: str) -> bytes:
    text = decode(data, file, encoding)
    if encoding == "utf-8":
        return data.removeprefix(b"\xef\xbb\xbf")
    return _DECLARATION.sub(b"", text.encode("utf-8"), count=1)


def decode(data: bytes, file: str, encoding: str = "utf-8") -> str:
    """Text of a file, without a byte order mark. Raises `OlxError` with the line of the first wrong byte."""
    if encoding == "utf-8" and data.startswith(b"\xef\xbb\xbf"):
        data = data[3:]
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        found = f"byte 0x{data[error.start]:02x} is not {encoding.upper()}"
        raise OlxError(f"{found}; save the file as UTF-8", file, line) from error


class _Enough(Exception):
    pass


def _refuse_entities(data: bytes, file: str) -> None:
    """Read the head of the document with expat, which tells each entity declaration before anything expands it."""
    parser = expat.ParserCreate("utf-8")

    def declared(name: str, *_rest: object) -> None:
        message = f"entity declarations are refused (here: {name!r}); write the character itself"
        raise OlxError(message, file, parser.CurrentLineNumber)

    def started(*_rest: object) -> None:
        raise _Enough

    parser.EntityDeclHandler = declared
    parser.StartElementHandler = started
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, _Enough):
        return


def _no_entity_left(root: Node, data: bytes) -> None:
    entity = next(root.iter(etree.Entity), None)
    if entity is not None:
        raise BrokenXml(f"Entity {entity.text!r} not defined", line_of(entity), data.decode("utf-8", "replace"))


def _reason(error: etree.XMLSyntaxError, data: bytes, file: str) -> Exception:
    message = re.sub(r", line \d+, column \d+.*$", "", error.msg or "not XML", flags=re.S)
    line = error.lineno or 0
    if getattr(error, "code", 0) in _REFUSED:
        return OlxError(f"refused: {message}", file, line)
    if b"\x00" in data:
        return OlxError("the file holds zero bytes, so it is not text; save it as UTF-8", file, line)
    return BrokenXml(message, line, _DECLARATION.sub(b"", data, count=1).decode("utf-8"))


def serialise(node: Node) -> str:
    """The element as XML text, without what follows it."""
    return etree.tostring(node, encoding="unicode", with_tail=False)


def body(node: Node) -> str:
    """What is inside an element of inline HTML, as a browser understands it.

    As in Open edX (`xmodule/stringify.py`) leading text is taken as it is, so that a CDATA section may hold the
    whole body. Empty elements are closed in full (`<i></i>`), since HTML does not know `<i/>`.
    """
    for element in node.iter(etree.Element):
        if element is not node and not len(element) and element.text is None and element.tag not in _VOID:
            element.text = ""
    parts = [node.text or ""]
    parts.extend(etree.tostring(child, encoding="unicode", with_tail=True) for child in node)
    return "".join(parts)


def drop_attribute(node: Node, name: str) -> None:
    """Remove an attribute if it is there."""
    if name in node.attrib:
        del node.attrib[name]


def line_of(node: Node) -> int:
    """The line a node starts on; 0 when it is not known."""
    line = node.sourceline
    return line if isinstance(line, int) else 0


def has_text(node: Node) -> bool:
    """Whether an element holds anything but blanks and child elements."""
    if node.text and not node.text.isspace():
        return True
    return any(child.tail and not child.tail.isspace() for child in node)


def elements(node: Node) -> list[Node]:
    """Child elements, without comments and processing instructions."""
    return [child for child in node if isinstance(child.tag, str)]


def is_carriable(text: str) -> bool:
    """Whether XML 1.0 has a way to write every character of `text`."""
    return _FORBIDDEN.search(text) is None


def attribute(name: str, value: str) -> str:
    """` name="value"`, with line ends and tabs as references, since a parser turns bare ones into blanks."""
    quoted = quoteattr(value, {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})
    return f" {name}={quoted}"
