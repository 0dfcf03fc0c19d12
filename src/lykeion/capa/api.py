"""The door of the problem language.

problem = parse(xml, problem_id="i4x-...", seed=1)
grading = problem.grade({"i4x-..._2_1": "choice_1"})
html = problem.render(View(answers=..., correct_map=grading.correct_map, done=True))
"""

from lykeion.capa.calc import CalcError
from lykeion.capa.calc.latex import to_latex
from lykeion.capa.chem.page import is_readable, to_html
from lykeion.capa.compile import compile_problem
from lykeion.capa.lint.check import findings
from lykeion.capa.lint.types import Finding
from lykeion.capa.markdown.back import to_markdown
from lykeion.capa.markdown.convert import to_xml
from lykeion.capa.problem import Problem
from lykeion.capa.responses.code import newest, run_order, without_files
from lykeion.capa.source import max_points, plain_text
from lykeion.capa.types import ScriptRunner

__all__ = [
    "Finding",
    "Problem",
    "findings",
    "markdown_to_xml",
    "max_score",
    "newest",
    "parse",
    "preview",
    "preview_chemistry",
    "run_order",
    "search_text",
    "without_files",
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


def preview(formula: str) -> str | None:
    """TeX of what a learner typed, '' for a blank, None while it cannot be read. Knows no variables and no values."""
    try:
        return to_latex(formula)
    except (CalcError, RecursionError):  # a power of a power of a power ...
        return None


def preview_chemistry(equation: str) -> tuple[str, bool]:
    """HTML of a chemical equation that a learner typed, and whether all of it can be read. Never raises."""
    return to_html(equation), is_readable(equation)
