"""Pieces of XML as people type them in a field, and back: `a < b` for `a &lt; b`, blank lines for paragraphs."""

import re
from html import unescape
from typing import Final

from lykeion.capa.hints import inner_html
from lykeion.capa.markdown.mend import mended, printable, tree_of
from lykeion.capa.source import Element

_BLANK_LINES: Final = re.compile(r"\n[ \t]*\n\s*")
_BLOCK_TAGS: Final = (
    "address article aside blockquote details dl div fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr iframe "
    "math nav ol p pre section style table text ul video audio"
)
_BLOCKS: Final = frozenset(_BLOCK_TAGS.split())


def html_of(text: str) -> str:
    """What somebody typed, as XML: markup stays, what only looks like it becomes text."""
    html = mended(printable(text).strip())
    tree = tree_of(html)
    return html if tree is None else inner_html(tree)


def text_of(html: str) -> str:
    """The same to be edited: as plain as `html_of` reads it back; the XML itself where that would be something else."""
    plain = unescape(html)
    return plain if plain != html and html_of(plain) == html_of(html) else html


def paragraphs_of(text: str) -> str:
    """What somebody typed in a field of many lines: what blank lines part becomes paragraphs, markup stays."""
    html = html_of(text)
    tree = tree_of(html)
    parts = [part for part in _BLANK_LINES.split(html) if part]
    if tree is None or any(element.tag in _BLOCKS for element in tree.iter()) or None in map(tree_of, parts):
        return html
    return "\n".join(f"<p>{part}</p>" for part in parts)


def text_of_paragraphs(html: str) -> str:
    """The same to be edited: plain paragraphs without their tags, where they are read back as they are."""
    tree = tree_of(html)
    if tree is None or not len(tree) or _says(tree.text) or not all(map(_is_plain, tree)):
        return html
    parts = [inner_html(part) for part in tree]
    plain = "\n\n".join(map(text_of, parts))
    return plain if paragraphs_of(plain) == "\n".join(f"<p>{part}</p>" for part in parts) else html


def _is_plain(part: Element) -> bool:
    return part.tag == "p" and not part.attrib and not _says(part.tail)


def _says(text: str | None) -> bool:
    return bool((text or "").strip())
