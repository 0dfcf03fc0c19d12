"""``lykeion capa markdown``: the simple problem syntax to XML, and back."""

from __future__ import annotations

import sys

from lykeion.capa.api import markdown_to_xml, xml_to_markdown
from lykeion.capa.types import CapaError


def markdown(*, back: bool = False) -> int:
    """Reads one problem from standard input and writes it in the other syntax; 1 and a reason where that cannot be."""
    text = sys.stdin.buffer.read().decode("utf-8-sig", "replace")
    try:
        written = xml_to_markdown(text) if back else markdown_to_xml(text) + "\n"
    except CapaError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(written)
    return 0
