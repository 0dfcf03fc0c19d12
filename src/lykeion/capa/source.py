"""From the author's text to a tree that is ready to be compiled: safe XML, scripts found, ids given."""

import re
from collections.abc import Mapping
from typing import Any, Final, cast
from xml.sax.saxutils import unescape

from lxml import etree

from lykeion.capa.types import ProblemError, ScriptError, ScriptRunner, ScriptsUnavailable
from lykeion.core.crowds import MOST_ATTRIBUTES, crowded

Element = etree._Element
MAX_BYTES = 2_000_000
MAX_POINTS = 1_000_000_000  # far from where sums of them stop being exact
INPUT_TAGS: Final = frozenset(
    {
        "annotationinput", "checkboxgroup", "checkboxtextgroup", "chemicalequationinput", "choicegroup", "codeinput",
        "crystallography", "designprotein2dinput", "drag_and_drop_input", "editageneinput", "editamoleculeinput",
        "filesubmission", "formulaequationinput", "imageinput", "javascriptinput", "jsinput", "matlabinput",
        "optioninput", "radiogroup", "radiotextgroup", "schematic", "textbox", "textline", "vsepr_input",
    }
)  # fmt: skip
RESPONSE_TAGS: Final = frozenset(
    {
        "annotationresponse", "choiceresponse", "choicetextresponse", "coderesponse", "customresponse",
        "externalresponse", "formularesponse", "imageresponse", "multiplechoiceresponse", "numericalresponse",
        "optionresponse", "schematicresponse", "stringresponse", "symbolicresponse", "truefalseresponse",
    }
)  # fmt: skip
_SCRIPT_TYPES_THAT_ARE_NOT_PYTHON: Final = ("javascript", "perl")
_OLD_TEXT_TAGS: Final = ((re.compile(r"startouttext\s*/"), "text"), (re.compile(r"endouttext\s*/"), "/text"))


def read(xml: str) -> Element:
    """The tree of a problem. Entities, DTDs and the network are off; comments and processing instructions are gone.

    Raises ProblemError with the author's line.
    """
    if len(xml) > MAX_BYTES:
        raise ProblemError(f"The problem is longer than {MAX_BYTES} characters.")
    if "outtext" in xml:
        for pattern, tag in _OLD_TEXT_TAGS:
            xml = pattern.sub(tag, xml)
    try:
        root = etree.fromstring(xml.encode("utf-8", "surrogatepass") if "<?xml" in xml else xml, _parser())
    except (etree.XMLSyntaxError, ValueError) as error:
        raise _syntax_problem(error) from error
    if root is None:
        raise ProblemError("The problem is empty.")
    if cast(Any, root.getroottree().docinfo).doctype:
        raise ProblemError("A problem must not have a DOCTYPE.", 1)
    if (crowd := crowded(root, xml.count("="))) is not None:
        raise ProblemError(f"No element may have more than {MOST_ATTRIBUTES} attributes.", line_of(crowd))
    return root


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True, huge_tree=False
    )


def _syntax_problem(error: Exception) -> ProblemError:
    if not isinstance(error, etree.XMLSyntaxError):
        return ProblemError(f"The problem is not XML: {error}.")
    line = error.lineno or None
    message = re.sub(r", line \d+, column \d+.*$", "", error.msg or "")
    if "Entity" in message:
        message += "; write the character itself or its number, such as &#160;"
    return ProblemError(f"The problem is not XML: {message}.", line, error.position[1] or None)


def line_of(element: Element) -> int | None:
    """The line of the author's text where an element begins."""
    return cast(int | None, element.sourceline)


def text_of(element: Element) -> str:
    """All text inside an element."""
    return "".join(str(text) for text in element.itertext())


def python_script(root: Element) -> str:
    """All author's Python of the page, in order, as one text."""
    code = "".join(script.text or "" for script in root.iter("script") if is_python(script))
    return unescape(code) if code.strip() else ""


def line_in_problem(root: Element, line: int) -> int | None:
    """Where a line of the whole script (from 1) stands in the author's text."""
    passed = 0
    for script in root.iter("script"):
        if is_python(script):
            count = (script.text or "").count("\n")
            if line <= passed + count + 1:
                return (line_of(script) or 1) + line - passed - 1
            passed += count
    return None


def is_python(script: Element) -> bool:
    """Whether a script is the author's Python: what is not said to be JavaScript or Perl."""
    kind = script.get("type") or ""
    return not any(other in kind for other in _SCRIPT_TYPES_THAT_ARE_NOT_PYTHON)


def take_out(element: Element) -> None:
    """Remove an element and keep the text that follows it."""
    parent = element.getparent()
    if parent is None:
        return
    previous, tail = element.getprevious(), element.tail or ""
    if previous is not None:
        previous.tail = (previous.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    parent.remove(element)


def context_of(root: Element, *, seed: int, student_id: str, runner: ScriptRunner | None) -> tuple[dict[str, Any], str]:
    """The variables that `$name` may stand for, and the script that made them."""
    context: dict[str, Any] = {"seed": seed, "anonymous_student_id": student_id}
    script = python_script(root)
    if script:
        if runner is None:
            raise ScriptsUnavailable("This problem has a Python script, and there is nothing to run scripts in.")
        try:
            context |= runner.context(script, seed=seed, variables=dict(context))
        except ScriptError as error:
            line = None if error.line is None else line_in_problem(root, error.line)
            raise ProblemError(f"Error while executing script code: {error}", line) from error
    context["script_code"] = script
    return context, script


def substitute(text: str, context: Mapping[str, Any]) -> str:
    """Replace each `$name` by its value, longest names first (util.py:contextualize_text)."""
    if "$" not in text:
        return text
    for name in sorted(context, key=len, reverse=True):
        if "$" + name in text:
            text = text.replace("$" + name, str(context[name]))
    return text


def max_points(xml: str) -> int:
    """The sum of all inputs' points; 0 for a problem that cannot be read. Quick: nothing else is looked at."""
    try:
        root = read(xml)
        return sum(_points_of_response(response) for response in root.iter(*RESPONSE_TAGS))
    except (ProblemError, ValueError):
        return 0


def _points_of_response(response: Element) -> int:
    if response.tag == "annotationresponse":
        return 2
    return sum(points(entry) for entry in response.iter(*INPUT_TAGS))


def points(entry: Element) -> int:
    """An input's `points`, 1 if it says nothing. Raises ValueError for what is no whole number up to MAX_POINTS."""
    worth = int(entry.get("points", "1"))
    if abs(worth) > MAX_POINTS:
        raise ValueError(f"points are at most {MAX_POINTS}")
    return worth


_NOT_SEARCHED: Final = frozenset(
    {
        "answer", "choicehint", "compoundhint", "correcthint", "demandhint", "hintgroup", "optionhint", "regexphint",
        "script", "solution", "solutionset", "stringequalhint", "style", "targetedfeedbackset",
    }
)  # fmt: skip


def plain_text(xml: str) -> str:
    """The words a learner reads before answering; '' for a problem that cannot be read."""
    try:
        root = read(xml)
    except ProblemError:
        return ""
    etree.strip_elements(root, *_NOT_SEARCHED, with_tail=False)
    return " ".join(" ".join(str(text) for text in root.itertext()).split())
