"""The door of ``surveys``: what a course asks its learners before they enter.

Source: Open edX, ``lms/djangoapps/survey``: a course names a survey of the site (``course_survey_name``) and may
require it (``course_survey_required``); one that is not there is not asked for; who answered it in one course is not
asked again in another.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from lykeion.surveys import models
from lykeion.surveys.types import Answers, Asked, Kind, Question, Survey, SurveyError

__all__ = [
    "PAGE", "answer", "answers", "asked", "count", "find", "labels", "make", "owes", "surveys", "write",
]  # fmt: skip

PAGE: Final = 500
MOST_QUESTIONS: Final = 100
_NAME: Final = re.compile(r"[\w.-]+( [\w.-]+)*")


def asked(fields: Mapping[str, Any]) -> Asked:
    """What the fields of a course say about its survey."""
    name = str(fields.get("course_survey_name") or "").strip()
    return Asked(name, bool(name) and fields.get("course_survey_required") is True)


def find(name: str) -> Survey | None:
    """The survey called ``name``; None when there is none. One read."""
    row = models.Survey.objects.filter(name=name).first()
    return None if row is None else _value(row)


def owes(user_id: int, name: str) -> bool:
    """Whether there is a survey called ``name`` that this person has not answered. One read."""
    theirs = models.Answer.objects.filter(survey_id=OuterRef("pk"), user_id=user_id)
    return models.Survey.objects.filter(~Exists(theirs), name=name).exists()


def answer(survey: Survey, *, user_id: int, run_id: int, given: Mapping[str, Sequence[str]], at: datetime) -> bool:
    """Keeps what a learner answered (texts by label); whether they had not answered before. What was answered first
    stays."""
    kept = {label: list(texts) for label, texts in given.items() if texts}
    _row, made = models.Answer.objects.get_or_create(
        survey_id=survey.id, user_id=user_id, defaults={"run_id": run_id, "at": at, "given": kept}
    )
    return made


def surveys() -> list[Survey]:
    """All surveys of the site, by name. One read."""
    return [_value(row) for row in models.Survey.objects.order_by("name")]


def make(name: str, title: str, intro: str, questions: Sequence[Question]) -> Survey:
    """A new survey. Raises :class:`SurveyError`, also when the name is taken."""
    if not _NAME.fullmatch(name):
        raise SurveyError(_("A name has letters, digits, “.”, “_” and “-”, with single spaces between."), "name")
    _check(questions)
    try:
        with transaction.atomic():
            row = models.Survey.objects.create(name=name, title=title, intro=intro, questions=_stored(questions))
    except IntegrityError as error:
        raise SurveyError(_("There is a survey called “%(name)s” already.") % {"name": name}, "name") from error
    return _value(row)


def write(name: str, title: str, intro: str, questions: Sequence[Question]) -> None:
    """Changes the survey called ``name``; answers that were given stay as they are. Raises :class:`SurveyError`."""
    _check(questions)
    models.Survey.objects.filter(name=name).update(title=title, intro=intro, questions=_stored(questions))


def count(run_id: int) -> int:
    """How many answered in a run. One read over an index."""
    return models.Answer.objects.filter(run_id=run_id).count()


def answers(run_id: int, *, after: int = 0, limit: int = PAGE) -> list[Answers]:
    """What was answered in a run, from the answer behind the one of id ``after`` on. One read."""
    rows = models.Answer.objects.filter(run_id=run_id, pk__gt=after).order_by("pk")[:limit]
    return [
        Answers(row.pk, row.user_id, row.at, {key: tuple(texts) for key, texts in row.given.items()}) for row in rows
    ]


def labels(run_id: int) -> tuple[str, ...]:
    """Every question that was answered in a run: those of its surveys as they are now, in order, then those that were
    asked once. Reads every answer, holds one page of them."""
    theirs = models.Answer.objects.filter(survey_id=OuterRef("pk"), run_id=run_id)
    found = {
        question.label: None
        for row in models.Survey.objects.filter(Exists(theirs)).order_by("name")
        for question in _value(row).questions
    }
    last = 0
    while page := answers(run_id, after=last):
        found.update(dict.fromkeys(sorted({label for one in page for label in one.given} - set(found))))
        last = page[-1].id
    return tuple(found)


def _check(questions: Sequence[Question]) -> None:
    if not questions:
        raise SurveyError(_("Ask at least one question."), "questions")
    if len(questions) > MOST_QUESTIONS:
        raise SurveyError(_("At most %(most)d questions.") % {"most": MOST_QUESTIONS}, "questions")
    seen: set[str] = set()
    for one in questions:
        if one.label in seen:
            raise SurveyError(_("“%(label)s” is asked twice.") % {"label": one.label}, "questions")
        if one.kind in (Kind.ONE, Kind.SOME) and len(set(one.options)) < 2:
            raise SurveyError(
                _("“%(label)s” needs two options at least, each on a line.") % {"label": one.label}, "questions"
            )
        seen.add(one.label)


def _stored(questions: Sequence[Question]) -> list[dict[str, Any]]:
    return [
        {"label": one.label, "kind": one.kind, "options": list(one.options), "required": one.required}
        for one in questions
    ]


def _value(row: models.Survey) -> Survey:
    questions = (
        Question(one["label"], Kind(one["kind"]), tuple(one["options"]), one["required"]) for one in row.questions
    )
    return Survey(row.pk, row.name, row.title, row.intro, tuple(questions))
