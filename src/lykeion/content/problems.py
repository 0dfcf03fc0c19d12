"""Settings that will be ignored, slips in problems, links that lead nowhere: a warning with file and line for each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from lykeion.capa.api import findings
from lykeion.capa.types import ProblemError
from lykeion.content.settings import odd_dates, read_settings
from lykeion.content.types import ImportWarning, Node
from lykeion.olx import api as olx
from lykeion.olx.types import Block, Course

_TOPS: Final = {"course_info": "info", "static_tab": "tabs"}


def problems(course: Course, folder: Path) -> Iterator[ImportWarning]:
    """A warning for each setting in ``course``, read from ``folder``, that fits nothing, each slip, each dead link."""
    seen: set[int] = set()
    for root in (course.root, *(draft.block for draft in course.drafts)):
        for block in root.walk():
            if id(block) not in seen:
                seen.add(id(block))
                for message in _messages(block):
                    name = re.split(r"\W", message, maxsplit=1)[0]
                    yield _located(folder, block, message, rf"\b{re.escape(name)}\s*=")
                yield from _slips(folder, block)
    for path, (block, count) in olx.missing_files(course).items():
        message = f"static/{path} is not in the course; links to it: {count}"
        yield _located(folder, block, message, re.escape(path.rpartition("/")[2]))


def _slips(folder: Path, block: Block) -> Iterator[ImportWarning]:
    """What is wrong inside a problem, by the line of its file: what would keep learners from a fair verdict."""
    if block.type != "problem":
        return
    try:
        found = [
            (slip.line, slip.message) for slip in findings(str(block.fields.get("data", ""))) if slip.level == "error"
        ]
    except ProblemError as error:
        found = [(error.line, error.message)]
    for line, message in found:
        warning = _located(folder, block, message, "<problem")
        yield replace(warning, line=warning.line and warning.line + (line or 1) - 1)


def _messages(block: Block) -> list[str]:
    messages: list[str] = []
    node = Node(block.type, block.fields)
    read_settings(node, messages.append)
    if block.type == "course":
        odd_dates(node, messages.append)
    return messages


def _located(folder: Path, block: Block, message: str, pattern: str) -> ImportWarning:
    """The warning with the place where ``pattern`` is: in a file of the block if it has one, else only its name."""
    path = f"{_TOPS.get(block.type, block.type)}/{block.id.replace(':', '/')}"
    for base in (folder, *sorted(folder.glob("*/"))):
        for candidate in (f"{path}.xml", f"{path}.html", f"drafts/{path}.xml", f"drafts/{path}.html"):
            line = _line(base / candidate, pattern)
            if line is not None:
                return ImportWarning(f"{block.type} {block.id!r}: {message}", candidate, line)
    return ImportWarning(f"{block.type} {block.id!r}: {message}", f"{block.type}@{block.id}")


def _line(file: Path, pattern: str) -> int | None:
    """The first line of ``file`` on which ``pattern`` is found."""
    if not file.is_file():
        return None
    text = file.read_text(encoding="utf-8", errors="replace")
    found = re.search(pattern, text)
    return None if found is None else text.count("\n", 0, found.start()) + 1
