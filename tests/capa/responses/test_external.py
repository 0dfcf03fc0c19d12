"""externalresponse: what is asked, and what the answer means."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from lykeion.capa.api import parse
from lykeion.capa.types import AnswerError, Grading, InputResult, ProblemError

ASKING = """<problem><externalresponse url="https://graders.example/py" tests="repeat:5">
{entries}<answer>def f(): pass</answer></externalresponse></problem>"""
REPLY = "<edxgrade><awarddetail>{award}</awarddetail><message>{message}</message></edxgrade>"


class Elsewhere:
    """A program elsewhere that answers what it is told to."""

    student_id, default_queue, at = "a11ce", "A-B", datetime(2026, 3, 1, tzinfo=UTC)

    def __init__(self, reply: str) -> None:
        self.reply = reply
        self.asked: list[tuple[str, Mapping[str, str]]] = []

    def new_key(self) -> str:
        return "k"

    def check(self, url: str) -> None: ...

    def ask(self, url: str, fields: Mapping[str, str]) -> str:
        self.asked.append((url, fields))
        return self.reply


def grade(reply: str, entries: str = "<textline/>", answers: tuple[str, ...] = ("x",)) -> tuple[Grading, Elsewhere]:
    there = Elsewhere(reply)
    problem = parse(ASKING.format(entries=entries), problem_id="q", seed=1)
    given = {f"q_2_{number}": answer for number, answer in enumerate(answers, 1)}
    return problem.grade(given, graders=there), there


@pytest.mark.parametrize(
    ("award", "correctness"),
    [("EXACT_ANS", "correct"), ("WRONG_FORMAT", "incorrect"), ("APPROX_ANS", "correct"), ("", "correct")],
)
def test_only_a_wrong_format_is_wrong(award: str, correctness: str) -> None:
    grading, _ = grade(REPLY.format(award=award, message="&lt;b&gt;Seen&lt;/b&gt;"))

    assert grading.correct_map == {"q_2_1": InputResult(correctness, msg="<b>Seen</b>")}


def test_the_form_has_the_fields_of_open_edx() -> None:
    _, there = grade(REPLY.format(award="EXACT_ANS", message="ok"))

    [(url, fields)] = there.asked
    assert url == "https://graders.example/py"
    assert fields["xml"].startswith('<externalresponse url="https://graders.example/py"')
    assert {name: value for name, value in fields.items() if name != "xml"} == {
        "edX_cmd": "get_score",
        "edX_tests": "repeat:5",
        "processor": "def f(): pass",
        "edX_student_response": '["x"]',
    }


def test_two_inputs_get_the_one_verdict_and_the_first_the_message() -> None:
    grading, there = grade(REPLY.format(award="WRONG_FORMAT", message="no"), "<textline/><textline/>", ("a", "b"))

    assert there.asked[0][1]["edX_student_response"] == '["a", "b"]'
    assert grading.correct_map == {"q_2_1": InputResult("incorrect", msg="no"), "q_2_2": InputResult("incorrect")}


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "not XML",
        "<edxgrade/>",
        "<edxgrade><awarddetail>EXACT_ANS</awarddetail></edxgrade>",
        '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>',
    ],
)
def test_a_reply_that_makes_no_sense_costs_no_attempt(reply: str) -> None:
    with pytest.raises(AnswerError, match="makes no sense"):
        grade(reply)


def test_entities_in_a_reply_read_no_files() -> None:
    hostile = '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + REPLY.format(
        award="EXACT_ANS", message="[&e;]"
    )

    grading, _ = grade(hostile)

    assert "root" not in grading.correct_map["q_2_1"].msg


@pytest.mark.parametrize(
    ("xml", "why"),
    [
        ("<externalresponse><textline/><answer>x</answer></externalresponse>", "missing its required attribute url"),
        ('<externalresponse url="http://a"><textline/></externalresponse>', "Missing answer script code"),
        ('<externalresponse url="http://a"><textline/><answer src="a"/></externalresponse>', "put the code into"),
    ],
)
def test_the_authors_slips_are_named(xml: str, why: str) -> None:
    with pytest.raises(ProblemError, match=why):
        parse(f"<problem>{xml}</problem>", problem_id="q", seed=1)
