"""Authors are told what they may have meant: the line, the cause, and how to mend it."""

from __future__ import annotations

import json
import re
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from lykeion.capa.api import findings
from lykeion.capa.types import ProblemError

SLIPS = """<problem max_attemps="3" data-own="x">
  <multiplechoiceresponse partial_credits="points">
    <label>Which?</label>
    <choicegroup shufle="true">
      <choice corect="true" correct="true">a</choice>
    </choicegroup>
    <solutoin>why</solutoin>
  </multiplechoiceresponse>
  <p aligned="left">Any attribute of HTML.</p>
</problem>"""


def _found(xml: str) -> list[str]:
    return [str(finding) for finding in findings(xml)]


def test_slips_of_the_pen_are_told_with_their_line_and_the_word_that_was_meant() -> None:
    assert _found(SLIPS) == [
        "line 1: unknown attribute max_attemps of <problem>; did you mean max_attempts?",
        "line 2: unknown attribute partial_credits of <multiplechoiceresponse>; did you mean partial_credit?",
        "line 4: unknown attribute shufle of <choicegroup>; did you mean shuffle?",
        "line 5: unknown attribute corect of <choice>; did you mean correct?",
        "line 7: unknown element <solutoin>; did you mean <solution>?",
    ]


CHOICES = '<choice correct="true">a</choice><choice correct="false">b</choice>'
BOXES = f"<checkboxgroup>{CHOICES}</checkboxgroup>"
ONE_LINE: dict[str, str] = {
    '<textline colour="red"/>': (
        "unknown attribute colour of <textline>; nothing reads it: remove it, or look up its name"
    ),
    "<wobble>x</wobble>": "unknown element <wobble>; browsers show only the text in it: use an element of HTML",
    "<choicegroup/>": "<choicegroup> has nothing to choose from; put its choices inside it",
    '<choicegroup><choice correct="false">a</choice></choicegroup>': (
        'no choice of <choicegroup> is right; write correct="true" at the right one: a selection of none is never right'
    ),
    '<choicegroup><choice name="a" correct="true"/><choice name="a" correct="false"/></choicegroup>': (
        "two choices have the name a; give each one its own, or they are one and the same to the grader"
    ),
    "<optioninput options=\"('a','b')\" correct=\"c\"/>": (
        "the right answer 'c' of <optioninput> is not among its options; "
        "write it as in options, with the same spaces and capitals"
    ),
    '<optioninput><option correct="True">a</option><option correct="true">b</option></optioninput>': (
        'several options of <optioninput> are right; leave correct="true" at one of them only'
    ),
    "<optioninput options=\"('a','a','b')\" correct=\"b\"/>": (
        "two options of <optioninput> read a; give each one its own, or they are one and the same to the grader"
    ),
    '<numericalresponse answer="5 apples"/>': (
        "the answer '5 apples' cannot be read as a number; "
        "write a number, an expression such as 2*pi, or a range such as [1,2)"
    ),
    '<numericalresponse answer="[7,5]"/>': "the range [7,5] holds no number; write the smaller end first",
    '<responseparam type="tolerance" default="5 percent"/>': (
        "the tolerance '5 percent' is no number; write a number such as 0.01, or a share of the answer such as 5%"
    ),
    '<responseparam type="tolerance" default="-1"/>': (
        "the tolerance '-1' is no number; write a number such as 0.01, or a share of the answer such as 5%"
    ),
    '<numtolerance_input answer="1" tolerance="much"/>': (
        "the tolerance 'much' is no number; write a number such as 0.01, or a share of the answer such as 5%"
    ),
    '<textline points="2.5"/>': "points of <textline> is no whole number; write a whole number such as 2",
    '<choiceresponse partial_credit="half"/>': (
        "partial_credit of <choiceresponse> is 'half'; it may be EDC, halves, or false"
    ),
    '<choiceresponse partial_credit="EDC, halves"/>': (
        "<choiceresponse> has two kinds of partial credit; choose one of EDC, halves"
    ),
    '<numericalresponse answer="1" partial_credit="list"/>': (
        'partial_credit is list, and there is no list; write partial_answers="1,2" in <responseparam>'
    ),
    f'<multiplechoiceresponse partial_credit="points">{CHOICES}</multiplechoiceresponse>': (
        'partial_credit is points, and no choice is partly right; write correct="partial" at a choice'
    ),
    "<p><choicehint>x</choicehint></p>": "<choicehint> in <p> is never shown; it belongs right inside <choice>",
    BOXES.replace("a</", 'a<choicehint selected="yes">x</choicehint></'): (
        '<choicehint> of a checkbox does not say when it is shown; write selected="true" or selected="false"'
    ),
    BOXES.replace("</checkboxgroup>", '<compoundhint value="A C">x</compoundhint></checkboxgroup>'): (
        "<compoundhint> is for the choices C, which are not there; the choices are A B, with spaces between them"
    ),
    '<hintgroup><stringhint name="a" answer="1"/><hintpart on="b"><text>x</text></hintpart></hintgroup>': (
        "<hintpart> is shown on 'b', and no hint has that name; write the name of a hint of this group"
    ),
    '<stringresponse answer="a" type="ci"><correcthint>x</correcthint><stringequalhint answer="A">y</stringequalhint>'
    "</stringresponse>": (
        "<stringequalhint> is for a right answer, which has its own feedback; "
        "put its text in <correcthint>, or mend its answer"
    ),
    '<stringresponse answer="a"><textline/></stringresponse>': (
        "<textline> has no label; write what is asked in <label> as the first thing in the question"
    ),
    '<img src="a.png"/>': (
        'the picture a.png has no alt; say in alt="..." what it shows, or write alt="" where it only decorates'
    ),
    '<p id="a"/><p id="a"/>': "the id a stands here for the second time; give each element its own",
    '<solutionset><solution explanation-id="a"/><solution explanation-id="a"/></solutionset>': (
        "explanation-id a is used twice in <solutionset>; only the first is shown: give each its own"
    ),
    '<customresponse cfn="judge"/>': (
        "no script defines judge, which cfn of <customresponse> asks for; "
        'write def judge(...): in a <script type="loncapa/python">, or mend the name'
    ),
    '<hintgroup hintfn="tell"/>': (
        "no script defines tell, which hintfn of <hintgroup> asks for; "
        'write def tell(...): in a <script type="loncapa/python">, or mend the name'
    ),
}


