"""Every input of the problem language, with mouse, finger and keyboard, on the pages of a real site."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Browser, Locator, Page, StorageState, expect

from lykeion.blocks.builtin.problem import page as problem_page
from lykeion.capa import api as capa
from lykeion.capa.types import View
from tests.browser.conftest import violations
from tests.browser.sites import PATIENCE, serving
from tests.browser.uipages import ORIGIN, Stage

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


def _course(folder: Path) -> None:
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


@pytest.fixture(scope="module")
def inputs_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a site with a course that has one problem for each input."""
    home = tmp_path_factory.mktemp("inputs")
    _course(home / "course")
    with serving(home, before=[["seed"], ["import", str(home / "course")]]) as address:
        yield address


@pytest.fixture(scope="module")
def enrolled(browser: Browser, inputs_site: str) -> StorageState:
    """The cookies of a browser in which Alice is signed in and enrolled."""
    with browser.new_context(base_url=inputs_site) as context:
        page = context.new_page()
        page.goto("/account/login/")
        page.locator("input[name=login]").fill("alice")
        page.locator("input[name=password]").fill("alice")
        page.locator("input[name=password]").press("Enter")
        page.wait_for_url("**/dashboard*")
        page.goto(f"/courses/{RUN}/about")
        page.get_by_role("button", name=re.compile("enrol", re.IGNORECASE)).first.click()
        page.wait_for_url(re.compile("/course/"))
        return context.storage_state()


Visit = Callable[..., Page]


@pytest.fixture
def visit(browser: Browser, inputs_site: str, enrolled: StorageState) -> Iterator[Visit]:
    """Opens the unit of one problem; options are those of a browser context. A script error fails the test."""
    contexts, errors = [], []

    def visit(name: str, **options: object) -> Page:
        context = browser.new_context(base_url=inputs_site, storage_state=enrolled, **options)  # type: ignore[arg-type]  # many types
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"/courses/{RUN}/jump_to_id/{name}")
        page.locator(".problem").wait_for()
        if options.get("java_script_enabled", True):  # the controls stand in front of their field
            expect(page.locator("[data-composed-target=raw]:visible")).to_have_count(0)
        return page

    yield visit
    for context in contexts:
        context.close()
    assert errors == []


def _posted(page: Page) -> str:
    """The one answer that Submit sends."""
    with page.expect_request("**/problem_check") as sent:
        page.get_by_role("button", name="Submit").click()
    return _answer(sent.value.post_data or "")


def _answer(body: str) -> str:
    """The value of the field of an input in a multipart or plain form."""
    part = re.search(r'name="input_[^"]+"\r\n\r\n(.*?)\r\n------', body, re.DOTALL)
    if part:
        return part[1]
    ((_, values),) = [(name, values) for name, values in parse_qs(body).items() if name.startswith("input_")]
    return values[0]


@pytest.mark.parametrize("name", PROBLEMS)
def test_no_input_shuts_anybody_out(visit: Visit, name: str) -> None:
    found = []

    for width, scheme, direction in ((1280, "light", "ltr"), (390, "dark", "rtl")):
        page = visit(name, viewport={"width": width, "height": 900}, color_scheme=scheme)
        page.evaluate("direction => { document.documentElement.dir = direction }", direction)
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.append("the page is wider than the window")
        found += violations(page)

    assert found == []


# Code


def test_code_is_typed_with_indents_and_left_by_keyboard(visit: Visit) -> None:
    page = visit("code")
    editor = page.get_by_role("textbox", name="Question")
    expect(editor).to_have_class(re.compile("cm-content"))

    editor.press("Control+End")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("# <end>")
    expect(editor).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")

    expect(page.get_by_role("button", name="Submit")).to_be_focused()
    assert _posted(page).replace("\r\n", "\n") == "def f(x):\n  return x\n  # <end>"


def test_a_click_on_the_label_leads_into_the_editor(visit: Visit) -> None:
    page = visit("code")
    editor = page.locator(".cm-content")
    editor.wait_for()

    page.locator("label", has_text="Question").click()

    expect(editor).to_be_focused()


def test_code_that_was_not_sent_is_there_again(visit: Visit) -> None:
    page = visit("code")
    page.locator(".cm-content").press("Control+A")
    page.keyboard.type("x = 1")
    page.reload()

    expect(page.locator(".cm-content")).to_have_text("x = 1")
    expect(page.locator(".problem-notice")).to_contain_text("is here again")


