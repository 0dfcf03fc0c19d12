"""Answers that programs elsewhere grade: handing them over, and taking the replies (capa_block.py:update_score)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

from lykeion.blocks.builtin.problem.fields import HISTORY
from lykeion.blocks.types import ReplyTaken
from lykeion.capa import api as capa
from lykeion.capa import replies, rules
from lykeion.capa.inputs.matlab import MatlabBox
from lykeion.capa.types import GraderOrder, Graders, InputResult

if TYPE_CHECKING:
    from lykeion.blocks.builtin.problem.block import ProblemBlock

UNKNOWN = ReplyTaken("unknown")


class GraderDesk(Graders, Protocol):
    """Service ``graders`` (ours): what the problem language needs, and where its orders go."""

    def send(self, usage: str, order: GraderOrder) -> None:
        """Has ``order`` done, once what the block did is kept; not at all if it is not."""

    def done(self, key: str, error: str = "") -> None:
        """The order with this key is done, or (``error``) was done in a way that nobody can use."""


def send(block: ProblemBlock, orders: Iterable[GraderOrder]) -> None:
    """Hands orders over; MATLAB's get the course's key to its service (CodeResponse._parse_coderesponse_xml)."""
    graders = block.graders
    if graders is None:
        return
    for order in orders:
        if order.input_tag == "matlabinput" and block.matlab_api_key:
            order = replace(order, body={**order.body, **_licence(block, graders)})
        graders.send(str(block.scope_ids.usage_id), order)


def _licence(block: ProblemBlock, graders: GraderDesk) -> dict[str, Any]:
    return {"token": block.matlab_api_key, "endpoint_version": "2", "requestor_id": graders.student_id}


def run(block: ProblemBlock, input_id: str, program: str) -> bool:
    """Has a MATLAB program run without grading it; False where that cannot be."""
    boxes = [entry for entry in block.problem.inputs if entry.id == input_id and isinstance(entry, MatlabBox)]
    if block.graders is None or not boxes:
        return False
    order = capa.run_order(boxes[0], program, block.graders)
    state = {"queuekey": order.key, "queuestate": "queued", "queuetime": block.now.timestamp()}
    block.has_saved_answers = True
    block.student_answers = {**block.student_answers, input_id: program}
    block.input_state = {**block.input_state, input_id: {**block.input_state.get(input_id, {}), **state}}
    send(block, [order])
    return True


def take(block: ProblemBlock, dispatch: str, key: str, body: str) -> ReplyTaken:
    """A grader's reply. Of one that nobody waits for (any more), nothing is kept."""
    taken = {"score_update": _score, "ungraded_response": _feedback}.get(dispatch, _nothing)(block, key, body)
    if block.graders is not None and taken is not UNKNOWN:
        block.graders.done(key, taken.error)
    return taken


def _nothing(block: ProblemBlock, key: str, body: str) -> ReplyTaken:
    return UNKNOWN


def _score(block: ProblemBlock, key: str, body: str) -> ReplyTaken:
    results = block.results
    input_id = replies.input_waiting_for(results, key)
    if input_id is None:
        return UNKNOWN
    try:
        reply = replies.read_reply(body)
    except replies.BadReply as error:
        words = block.gettext("Invalid grader reply. Please contact the course staff.")
        _keep_results(block, {**results, input_id: replace(results[input_id], msg=words)})
        return ReplyTaken("bad", str(error))
    results[input_id] = replies.answered(results[input_id], reply)
    _keep_results(block, results)
    _keep_score(block, rules.Score(sum(result.earned for result in results.values()), block.problem.max_score))
    block.publish_grade(grader_response=True)
    return ReplyTaken("kept")


def _keep_results(block: ProblemBlock, results: dict[str, InputResult]) -> None:
    block.correct_map = {key: result.to_json() for key, result in results.items()}
    if block.correct_map_history:
        block.correct_map_history = block.correct_map_history.with_last(block.correct_map, most=HISTORY)


def _keep_score(block: ProblemBlock, score: rules.Score) -> None:
    """The score of the last attempt is known now, so that it counts by the grading method like any other (Open edX
    leaves the 0 of the submission in the history, and forgets the grader's points at the next attempt)."""
    kept = {"raw_earned": score.raw_earned, "raw_possible": score.raw_possible}
    block.score_history = block.score_history.with_last(kept, most=HISTORY)
    scores = [rules.Score(**stored) for stored in block.score_history]
    block.set_score(rules.score_by_method(scores, block.grading_method, block.problem.max_score))


def _feedback(block: ProblemBlock, key: str, body: str) -> ReplyTaken:
    """What a run of a MATLAB program said (inputtypes.py:MatlabInput.ungraded_response)."""
    for input_id, state in block.input_state.items():
        if state.get("queuestate") == "queued" and replies.same_key(state.get("queuekey"), key):
            done = {"queue_msg": _said(block, body), "queuestate": None, "queuekey": None}
            block.input_state = {**block.input_state, input_id: {**state, **done}}
            return ReplyTaken("kept")
    return UNKNOWN


def _said(block: ProblemBlock, body: str) -> str:
    try:
        return replies.read_feedback(body)
    except replies.BadReply:
        return str(block.gettext("Error running code."))
