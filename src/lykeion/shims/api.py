"""The door of ``shims``: what packages of others know about a course, for our own reports.

Imports them when it is asked: most sites have none of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO, Final

from django.apps import apps
from django.core.files.storage import default_storage

from lykeion.core.keys import CourseLocator

__all__ = [
    "HandedIn", "count_handed_in", "handed_in", "has_open_response", "open_handed_in", "open_response_data",
    "open_response_summary",
]  # fmt: skip

Cell = str | int | float
Sheet = tuple[list[str], list[list[Cell]]]
"""Names of columns, and rows."""


_PAGE: Final = 100  # responses that are read at once


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A text or a file of a response: in which block (usage key) and by whom (anonymous id). ``key`` opens a file; ''
    for a text. ``size`` is in bytes for files, as the browser told it, and in characters for texts."""

    block: str
    student: str
    key: str
    name: str
    description: str
    size: int
    text: str = ""


def has_open_response() -> bool:
    """Whether open response assessment is installed here."""
    return apps.is_installed("openassessment")


def open_response_data(run: CourseLocator, titles: Mapping[str, str]) -> Sheet:
    """Every response of a run with its assessments, as the package itself tells it; ``titles`` are those of its blocks
    by usage key. Holds all of them: it grows with the number of responses."""
    from openassessment.data import OraAggregateData

    class WithTitles(OraAggregateData):  # type: ignore[misc]  # a package without types
        """Theirs, with our names of blocks in place of a course structure that is not here."""

        @classmethod
        def _map_block_usage_keys_to_display_names(cls, course_id: str) -> dict[str, str]:
            return dict(titles)

    return _plain(*WithTitles.collect_ora2_data(str(run)))


def open_response_summary(run: CourseLocator) -> Sheet:
    """How far every response of a run is, as the package itself tells it."""
    from openassessment.data import OraAggregateData

    return _plain(*OraAggregateData.collect_ora2_summary(str(run)))


def count_handed_in(run: CourseLocator) -> int:
    """How many responses there are in a run. One read."""
    return int(_responses(run).count())


def handed_in(run: CourseLocator) -> Iterator[list[HandedIn]]:
    """What each response of a run consists of, one list for each; a hundred are held at once."""
    from openassessment.data import OraSubmissionAnswerFactory, VersionNotFoundException

    last = 0
    while page := list(_responses(run).filter(pk__gt=last).select_related("student_item").order_by("pk")[:_PAGE]):
        for row in page:
            try:
                answer = OraSubmissionAnswerFactory.parse_submission_raw_answer(row.answer)
            except VersionNotFoundException:  # of a version of the package that nobody knows any more
                yield []
                continue
            yield _parts_of(row.student_item, answer)
        last = page[-1].pk


def open_handed_in(key: str) -> BinaryIO | None:
    """The file of a response, to be closed by the caller; None when it is gone."""
    from openassessment.fileupload.backends.django_storage import Backend

    try:
        opened: BinaryIO = default_storage.open(Backend()._get_file_path(key))  # type: ignore[assignment]  # reads as one
    except FileNotFoundError:
        return None
    return opened


def _responses(run: CourseLocator) -> Any:
    from submissions.models import Submission

    return Submission.objects.filter(student_item__course_id=str(run), student_item__item_type="openassessment")


def _parts_of(item: Any, answer: Any) -> list[HandedIn]:
    where = (str(item.item_id), str(item.student_id))
    files = [
        HandedIn(*where, one.key, str(one.name), str(one.description), int(one.size or 0))
        for one in answer.get_file_uploads()
    ]
    texts = [
        HandedIn(*where, "", f"prompt_{place}.txt", "Submission text.", len(text), text)
        for place, text in enumerate(str(text or "") for text in answer.get_text_responses())
    ]
    return files + texts


def _plain(names: list[str], rows: list[list[Any]]) -> Sheet:
    return [str(name) for name in names], [[_cell(value) for value in row] for row in rows]


def _cell(value: Any) -> Cell:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat()
    return value if isinstance(value, int | float | str) else str(value)