def test_code_has_a_plain_field_without_scripts(visit: Visit) -> None:
    page = visit("code", java_script_enabled=False)

    expect(page.get_by_label("Question")).to_have_value("def f(x):\n  return x")


# Formulas and equations


def test_an_equation_is_shown_while_it_is_typed(visit: Visit) -> None:
    page = visit("chemistry")
    field = page.get_by_label("Question")

    field.press_sequentially("2H2 + O2 -> 2H2O")
    expect(page.locator(".capa-preview")).to_have_text("2H2+O2→2H2O")
    expect(page.locator(".capa-preview sub")).to_have_count(3)
    field.press_sequentially(" ?")

    expect(page.locator(".capa-preview .inline-error")).to_have_text(" 2H2O ?")
    expect(page.locator("#live")).to_have_text("This cannot be read as a chemical equation yet.")


def test_a_formula_is_shown_and_not_chattered_about(visit: Visit) -> None:
    page = visit("formula")
    page.evaluate("""() => { window.said = []; new MutationObserver(() => {
        const text = document.getElementById("live").textContent; if (text) window.said.push(text)
    }).observe(document.getElementById("live"), {childList: true, characterData: true, subtree: true}) }""")

    page.get_by_label("How much?").press_sequentially("1/2+0*1", delay=120)
    expect(page.locator(".capa-preview mjx-container")).to_be_visible()
    expect(page.locator("#live")).to_have_text("The preview below the field shows how it is read.")

    assert page.evaluate("window.said") == ["The preview below the field shows how it is read."]
    assert page.locator(".capa-preview").get_attribute("aria-live") is None


def test_a_formula_that_was_answered_is_shown_at_once(visit: Visit) -> None:
    page = visit("formula")
    page.get_by_label("How much?").fill("1/2")
    page.get_by_role("button", name="Submit").click()

    expect(page.locator(".problem")).to_contain_text("Correct (1/1 point)")
    expect(page.locator(".capa-preview mjx-container")).to_be_visible()


# A place in a picture


def test_a_place_is_chosen_with_the_mouse_and_by_touch(visit: Visit) -> None:
    for options in (
        {"viewport": {"width": 1280, "height": 900}},
        {"viewport": {"width": 390, "height": 844}, "has_touch": True},
    ):
        page = visit("picture", **options)
        stage = page.get_by_role("application")
        box = stage.bounding_box() or {}
        place = {"x": box["width"] / 4, "y": box["height"] / 2}

        if options.get("has_touch"):
            stage.tap(position=place)
        else:
            stage.click(position=place)

        x, y = json.loads(page.get_by_label("Place in the picture").input_value())
        assert (abs(x - 150) <= 2, abs(y - 200) <= 2) == (True, True)
        expect(page.locator(".capa-mark")).to_be_visible()


def test_a_place_is_chosen_with_the_arrow_keys(visit: Visit) -> None:
    page = visit("picture")
    stage = page.get_by_role("application")
    page.get_by_label("Place in the picture").focus()
    page.keyboard.press("Shift+Tab")
    expect(stage).to_be_focused()
    expect(page.locator(".capa-cross")).to_be_visible()

    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowUp")
    expect(page.locator("#live")).to_have_text("309, 199")
    page.keyboard.press("Enter")

    expect(page.locator("#live")).to_have_text("Chosen: 309 from the left, 199 from the top.")
    expect(page.get_by_label("Place in the picture")).to_have_value("[309,199]")
    page.get_by_role("button", name="Submit").click()
    expect(page.locator(".problem")).to_contain_text("Correct (1/1 point)")


def test_the_right_place_is_told_only_on_request(visit: Visit) -> None:
    page = visit("picture")
    assert "290,190" not in page.content()
    assert "capa-targets" not in page.content()

    page.get_by_role("button", name="Show answer").click()

    expect(page.locator(".capa-targets rect")).to_have_attribute("x", "290")


# Answers put together


