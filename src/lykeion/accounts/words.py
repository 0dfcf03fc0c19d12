"""The words by which people are found, and those that somebody looks for: an index leads from the beginning of a word
to the people, on every database alike, where a search inside of names would read all of them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

LONGEST_WORD: Final = 64
_MOST_ASKED: Final = 6
_PARTS: Final = re.compile(r"[^\W_]+")
_UNSPACED: Final = re.compile(r"[\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


def words_of(*, username: str, email: str, full_name: str) -> frozenset[str]:
    """Each word of the names, whole as it stands between spaces and in its parts; of an address the whole, its host,
    and the parts before it. In scripts without spaces every end of a word counts as one."""
    local, _at, host = email.partition("@")
    found: set[str] = {*_with_parts(fold(username)), *_with_parts(fold(local)), fold(email), fold(host)}
    for word in fold(full_name).split():
        found.update(_with_parts(word))
    return frozenset(word[:LONGEST_WORD] for word in found if word)


def asked(text: str) -> tuple[str, ...]:
    """The beginnings of words that ``text`` asks for, the first six of them."""
    words = (word.strip("@\"'(),;<>") for word in fold(text).split())
    return tuple(dict.fromkeys(word[:LONGEST_WORD] for word in words if word))[:_MOST_ASKED]


def fold(text: str) -> str:
    """Without case and accents, so that what looks alike is found alike."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(one for one in apart if not unicodedata.combining(one))


def _with_parts(word: str) -> Iterator[str]:
    yield word
    for part in _PARTS.findall(word):
        yield part
        if _UNSPACED.search(part):
            yield from (part[start:] for start in range(1, len(part)))
