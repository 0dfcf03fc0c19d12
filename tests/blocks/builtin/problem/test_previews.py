"""What an input asks while it is being filled in."""

from __future__ import annotations

from tests.blocks.builtin.problem.asking import problem, send

CHEMISTRY = (
    "<problem><customresponse><chemicalequationinput/>"
    '<answer type="loncapa/python">correct = ["correct"]</answer></customresponse></problem>'
)


def test_a_chemical_equation_is_shown_while_it_is_typed() -> None:
    seen = problem(CHEMISTRY)

    read = send(seen, "input_ajax", ("dispatch", "preview_chemcalc"), ("formula", "H2O"), ("request_start", "7")).json
    unread = send(seen, "input_ajax", ("dispatch", "preview_chemcalc"), ("formula", "H2O -> <b>")).json

    assert (read["preview"], read["error"]) == ('<span class="math">H<sub>2</sub>O</span>', "")
    assert (read["readable"], read["request_start"]) == (True, "7")
    assert unread["preview"].endswith('→<span class="inline-error inline"> &lt;b&gt;</span></span>')
    assert unread["readable"] is False


def test_a_preview_of_nothing_says_so() -> None:
    reply = send(problem(CHEMISTRY), "input_ajax", ("dispatch", "preview_chemcalc")).json

    assert (reply["preview"], reply["error"]) == ("", "No formula specified.")


def test_other_questions_are_refused() -> None:
    reply = send(problem(CHEMISTRY), "input_ajax", ("dispatch", "format_disk"), ("formula", "H2O"))

    assert reply.status_int == 404
