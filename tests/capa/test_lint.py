"""Authors are told what they may have meant."""

from __future__ import annotations

import json
from pathlib import Path

from lykeion.capa.lint import findings

SLIPS = """<problem max_attemps="3" data-own="x">
  <multiplechoiceresponse partial_credits="points">
    <choicegroup shufle="true">
      <choice corect="true" correct="true">a</choice>
    </choicegroup>
    <solutoin>why</solutoin>
  </multiplechoiceresponse>
  <p aligned="left">Any attribute of HTML.</p>
</problem>"""


def test_slips_are_told_with_their_line_and_the_word_that_was_meant() -> None:
    assert [str(finding) for finding in findings(SLIPS)] == [
        "line 1: unknown attribute max_attemps of <problem>; did you mean max_attempts?",
        "line 2: unknown attribute partial_credits of <multiplechoiceresponse>; did you mean partial_credit?",
        "line 3: unknown attribute shufle of <choicegroup>; did you mean shuffle?",
        "line 4: unknown attribute corect of <choice>; did you mean correct?",
        "line 6: unknown element <solutoin>; did you mean <solution>?",
    ]


def test_problems_of_real_courses_have_no_false_alarms(shared: Path) -> None:
    lines = (shared / "capa/real.cases.jsonl").read_text(encoding="utf-8").splitlines()

    found = [str(finding) for line in lines for finding in findings(json.loads(line)["xml"])]

    assert found == []
