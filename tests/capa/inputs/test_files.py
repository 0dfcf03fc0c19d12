"""Files are checked before any grader sees them."""

from __future__ import annotations

import pytest

from lykeion.capa.inputs.files import MOST_BYTES, MOST_FILES
from lykeion.capa.types import AnswerError, UploadedFile
from tests.capa.inputs.asking import ID, only, problem, shown

ASKED = problem(
    '<coderesponse><label>Program</label><filesubmission allowed_files="a.py, b.py" required_files="a.py"/>'
    "<codeparam/></coderesponse>"
)
ANY = problem("<coderesponse><filesubmission/><codeparam/></coderesponse>")
A = UploadedFile("a.py", b"1")


def test_the_chooser_says_which_files_are_wanted() -> None:
    page = shown(ASKED)

    field = only(page, "//input[@type='file']")
    assert (field.get("name"), field.get("multiple")) == (f"input_{ID}[]", "multiple")
    assert only(page, f"//p[@id='rules_{ID}']").text == "Required: a.py. Allowed: a.py, b.py. Up to 4 MB each."
    assert {f"rules_{ID}", f"fault_{ID}"} <= set(field.get("aria-describedby").split())


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ([], "You did not select any files to submit."),
        ([A, UploadedFile("c.py", b"")], "You submitted c.py; only a.py, b.py are allowed."),
        ([UploadedFile("b.py", b"")], "You did not submit the required files: a.py."),
        ([UploadedFile("a.py", bytes(MOST_BYTES + 1))], "Your file a.py is too large (max size: 4 MB)."),
        ([A] * (MOST_FILES + 1), "You selected 21 files; at most 20 can be submitted at once."),
    ],
)
def test_files_that_break_a_rule_are_refused_with_the_words_of_open_edx(
    files: list[UploadedFile], message: str
) -> None:
    with pytest.raises(AnswerError) as refusal:
        ASKED.inputs[0].check_files(files)

    assert refusal.value.message == message


def test_files_that_keep_the_rules_go_on_to_the_grader() -> None:
    ASKED.inputs[0].check_files([A, UploadedFile("b.py", b"2")])
    ANY.inputs[0].check_files([UploadedFile("x.bin", b"")])


def test_what_was_handed_in_is_named() -> None:
    page = shown(ASKED, ["a.py", "<b>.py"])

    assert only(page, "//p[@class='capa-submitted']").text == "Submitted: a.py, <b>.py"
    assert ASKED.inputs[0].value_text([A]) == "a.py"
