"""Courses of our own making, of any size, for benchmarks."""

from __future__ import annotations

from pathlib import Path

TEXT = (
    "<p>"
    + "Spacing what you practise makes it stay. " * 12
    + '<a href="/jump_to_id/u0">Back</a></p><p><img src="/static/a.png" alt=""></p>'
)
CHOICE = (
    '<problem display_name="Question {n}"><multiplechoiceresponse><label>Which of these is number {n}?</label>'
    '<choicegroup type="MultipleChoice"><choice correct="true">This</choice><choice correct="false">That</choice>'
    '<choice correct="false">Neither</choice></choicegroup></multiplechoiceresponse></problem>'
)
NUMBER = (
    '<problem display_name="Sum {n}"><numericalresponse answer="{n}"><label>What is {n} + 0?</label>'
    '<responseparam type="tolerance" default="1%"/><formulaequationinput/></numericalresponse></problem>'
)
POLICY = (
    '{"GRADER": [{"type": "Homework", "short_label": "HW", "min_count": 4, "drop_count": 1, "weight": 1.0}],'
    ' "GRADE_CUTOFFS": {"A": 0.9, "Pass": 0.5}}'
)


def write_course(folder: Path, *, name: str, units: int, sections: int = 10, per_unit: int = 10) -> Path:
    """Writes OLX of ``units`` units of ``per_unit`` blocks each (the last three are problems), 10 units a subsection.

    Blocks in all: about ``units * (per_unit + 1.1)``. Every other subsection is graded.
    """
    for kind in ("course", "chapter", "policies/bench", "static"):
        (folder / kind).mkdir(parents=True, exist_ok=True)
    (folder / "course.xml").write_text(f'<course url_name="bench" org="Bench" course="{name}"/>')
    (folder / "policies" / "bench" / "grading_policy.json").write_text(POLICY)
    (folder / "static" / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    subsections = [range(first, min(first + 10, units)) for first in range(0, units, 10)]
    sections = min(sections, len(subsections))
    chapters = "".join(f'<chapter url_name="c{number}"/>' for number in range(sections))
    (folder / "course" / "bench.xml").write_text(
        f'<course display_name="Bench {name}" start="2020-01-01T00:00:00Z" self_paced="true">{chapters}</course>'
    )
    for number in range(sections):
        inside = "".join(
            _subsection(place, subsections[place], per_unit) for place in range(number, len(subsections), sections)
        )
        chapter = f'<chapter display_name="Section {number}">{inside}</chapter>'
        (folder / "chapter" / f"c{number}.xml").write_text(chapter)
    return folder


def _subsection(place: int, units: range, per_unit: int) -> str:
    graded = ' format="Homework" graded="true"' if place % 2 == 0 else ""
    inside = "".join(_unit(unit, per_unit) for unit in units)
    return f'<sequential url_name="s{place}" display_name="Subsection {place}"{graded}>{inside}</sequential>'


def _unit(unit: int, per_unit: int) -> str:
    texts = "".join(
        f'<html url_name="h{unit}_{place}" display_name="Text {place}"><![CDATA[{TEXT}]]></html>'
        for place in range(per_unit - 3)
    )
    problems = "".join(
        (NUMBER if place == 1 else CHOICE)
        .replace("<problem ", f'<problem url_name="p{unit}_{place}" ')
        .replace("{n}", str(unit))
        for place in range(3)
    )
    return f'<vertical url_name="u{unit}" display_name="Unit {unit}">{texts}{problems}</vertical>'
