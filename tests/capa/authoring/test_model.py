"""What the visual editor opens it saves as the same problem; what it cannot hold it does not open."""

from __future__ import annotations

import json
import re
import tarfile
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from lykeion.capa.api import parse, read_visual, write_visual
from lykeion.capa.authoring.types import (
    Accepted,
    BeyondVisual,
    Choice,
    Combination,
    Dropdown,
    Expected,
    Feedback,
    MultiSelect,
    Number,
    Option,
    Question,
    SimpleProblem,
    SingleSelect,
    Text,
)
from lykeion.capa.types import CapaError
from tests.capa.alike import meaning

SINGLE = Question(
    SingleSelect(
        (
            Choice("Paris", correct=True, feedback=Feedback("Yes.", "Well done")),
            Choice("<b>Rome</b>", feedback=Feedback("That is Italy.")),
            Choice("None of them", fixed=True),
        ),
        shuffle=True,
    ),
    label="Which is the capital of France?",
    before="<p>France is a country.</p>",
    description="One is right.",
    explanation="<p>Since 987.</p>",
)
MULTI = Question(
    MultiSelect(
        (
            Choice("2", correct=True, feedback=Feedback("Yes."), unselected=Feedback("It is prime.")),
            Choice("4", feedback=Feedback("2 &lt; 4", "")),
        ),
        (Combination(("A", "B"), Feedback("Not both.")),),
        "EDC",
    ),
    label="Which are prime?",
)
DROPDOWN = Question(Dropdown((Option("a & b", correct=True), Option("c", feedback=Feedback("No.")))), label="Which?")
NUMBER = Question(
    Number(
        "9.81",
        "2%",
        Feedback("Good."),
        (Accepted("10", Feedback("Near enough.")),),
        preview=True,
        units="m/s²",
        size="8",
    ),
    label="How fast?",
    explanation="Loose <b>words</b>",
    explanation_head=None,
)
TEXT = Question(
    Text(
        "Michigan",
        feedback=Feedback("Yes."),
        more=(Accepted("MI"),),
        wrong=(Expected("Ohio", Feedback("South of it.")), Expected("^o", Feedback("?"), regexp=True)),
        size="20",
    ),
    label="Which state?",
    before="Think <i>well</i>",
)


@pytest.mark.parametrize("question", [SINGLE, MULTI, DROPDOWN, NUMBER, TEXT], ids=lambda question: question.kind)
def test_each_kind_comes_back_as_it_was_written(question: Question) -> None:
    problem = SimpleProblem((question,), "<p>The end.</p>", ("Think.", "Think <b>hard</b>."), (("own", 'a "b"'),))

    assert read_visual(write_visual(problem)) == problem


def test_questions_in_one_problem_come_back_in_order() -> None:
    problem = SimpleProblem((TEXT, SINGLE, NUMBER, DROPDOWN, MULTI))

    assert read_visual(write_visual(problem)) == problem


RIGHT: list[tuple[Question, Any, Any]] = [
    (SINGLE, "choice_0", "choice_1"),
    (MULTI, ["choice_0"], ["choice_1"]),
    (DROPDOWN, "a & b", "c"),
    (NUMBER, "9.9", "9"),
    (TEXT, "mi", "Ohio"),
]


@pytest.mark.parametrize(("question", "right", "wrong"), RIGHT, ids=lambda value: getattr(value, "kind", ""))
def test_each_kind_is_graded_as_its_author_says(question: Question, right: Any, wrong: Any) -> None:
    problem = parse(write_visual(SimpleProblem((question,))), problem_id="p", seed=1)

    assert problem.grade({"p_2_1": right}).score == 1
    assert problem.grade({"p_2_1": wrong}).score == 0


def test_a_problem_without_a_question_is_open_to_its_first() -> None:
    assert read_visual("<problem></problem>") == SimpleProblem(())


def test_words_of_authors_that_only_look_like_markup_become_text() -> None:
    xml = write_visual(SimpleProblem((Question(Number("5"), label="a < b & c", before="<p>open"),), hints=("</hint>",)))

    assert read_visual(xml) == SimpleProblem(
        (Question(Number("5"), label="a &lt; b &amp; c", before="&lt;p&gt;open"),), hints=("&lt;/hint&gt;",)
    )


