"""What a learner can do with a problem. Each action changes the block's fields, publishes, and returns the reply."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Any

from webob import Request

from lykeion.blocks.builtin.problem import events, page, previews, replies
from lykeion.blocks.builtin.problem.fields import HISTORY
from lykeion.capa import api as capa
from lykeion.capa import rules
from lykeion.capa.forms import MAX_LENGTH, answers_from_form, answers_to
from lykeion.capa.types import AnswerError, CapaError, Grading

if TYPE_CHECKING:
    from lykeion.blocks.builtin.problem.block import ProblemBlock

Reply = dict[str, Any]
SAME_ANSWER_WITHIN = timedelta(seconds=3)
BETWEEN_QUEUED = timedelta(seconds=5)  # XQUEUE_WAITTIME_BETWEEN_REQUESTS


class Refused(Exception):
    """The problem cannot take this now; the message is fit for the learner."""


def get(block: ProblemBlock, request: Request) -> Reply:
    """The problem as it stands."""
    return {"html": block.html()}


def check(block: ProblemBlock, request: Request) -> Reply:
    """Grade the answers of the form and use an attempt; nothing is lost for an answer that cannot be graded.

    A form that was sent before (its token is old), or the same answers again within three seconds, gets the reply of
    then and uses nothing.
    """
    submitted = answers_to(block.problem.tags, answers_from_form(request.POST.items()))
    answers = capa.without_files(submitted)
    if _was_sent_before(block, request.POST.get("submission_token"), answers):
        return _standing_reply(block, repeated=True)
    _refuse_closed(block, "problem_check_fail", answers)
    if rules.must_reset_first(block.settings, block.state):
        events.failed(block, "problem_check_fail", "unreset", answers)
        raise Refused(block.gettext("Problem must be reset before it can be submitted again."))
    if waiting := _queued_too_young(block) or _waiting(block):
        return {"success": waiting, "error": waiting}
    return _graded(block, submitted, answers)


def _graded(block: ProblemBlock, submitted: Mapping[str, Any], answers: Mapping[str, Any]) -> Reply:
    """`answers` are what is kept of those `submitted`: of files the names."""
    before, graders = events.state_of(block), block.graders
    try:
        grading = block.problem.grade(submitted, attempt=block.attempts + 1, previous=block.results, graders=graders)
    except AnswerError as error:
        message = error.html(block.gettext)
        return {"success": message, "error": error.message}
    _keep(block, answers, grading)
    replies.send(block, grading.orders)
    block.publish_grade()
    block.runtime.publish(block, "completion", {"completion": 1.0})
    events.checked(block, answers, grading, before)
    return _standing_reply(block)


def _keep(block: ProblemBlock, answers: Mapping[str, Any], grading: Grading) -> None:
    score = rules.Score(grading.score, grading.total)
    block.seed = block.current_seed()
    block.attempts += 1
    block.done = True
    block.has_saved_answers = False
    block.student_answers = dict(answers)
    block.correct_map = {key: result.to_json() for key, result in grading.correct_map.items()}
    block.overall_message = grading.overall_message
    block.score_history = block.score_history.plus(
        {"raw_earned": score.raw_earned, "raw_possible": score.raw_possible}, most=HISTORY
    )
    block.student_answers_history = block.student_answers_history.plus(answers, most=HISTORY)
    block.correct_map_history = block.correct_map_history.plus(block.correct_map, most=HISTORY)
    method = block.grading_method
    scores = [rules.Score(**stored) for stored in block.score_history] if rules.looks_back(method) else [score]
    block.set_score(rules.score_by_method(scores, method, grading.total))
    block.last_submission_time = block.now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def save(block: ProblemBlock, request: Request) -> Reply:
    """Keep the answers without grading them."""
    answers = capa.without_files(answers_to(block.problem.tags, answers_from_form(request.POST.items())))
    if rules.is_closed(block.settings, block.state, block.now) and block.max_attempts != 0:
        events.failed(block, "save_problem_fail", "closed", answers)
        return _told(block, block.gettext("Problem is closed."))
    if rules.must_reset_first(block.settings, block.state):
        events.failed(block, "save_problem_fail", "done", answers)
        return _told(block, block.gettext("Problem needs to be reset prior to save."))
    block.seed = block.current_seed()
    block.student_answers = dict(answers)
    block.has_saved_answers = True
    events.saved(block, answers)
    message = block.gettext("Your answers have been saved but not graded. Click 'Submit' to grade them.")
    notice = page.Notice("saved", message)
    return {"success": True, "msg": message, "html": block.html(notice=notice)}


def reset(block: ProblemBlock, request: Request) -> Reply:
    """Clear the answers; attempts stay. A new variant where the problem has variants."""
    return clear(block)


def clear(block: ProblemBlock) -> Reply:
    """What `reset` does; a bank that draws anew does it as well."""
    before = events.state_of(block)
    if rules.is_closed(block.settings, block.state, block.now):
        events.reset_failed(block, "closed", before)
        return _told(block, block.gettext("You cannot select Reset for a problem that is closed."))
    if not block.done:
        events.reset_failed(block, "not_done", before)
        return _told(block, block.gettext("You must submit an answer before you can select Reset."))
    block.student_answers, block.correct_map, block.input_state = {}, {}, {}
    block.done = block.has_saved_answers = False
    block.overall_message = ""
    if rules.rerandomize_of(block.rerandomize) in ("always", "onreset"):
        block.seed = None
        block.seed = block.current_seed()
    block.set_score(rules.Score(0, block.problem.max_score))
    block.publish_grade()
    events.was_reset(block, before)
    notice = page.Notice("info", block.gettext("The problem was reset."))
    return {"success": True, "html": block.html(notice=notice)}


def show(block: ProblemBlock, request: Request) -> Reply:
    """The right answers and solutions, where they may be seen. The event tells that they were asked for."""
    events.shown(block)
    if not block.answer_available:
        raise Refused(block.gettext("The answer is not available."))
    answers = {key: _addressed(block, value) for key, value in block.problem.show_answers().items()}
    return {
        "answers": answers,
        "correct_status_html": page.status_html("correct", block.gettext),
        "contents": block.html(show=True, notice=page.Notice("info", block.gettext("The answers are shown below."))),
    }


def hint(block: ProblemBlock, request: Request) -> Reply:
    """One more hint: `hint_index` counts from 0 and around."""
    try:
        index = int(request.POST.get("hint_index", 0))
    except ValueError:
        index = 0
    found = block.problem.demand_hint(index)
    if found is None:
        raise Refused(block.gettext("This problem has no hints."))
    events.hinted(block, found)
    shown = [block.problem.demand_hints[place] for place in range(found.index + 1)]
    return {
        "success": True,
        "hint_index": found.index,
        "should_enable_next_hint": found.index + 1 < found.count,
        "msg": block.with_addresses(page.hints_html(shown, found.count, block.gettext)),
    }


def input_ajax(block: ProblemBlock, request: Request) -> Reply:
    """What an input asks while it is being filled in: how a formula reads, what a program does."""
    if request.POST.get("dispatch") == "plot" or "plot" in request.POST:
        return _run(block, request)
    reply = previews.preview(request.POST.get("dispatch", ""), request.POST.get("formula"), block.gettext)
    if reply is None:
        raise Refused(block.gettext("There is no such action for a problem."))
    return {**reply, "request_start": request.POST.get("request_start", "")}


def _run(block: ProblemBlock, request: Request) -> Reply:
    """Have a MATLAB program run without grading it: that of `submission` (or the form) for `input_id` (or `plot`)."""
    input_id = str(request.POST.get("input_id") or request.POST.get("plot"))
    program = request.POST.get("submission", request.POST.get(f"input_{input_id}", ""))
    if not isinstance(program, str) or len(program) > MAX_LENGTH:
        raise Refused(block.gettext("There is no such action for a problem."))
    if not rules.can_submit(block.settings, block.state, block.now):
        raise Refused(block.gettext("Problem is closed."))
    if message := _queued_too_young(block):
        return {"success": False, "message": message, "error": message}
    if not replies.run(block, input_id, program):
        message = block.gettext("Cannot connect to the queue")
        return {"success": False, "message": message, "error": message}
    return {"success": True, "message": "", "html": block.html()}


def regraded(block: ProblemBlock) -> list[rules.Score]:
    """The scores of all stored attempts by today's answers, then the one that counts; changes nothing."""
    history = block.student_answers_history or [block.student_answers]
    gradings = [
        block.problem.grade(answers, attempt=number, graders=block.graders) for number, answers in enumerate(history, 1)
    ]
    scores = [rules.Score(grading.score, grading.total) for grading in gradings]
    return [*scores, rules.score_by_method(scores, block.grading_method, block.problem.max_score)]


