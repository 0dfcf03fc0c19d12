"""Learners' work in problems: of one learner, of all of them."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy
from django.views.decorators.http import require_POST, require_safe

from lykeion.core.clock import now
from lykeion.core.keys import BadKey, parse_usage, ref_of
from lykeion.courseware.types import Reworked
from lykeion.instructor import posting
from lykeion.instructor.frame import frame
from lykeion.instructor.guards import in_course
from lykeion.instructor.words import deed_words
from lykeion.teaching.api import gradebook, work
from lykeion.teaching.types import Capability, Teacher, TeachingError

ACTIONS: Final[dict[str, tuple[Any, Any]]] = {
    "reset_attempts": (
        gettext_lazy("Reset attempts"),
        gettext_lazy("Attempts are counted from 0 again. The answer and the score stay."),
    ),
    "rescore": (
        gettext_lazy("Rescore"),
        gettext_lazy("The stored answers are graded by the problem as it is now. Scores may rise or fall."),
    ),
    "rescore_higher": (
        gettext_lazy("Rescore if better"),
        gettext_lazy("The same, but nobody's score falls."),
    ),
    "delete_state": (
        gettext_lazy("Delete answers and score"),
        gettext_lazy("As if the learner had never been there. It cannot be undone."),
    ),
}

_RESCORED: Final = ngettext_lazy(
    "The answer is graded again.", "The answers to %(count)s problems are graded again.", "count"
)
_DONE: Final[dict[str, Any]] = {
    "reset_attempts": ngettext_lazy(
        "Attempts are counted from 0 again.", "Attempts are counted from 0 again in %(count)s problems.", "count"
    ),
    "rescore": _RESCORED,
    "rescore_higher": _RESCORED,
    "delete_state": gettext_lazy("Answers and score are deleted."),
}


@require_safe
@in_course()
def start(request: HttpRequest, teacher: Teacher) -> HttpResponse:
    """Whom, or which problem: ``name`` leads to a learner, ``problem`` (a ref or a usage key) to all their work."""
    name, problem = request.GET.get("name", "").strip(), request.GET.get("problem", "").strip()
    context: dict[str, Any] = {"name": name, "problem": problem, "wrong": ""}
    try:
        if name:
            who = gradebook.learner_named(teacher, name)
            return HttpResponseRedirect(reverse("instructor:work_learner", args=[teacher.run.key, who.id]))
        if problem:
            ref = _ref(problem)
            work.refs_in(teacher, ref)
            return HttpResponseRedirect(reverse("instructor:work_all", args=[teacher.run.key, ref]))
    except TeachingError as error:
        context["wrong"] = str(error)
    context |= {"sections": _grouped(work.problems(teacher)), "tasks": _tasks(teacher)}
    return render(request, "instructor/marking/start.html", frame(teacher, "work", **context))


@require_safe
@in_course()
def tasks(request: HttpRequest, teacher: Teacher) -> HttpResponse:
    """What was ordered for all learners, and how far it is: a part of a page."""
    return render(request, "instructor/marking/tasks.html", {"run": teacher.run, "tasks": _tasks(teacher)})


@require_safe
@in_course()
def learner(request: HttpRequest, teacher: Teacher, learner: int) -> HttpResponse:
    """The scores of one learner by problem, and the entrance exam."""
    found = work.of_learner(teacher, learner)
    sections = [(name, list(lines)) for name, lines in groupby(found.problems, lambda line: line[0].subsection)]
    context = {"learner": found.learner, "sections": sections, "entrance": work.entrance(teacher)}
    context["typed"] = posting.typed(request)
    return render(request, "instructor/marking/learner.html", frame(teacher, "work", **context, actions=ACTIONS))


@require_safe
@in_course()
def problem(request: HttpRequest, teacher: Teacher, learner: int, ref: str) -> HttpResponse:
    """What one learner did in one problem, with every attempt, and what can be done about it."""
    context = {"learner": gradebook.learner(teacher, learner), "work": work.one(teacher, learner, ref, at=now())}
    context |= {"actions": ACTIONS, "frozen": gradebook.is_frozen(teacher, now())}
    context["typed"] = posting.typed(request)
    return render(request, "instructor/marking/problem.html", frame(teacher, "work", **context))


@require_POST
@in_course(Capability.GRADE)
def do(request: HttpRequest, teacher: Teacher, learner: int, ref: str) -> HttpResponse:
    """Does ``act`` to one learner's work in a block; ``set_score`` sets their ``points``, and what cannot be undone
    must come with ``sure``."""
    what, at = request.POST.get("act", ""), now()

    def act() -> str:
        if what == "set_score":
            earned = posting.points(request, "points")
            work.set_score(teacher, learner, ref, earned, reason=posting.reason(request), at=at)
            return _("The score is set.")
        if what == "delete_state" and "sure" not in request.POST:
            raise TeachingError(_("Tick that the answers may go first. Nothing was deleted."))
        return _told(what, work.do(teacher, learner, ref, what, reason=posting.reason(request), at=at))

    name = "work_learner" if request.POST.get("back") == "learner" else "work_problem"
    parts = [teacher.run.key, learner] + ([] if name == "work_learner" else [ref])
    return posting.done(request, reverse(f"instructor:{name}", args=parts), act)


@require_POST
@in_course(Capability.GRADE)
def entrance(request: HttpRequest, teacher: Teacher, learner: int) -> HttpResponse:
    """Opens the course for one learner without its entrance exam."""

    def act() -> str:
        work.skip_entrance(teacher, learner, at=now())
        return _("The course is open to this learner without the entrance exam.")

    return posting.done(request, reverse("instructor:work_learner", args=[teacher.run.key, learner]), act)


@require_safe
@in_course()
def everybody(request: HttpRequest, teacher: Teacher, ref: str) -> HttpResponse:
    """What can be done about the work of all learners in a block, and how many that are."""
    context = {
        "ref": ref,
        "block_title": work.title_of(teacher, ref),
        "count": work.affected(teacher, ref),
        "actions": ACTIONS,
        "tasks": _tasks(teacher),
        "frozen": gradebook.is_frozen(teacher, now()),
        "typed": posting.typed(request),
    }
    return render(request, "instructor/marking/everybody.html", frame(teacher, "work", **context))


@require_POST
@in_course(Capability.GRADE_ALL)
def do_all(request: HttpRequest, teacher: Teacher, ref: str) -> HttpResponse:
    """Orders ``act`` for all learners with work in a block; ``sure`` says that the number was seen."""

    def act() -> str:
        if "sure" not in request.POST:
            raise TeachingError(_("Tick that you mean all learners first."))
        work.order(teacher, ref, request.POST.get("act", ""), reason=posting.reason(request), at=now())
        return _("It has begun. You can leave this page; the work goes on.")

    return posting.done(request, reverse("instructor:work_all", args=[teacher.run.key, ref]) + "#tasks", act)


def _tasks(teacher: Teacher) -> list[dict[str, Any]]:
    return [
        {"deed": one.deed, "words": deed_words(one.deed.what), "title": one.title, "job": one.job}
        for one in work.tasks(teacher)
    ]


def _told(what: str, made: Reworked) -> str:
    if made.failed:
        raise TeachingError(made.words)
    if not made.done:
        return _("There was nothing to change.")
    return str(_DONE[what] % {"count": made.done})


def _grouped(found: Iterable[work.Problem]) -> list[tuple[str, list[work.Problem]]]:
    return [
        (f"{section} / {subsection}", list(lines))
        for (section, subsection), lines in groupby(found, lambda one: (one.section, one.subsection))
    ]


def _ref(text: str) -> str:
    if not text.startswith("block-v1:"):
        return text
    try:
        return ref_of(parse_usage(text))
    except BadKey as error:
        raise TeachingError(str(error)) from error
