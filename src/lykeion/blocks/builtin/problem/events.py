"""What the tracking log is told of a problem: names and fields as Open edX writes them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from typing import TYPE_CHECKING, Any

from lykeion.capa import rules
from lykeion.capa.types import DemandHint, Grading
from lykeion.events.types import (
    AnswersPayload,
    AnswersRefusedPayload,
    DemandHintPayload,
    FeedbackPayload,
    ProblemCheckPayload,
    ProblemState,
    RescorePayload,
    RescoreRefusedPayload,
    ResetPayload,
    ResetRefusedPayload,
    ShowAnswerPayload,
    Submitted,
    Verdict,
)

if TYPE_CHECKING:
    from lykeion.blocks.builtin.problem.block import ProblemBlock

_TAG = re.compile(r"<[^<>]*>")


def state_of(block: ProblemBlock) -> ProblemState:
    """A learner's state, as events carry it."""
    return {
        "seed": block.current_seed(),
        "student_answers": dict(block.student_answers),
        "has_saved_answers": block.has_saved_answers,
        "correct_map": _told(block.correct_map),
        "input_state": dict(block.input_state),
        "done": block.done,
    }


def checked(block: ProblemBlock, answers: Mapping[str, Any], grading: Grading, before: ProblemState) -> None:
    """A submission was graded; then the feedback that was shown for it."""
    event: ProblemCheckPayload = {
        "state": before,
        "problem_id": str(block.scope_ids.usage_id),
        "answers": dict(answers),
        "grade": block.raw_score.raw_earned,
        "max_grade": block.raw_score.raw_possible,
        "correct_map": _told({key: result.to_json() for key, result in grading.correct_map.items()}),
        "success": grading.success,
        "attempts": block.attempts,
        "submission": _submission(block, answers, grading),
    }
    if block.problem.permutations:
        event["permutation"] = {key: [kind, list(names)] for key, (kind, names) in block.problem.permutations.items()}
    block.runtime.publish(block, "problem_check", event)
    for feedback in grading.events:
        told: FeedbackPayload = {"module_id": str(block.scope_ids.usage_id), **feedback.to_json()}
        block.runtime.publish(block, "edx.problem.hint.feedback_displayed", told)


def _told(correct_map: Mapping[str, Verdict]) -> dict[str, Verdict]:
    """Verdicts as the log may have them: whoever reads a key there could answer for the grader."""
    masked: dict[str, Verdict] = {}
    for key, result in correct_map.items():
        waiting = result.get("queuestate")
        masked[key] = {**result, "queuestate": {**waiting, "key": "********"}} if waiting else result
    return masked


def _submission(block: ProblemBlock, answers: Mapping[str, Any], grading: Grading) -> dict[str, Submitted]:
    varies = rules.rerandomize_of(block.rerandomize) != "never"
    submission: dict[str, Submitted] = {}
    for entry in block.problem.inputs:
        if entry.id not in answers:
            continue
        facts, result = entry.facts(), grading.correct_map.get(entry.id)
        submission[entry.id] = {
            "question": plain(facts.question),
            "answer": entry.value_text(answers[entry.id]),  # a choice in its author's HTML, as Open edX tells it
            "response_type": facts.response_type,
            "input_type": facts.input_type,
            "correct": "" if result is None else result.is_correct,
            "variant": block.current_seed() if varies else "",
            "group_label": "",
        }
    return submission


def plain(html: str) -> str:
    """The words of an author's HTML."""
    return unescape(_TAG.sub("", html)).strip() if "<" in html or "&" in html else html


def failed(block: ProblemBlock, name: str, why: str, answers: Mapping[str, Any]) -> None:
    """A submission or a save was refused."""
    event: AnswersRefusedPayload = {
        "state": state_of(block),
        "problem_id": str(block.scope_ids.usage_id),
        "answers": dict(answers),
        "failure": why,
    }
    block.runtime.publish(block, name, event)


def saved(block: ProblemBlock, answers: Mapping[str, Any]) -> None:
    """Answers were kept."""
    event: AnswersPayload = {
        "state": state_of(block),
        "problem_id": str(block.scope_ids.usage_id),
        "answers": dict(answers),
    }
    block.runtime.publish(block, "save_problem_success", event)


def was_reset(block: ProblemBlock, before: ProblemState) -> None:
    """Answers were cleared."""
    event: ResetPayload = {
        "old_state": before,
        "new_state": state_of(block),
        "problem_id": str(block.scope_ids.usage_id),
    }
    block.runtime.publish(block, "reset_problem", event)


def reset_failed(block: ProblemBlock, why: str, before: ProblemState) -> None:
    """A reset was refused."""
    event: ResetRefusedPayload = {
        "old_state": before,
        "problem_id": str(block.scope_ids.usage_id),
        "failure": why,
    }
    block.runtime.publish(block, "reset_problem_fail", event)


def shown(block: ProblemBlock) -> None:
    """The right answers were asked for."""
    event: ShowAnswerPayload = {"problem_id": str(block.scope_ids.usage_id)}
    block.runtime.publish(block, "showanswer", event)


def hinted(block: ProblemBlock, hint: DemandHint) -> None:
    """A hint was asked for."""
    event: DemandHintPayload = {
        "module_id": str(block.scope_ids.usage_id),
        "hint_index": hint.index,
        "hint_len": hint.count,
        "hint_text": hint.html,
    }
    block.runtime.publish(block, "edx.problem.hint.demandhint_displayed", event)


def rescored(block: ProblemBlock, grading: Grading, old: rules.Score, new: rules.Score, before: ProblemState) -> None:
    """Stored answers were graded again."""
    event: RescorePayload = {
        "state": before,
        "problem_id": str(block.scope_ids.usage_id),
        "orig_score": old.raw_earned,
        "orig_total": old.raw_possible,
        "new_score": new.raw_earned,
        "new_total": new.raw_possible,
        "correct_map": _told({key: result.to_json() for key, result in grading.correct_map.items()}),
        "success": grading.success,
        "attempts": block.attempts,
    }
    block.runtime.publish(block, "problem_rescore", event)


def rescore_failed(block: ProblemBlock, why: str) -> None:
    """Stored answers could not be graded again."""
    event: RescoreRefusedPayload = {
        "state": state_of(block),
        "problem_id": str(block.scope_ids.usage_id),
        "failure": why,
    }
    block.runtime.publish(block, "problem_rescore_fail", event)
