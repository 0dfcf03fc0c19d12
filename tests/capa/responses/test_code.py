"""coderesponse: what is handed to graders elsewhere, in the words of Open edX."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from lykeion.capa.api import newest, parse
from lykeion.capa.problem import Problem
from lykeion.capa.types import AnswerError, GraderOrder, InputResult, ProblemError, UploadedFile, View

CODE = """<problem><coderesponse{attributes}>{entry}<codeparam>
<initial_display>start</initial_display><answer_display>print(1) &lt; 2</answer_display>
<grader_payload>{{"grader": "$x.py"}}</grader_payload></codeparam></coderesponse></problem>"""


class Alices:
    """The way to the graders, as Alice's submission has it."""

    student_id = "a11ce"
    default_queue = "Lyceum-ETH1"
    at = datetime(2026, 3, 1, 12, 30, 5, tzinfo=UTC)

    def new_key(self) -> str:
        return "5ecret"

    def check(self, url: str) -> None: ...

    def ask(self, url: str, fields: Any) -> str:
        raise AssertionError("nobody is asked")


def problem(attributes: str = "", entry: str = "<textbox/>") -> Problem:
    return parse(CODE.format(attributes=attributes, entry=entry), problem_id="q", seed=7)


def order(made: Problem, answer: Any) -> GraderOrder:
    [only] = made.grade({"q_2_1": answer}, graders=Alices()).orders
    return only


def test_an_answer_waits_until_its_grader_replies() -> None:
    grading = problem().grade({"q_2_1": "print(1)"}, graders=Alices())

    waiting = InputResult("incomplete", msg="queued", queuestate={"key": "5ecret", "time": "20260301123005"})
    assert grading.correct_map == {"q_2_1": waiting}
    assert (grading.score, grading.total, grading.success, grading.queued) == (0, 1, "incorrect", True)


def test_the_order_says_who_when_what_and_the_authors_word_as_it_is() -> None:
    made = order(problem(), "print(1)")

    info = {"anonymous_student_id": "a11ce", "submission_time": "20260301123005", "random_seed": 7}
    assert (made.queue, made.key, made.dispatch) == ("Lyceum-ETH1", "5ecret", "score_update")
    assert json.loads(made.body["student_info"]) == info
    assert made.body == {
        "student_info": made.body["student_info"],
        "student_response": "print(1)",
        "grader_payload": '{"grader": "$x.py"}',
    }


def test_the_author_may_name_the_queue() -> None:
    assert order(problem(' queuename="robots"'), "x").queue == "robots"


def test_files_go_with_the_order_and_the_answer_in_it_is_empty() -> None:
    files = [UploadedFile("a.py", b"print(1)"), UploadedFile("b.py", b"print(2)")]

    made = order(problem(entry="<filesubmission/>"), files)

    assert (made.files, made.body["student_response"]) == (tuple(files), "")


def test_the_right_answer_is_shown_as_code() -> None:
    shown = problem().show_answers()["q_2_1"]

    assert shown == '<span class="code-answer"><pre><code>print(1) &lt; 2</code></pre></span>'


def test_without_a_grader_nothing_is_lost() -> None:
    with pytest.raises(AnswerError, match="No grader has been set up"):
        problem().grade({"q_2_1": "x"})


def test_without_an_answer_nothing_is_lost() -> None:
    with pytest.raises(AnswerError, match="missing"):
        problem().grade({}, graders=Alices())


def test_a_question_without_parameters_is_the_authors_slip() -> None:
    with pytest.raises(ProblemError, match="line 1: <coderesponse> has no <codeparam>"):
        parse("<problem><coderesponse><textbox/></coderesponse></problem>", problem_id="q", seed=1)


def test_the_page_says_that_the_answer_is_being_processed() -> None:
    made = problem()
    results = made.grade({"q_2_1": "x"}, graders=Alices()).correct_map

    html = made.render(View(answers={"q_2_1": "x"}, correct_map=results, done=True, submitted=True))

    assert "Processing" in html
    assert "replaced with the grader&#x27;s feedback" in html
    assert ">queued<" not in html


def test_a_matlab_box_can_be_run_before_it_is_submitted() -> None:
    made = problem(entry="<matlabinput><plot_payload>plot</plot_payload></matlabinput>")

    html = made.render(View(url="/q", input_state={"q_2_1": {"queue_msg": "<p>x = 1</p>"}}))

    assert 'formaction="/q/input_ajax"' in html
    assert '<div class="capa-run" aria-live="polite"><p>x = 1</p></div>' in html


@pytest.mark.parametrize(
    ("times", "found"),
    [
        ([], None),
        (["20260301123005", "20260301123009"], datetime(2026, 3, 1, 12, 30, 9)),  # as it is kept
        (["yesterday"], None),
    ],
)
def test_the_newest_answer_that_waits(times: list[str], found: datetime | None) -> None:
    results = {str(place): InputResult("incomplete", queuestate={"time": time}) for place, time in enumerate(times)}

    assert newest(results) == found
