"""A course with one problem for each input of the problem language."""

from __future__ import annotations

from html import escape
from pathlib import Path

RUN = "course-v1:Inputs+I1+R"
BY_AUTHOR = '<answer type="loncapa/python">correct = ["correct"]</answer>'
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="600" height="400"><circle cx="310" cy="200" r="40"/></svg>'
GENE = "TAAGGCTATAACCGAGATTGATGCCTTAAGGTGTGAGGGGGCGCTCGAT"


def _graded_by_author(entry: str) -> str:
    return f"<customresponse><label>Question</label>{entry}{BY_AUTHOR}</customresponse>"


PROBLEMS = {
    "code": _graded_by_author('<textbox rows="6" tabsize="2">def f(x):\n  return x</textbox>'),
    "chemistry": _graded_by_author('<chemicalequationinput size="40"/>'),
    "crystal": _graded_by_author('<crystallography width="500" height="400"/>'),
    "geometry": _graded_by_author('<vsepr_input width="5" height="4" molecules="BF3" geometries="AX3E0,AX6E0"/>'),
    "protein": _graded_by_author('<designprotein2dinput width="8" height="5" target_shape="E;NE;NW;none"/>'),
    "gene": _graded_by_author(f'<editageneinput genex_dna_sequence="{GENE}" genex_problem_number="1"/>'),
    "molecule": _graded_by_author('<editamoleculeinput file="/static/water.mol"/>'),
    "annotation": _graded_by_author(
        '<annotationinput><text>A line</text><options><option choice="correct">yes</option>'
        '<option choice="incorrect">no</option></options></annotationinput>'
    ),
    "picture": (
        "<imageresponse><label>Where?</label><imageinput "
        'src="/static/map.svg" width="600" height="400" rectangle="(290,190)-(330,210)" alt="A map"/></imageresponse>'
    ),
    "formula": (
        '<numericalresponse answer="0.5"><label>How much?</label><formulaequationinput trailing_text="m"/>'
        "</numericalresponse>"
    ),
    "choicetext": (
        '<choicetextresponse><label>Which?</label><radiotextgroup><choice correct="true">A mean of '
        '<numtolerance_input answer="4" tolerance="1%"/></choice><choice correct="false">No mean</choice>'
        "</radiotextgroup></choicetextresponse>"
    ),
    "quiet": (  # its verdict is kept back
        '<multiplechoiceresponse><label>Like it?</label><choicegroup show_correctness="never" '
        'submitted_message="Thanks."><choice correct="true">Yes</choice><choice correct="false">No</choice>'
        "</choicegroup></multiplechoiceresponse>"
    ),
    "inline": (
        "<p>Water is <optionresponse inline='1'><optioninput inline='1' label='Kind' "
        "options=\"('wet','dry')\" correct='wet'/></optionresponse> stuff.</p>"
    ),
    "tags": (
        "<annotationresponse><annotationinput><text>A line</text><options><option choice='correct'>yes</option>"
        "<option choice='incorrect'>no</option></options></annotationinput></annotationresponse>"
    ),
}


def write_course(folder: Path) -> Path:
    """The course as OLX in ``folder``: one unit a problem."""
    units = "".join(f'<vertical url_name="u_{name}"><problem url_name="{name}"/></vertical>' for name in PROBLEMS)
    (folder / "problem").mkdir(parents=True)
    (folder / "static").mkdir()
    (folder / "course.xml").write_text(
        '<course url_name="R" org="Inputs" course="I1" display_name="Inputs" start="2020-01-01T00:00:00Z">'
        f'<chapter url_name="chapter"><sequential url_name="all">{units}</sequential></chapter></course>'
    )
    for name, xml in PROBLEMS.items():
        text = f'<problem display_name="{escape(name)}" showanswer="always">{xml}</problem>'
        (folder / "problem" / f"{name}.xml").write_text(text)
    (folder / "static" / "map.svg").write_text(SVG)
    (folder / "static" / "water.mol").write_text("water\n  V2000\n")
    return folder
