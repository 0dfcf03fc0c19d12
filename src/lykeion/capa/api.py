"""The door of the problem language.

problem = parse(xml, problem_id="i4x-...", seed=1)
grading = problem.grade({"i4x-..._2_1": "choice_1"})
html = problem.render(View(answers=..., correct_map=grading.correct_map, done=True))
"""

from collections.abc import Callable
from typing import Any

from lykeion.capa.authoring.advice import advice
from lykeion.capa.authoring.completion import schema
from lykeion.capa.authoring.concerns import Concern, concerns
from lykeion.capa.authoring.marks import Mark, marks
from lykeion.capa.authoring.read import to_model
from lykeion.capa.authoring.templates import TEMPLATES, Template, new_question, template_xml
from lykeion.capa.authoring.types import SimpleProblem
from lykeion.capa.authoring.write import to_xml as model_to_xml
from lykeion.capa.calc import CalcError
from lykeion.capa.calc.latex import to_latex
from lykeion.capa.chem.page import is_readable, to_html
from lykeion.capa.compile import compile_problem
from lykeion.capa.lint.check import findings
from lykeion.capa.lint.types import Finding
from lykeion.capa.markdown.back import to_markdown
from lykeion.capa.markdown.convert import to_xml
from lykeion.capa.markdown.meaning import first_difference, normal
from lykeion.capa.problem import Problem
from lykeion.capa.responses.code import newest, run_order, without_files
from lykeion.capa.source import max_points, plain_text
from lykeion.capa.types import CapaError, ScriptRunner, untranslated

__all__ = [
    "TEMPLATES",
    "Concern",
    "Finding",
    "Mark",
    "Problem",
    "Template",
    "check",
    "check_markdown",
    "completions",
    "findings",
    "markdown_to_xml",
    "max_score",
    "new_problem",
    "new_question",
    "newest",
    "parse",
    "preview",
    "preview_chemistry",
    "read_visual",
    "run_order",
    "same_problem",
    "search_text",
    "visual_concerns",
    "without_files",
    "write_visual",
    "xml_to_markdown",
]


def parse(xml: str, *, problem_id: str, seed: int, student_id: str = "", runner: ScriptRunner | None = None) -> Problem:
    """Compile an author's problem for one seed.

    `problem_id` is put in front of all ids in the page; `student_id` is the learner's anonymous id, which scripts may
    see (a problem without a script does not depend on it, so it can be shared). Changes nothing. Raises ProblemError
    with the author's line, ScriptsUnavailable when there is Python and no `runner`, ScriptError when the Python fails.
    """
    return compile_problem(xml, problem_id=problem_id, seed=seed, student_id=student_id, runner=runner)


def max_score(xml: str) -> float:
    """The most that can be earned before any weight; 0 for a broken problem. Never raises; about 100 µs."""
    return float(max_points(xml))


def search_text(xml: str) -> str:
    """The words of a problem for a search index: without scripts, answers, hints and solutions. Never raises."""
    return plain_text(xml)


def markdown_to_xml(text: str) -> str:
    """A problem in Studio's simple syntax as XML, always well-formed. Raises ProblemError for one that is too long."""
    return to_xml(text)


def xml_to_markdown(xml: str) -> str:
    """A problem in Studio's simple syntax, which `markdown_to_xml` makes into the same problem again.

    The same: questions, answers, grading, feedback, hints and the words of the page; attributes of the `<problem>` are
    settings, and not in it. Raises NoMarkdown with line and reason for what the syntax cannot say, ProblemError for
    what is no XML.
    """
    return to_markdown(xml)


def same_problem(xml: str, other: str) -> bool:
    """Whether two texts are the same problem (see `xml_to_markdown`), however they are written. Never raises."""
    try:
        one, two = normal(xml), normal(other)
    except CapaError:
        return False
    return first_difference(one, two) is None and len(one) == len(two)


def read_visual(xml: str) -> SimpleProblem:
    """The problem as a visual editor shows it: `write_visual` makes it into the same problem again.

    The same: questions, answers, grading, feedback, hints, the words of the page, attributes of the `<problem>`. Raises
    BeyondVisual with line and reason for what the editor has no place for, ProblemError for what is no XML.
    """
    return to_model(xml)


def write_visual(problem: SimpleProblem) -> str:
    """The XML of a problem of the visual editor, always well-formed; what only looks like markup becomes text."""
    return model_to_xml(problem)


def check(xml: str) -> tuple[Mark, ...]:
    """All that is wrong in a problem, by line and letter; runs nothing of it. Never raises: no XML is a mark, too."""
    return marks(xml)


def check_markdown(text: str) -> tuple[Mark, ...]:
    """Lines of Studio's simple syntax that mean something else than they seem to. Never raises."""
    return advice(text)


def visual_concerns(problem: SimpleProblem) -> tuple[Concern, ...]:
    """What a problem of the visual editor still lacks, question by question; nothing in it has a line. Never raises."""
    return concerns(problem)


def completions(gettext: Callable[[str], str] = untranslated) -> list[dict[str, Any]]:
    """The words of the problem language for an editor that completes them.

    Elements as `{name, attributes: [{name, about?, values?}], children?, about?, top?}`; `about` is one translated
    sentence, plain text; without `children` any element may stand inside.
    """
    return schema(gettext)


def new_problem(name: str, gettext: Callable[[str], str] = untranslated) -> str:
    """The XML of the template of this name (see TEMPLATES). Raises KeyError for a name that is not there."""
    return template_xml(name, gettext)


def preview(formula: str) -> str | None:
    """TeX of what a learner typed, '' for a blank, None while it cannot be read. Knows no variables and no values."""
    try:
        return to_latex(formula)
    except (CalcError, RecursionError):  # a power of a power of a power ...
        return None


def preview_chemistry(equation: str) -> tuple[str, bool]:
    """HTML of a chemical equation that a learner typed, and whether all of it can be read. Never raises."""
    return to_html(equation), is_readable(equation)
