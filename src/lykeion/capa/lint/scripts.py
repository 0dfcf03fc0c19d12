"""Authors' Python: read, never run."""

import ast
import builtins
import re
import warnings
from collections.abc import Iterator
from typing import Final

from lykeion.capa.lint.types import Finding, at, is_open
from lykeion.capa.source import Element, is_python, line_in_problem, line_of, python_script
from lykeion.capa.types import gettext_noop

_NAME: Final = re.compile(r"\s*([A-Za-z_]\w*)")
_GIVEN: Final = frozenset(dir(builtins))
_HAVE_CODE: Final = ("customresponse", "schematicresponse")


def scripts(root: Element) -> Iterator[Finding]:
    """Syntax errors, with the line of the author's file; functions that questions ask for and no script defines."""
    code = python_script(root)
    tree = _tree(code)
    if isinstance(tree, SyntaxError):
        yield _syntax(tree, line_in_problem(root, tree.lineno or 1))
    else:
        yield from _undefined(root, tree)
    for response in root.iter(*_HAVE_CODE):
        for answer in filter(is_python, response.findall("answer")):
            yield from _answer(answer)


def _tree(code: str) -> ast.Module | SyntaxError:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python's own advice about the author's style
            return ast.parse(code)
    except SyntaxError as error:
        return error
    except (ValueError, RecursionError, MemoryError) as error:
        return SyntaxError(str(error) or "it is nested too deep")


def _syntax(error: SyntaxError, line: int | None) -> Finding:
    cause = gettext_noop("the script is no Python: {error}")
    old = "print" in (error.text or "") or "exec" in (error.msg or "")
    mend = gettext_noop("scripts are Python 3: write print(x)") if old else gettext_noop("mend the code at this line")
    return Finding(line, "script-syntax", cause, mend, {"error": error.msg})


def _answer(answer: Element) -> Iterator[Finding]:
    """The code in a question may be indented as a whole; the engine leaves that to Python too."""
    tree = _tree(answer.text or "")
    if isinstance(tree, SyntaxError):
        yield _syntax(tree, (line_of(answer) or 1) + (tree.lineno or 1) - 1)


def _undefined(root: Element, tree: ast.Module) -> Iterator[Finding]:
    names = _defined(tree)
    for element in root.iter("customresponse", "hintgroup"):
        attribute = "cfn" if element.tag == "customresponse" else "hintfn"
        asked = element.get(attribute)
        found = _NAME.match(asked or "")
        if found is None or is_open(asked) or names is None or found.group(1) in names:
            continue
        cause = gettext_noop("no script defines {name}, which {attribute} of <{tag}> asks for")
        mend = gettext_noop('write def {name}(...): in a <script type="loncapa/python">, or mend the name')
        yield at(element, "undefined-function", cause, mend, name=found.group(1), attribute=attribute)


def _defined(tree: ast.Module) -> set[str] | None:
    """All names that the script gives a value to, anywhere; None where a module brings names nobody can see here."""
    names = set(_GIVEN)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            if any(alias.name == "*" for alias in node.names):
                return None
            names.update((alias.asname or alias.name).partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("exec", "globals"):
            return None
    return names
