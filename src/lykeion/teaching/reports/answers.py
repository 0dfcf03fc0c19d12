"""How often each answer was given: a row for each answer to each question of the course.

Columns and rules are those of the answer distribution of Open edX's analytics pipeline (analytics.md §1.3): the first
and the last submission of each learner count, each once. Numbers come from learners' work as it is now, so a reset or a
retired account is in them at once; where so much was submitted that the oldest is not kept, the oldest kept counts as
the first.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any, Final

import orjson

from lykeion.accounts import api as accounts
from lykeion.content import api as content
from lykeion.content.types import OutlineBlock
from lykeion.core.keys import usage_of, usage_text
from lykeion.courseware import api as courseware
from lykeion.teaching.reports.types import CHUNK, Asked, Cell, Column, Row, Table, text_columns

log = logging.getLogger(__name__)

COLUMNS: Final = (
    *text_columns("module_id", "part_id", "value_id", "answer_value", "variant", "problem_display_name",
                  "question_text", "correct"),
    Column("first_response_count", "whole"),
    Column("last_response_count", "whole"),
)  # fmt: skip
_ONLY: Final = "1"
"""What stands for the variant of a problem that has one."""
_SAID: Final[dict[bool | None, Cell]] = {None: "", True: "1", False: "0"}


@dataclass(slots=True)
class _Count:
    """How often an answer was given, and what was said of it last."""

    value: str = ""
    question: str = ""
    correct: bool | None = None
    first: int = 0
    last: int = 0


def table(asked: Asked) -> Table:
    """The report: a step for each problem. Holds the different answers to one problem, and 500 learners' states."""
    outline = content.outline(asked.run.key)
    blocks = [one for one in outline.blocks if one.type == "problem"]
    return Table(COLUMNS, len(blocks), ((done, _rows(asked, one)) for done, one in enumerate(blocks, 1)))


def _rows(asked: Asked, outlined: OutlineBlock) -> list[Row]:
    counts: dict[tuple[str, str, str], _Count] = {}
    usage = usage_of(asked.run.key, outlined.ref)
    block: Any = None
    for part in courseware.answers_in(asked.run.id, outlined.ref, limit=CHUNK):
        block = block or courseware.borrow(usage, asked.at)
        if not hasattr(block, "answers_given"):
            return []  # the type of a package: what its states say only it knows
        there = accounts.people([row.user_id for row in part])
        try:
            _count(block, [orjson.loads(row.state) for row in part if row.user_id in there], counts)
        except Exception:  # an author's script may raise anything: the report is made without this problem
            log.exception("The answers to %s cannot be counted; the report is made without them.", usage)
            return []
    module = usage_text(asked.run.key, outlined.ref)
    found = sorted(counts.items(), key=lambda pair: (pair[0][:2], -pair[1].last, pair[0][2]))
    return [_row(module, outlined.title, *one) for one in found]


def _row(module: str, title: str, key: tuple[str, str, str], one: _Count) -> Row:
    part_id, variant, name = key
    value_id = "" if name == one.value else name
    about: Row = [module, part_id, value_id, one.value, variant or _ONLY, title, one.question, _SAID[one.correct]]
    return [*about, one.first, one.last]


def _count(block: Any, states: list[dict[str, Any]], counts: dict[tuple[str, str, str], _Count]) -> None:
    for given in block.answers_given(states):
        one = counts.setdefault((given.part_id, given.variant, given.value_id or given.answer_value), _Count())
        one.value, one.question = given.answer_value, given.question
        if given.is_last:
            one.last += 1
            one.correct = given.correct
        else:
            one.first += 1
            one.correct = given.correct if one.correct is None else one.correct