def test_a_plane_is_given_by_numbers(visit: Visit) -> None:
    page = visit("crystal")
    page.locator("[data-lattice]").select_option("bcc")
    for number, point in enumerate((("1", "0", "0"), ("0", "1", "0"), ("0", "0", "0.5")), 1):
        for axis, value in zip("xyz", point, strict=True):
            page.get_by_role("group", name=f"Point {number}").get_by_label(axis).fill(value)

    expect(page.locator(".capa-drawing .plane")).to_be_visible()
    assert json.loads(_posted(page)) == {
        "lattice": "bcc",
        "points": [["1.00", "0.00", "0.00"], ["0.00", "1.00", "0.00"], ["0.00", "0.00", "0.50"]],
    }


def test_a_plane_is_given_by_clicks_on_the_cell(visit: Visit) -> None:
    page = visit("crystal")
    cell = page.locator(".capa-drawing")
    expect(cell).to_be_visible()
    box = cell.bounding_box() or {}
    scale = box["width"] / 260

    for x, y in ((35, 214), (220, 172), (90, 42)):  # the ends of the three axes
        cell.click(position={"x": x * scale, "y": y * scale})

    points = json.loads(page.locator("[data-composed-target=text]").input_value())["points"]
    assert points == [["1.00", "0.00", "0.00"], ["0.00", "1.00", "0.00"], ["0.00", "0.00", "1.00"]]


def test_a_molecule_gets_its_shape_and_atoms_by_keyboard(visit: Visit) -> None:
    page = visit("geometry")
    page.locator("[data-geometry]").focus()
    page.keyboard.press("ArrowDown")
    for atom in ("B", "F", "F", "(ep)"):
        page.keyboard.press("Tab")
        page.keyboard.type(atom)

    expect(page.get_by_label("Axial atom 1")).to_be_hidden()
    assert json.loads(_posted(page)) == {"geometry": "AX3E0", "atoms": {"c0": "B", "p0": "F", "p1": "F", "p2": "(ep)"}}


@pytest.mark.parametrize(
    ("links", "answer"),
    [
        (("E", "NE", "NW"), "CORRECT"),
        (("W", "SW", "SE"), "CORRECT"),
        (("E", "SE", "SW"), "CORRECT"),
        (("E", "E", "E"), "INCORRECT"),
    ],
)
def test_a_chain_is_right_however_it_is_turned(visit: Visit, links: tuple[str, ...], answer: str) -> None:
    page = visit("protein")
    for number, link in enumerate(links, 1):
        page.get_by_label(f"Link {number}").select_option(link)

    assert json.loads(_posted(page)) == {"protex_answer": answer, "protex_shape": ";".join(links)}


def test_a_gene_shows_what_becomes_of_it(visit: Visit) -> None:
    page = visit("gene")
    dna = page.get_by_label("DNA of the gene")
    expect(dna).to_have_value(GENE)
    expect(page.locator("[data-part=protein]")).to_have_text("MP (2 amino acids)")

    dna.fill(GENE.replace("CCTTAAGG", "CCTCAAGG"))
    expect(page.locator("[data-part=protein]")).to_have_text("MPQGVKKKK (9 amino acids)")
    expect(page.locator("[data-part=changes]")).to_have_text("27: T → C")

    assert json.loads(_posted(page)) == {"genex_dna_sequence": GENE.replace("CCTTAAGG", "CCTCAAGG"), "genex_answer": ""}


def test_a_molecule_begins_with_the_authors(visit: Visit) -> None:
    page = visit("molecule")
    page.get_by_role("link", name="Begin with the given molecule").press("Enter")
    page.get_by_label("About the molecule").fill("one\n two ")

    expect(page.get_by_label("The molecule in MOL format")).to_have_value("water\n  V2000\n")
    assert json.loads(_posted(page)) == {"mol": "water\n  V2000\n", "info": ["one", "two"]}


def test_a_tag_for_an_authors_grader_is_json(visit: Visit) -> None:
    page = visit("annotation")
    page.get_by_label("Type a commentary below:").fill("mine")
    page.get_by_label("no", exact=True).check()

    assert json.loads(_posted(page)) == {"options": [1], "comment": "mine"}


def test_an_answer_put_together_is_kept_while_it_is_not_sent(visit: Visit) -> None:
    page = visit("geometry")
    page.locator("[data-geometry]").select_option("AX6E0")
    page.get_by_label("Central atom").fill("S")
    page.reload()

    expect(page.locator("[data-geometry]")).to_have_value("AX6E0")
    expect(page.get_by_label("Central atom")).to_have_value("S")


