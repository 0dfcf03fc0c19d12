"""coderesponse: programs and files that a grader elsewhere judges in its own time.

To submit makes an order (see `GraderOrder`); the answer is `incomplete` until the reply comes (`lykeion.capa.replies`).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any, Final

from lykeion.capa.hints import inner_html
from lykeion.capa.inputs.kinds import input_of
from lykeion.capa.inputs.matlab import MatlabBox, matlab_input
from lykeion.capa.responses.base import Outcome, Response, Submission, frame
from lykeion.capa.scope import Part
from lykeion.capa.source import Element
from lykeion.capa.types import (
    AnswerError,
    Expected,
    GraderOrder,
    Graders,
    InputResult,
    ProblemError,
    UploadedFile,
    gettext_noop,
)

TIME_FORMAT: Final = "%Y%m%d%H%M%S"
QUEUED: Final = "queued"
"""What is kept as the message of an answer that waits; the page shows a sentence in its place."""
MATLAB_QUEUE: Final = "matlab"
_NO_GRADER: Final = gettext_noop("No grader has been set up for this problem.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Code(Response):
    """`queue` None: the course's own. `payload` is the author's word to the grader, passed on as it is."""

    queue: str | None
    payload: str
    answer: str
    seed: int

    def grade(self, submission: Submission) -> Outcome:
        """Nothing is known yet: the answer waits, and an order says what for."""
        graders, answer = asked(submission), _answer(submission, self.input_id)
        files = tuple(answer) if is_files(answer) else ()
        if is_files(answer):
            self.inputs[0].check_files(files)
        order = GraderOrder(
            input_id=self.input_id,
            input_tag=self.inputs[0].tag,
            key=graders.new_key(),
            queue=self.queue or graders.default_queue,
            body=self._body("" if files else answer, graders),
            files=files,
        )
        waiting = {"key": order.key, "time": graders.at.strftime(TIME_FORMAT)}
        result = InputResult("incomplete", msg=QUEUED, queuestate=waiting)
        return Outcome({self.input_id: result}, orders=(order,))

    def _body(self, answer: Any, graders: Graders) -> dict[str, Any]:
        """As `CodeResponse.get_score` of responsetypes.py writes it."""
        return {
            "grader_payload": self.payload,
            "student_info": student_info(graders, random_seed=self.seed),
            "student_response": answer,
        }

    def expected(self) -> Mapping[str, Expected]:
        """What the author says to show."""
        return {self.input_id: f'<span class="code-answer"><pre><code>{self.answer}</code></pre></span>'}


def asked(submission: Submission) -> Graders:
    """The way to the graders. Raises AnswerError where there is none (previews): no attempt is lost."""
    if submission.graders is None:
        raise AnswerError(_NO_GRADER)
    return submission.graders


def student_info(graders: Graders, **more: Any) -> str:
    """All that a grader is told of a learner, as JSON."""
    time = graders.at.strftime(TIME_FORMAT)
    return json.dumps({"anonymous_student_id": graders.student_id, "submission_time": time, **more})


def is_files(answer: Any) -> bool:
    """Whether an answer is files, fresh from a form."""
    return isinstance(answer, list) and bool(answer) and all(isinstance(item, UploadedFile) for item in answer)


def without_files(answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers as they are kept: of files the names."""
    return {key: [file.name for file in value] if is_files(value) else value for key, value in answers.items()}


def run_order(box: MatlabBox, program: str, graders: Graders) -> GraderOrder:
    """The order to run a MATLAB program without grading it (inputtypes.py:MatlabInput)."""
    return GraderOrder(
        input_id=box.id,
        input_tag=box.tag,
        key=graders.new_key(),
        queue=MATLAB_QUEUE,
        body={
            "grader_payload": box.plot_payload,
            "student_info": student_info(graders),
            "student_response": program,
        },
        dispatch="ungraded_response",
    )


def newest(results: Mapping[str, InputResult]) -> datetime | None:
    """When the newest of the answers that wait was submitted (UTC, no zone); None when none waits."""
    times = [str(result.queuestate.get("time")) for result in results.values() if result.queuestate]
    try:
        return datetime.strptime(max(times), TIME_FORMAT) if times else None  # always UTC
    except ValueError:  # a state from elsewhere
        return None


def build(part: Part) -> Code:
    """Read the `<codeparam>`; what is in it is not substituted, as in Open edX."""
    parameters = part.element.find("codeparam")
    if parameters is None:
        raise ProblemError("<coderesponse> has no <codeparam>.", part.line)
    entry = part.only_entry()
    return Code(
        **frame(part, matlab_input(part, entry) if entry.tag == "matlabinput" else input_of(part, entry)),
        queue=part.element.get("queuename"),
        payload=_text(parameters.find("grader_payload")),
        answer=_shown(parameters.find("answer_display")),
        seed=part.scope.seed,
    )


def _answer(submission: Submission, input_id: str) -> Any:
    if input_id not in submission.answers:
        raise AnswerError(gettext_noop("An answer is missing."))
    return submission.answers[input_id]


def _text(element: Element | None) -> str:
    return "" if element is None else element.text or ""


def _shown(element: Element | None) -> str:
    if element is None:
        return "No answer provided."
    return inner_html(element) if len(element) else escape(element.text or "", quote=False)
