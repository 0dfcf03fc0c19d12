"""Messages from authors' code: HTML that may be broken, made whole."""

from html import escape
from typing import Any

from lxml import etree, html

from lykeion.capa.source import Element


def tidy(message: Any) -> str:
    """The message as well-formed HTML; '' for none. Scripts in it stay: it is the author's page."""
    if message is None or message == "":
        return ""
    text = str(message).replace("&#60;", "&lt;")
    if "<" not in text and "&" not in text:
        return text
    try:
        parts = html.fragments_fromstring(text)
    except (etree.ParserError, ValueError):
        return escape(text)
    return "".join(_serialised(part) for part in parts).strip()


def _serialised(part: str | Element) -> str:
    if isinstance(part, str):
        return escape(part, quote=False)
    return etree.tostring(part, encoding="unicode")
