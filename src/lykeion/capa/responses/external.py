"""externalresponse: a program elsewhere grades at once, over HTTP, while the learner waits."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from lxml import etree

from lykeion.capa.inputs.kinds import input_of
from lykeion.capa.replies import clean
from lykeion.capa.responses.base import Outcome, Response, Submission, frame, text_answer
from lykeion.capa.responses.code import asked
from lykeion.capa.scope import Part
from lykeion.capa.types import AnswerError, InputResult, ProblemError, gettext_noop

AWARDS: Final[Mapping[str, str]] = {"EXACT_ANS": "correct", "WRONG_FORMAT": "incorrect"}
"""What `awarddetail` means. Any other word counts as correct: Open edX's rule (responsetypes.py:ExternalResponse)."""
_NO_SENSE: Final = gettext_noop("The grader's reply makes no sense, so nothing was counted. Please try again later.")


@dataclass(frozen=True, slots=True, kw_only=True)
class External(Response):
    """`tests` and `code` are the author's word to the program at `url`, `xml` the question as it is written."""

    url: str
    tests: str | None
    code: str
    xml: str

    def grade(self, submission: Submission) -> Outcome:
        """Ask and wait. All inputs get the one verdict (Open edX breaks with more than one); the first the message."""
        graders = asked(submission)
        ids = sorted(entry.id for entry in self.inputs)
        if any(key not in submission.answers for key in ids):
            raise AnswerError(gettext_noop("An answer is missing."))
        answers = [text_answer(submission, key) for key in ids]
        award, message = _read(graders.ask(self.url, self._form(answers)))
        correctness = AWARDS.get(award, "correct")
        results = {key: InputResult(correctness) for key in ids}
        return Outcome(results | {ids[0]: InputResult(correctness, msg=clean(message))})

    def _form(self, answers: list[str]) -> dict[str, str]:
        form = {
            "xml": self.xml,
            "edX_cmd": "get_score",
            "edX_tests": self.tests,
            "processor": self.code,
            "edX_student_response": json.dumps(answers),
        }
        return {name: value for name, value in form.items() if value is not None}


def _read(reply: str) -> tuple[str, str]:
    """The award and the message. Raises AnswerError."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(reply.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as error:
        raise AnswerError(_NO_SENSE) from error
    award, message = root.find("awarddetail"), root.find("message")
    if award is None or message is None:
        raise AnswerError(_NO_SENSE)
    return award.text or "", message.text or ""


def build(part: Part) -> External:
    """Read where to ask, and with what."""
    answer = part.element.find("answer")
    if answer is not None and answer.get("src"):
        raise ProblemError("<answer src> is not supported; put the code into the <answer> itself.", part.line)
    code = str(part.scope.context.get("script_code") or "") if answer is None else answer.text or ""
    if answer is None and not code:
        raise ProblemError("Missing answer script code for externalresponse", part.line)
    return External(
        **frame(part, *[input_of(part, entry) for entry in part.entries]),
        url=part.require("url"),
        tests=part.element.get("tests"),
        code=code,
        xml=etree.tostring(part.element, encoding="unicode", pretty_print=True),
    )
