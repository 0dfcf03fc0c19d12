"""Texts side by side: which words are gone and which are new."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final, Literal

from lxml import etree, html

_WORD: Final = r"<[^<>]*>|\w+|[^\w\s<]+|<"
_TOKENS: Final = re.compile(rf"(?:{_WORD})\s*|\s+")
_PIECES: Final = re.compile(rf"\s+|{_WORD}")
_MANY: Final = 4000  # words: longer texts are compared line by line
_NEAR: Final = 12  # words beside a difference that are shown
_BREAKS: Final = "p div li tr h1 h2 h3 h4 h5 h6 br pre blockquote section choice label demandhint hint"
_UNSEEN: Final = ("script", "style")


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a text. ``kind`` says whether both versions have it; ``left`` stands for what was left out."""

    kind: Literal["same", "gone", "new", "left"]
    text: str


Spans = tuple[Span, ...]


def side_by_side(old: str, new: str) -> tuple[Spans, Spans]:
    """Both texts as spans. Long stretches that are the same are cut down to what is near a difference."""
    before, after = _parts(old, new)
    left: list[Span] = []
    right: list[Span] = []
    matcher = SequenceMatcher(None, [one.strip() for one in before], [one.strip() for one in after], autojunk=False)
    blocks = matcher.get_opcodes()
    for place, (kind, start, end, start_new, end_new) in enumerate(blocks):
        if kind == "equal":
            edges = place > 0, place < len(blocks) - 1
            left.extend(_kept(before[start:end], *edges))
            right.extend(_kept(after[start_new:end_new], *edges))
            continue
        if start < end:
            left.append(Span("gone", "".join(before[start:end])))
        if start_new < end_new:
            right.append(Span("new", "".join(after[start_new:end_new])))
    return tuple(left), tuple(right)


def seen_words(source: str) -> str:
    """What a reader sees of HTML or of the XML of a problem: its words, a line for each paragraph."""
    if not source.strip():
        return ""
    try:
        tree = html.fragment_fromstring(source, create_parent="div")
    except (etree.ParserError, ValueError):  # nothing but a comment, or characters that XML cannot have
        return ""
    etree.strip_elements(tree, etree.Comment, *_UNSEEN, with_tail=False)
    for element in tree.iter(*_BREAKS.split()):
        element.tail = "\n" + (element.tail or "")
    lines = ("".join(tree.itertext())).splitlines()
    return "\n".join(line for line in (" ".join(line.split()) for line in lines) if line)


def merged(base: str, mine: str, theirs: str) -> tuple[str, bool]:
    """Both changes of ``base`` in one text, word by word; and whether they never touch the same words.

    Where they do, both versions are kept one behind the other, for the author to choose.
    """
    words = [_PIECES.findall(text) for text in (base, mine, theirs)]
    if max(map(len, words)) > _MANY:
        words = [text.splitlines(keepends=True) for text in (base, mine, theirs)]
    old, ours, other = words
    kept = [_matches(old, ours), _matches(old, other)]
    found: list[str] = []
    clean = True
    place = at_ours = at_other = 0
    anchors = [index for index in range(len(old)) if all(index in one for one in kept)]
    for index in [*anchors, len(old)]:
        end_ours = kept[0].get(index, len(ours))
        end_other = kept[1].get(index, len(other))
        piece = _resolved(old[place:index], ours[at_ours:end_ours], other[at_other:end_other])
        found.extend(piece[0])
        clean = clean and piece[1]
        if index < len(old):
            found.append(old[index])
        place, at_ours, at_other = index + 1, end_ours + 1, end_other + 1
    return "".join(found), clean


def _resolved(old: list[str], ours: list[str], other: list[str]) -> tuple[list[str], bool]:
    if ours in (old, other):
        return other, True
    if other == old:
        return ours, True
    return [*ours, *([" "] if ours and not ours[-1][-1:].isspace() else []), *other], False


def _matches(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    """Which pieces of ``old`` are which of ``new``."""
    blocks = SequenceMatcher(str.isspace, old, new, autojunk=False).get_matching_blocks()
    return {one.a + step: one.b + step for one in blocks for step in range(one.size)}


def _parts(old: str, new: str) -> tuple[list[str], list[str]]:
    before, after = _TOKENS.findall(old), _TOKENS.findall(new)
    if max(len(before), len(after)) > _MANY:
        return old.splitlines(keepends=True), new.splitlines(keepends=True)
    return before, after


def _kept(parts: list[str], after_change: bool, before_change: bool) -> list[Span]:
    """A stretch that is the same, without what is far from every difference."""
    first = parts[:_NEAR] if after_change else []
    last = parts[-_NEAR:] if before_change else []
    if len(parts) <= len(first) + len(last) + _NEAR:
        return [Span("same", "".join(parts))] if parts else []
    spans = [Span("same", "".join(first)), Span("left", "…"), Span("same", "".join(last))]
    return [span for span in spans if span.text]