REFUSED = {
    "<script>x = 1</script>": "line 2: The visual editor has no <script>.",
    '<formularesponse answer="x"/>': "line 2: The visual editor has no <formularesponse>.",
    "<p>a</p><!-- mine -->": "line 2: The visual editor would lose the comments of the author.",
    "<div><optionresponse/></div>": "line 2: Here <optionresponse> stands inside other elements.",
    "<multiplechoiceresponse><p/></multiplechoiceresponse>": (
        "line 2: <multiplechoiceresponse> has one <choicegroup> in the visual editor, here it has 0."
    ),
    '<numericalresponse answer="1"><textline points="3"/></numericalresponse>': (
        "line 2: The visual editor has nothing for points of <textline>."
    ),
    '<choiceresponse partial_credit="half"><checkboxgroup/></choiceresponse>': (
        "line 2: The visual editor does not know the partial credit 'half'."
    ),
    '<stringresponse answer="a"><textline/><description>b</description><description>c</description></stringresponse>': (
        "line 2: The visual editor has no place for all that is in <stringresponse>."
    ),
    '<stringresponse answer="a">loose<textline/></stringresponse>': (
        "line 2: The visual editor has no place for all that is in <stringresponse>."
    ),
}


@pytest.mark.parametrize("inside", REFUSED)
def test_what_has_no_place_is_refused_with_line_and_reason(inside: str) -> None:
    with pytest.raises(BeyondVisual) as refusal:
        read_visual(f"<problem>\n{inside}\n</problem>")

    assert str(refusal.value) == REFUSED[inside]


WORDS = st.text("ab1 ([{x}])|=<>&'\"-:,;!@$\\é", max_size=10).map(str.strip)
HTML = WORDS.map(lambda text: escape(text, quote=False))
FEEDBACK = st.none() | st.builds(Feedback, HTML.filter(bool), st.none() | WORDS)
CHOICE = st.builds(Choice, HTML, st.booleans(), FEEDBACK)
BOX = st.builds(Choice, HTML, st.booleans(), FEEDBACK, FEEDBACK)
ACCEPTED = st.builds(Accepted, WORDS, FEEDBACK)
BODIES = st.one_of(
    st.builds(SingleSelect, st.lists(CHOICE, max_size=3).map(tuple), st.booleans()),
    st.builds(MultiSelect, st.lists(BOX, max_size=3).map(tuple), st.just(()), st.sampled_from(["", "EDC", "halves"])),
    st.builds(Dropdown, st.lists(st.builds(Option, WORDS, st.booleans(), FEEDBACK), min_size=1, max_size=3).map(tuple)),
    st.builds(Number, WORDS, WORDS, FEEDBACK, st.lists(ACCEPTED, max_size=2).map(tuple), st.booleans(), WORDS),
    st.builds(
        Text,
        WORDS,
        st.booleans(),
        st.booleans(),
        FEEDBACK,
        st.lists(ACCEPTED, max_size=2).map(tuple),
        st.lists(st.builds(Expected, WORDS, st.builds(Feedback, HTML.filter(bool))), max_size=2).map(tuple),
    ),
)
QUESTIONS = st.builds(Question, BODIES, HTML, HTML.map(lambda text: text and f"<p>{text}</p>"), HTML, HTML)


@settings(max_examples=60, deadline=None)
@given(
    st.builds(SimpleProblem, st.lists(QUESTIONS, max_size=3).map(tuple), HTML, st.lists(HTML, max_size=2).map(tuple))
)
def test_any_model_comes_back(problem: SimpleProblem) -> None:
    assert read_visual(write_visual(problem)) == problem


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=30), st.text("<>&/=\"'pab]!-[? ", max_size=20))
def test_whatever_authors_type_is_well_formed(text: str, markup: str) -> None:
    body = SingleSelect((Choice(markup, feedback=Feedback(text, markup), name=text),))

    xml = write_visual(SimpleProblem((Question(body, text, markup, text, markup, text),), markup, (text, markup)))

    etree.fromstring(xml.encode())


def all_problems(shared: Path) -> Iterator[str]:
    for file in ("real", "made"):
        for line in (shared / f"capa/{file}.cases.jsonl").read_text(encoding="utf-8").splitlines():
            yield json.loads(line)["xml"]
    for course in sorted((shared / "courses").glob("*.tar.gz")):
        with tarfile.open(course) as archive:
            for member in archive:
                if member.isfile() and re.search(r"/problem/[^/]+\.xml$", member.name):
                    yield archive.extractfile(member).read().decode()  # type: ignore[union-attr]  # it is a file


def test_problems_of_courses_and_cases_are_the_same_after_they_were_saved(shared: Path) -> None:
    held = 0
    for xml in set(all_problems(shared)):
        try:
            model = read_visual(xml)
        except CapaError:
            continue
        held += 1
        saved = write_visual(model)
        assert meaning(saved) == meaning(xml), xml
        assert read_visual(saved) == model

    assert held > 570
