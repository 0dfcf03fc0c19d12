"""The words of learners' answers, as events tell them. Pure, and light: web processes load it."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from html import unescape
from typing import Any, Final

MOST_TEXT: Final = 4_096

_ELEMENTS: Final = (
    "a abbr annotation-xml annotation audio b big blockquote br button caption center cite code col colgroup dd del dfn"
    " div dl dt em figcaption figure font h[1-6] hr i iframe img input ins kbd label li mark object ol p param"
    " picture pre q s samp small source span strike strong style sub sup svg table tbody td tfoot th thead tr tt u ul"
    " var video maction math menclose merror mfenced mfrac mi mmultiscripts mn mo mover mpadded mphantom mroot mrow ms"
    " mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder munderover semantics"
).replace(" ", "|")
_ATTRIBUTE: Final = r"""\s+[a-zA-Z_:][\w:.-]*(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'<>=]+))?"""
_TAG: Final = re.compile(
    rf"<(?:/(?:{_ELEMENTS})\s*|(?:{_ELEMENTS})(?:{_ATTRIBUTE})*\s*/?|!--.*?--)>", re.DOTALL | re.IGNORECASE
)
"""What authors write as HTML or MathML. ``List<String>`` and ``a<b && c>d`` are words."""


def answer_of(told: Any, given: Any) -> tuple[str, str | None]:
    """The words of an answer that a submission tells, and the name of the choice that was ``given``, if it is one."""
    answer, value = words(told), words(given)
    return (plain(answer), value) if value and value != answer else (answer, None)


def words(answer: Any) -> str:
    """An answer as one text: lists as ``[a|b|c]``, without space around it."""
    if type(answer) is str:
        return (answer if len(answer) <= MOST_TEXT else answer[:MOST_TEXT]).strip()
    if answer is None:
        return ""
    if isinstance(answer, list):
        return f"[{'|'.join(map(words, answer))}]"
    return json.dumps(answer, ensure_ascii=False, separators=(",", ":"))[:MOST_TEXT].strip()


def plain(answer: str) -> str:
    """The words of a choice, which is logged as its author wrote it, in HTML. What would be nothing without its tags is
    left as it is, such as a picture."""
    return _plain(answer) if "<" in answer or "&" in answer else answer


@lru_cache(8_192)  # a choice is the same for everybody
def _plain(answer: str) -> str:
    return unescape(_TAG.sub("", answer)).strip() or answer
