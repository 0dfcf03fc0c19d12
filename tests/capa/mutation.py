"""Problems spoiled at random, and what must hold of each: it works or it says what is wrong, in bounded time.

A long run: `python -m tests.capa.mutation --seconds 600 [--seed N] [FILE.jsonl ...]`.
"""

from __future__ import annotations

import argparse
import copy
import json
import random
import signal
import sys
import time
import traceback
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from lxml import etree

from lykeion.capa.api import Problem, findings, markdown_to_xml, max_score, parse, search_text, xml_to_markdown
from lykeion.capa.source import INPUT_TAGS, RESPONSE_TAGS
from lykeion.capa.types import AnswerError, CapaError, Check, ScriptError, View

OWN = Path(__file__).parent.parent / "cases" / "capa"
SECONDS_FOR_ONE = 10
WORTHLESS: list[Any] = [
    None,
    True,
    0,
    -1,
    1e400,
    float("nan"),
    "",
    "x" * 5000,
    [],
    {},
    [[]],
    {"a": [1]},
    "\x00",
    "\ud800",
]
VALUES = [
    *(
        "",
        " ",
        "0",
        "-1",
        "1e999",
        "nan",
        "inf",
        "1/0",
        "9" * 400,
        "2^" * 60 + "2",
        "(" * 300,
        "[1,",
        "[1,2]",
        "(1,2)",
        "[2,1]",
    ),
    *(
        "$seed",
        "$x",
        "$",
        "true",
        "TRUE",
        "partial",
        "EDC",
        "halves",
        "points",
        "close,list",
        "list",
        "5%",
        "%",
        "1+2j",
        "x",
    ),
    *(
        "x@1:2#3",
        "x,y@1,1:3,5#10",
        "x@1#1",
        "@:#",
        "x@1:2#-1",
        "x@1:2#1000000",
        "(1,1)-(2,2)",
        "(2,2)-(1,1);",
        "[[1,1],[2,2]]",
    ),
    *(
        "(a+)+$",
        "[",
        "*",
        "a_or_b",
        "ci regexp",
        "cs",
        "('a','b')",
        "('a'",
        "a" * 3000,
        "é\u202e",
        "<b>",
        "&amp;",
        "]]>",
        "{}",
    ),
]
NAMES = [
    *(
        "answer",
        "correct",
        "type",
        "points",
        "partial_credit",
        "name",
        "options",
        "samples",
        "shuffle",
        "answer-pool",
        "fixed",
    ),
    *(
        "rectangle",
        "regions",
        "label",
        "size",
        "value",
        "selected",
        "default",
        "explanation-id",
        "targeted-feedback",
        "id",
    ),
    *(
        "partial_range",
        "partial_answers",
        "point_value",
        "cfn",
        "expect",
        "on",
        "mode",
        "hintfn",
        "width",
        "height",
        "inline",
    ),
]
TAGS = [
    *sorted(RESPONSE_TAGS | INPUT_TAGS),
    *(
        "choice",
        "option",
        "p",
        "label",
        "description",
        "solution",
        "solutionset",
        "targetedfeedback",
        "targetedfeedbackset",
    ),
    *(
        "additional_answer",
        "responseparam",
        "choicehint",
        "optionhint",
        "correcthint",
        "stringequalhint",
        "regexphint",
        "hint",
    ),
    *(
        "compoundhint",
        "hintgroup",
        "hintpart",
        "stringhint",
        "numericalhint",
        "demandhint",
        "text",
        "math",
        "script",
        "answer",
    ),
    *("clarification", "include", "div", "pre", "numtolerance_input", "options", "table", "br"),
]
SCRAPS = [
    "",
    "<",
    ">",
    "&",
    "&#0;",
    "&x;",
    '"',
    "</p>",
    "<p>",
    "<![CDATA[",
    "]]>",
    "<!--",
    "<?x?>",
    "\x00",
    "$",
    "é",
    "<!DOCTYPE a>",
]