def rescore(block: ProblemBlock, *, only_if_higher: bool) -> None:
    """Grade all stored attempts again; attempts stay as they are. Raises TypeError, ValueError, CapaError."""
    if not block.allows_rescore():
        events.rescore_failed(block, "unsupported")
        raise TypeError(f"Problem does not support rescoring: {block.scope_ids.usage_id}")
    if not block.done:
        events.rescore_failed(block, "unanswered")
        raise ValueError(f"Cannot rescore unanswered problem: {block.scope_ids.usage_id}")
    before, old = events.state_of(block), block.raw_score
    try:
        *scores, final = regraded(block)
        last = block.problem.grade(block.student_answers, attempt=block.attempts, graders=block.graders)
    except CapaError as error:
        events.rescore_failed(block, "input_error" if isinstance(error, AnswerError) else "unexpected")
        raise
    if only_if_higher and final.raw_earned <= old.raw_earned:
        final = old
    else:
        block.correct_map = {key: result.to_json() for key, result in last.correct_map.items()}
        kept: Any = [{"raw_earned": one.raw_earned, "raw_possible": one.raw_possible} for one in scores]
        block.score_history = kept
    block.set_score(final)
    block.publish_grade(only_if_higher=only_if_higher)
    events.rescored(block, last, old, final, before)


