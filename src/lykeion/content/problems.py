"""Settings of imported blocks that will be ignored: worth a warning with file and line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from lykeion.content.settings import odd_dates, read_settings
from lykeion.content.types import ImportWarning, Node
from lykeion.olx.types import Block, Course


def problems(course: Course, folder: Path) -> Iterator[ImportWarning]:
    """A warning for each setting in ``course``, read from ``folder``, whose value fits nothing."""
    seen: set[int] = set()
    for root in (course.root, *(draft.block for draft in course.drafts)):
        for block in root.walk():
            if id(block) not in seen:
                seen.add(id(block))
                for message in _messages(block):
                    yield _located(folder, block, message)


def _messages(block: Block) -> list[str]:
    messages: list[str] = []
    node = Node(block.type, block.fields)
    read_settings(node, messages.append)
    if block.type == "course":
        odd_dates(node, messages.append)
    return messages


def _located(folder: Path, block: Block, message: str) -> ImportWarning:
    """The warning with the place of the setting: the block's own file if it has one, else only its name."""
    name = re.split(r"\W", message, maxsplit=1)[0]
    path = f"{block.type}/{block.id.replace(':', '/')}.xml"
    for base in (folder, *sorted(folder.glob("*/"))):
        for candidate in (path, f"drafts/{path}"):
            line = _line(base / candidate, name)
            if line is not None:
                return ImportWarning(f"{block.type} {block.id!r}: {message}", candidate, line)
    return ImportWarning(f"{block.type} {block.id!r}: {message}", f"{block.type}@{block.id}")


def _line(file: Path, name: str) -> int | None:
    """The line of ``file`` on which the attribute ``name`` stands."""
    if not file.is_file():
        return None
    text = file.read_text(encoding="utf-8", errors="replace")
    found = re.search(rf"\b{re.escape(name)}\s*=", text)
    return None if found is None else text.count("\n", 0, found.start()) + 1