class OddRunner:
    """Stands for a place where authors' Python runs, and answers whatever may come back from there."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance

    def _anything(self) -> Any:
        words = ["correct", "incorrect", "partial", "<b>x", "choice_0", "1", *WORTHLESS]
        return self.chance.choice(
            [
                *words,
                {
                    "ok": self.chance.choice(words),
                    "msg": self.chance.choice(words),
                    "grade_decimal": self.chance.choice(words),
                },
                {"input_list": [{"ok": True, "msg": "<", "grade_decimal": 0.5}] * self.chance.randint(0, 3)},
                {"overall_message": self.chance.choice(words), "input_list": self.chance.choice(words)},
            ]
        )

    def context(self, script: str, *, seed: int, variables: Mapping[str, Any]) -> Mapping[str, Any]:
        if self.chance.random() < 0.05:
            raise ScriptError("NameError: name 'x' is not defined")
        return {name: self._anything() for name in ("x", "a", "b", "answer", "value", "f", "expect", "options")}

    def check(self, check: Check, *, seed: int, context: Mapping[str, Any]) -> Any:
        if self.chance.random() < 0.1:
            raise ScriptError("ZeroDivisionError: division by zero")
        if check.function is not None:
            return self._anything()
        return {
            name: self._anything()
            for name in ("correct", "messages", "overall_message", "grade_decimals", "returned", "new_cmap_dict")
        }


def spoiled(xml: str, chance: random.Random) -> str:
    """The problem with one to four changes to its text or to its tree."""
    for _ in range(chance.randint(1, 4)):
        xml = _torn(xml, chance) if chance.random() < 0.2 else _rearranged(xml, chance)
    return xml


def _torn(xml: str, chance: random.Random) -> str:
    start = chance.randint(0, len(xml))
    end = min(len(xml), start + chance.choice([0, 1, 5, 40]))
    scrap = chance.choice([*SCRAPS, xml[start:end] * 2, chance.choice(VALUES)])
    return xml[:start] + scrap + xml[end:]


def _rearranged(xml: str, chance: random.Random) -> str:
    try:
        root = etree.fromstring(xml.encode("utf-8", "replace"), etree.XMLParser(recover=True, resolve_entities=False))
    except etree.XMLSyntaxError:
        return xml
    if root is None:
        return xml
    elements = [element for element in root.iter() if isinstance(element.tag, str)]
    element, other = chance.choice(elements), chance.choice(elements)
    _CHANGES[chance.randrange(len(_CHANGES))](element, other, chance)
    return etree.tostring(root, encoding="unicode")


def _remove(element: Any, other: Any, chance: random.Random) -> None:
    if element.getparent() is not None:
        element.getparent().remove(element)


def _double(element: Any, other: Any, chance: random.Random) -> None:
    if element.getparent() is not None:
        element.getparent().insert(0, copy.deepcopy(element))


def _move(element: Any, other: Any, chance: random.Random) -> None:
    other.append(copy.deepcopy(element))


def _rename(element: Any, other: Any, chance: random.Random) -> None:
    element.tag = chance.choice(TAGS)


def _value(element: Any, other: Any, chance: random.Random) -> None:
    if element.attrib:
        element.set(chance.choice(list(element.attrib)), chance.choice(VALUES))


def _lose(element: Any, other: Any, chance: random.Random) -> None:
    if element.attrib:
        del element.attrib[chance.choice(list(element.attrib))]


def _gain(element: Any, other: Any, chance: random.Random) -> None:
    element.set(chance.choice(NAMES), chance.choice(VALUES))


def _say(element: Any, other: Any, chance: random.Random) -> None:
    element.text = chance.choice(VALUES)


def _nest(element: Any, other: Any, chance: random.Random) -> None:
    etree.SubElement(element, chance.choice(TAGS)).set(chance.choice(NAMES), chance.choice(VALUES))


_CHANGES = [_remove, _double, _move, _rename, _value, _value, _lose, _gain, _gain, _say, _nest]


def try_problem(xml: str, chance: random.Random) -> str:
    """Everything that may be done with a problem; the word for how far it came. Only CapaErrors are caught."""
    max_score(xml)
    search_text(xml)
    for look in (findings, xml_to_markdown):
        try:
            look(xml)
        except CapaError as error:
            assert str(error)
    markdown_to_xml(xml)
    try:
        problem = parse(xml, problem_id="p", seed=chance.randint(0, 3), student_id="s", runner=OddRunner(chance))
    except CapaError as error:
        assert str(error)
        return "refused"
    graded = [_try_answers(problem, answers) for answers in _submissions(problem, chance)]
    return "graded" if any(graded) else "shown"


def _submissions(problem: Problem, chance: random.Random) -> Iterator[dict[str, Any]]:
    yield {}
    yield {key: value for key, value in problem.expected.items() if value is not None}
    for _ in range(3):
        yield {
            entry.id: chance.choice([*WORTHLESS, *VALUES, "choice_0", ["choice_0"], "a"]) for entry in problem.inputs
        }


def _try_answers(problem: Problem, answers: dict[str, Any]) -> bool:
    problem.render(View(answers=answers))
    try:
        grading = problem.grade(answers)
    except AnswerError as error:
        assert error.html(str)
        return False
    except CapaError as error:
        assert str(error)
        return False
    json.dumps([result.to_json() for result in grading.correct_map.values()])
    json.dumps([event.to_json() for event in grading.events])
    problem.explanations(answers, done=True)
    shown = View(answers=answers, correct_map=grading.correct_map, done=True, show_answers=True)
    problem.render(shown)
    return True


def own_problems() -> list[str]:
    """The problems of the test suite."""
    return [(folder / "problem.xml").read_text(encoding="utf-8") for folder in sorted(OWN.iterdir())]


def problems_of(file: Path) -> list[str]:
    """The different problems of a file of cases."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return sorted({json.loads(line)["xml"] for line in lines})


def main() -> int:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--seconds", type=float, default=60)
    arguments.add_argument("--seed", type=int, default=0)
    arguments.add_argument("files", nargs="*", type=Path)
    options = arguments.parse_args()
    return 1 if _long_run(options.files, options.seed, time.monotonic() + options.seconds) else 0


def _long_run(files: list[Path], seed: int, until: float) -> int:
    problems = own_problems() + [problem for file in files for problem in problems_of(file)]
    found: dict[str, int] = {}
    counts: dict[str, int] = {}
    signal.signal(signal.SIGALRM, _too_slow)
    while time.monotonic() < until:
        seed += 1
        chance = random.Random(seed)
        xml = spoiled(chance.choice(problems), chance)
        signal.alarm(SECONDS_FOR_ONE)
        try:
            word = try_problem(xml, chance)
        except Exception as error:  # noqa: BLE001 - what this program looks for
            word = "crashed"
            place = traceback.extract_tb(error.__traceback__)[-1]
            key = f"{type(error).__name__} in {Path(place.filename).name}:{place.lineno}"
            found[key] = found.get(key, 0) + 1
            if found[key] == 1:
                sys.stderr.write(f"--- seed {seed}: {key}\n{xml}\n{''.join(traceback.format_exception(error)[-6:])}\n")
        finally:
            signal.alarm(0)
        counts[word] = counts.get(word, 0) + 1
    sys.stdout.write(f"{json.dumps(counts)} {json.dumps(found)}\n")
    return len(found)


def _too_slow(*_: object) -> None:
    raise TimeoutError(f"longer than {SECONDS_FOR_ONE} s")


if __name__ == "__main__":
    sys.exit(main())