@pytest.mark.parametrize("name", ["crystal", "geometry", "protein", "gene", "molecule", "annotation"])
def test_without_scripts_the_text_itself_can_be_written(visit: Visit, name: str) -> None:
    page = visit(name, java_script_enabled=False)

    expect(page.get_by_label("Your answer, written like this")).to_be_visible()


# Choices and lines


def test_writing_a_number_chooses_its_choice(visit: Visit) -> None:
    page = visit("choicetext")

    page.get_by_label("Number").fill("4")
    expect(page.get_by_role("radio").first).to_be_checked()
    page.get_by_role("button", name="Submit").click()

    expect(page.locator(".problem")).to_contain_text("Correct (1/1 point)")


def test_a_verdict_kept_back_is_replaced_by_the_authors_words(visit: Visit) -> None:
    page = visit("quiet")
    page.get_by_label("No").check()
    page.get_by_role("button", name="Submit").click()

    expect(page.locator(".capa-received")).to_have_text("Thanks.")
    expect(page.locator(".capa-input .capa-status")).to_be_empty()


def test_an_inline_input_stands_in_its_sentence(visit: Visit) -> None:
    page = visit("inline")
    select = page.get_by_label("Kind")

    middle = _middle(select)
    text = page.locator(".capa-paragraph").bounding_box() or {}

    assert text["y"] < middle < text["y"] + text["height"] < text["y"] + 80


def test_a_text_is_tagged_by_keyboard(visit: Visit) -> None:
    page = visit("tags")
    page.get_by_label("Type a commentary below:").fill("mine")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.get_by_role("button", name="Submit").press("Enter")

    expect(page.locator(".problem")).to_contain_text("Correct (2/2 points)")
    expect(page.get_by_label("Type a commentary below:")).to_have_value("mine")


# Files


@pytest.mark.urls("tests.ui.urls")
def test_files_are_checked_before_they_are_sent(browser: Browser) -> None:
    with browser.new_context(base_url=ORIGIN) as context:
        stage = Stage(context.new_page())
        stage.page.route("**/*", stage.answer)
        stage.put_json("/x/problem_check", {"success": "stale"})
        stage.open(f"<h1>Unit</h1>{_file_problem()}")
        chooser, fault = stage.page.get_by_label("Hand in"), stage.page.get_by_role("alert").filter(has_text="only")

        chooser.set_input_files({"name": "c.py", "mimeType": "text/plain", "buffer": b"1"})
        expect(fault).to_have_text("You submitted c.py; only a.py, b.py are allowed.")
        stage.page.get_by_role("button", name="Submit").click()
        assert stage.posts == []
        assert violations(stage.page) == []

        chooser.set_input_files({"name": "b.py", "mimeType": "text/plain", "buffer": b"1"})
        expect(stage.page.locator(".capa-fault")).to_have_text("You did not submit the required files: a.py.")
        chooser.set_input_files([{"name": "a.py", "mimeType": "text/plain", "buffer": b"print(1)"}])
        expect(stage.page.locator(".capa-fault")).to_be_empty()
        with stage.page.expect_request("**/problem_check") as sent:
            stage.page.get_by_role("button", name="Submit").click()

        assert b'name="input_p_2_1[]"; filename="a.py"' in (sent.value.post_data_buffer or b"")


def _file_problem() -> str:
    problem = capa.parse(
        '<problem><coderesponse queuename="q"><label>Hand in</label><filesubmission allowed_files="a.py b.py" '
        'required_files="a.py"/><codeparam/></coderesponse></problem>',
        problem_id="p",
        seed=1,
    )
    face = problem_page.Face(
        problem_id="p",
        waiting=False,
        usage="block-p",
        title="Files",
        url="/x",
        token="t",
        csrf="",
        progress="",
        attempts="",
        closed="",
        can_submit=True,
        shows_save=False,
        shows_reset=False,
        shows_answer=False,
        answer_shown=False,
        hints=0,
        notice=None,
        gettext=str,
    )
    return problem_page.problem_html(face, problem.render(View()))


def _middle(control: Locator) -> float:
    box = control.bounding_box() or {}
    return float(box["y"] + box["height"] / 2)
