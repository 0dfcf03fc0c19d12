"""Questions that a program elsewhere grades: coderesponse and externalresponse. No such grader is reached yet."""

from dataclasses import dataclass

from lykeion.capa.inputs.texts import text_line
from lykeion.capa.responses.base import Outcome, Response, Submission, frame
from lykeion.capa.scope import Part
from lykeion.capa.types import NotSupported, ProblemError


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside(Response):
    """Is shown and cannot be graded."""

    def grade(self, submission: Submission) -> Outcome:
        """Raises NotSupported: no attempt is lost."""
        raise NotSupported(f"No grader for <{self.tag}> is connected to this site.")


def build(part: Part) -> Outside:
    """Read the inputs; the grader's parameters are left in the author's text."""
    if part.tag == "coderesponse" and part.element.find(".//codeparam") is None:
        raise ProblemError("<coderesponse> has no <codeparam>.", part.line)
    return Outside(**frame(part, *[text_line(part, entry) for entry in part.entries]))
