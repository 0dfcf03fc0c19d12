"""One of several words: optionresponse."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from lykeion.capa.hints import Hint, feedback_on_choice
from lykeion.capa.inputs.base import common
from lykeion.capa.inputs.dropdown import Dropdown
from lykeion.capa.responses.base import CORRECT, INCORRECT, Outcome, Response, Submission, frame
from lykeion.capa.scope import Part
from lykeion.capa.source import Element, line_of
from lykeion.capa.types import Expected, ProblemError


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropdowns(Response):
    """Each input has one right word, spelled exactly so."""

    right: Mapping[str, str | None]  # None: the author marked none
    hints: Mapping[str, Mapping[str, Hint]]
    variables: Mapping[str, str]  # value -> `$name`: which variable the learner's words came from

    def grade(self, submission: Submission) -> Outcome:
        """A verdict for each dropdown."""
        results, events = {}, []
        for entry in self.inputs:
            answer = submission.answers.get(entry.id)
            result = CORRECT if answer == self.right[entry.id] and isinstance(answer, str) else INCORRECT
            html, event = feedback_on_choice(
                self.hints[entry.id], answer, part_id=self.id, question_type=self.tag, correct=result is CORRECT
            )
            variable = self.variables.get(answer) if isinstance(answer, str) else None
            if html or variable:
                result = replace(result, msg=html, answervariable=variable)
            results[entry.id] = result
            if event is not None:
                events.append(event)
        return Outcome(results, events=events)

    def expected(self) -> Mapping[str, Expected]:
        """The right words."""
        return {input_id: word for input_id, word in self.right.items() if word is not None}


def build(part: Part) -> Dropdowns:
    """Options from the `options` attribute or from `<option>` children."""
    inputs, right, hints = [], {}, {}
    for entry in part.entries:
        words, correct = _from_children(entry) if entry.find("option") is not None else _from_attributes(part, entry)
        dropdown = Dropdown(**common(part, entry), options=words)
        inputs.append(dropdown)
        right[dropdown.id] = correct
        hints[dropdown.id] = _hints(entry)
    variables = {str(value): f"${name}" for name, value in reversed(list(part.scope.context.items()))}
    return Dropdowns(**frame(part, *inputs), right=right, hints=hints, variables=variables)


def _from_children(entry: Element) -> tuple[tuple[str, ...], str | None]:
    words, correct = [], []
    for option in entry.findall("option"):
        word = (option.text or "").strip()
        words.append(word)
        if _is_correct(option):
            correct.append(word)
    if len(correct) > 1:
        raise ProblemError("<optioninput> has more than one correct <option>.", line_of(entry))
    return tuple(words), correct[0] if correct else None


def _is_correct(option: Element) -> bool:
    value = option.get("correct")
    if value is None:
        raise ProblemError("<option> does not say whether it is correct.", line_of(option))
    return value.upper() == "TRUE"


def _from_attributes(part: Part, entry: Element) -> tuple[tuple[str, ...], str | None]:
    correct = entry.get("correct")
    return words_of(entry.get("options", "")), None if correct is None else part.scope.substitute(correct)


def words_of(options: str) -> tuple[str, ...]:
    """The words of `('a','it\\'s')`: a list in quotes and brackets, as a shell would read it."""
    text = options.strip()
    if text[:1] == "(" and text[-1:] == ")":
        text = text[1:-1]
    words: list[str] = []
    word, inside, index = "", False, 0
    while index < len(text):
        letter = text[index]
        if letter == "\\" and inside:
            index += 1
            word += text[index : index + 1]
        elif letter == "'" and (not inside or _closes(text, index)):
            if inside:
                words.append(word)
                word = ""
            inside = not inside
        elif inside:
            word += letter
        index += 1
    return tuple(words) if words or not text else tuple(part.strip() for part in text.split(",") if part.strip())


def _closes(text: str, index: int) -> bool:
    """A quote ends its word if a comma or nothing follows: `isn't` needs no backslash."""
    rest = text[index + 1 :].lstrip()
    return not rest or rest.startswith(",")


def _hints(entry: Element) -> Mapping[str, Hint]:
    hints: dict[str, Hint] = {}
    for option in entry.findall("option"):
        hint = option.find("optionhint")
        if hint is not None:
            hints.setdefault((option.text or "").strip(), Hint(hint))
    return hints
