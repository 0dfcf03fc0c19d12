"""What is kept of answers and reports: it goes when somebody is gone whom it may name.

Which answers do cannot be told (a number may be added to, a list cut), so all go that are made of a course in which the
person did anything, and those about all courses. A question stays and can be asked again, unless it has their number.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Final

from lykeion.analytics.api import ASK, EVERYWHERE, REPORT
from lykeion.jobs import api as jobs
from lykeion.jobs.types import JobStatus

_SOME: Final = 20  # an answer may take a megabyte


def drop_kept(user_id: int, courses: Collection[str], *, before: datetime) -> int:
    """Removes what may name this person of answers and reports, about these courses or all, that were begun before a
    moment; of how many. Done again it changes nothing. Those that are not over yet are left alone."""
    count = 0
    for about in sorted({*courses, EVERYWHERE}):
        for report in _kept(REPORT, about, before):
            count += jobs.drop(report.id)
        for asked in _kept(ASK, about, before):
            names_them = re.search(rf"\b{user_id}\b", str(asked.payload["sql"]))
            count += jobs.drop(asked.id) if names_them else jobs.drop_result(asked.id)
    return count


def _kept(name: str, about: str, before: datetime) -> Iterator[JobStatus]:
    """The jobs of a name about a course that are over and were begun before, the newest first."""
    last = None
    while some := jobs.find(name=name, about=about, before=last, limit=_SOME):
        last = some[-1].id
        yield from (one for one in some if one.is_over and (one.started or one.created) < before)
