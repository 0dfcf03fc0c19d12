"""From the author's text to a Problem: every response found, every input named, the page prepared."""

from collections.abc import Iterator, Mapping, Sequence
from html import escape

from lxml import etree

from lykeion.capa.feedback import attach
from lykeion.capa.hintfunctions import drop_other_hints
from lykeion.capa.hints import inner_html
from lykeion.capa.page import page_of
from lykeion.capa.problem import Problem, Solution
from lykeion.capa.responses.base import Response
from lykeion.capa.responses.registry import KINDS
from lykeion.capa.scope import Labels, Part, Scope
from lykeion.capa.source import INPUT_TAGS, RESPONSE_TAGS, Element, context_of, line_of, read, take_out
from lykeion.capa.types import ProblemError, ScriptRunner


def compile_problem(
    xml: str, *, problem_id: str, seed: int, student_id: str = "", runner: ScriptRunner | None = None
) -> Problem:
    """Compile a problem for one seed; see `lykeion.capa.api.parse`."""
    root = read(xml)
    if (include := root.find(".//include[@file]")) is not None:
        raise ProblemError("<include> of files is not supported; put the text in its place.", line_of(include))
    context, script = context_of(root, seed=seed, student_id=student_id, runner=runner)
    scope = Scope(problem_id, seed, context, script, runner)
    for number, solution in enumerate(root.iter("solution"), 1):
        solution.set("id", f"{problem_id}_solution_{number}")
    elements = list(root.iter(*RESPONSE_TAGS))
    responses = tuple(_responses(elements, scope))
    targeted = tuple(attach(zip(elements, responses, strict=True)))
    return Problem(
        problem_id=problem_id,
        seed=seed,
        responses=responses,
        solutions=tuple(_solutions(root, scope)),
        targeted=targeted,
        demand_hints=tuple(scope.substitute(inner_html(hint)) for hint in root.iterfind(".//demandhint/hint")),
        page=page_of(root, scope, {entry.id: entry for response in responses for entry in response.inputs}),
        script=script,
        context=context,
    )


def _responses(elements: Sequence[Element], scope: Scope) -> Iterator[Response]:
    """All questions in document order; the first one is `<problem>_1`, its first input `<problem>_2_1`."""
    for number, element in enumerate(elements, 1):
        entries = tuple(element.iter(*INPUT_TAGS))
        for index, entry in enumerate(entries, 1):
            entry.set("id", f"{scope.problem_id}_{number + 1}_{index}")
        response_id = f"{scope.problem_id}_{number}"
        element.set("id", response_id)
        labels = _labels(element, entries, scope)
        part = Part(scope, element, response_id, entries, labels)
        _check_inputs(part)
        drop_other_hints(element)
        yield KINDS[part.tag].build(part)


def _check_inputs(part: Part) -> None:
    kind = KINDS.get(part.tag)
    if kind is None:
        raise ProblemError(f"<{part.tag}> is not supported yet.", part.line)
    if kind.at_most == 1:
        part.only_entry()
    for entry in part.entries:
        if entry.tag not in kind.inputs:
            raise ProblemError(f"Response {part.tag}: cannot have input field {entry.tag}", line_of(entry))
    if kind.at_most is not None and len(part.entries) > kind.at_most:
        raise ProblemError(f"Response {part.tag}: cannot have more than {kind.at_most} input fields", part.line)


def _labels(response: Element, entries: tuple[Element, ...], scope: Scope) -> Mapping[str, Labels]:
    """Take label and descriptions out of the text and give them to the input; with several inputs they stay for all."""
    if not entries:
        return {}
    descriptions = response.findall("description")
    if len(entries) > 1:
        return {str(entry.get("id")): Labels(_old_label(response, entry, scope)) for entry in entries}
    input_id = str(entries[0].get("id"))
    label = _label(response, entries[0], scope)
    described = []
    for number, description in enumerate(descriptions):
        described.append((f"description_{input_id}_{number}", scope.substitute(inner_html(description))))
        take_out(description)
    return {input_id: Labels(label, tuple(described))}


def _label(response: Element, entry: Element, scope: Scope) -> str:
    element = response.find("label")
    if element is None and "label" not in entry.attrib:
        previous = response.getprevious()
        element = previous if previous is not None and previous.tag == "label" else None
    if element is None:
        return _old_label(response, entry, scope)
    label = scope.substitute(inner_html(element))
    take_out(element)
    return label


def _old_label(response: Element, entry: Element, scope: Scope) -> str:
    """A `label` attribute repeats the words of a paragraph before it, which is then not shown twice."""
    label = entry.get("label", "")
    if not label:
        return ""
    for paragraph in response.itersiblings("p", preceding=True):
        if (paragraph.text or "").strip() == label.strip() and not len(paragraph):
            take_out(paragraph)
            break
    return scope.substitute(escape(label, quote=False))


def _solutions(root: Element, scope: Scope) -> Iterator[Solution]:
    """All solutions; the whole element is what `problem_show` has always sent."""
    for element in root.iter("solution"):
        yield Solution(
            id=str(element.get("id")),
            explanation_id=element.get("explanation-id"),
            html=scope.substitute(etree.tostring(element, encoding="unicode")),
            inside=scope.substitute(inner_html(element)),
        )
