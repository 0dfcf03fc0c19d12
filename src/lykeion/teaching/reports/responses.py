"""What learners answered: a row for each answer in the blocks that were chosen, at any level.

Source: ``ProblemResponses`` of Open edX (``instructor_task/tasks_helper/grades.py``): names and order of the columns,
and what blocks are asked (``generate_report_data``).
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from typing import IO, Any, Final

import orjson
from django.utils.translation import gettext as _

from lykeion.accounts import api as accounts
from lykeion.accounts.types import Person
from lykeion.content import api as content
from lykeion.content.types import Outline, OutlineBlock
from lykeion.core.keys import BlockUsageLocator, usage_of, usage_text
from lykeion.courseware import api as courseware
from lykeion.courseware.api import AnswerRow
from lykeion.courseware.types import UserState
from lykeion.teaching.reports.types import CHUNK, Asked, Cell, Column, Row, Table
from lykeion.teaching.types import TeachingError

log = logging.getLogger(__name__)

FIRST: Final = ("username", "title", "location")
LAST: Final = ("block_key", "state")
_SPOOLED: Final = 8 << 20
"""Bytes that are kept in memory before they go to a file."""


def table(asked: Asked) -> Table:
    """The report. What columns it has is known once every block was asked, so answers are spooled first.

    Raises :class:`TeachingError` when none of the chosen blocks is in the course any more.
    """
    outline = content.outline(asked.run.key)
    blocks = _leaves(outline, asked.refs)
    total = courseware.count_answers(asked.run.id, [one.ref for one in blocks])
    spool = tempfile.SpooledTemporaryFile(max_size=_SPOOLED)  # noqa: SIM115 - closed by the part that reads it
    keys: set[str] = set()
    done = 0
    for block in blocks:
        for part in _answers(asked, outline, block):
            for row in part:
                keys.update(row)
                spool.write(orjson.dumps(row, default=str, option=orjson.OPT_APPEND_NEWLINE | orjson.OPT_NON_STR_KEYS))
            done += CHUNK
            asked.told(min(done, total), 2 * total)
    names = (*FIRST, *sorted(keys.difference(FIRST, LAST)), *LAST)
    return Table(tuple(Column(name, "mixed") for name in names), 2 * total, _read(spool, names, total))


def _read(spool: IO[bytes], names: tuple[str, ...], total: int) -> Iterator[tuple[int, list[Row]]]:
    with spool:
        spool.seek(0)
        rows: list[Row] = []
        done = total
        for line in spool:
            found = orjson.loads(line)
            rows.append([_cell(found.get(name, "")) for name in names])
            if len(rows) == CHUNK:
                done = min(done + CHUNK, 2 * total)
                yield done, rows
                rows = []
        yield 2 * total, rows


def _cell(value: Any) -> Cell:
    if isinstance(value, bool) or value is None:
        return "" if value is None else str(value)
    if isinstance(value, str | int | float):
        return value
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ", ".join(value)
    return orjson.dumps(value).decode()


def _leaves(outline: Outline, refs: Iterable[str]) -> list[OutlineBlock]:
    """The blocks without children in what was chosen, each once, in course order."""
    tops = [block for block in map(outline.get, refs) if block is not None]
    if not tops:
        raise TeachingError(_("None of the chosen parts is in the published course any more. Choose again."))
    found = {one.index: one for top in tops for one in outline.subtree(top) if not one.children}
    return [found[index] for index in sorted(found)]


def _answers(asked: Asked, outline: Outline, outlined: OutlineBlock) -> Iterator[list[dict[str, Any]]]:
    """Rows of one block by the names of their columns, in parts of 500 learners."""
    usage, block = usage_of(asked.run.key, outlined.ref), None
    way = " > ".join(one.title for one in outline.ancestors(outlined))
    about = {"title": outlined.title, "location": way, "block_key": usage_text(asked.run.key, outlined.ref)}
    for part in courseware.answers_in(asked.run.id, outlined.ref, limit=CHUNK):
        if block is None:
            block = courseware.borrow(usage, asked.at)
            if not (outlined.facts.has_score or hasattr(block, "generate_report_data")):
                return  # how far somebody watched a video is no answer
        people = accounts.people([row.user_id for row in part])
        there = [row for row in part if row.user_id in people]
        told = _told(block, usage, there, people)
        rows: list[dict[str, Any]] = []
        for row in there:
            username = people[row.user_id].username
            base = {"username": username, **about, "state": _without_keys(row.state)}
            rows.extend({**base, **one} for one in told.get(username) or [{}])
        yield rows


def _told(
    block: Any, usage: BlockUsageLocator, rows: list[AnswerRow], people: Mapping[int, Person]
) -> dict[str, list[dict[str, Any]]]:
    """What the block itself says about these answers, by user name. A block that fails is left out, not the report."""
    states = (
        UserState(people[row.user_id].username, usage, orjson.loads(row.state), row.modified)
        for row in rows
        if row.state
    )
    found: dict[str, list[dict[str, Any]]] = {}
    if not hasattr(block, "generate_report_data"):
        return found
    try:
        for username, told in block.generate_report_data(states, None):
            found.setdefault(username, []).append({str(key): value for key, value in told.items()})
    except NotImplementedError:  # so a block says that it has nothing to tell
        return {}
    except Exception:  # a block's own code may raise anything
        log.exception("The block %s cannot tell of its answers; the report shows their state only.", usage)
        return {}
    return found


def _without_keys(state: str) -> str:
    """``state`` without the keys of answers that wait for a grader: whoever reads one could answer in its place."""
    if '"queuestate"' not in state:
        return state
    document = orjson.loads(state)
    for part in (document.get("correct_map"), document.get("input_state")):
        for one in part.values() if isinstance(part, dict) else ():
            waiting = one.get("queuestate") if isinstance(one, dict) else None
            if isinstance(waiting, dict):
                waiting["key"] = "********"
    return orjson.dumps(document).decode()