def _was_sent_before(block: ProblemBlock, token: str | None, answers: Mapping[str, Any]) -> bool:
    if token:
        return token != block.submission_token
    last = block.state.last_submission
    if last is None or not block.done or block.student_answers != answers:
        return False
    return block.now - last < SAME_ANSWER_WITHIN


def _standing_reply(block: ProblemBlock, *, repeated: bool = False) -> Reply:
    """The reply to a submission, made from what is stored; a repeated one is told that it changed nothing."""
    if not block.done:
        stale = page.Notice("info", block.gettext("This page was out of date. Here is the problem as it stands now."))
        return {"success": "stale", "contents": block.html(notice=stale)}
    right = all(result.is_correct for result in block.results.values())
    success = "correct" if right else "incorrect"
    notice: page.Notice | None = block.standing_notice(block.standing())
    if repeated and notice is not None:
        words = block.gettext("This was submitted already; no further attempt was used.")
        notice = page.Notice(notice.kind, f"{words} {notice.text}")
    return {
        "success": success if block.correctness_available else "submitted",
        "contents": block.html(notice=notice),
    }


def _refuse_closed(block: ProblemBlock, event: str, answers: Mapping[str, Any]) -> None:
    if rules.is_closed(block.settings, block.state, block.now):
        events.failed(block, event, "closed", answers)
        raise Refused(block.gettext("Problem is closed."))


def _waiting(block: ProblemBlock) -> str:
    seconds = rules.seconds_to_wait(block.settings, block.state, block.now)
    if not seconds:
        return ""
    return block.gettext("You must wait at least {wait} between submissions. {remaining} remaining.").format(
        wait=page.duration_text(block.settings.submission_wait_seconds, block.gettext),
        remaining=page.duration_text(seconds, block.gettext),
    )


def _queued_too_young(block: ProblemBlock) -> str:
    """What to say while an answer waits for its grader and is only seconds old; '' when another may be submitted."""
    newest = capa.newest(block.results)
    if newest is None or block.now - newest.replace(tzinfo=UTC) >= BETWEEN_QUEUED:
        return ""
    words = block.gettext("You must wait at least {wait} seconds between submissions.")
    return words.format(wait=int(BETWEEN_QUEUED.total_seconds()))


def _told(block: ProblemBlock, message: str) -> Reply:
    return {"success": False, "msg": message, "error": message, "html": block.html()}


def _addressed(block: ProblemBlock, value: Any) -> Any:
    return block.with_addresses(value) if isinstance(value, str) else value


ACTIONS: Mapping[str, Callable[[ProblemBlock, Request], Reply]] = {
    "problem_get": get,
    "problem_check": check,
    "problem_save": save,
    "problem_reset": reset,
    "problem_show": show,
    "hint_button": hint,
    "input_ajax": input_ajax,
}