@pytest.mark.parametrize("inside", ONE_LINE)
def test_a_slip_is_told_with_line_cause_and_how_to_mend_it(inside: str) -> None:
    assert _found(f"<problem>\n{inside}</problem>") == [f"line 2: {ONE_LINE[inside]}"]


def test_a_script_that_is_no_python_is_told_with_its_line_in_the_file() -> None:
    first = '<script type="loncapa/python">\nx = 1\n</script>'
    second = '<script type="loncapa/python">\nif x &lt; 2\n  y = 1\n</script>'

    assert _found(f"<problem>\n{first}\n<p>Text</p>\n{second}\n</problem>") == [
        "line 7: the script is no Python: expected ':'; mend the code at this line"
    ]


def test_python_2_is_called_by_its_name() -> None:
    answer = '<customresponse><answer type="loncapa/python">\nprint 1\n</answer></customresponse>'

    assert _found(f"<problem>\n{answer}\n</problem>") == [
        "line 3: the script is no Python: Missing parentheses in call to 'print'. Did you mean print(...)?; "
        "scripts are Python 3: write print(x)"
    ]


@pytest.mark.parametrize(
    "script",
    ["def judge(e, a): pass", "judge = 1", "from lib import judge", "from lib import *", "class judge: pass"],
)
def test_a_function_that_a_script_defines_or_may_define_is_there(script: str) -> None:
    assert _found(f'<problem><script>{script}</script><customresponse cfn="judge"/></problem>') == []


def test_what_only_the_script_decides_is_left_alone() -> None:
    number = '<numericalresponse answer="$x"><responseparam type="tolerance" default="$t"/></numericalresponse>'
    group = '<choicegroup><choice correct="$right">a</choice></choicegroup><optioninput options="$o" correct="$c"/>'

    assert _found(f"<problem>{number}{group}</problem>") == []


def test_nothing_of_a_script_runs() -> None:
    assert _found("<problem><script>raise SystemExit(1 / 0)</script></problem>") == []


def test_what_is_no_xml_is_a_problem_of_its_own() -> None:
    with pytest.raises(ProblemError, match="line 1"):
        findings("<problem>")


def test_problems_of_real_courses_have_no_false_alarms(shared: Path) -> None:
    """What is left is true, in a course and again among the cases: no choice is right, two options are the same."""
    found: list[str] = []
    count = 0
    for xml in _problems(shared):
        count += 1
        found += [finding.message for finding in findings(xml) if finding.level != "access"]

    assert count > 600
    assert sorted(message.partition(";")[0] for message in found) == [
        "no choice of <choicegroup> is right",
        "no choice of <choicegroup> is right",
        "two options of <optioninput> read an incorrect answer",
        "two options of <optioninput> read an incorrect answer",
    ]


def _problems(shared: Path) -> Iterator[str]:
    for line in (shared / "capa/real.cases.jsonl").read_text(encoding="utf-8").splitlines():
        yield json.loads(line)["xml"]
    for path in sorted((shared / "courses").iterdir()):
        with tarfile.open(path) as archive:
            for member in archive:
                if member.isfile() and re.search(r"/problem/[^/]+\.xml$", member.name):
                    yield archive.extractfile(member).read().decode("utf-8")  # type: ignore[union-attr]  # it is a file
