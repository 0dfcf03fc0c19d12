"""The editor of problems, as a browser without scripts sees it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from lykeion.authoring.types import Author
from lykeion.capa.api import TEMPLATES
from lykeion.content import api as content
from lykeion.core.clock import now
from lykeion.core.keys import CourseLocator, library_of

REF = "problem@sum"
CHOICES = (
    "<problem><multiplechoiceresponse><label>Which?</label><choicegroup>"
    '<choice correct="true">a &lt; b</choice><choice correct="false">c</choice>'
    "</choicegroup></multiplechoiceresponse></problem>"
)
SCRIPTED = "<problem>\n<script>x = random.randint(1, 999)</script>\n<p>It is $x.</p></problem>"


@pytest.fixture
def url(run: CourseLocator) -> str:
    return reverse("studio:component", args=[run, REF])


@pytest.fixture
def fields(author: Callable[[], Author]) -> Callable[[], dict[str, object]]:
    """The fields of the problem, as the draft has them now."""

    def read() -> dict[str, object]:
        entered = author()
        version = content.way(entered.root, REF)[-1].object_id
        return dict(content.nodes([version])[version].fields)

    return read


@pytest.fixture
def save(carol: Client, url: str) -> Callable[..., dict[str, object]]:
    """Sends a tab as the page's script does; the answer."""

    def send(tab: str, **values: str) -> dict[str, object]:
        answer = carol.post(url, {"tab": tab, **values}, headers={"X-Requested-With": "XMLHttpRequest"})
        return {"status": answer.status_code, **json.loads(answer.content)}

    return send


def test_a_simple_problem_opens_in_the_visual_editor(carol: Client, url: str, save: Callable[..., object]) -> None:
    save("xml", xml=CHOICES)

    page = carol.get(url).content.decode()

    assert re.search(r'<textarea[^>]* name="q-0-choices-0-html"[^>]*>a &lt; b</textarea>', page)
    assert 'name="q-0-choices-0-correct" checked' in page
    assert 'name="q-0-choices-1-correct">' in page


def test_what_the_visual_form_says_is_the_problem(
    carol: Client, url: str, save: Callable[..., dict[str, object]], fields: Callable[[], dict[str, object]]
) -> None:
    form = {"q-0-kind": "number", "q-0-label": "How many < 9?", "q-0-answer": "7", "q-0-tolerance": "5%"}

    answer = save("visual", **form, display_name=" Count ")

    assert answer["status"] == 200
    assert answer["notes"].strip() == ""  # type: ignore[attr-defined]  # it is text
    assert fields() == {
        "display_name": "Count",
        "data": (
            '<problem>\n  <numericalresponse answer="7">\n    <label>How many &lt; 9?</label>\n'
            '    <responseparam type="tolerance" default="5%"/>\n    <textline/>\n  </numericalresponse>\n</problem>'
        ),
    }
    page = carol.get(url).content.decode()
    assert f'name="base" value="{answer["base"]}"' in page


def test_what_is_missing_is_told_with_the_save(save: Callable[..., dict[str, object]]) -> None:
    answer = save("visual", **{"q-0-kind": "single", "q-0-label": "Which?", "q-0-choices-0-html": "a"})

    assert "no answer is marked as right" in str(answer["notes"])


def test_a_problem_beyond_the_visual_editor_says_why_and_leads_to_its_line(
    carol: Client, url: str, save: Callable[..., object]
) -> None:
    save("xml", xml=SCRIPTED)

    first, visual = carol.get(url), carol.get(f"{url}?tab=visual").content.decode()

    assert first.templates[0].name == "studio/problem/xml.html"
    assert "line 2: The visual editor has no &lt;script&gt;." in visual
    assert "?tab=xml&amp;line=2" in visual


def test_markdown_is_kept_beside_the_xml_it_makes(
    carol: Client, url: str, save: Callable[..., object], fields: Callable[[], dict[str, object]]
) -> None:
    save("markdown", markdown=">>Two and two?<<\r\n= 4\r\n")

    assert fields()["markdown"] == ">>Two and two?<<\n= 4\n"
    assert fields()["markdown_edited"] is True
    assert '<numericalresponse answer="4">' in str(fields()["data"])
    assert carol.get(url).templates[0].name == "studio/problem/markdown.html"


def test_markdown_follows_other_edits_and_goes_where_it_has_no_words(
    save: Callable[..., object], fields: Callable[[], dict[str, object]]
) -> None:
    save("markdown", markdown=">>Two and two?<<\n= 4\n")

    save("visual", **{"q-0-kind": "number", "q-0-label": "Two and three?", "q-0-answer": "5", "q-0-preview": "on"})
    followed = fields()
    save("xml", xml=SCRIPTED)
    gone = fields()

    assert (followed["markdown"], followed["markdown_edited"]) == (">>Two and three?<<\n\n= 5\n", False)
    assert "markdown" not in gone
    assert "markdown_edited" not in gone


def test_attributes_of_the_problem_outlive_markdown(
    save: Callable[..., object], fields: Callable[[], dict[str, object]]
) -> None:
    save("xml", xml='<problem own="1"><p>a</p></problem>')

    save("markdown", markdown="= 4")

    assert str(fields()["data"]).startswith('<problem own="1">')


def test_what_is_no_xml_is_not_saved_and_told_with_its_line(
    save: Callable[..., dict[str, object]], fields: Callable[[], dict[str, object]]
) -> None:
    answer = save("xml", xml="<problem>\n<p>open\n</problem>")

    assert answer["status"] == 422
    assert "line 3" in str(answer["error"])
    assert fields()["data"] == "<problem><p>2+2</p></problem>"


def test_a_text_that_is_no_problem_is_not_saved(save: Callable[..., dict[str, object]]) -> None:
    assert "begins with <problem>" in str(save("xml", xml="<html/>")["error"])


def test_settings_written_in_the_xml_become_settings(
    save: Callable[..., object], fields: Callable[[], dict[str, object]]
) -> None:
    save("xml", xml='<problem max_attempts="3" weight="2" own="x"><!-- mine --><p>a</p></problem>')

    assert fields() == {
        "display_name": "Sum",
        "max_attempts": 3,
        "weight": 2.0,
        "data": '<problem own="x"><!-- mine --><p>a</p></problem>',
    }


def test_checks_mark_the_letters_and_save_nothing(
    carol: Client, run: CourseLocator, fields: Callable[[], dict[str, object]]
) -> None:
    answer = carol.post(reverse("studio:problem_check", args=[run, REF]), {"xml": "<problem>\n<solutoin/></problem>"})

    assert answer.json()["marks"] == [
        {
            "text": "unknown element <solutoin>; did you mean <solution>?",
            "level": "error",
            "line": 2,
            "start": 0,
            "end": 9,
        }
    ]
    assert 'data-problem-editor-line-param="2"' in answer.json()["notes"]
    assert fields()["data"] == "<problem><p>2+2</p></problem>"


def test_settings_are_kept_and_empty_ones_are_left_to_the_course(
    carol: Client, url: str, save: Callable[..., object], fields: Callable[[], dict[str, object]]
) -> None:
    save("settings", weight="2,5", max_attempts="3", showanswer="never", show_reset_button="true")
    kept = fields()
    save("settings", weight="", max_attempts="", showanswer="", show_reset_button="")
    left = fields()
    page = unescape(carol.get(f"{url}?tab=settings").content.decode())

    assert {name: kept[name] for name in ("weight", "max_attempts", "showanswer", "show_reset_button")} == {
        "weight": 2.5,
        "max_attempts": 3,
        "showanswer": "never",
        "show_reset_button": True,
    }
    assert set(left) == {"display_name", "data"}
    assert "as the course has it: as many as they like" in page
    assert "as usual: the last attempt" in page


REFUSED = {
    ("max_attempts", "many"): "Attempts: write a whole number, or leave it empty.",
    ("weight", "-1"): "Points: write a number such as 2 or 0.5, or leave it empty.",
    ("weight", "nan"): "Points: write a number such as 2 or 0.5, or leave it empty.",
    ("showanswer", "sometimes"): "Show the answer: choose one of the list.",
}


def test_a_setting_that_cannot_be_is_refused_by_its_name(save: Callable[..., dict[str, object]]) -> None:
    answers = {(name, value): save("settings", **{name: value}) for name, value in REFUSED}

    assert {field: answer["error"] for field, answer in answers.items()} == REFUSED
    assert {answer["status"] for answer in answers.values()} == {422}


def test_what_somebody_else_changed_is_not_overwritten(save: Callable[..., dict[str, object]]) -> None:
    first = save("xml", xml="<problem><p>one</p></problem>")
    save("xml", xml="<problem><p>two</p></problem>", base=str(first["base"]))

    late = save("xml", xml="<problem><p>three</p></problem>", base=str(first["base"]))

    assert (late["status"], late["code"]) == (409, "changed_meanwhile")


def test_without_scripts_a_save_leads_back_to_its_tab(carol: Client, url: str) -> None:
    answer = carol.post(url, {"tab": "markdown", "markdown": "= 4"}, headers={"Accept": "text/html"})

    assert (answer.status_code, answer["Location"]) == (303, f"{url}?tab=markdown")


def test_every_tab_opens_for_a_problem_that_says_nothing(carol: Client, url: str, save: Callable[..., object]) -> None:
    save("xml", xml="<problem/>")

    opened = {
        tab: carol.get(f"{url}?tab={tab}").status_code for tab in ("visual", "markdown", "xml", "settings", "try")
    }

    assert set(opened.values()) == {200}


def test_there_is_no_other_tab(carol: Client, url: str) -> None:
    assert carol.get(f"{url}?tab=magic").status_code == 422


def test_what_was_typed_before_a_browser_closed_is_shown_again(carol: Client, run: CourseLocator) -> None:
    form = {"q-n1-kind": "dropdown", "q-n1-right": "n9", "q-n1-options-n8-text": "a", "q-n1-options-n9-text": "b"}

    page = carol.post(reverse("studio:problem_rows", args=[run, REF]), form).content.decode()

    assert 'name="q-0-options-1-text" value="b"' in page
    assert 'name="q-0-right" value="1" checked' in page


def test_a_new_problem_offers_templates_and_begins_with_one(carol: Client, run: CourseLocator) -> None:
    made = [
        carol.post(reverse("studio:unit_add", args=[run, "vertical@second"]), {"kind": "problem"})["Location"]
        for _ in TEMPLATES
    ]

    offered = re.findall(r'name="template" value="(\w+)"', carol.get(made[0]).content.decode())
    fills = [carol.get(where).content.decode().partition('action="')[2] for where in made]
    opened = [
        carol.post(_fill_address(page), {"template": name}, follow=True).templates[0].name
        for page, name in zip(fills, offered, strict=True)
    ]

    assert offered == [template.name for template in TEMPLATES]
    assert opened == [
        f"studio/problem/{'visual' if template.kind or template.name == 'blank' else 'xml'}.html"
        for template in TEMPLATES
    ]


def _fill_address(page: str) -> str:
    return re.findall(r'action="([^"]*/fill)"', page)[0]


def test_only_empty_problems_are_filled(
    carol: Client, run: CourseLocator, save: Callable[..., object], fields: Callable[[], dict[str, object]]
) -> None:
    save("xml", xml="<problem></problem>")
    address = reverse("studio:problem_fill", args=[run, REF])

    magic = carol.post(address, {"template": "magic"})
    filled = carol.post(address, {"template": "formula"})
    twice = carol.post(address, {"template": "python"})

    assert [magic.status_code, filled.status_code, twice.status_code] == [422, 302, 422]
    assert fields()["display_name"] == "Math expression"


def test_a_problem_is_tried_and_nothing_is_kept(
    carol: Client, run: CourseLocator, url: str, save: Callable[..., object], fields: Callable[[], dict[str, object]]
) -> None:
    save("xml", xml=CHOICES)
    page = carol.get(f"{url}?tab=try&seed=3").content.decode()
    (field,) = set(re.findall(r'name="(input_\w+_2_1)"', page))
    address = reverse("studio:problem_answer", args=[run, REF, 3, "xmodule_handler", "problem_check"])
    before = fields()

    answer = carol.post(address, {field: "choice_0"}, headers={"X-Requested-With": "XMLHttpRequest"}).json()

    assert answer["success"] == "correct"
    assert "problem-notice correct" in carol.get(f"{url}?tab=try").content.decode()
    assert "problem-notice correct" not in carol.get(f"{url}?tab=try&seed=4").content.decode()
    again = carol.post(reverse("studio:problem_again", args=[run, REF]), {"seed": "3"})
    assert again["Location"] == f"{url}?tab=try&seed=3"
    assert "problem-notice correct" not in carol.get(again["Location"]).content.decode()
    assert fields() == before


def test_an_answer_that_no_session_can_hold_is_refused_and_what_was_done_stays(
    carol: Client, run: CourseLocator, url: str, save: Callable[..., object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lykeion.studio.views.problemtrial._MOST", 2000)
    save("xml", xml='<problem><stringresponse answer="a"><textline/></stringresponse></problem>')
    (field,) = set(re.findall(r'name="(input_\w+_2_1)"', carol.get(f"{url}?tab=try&seed=3").content.decode()))
    address = reverse("studio:problem_answer", args=[run, REF, 3, "xmodule_handler", "problem_check"])
    carol.post(address, {field: "kept"}, headers={"X-Requested-With": "XMLHttpRequest"})

    told = carol.post(address, {field: "x" * 2000}, headers={"X-Requested-With": "XMLHttpRequest"})

    assert told.status_code == 422
    assert "too long to be tried out" in told.json()["error"]
    shown = carol.get(f"{url}?tab=try").content.decode()
    assert ('value="kept"' in shown, "xxx" in shown) == (True, False)


def test_each_variant_is_another_one(carol: Client, url: str, save: Callable[..., object]) -> None:
    many = "".join(f'<choice correct="true">{letter}</choice>' for letter in "abcdefgh")
    group = f'<choicegroup shuffle="true">{many}</choicegroup>'
    save("xml", xml=f"<problem><multiplechoiceresponse>{group}</multiplechoiceresponse></problem>")

    shown = [
        re.findall(r'value="choice_(\d)"', carol.get(f"{url}?tab=try&seed={seed}").content.decode())
        for seed in (3, 3, 4)
    ]

    assert shown[0] == shown[1] != shown[2]


def test_a_due_date_that_is_over_keeps_nobody_from_trying(
    carol: Client, url: str, save: Callable[..., object], author: Callable[[], Author]
) -> None:
    save("xml", xml=CHOICES)
    entered = author()
    content.edit(
        entered.run,
        lambda draft: draft.update("sequential@sub", {"due": "2020-01-01T00:00:00Z"}),
        author="carol",
        at=now(),
        why="Edited: sequential@sub",
    )

    assert "The due date is over." not in carol.get(f"{url}?tab=try").content.decode()


def test_a_problem_of_a_library_is_edited_and_tried_too(as_person: Callable[[str], Client]) -> None:
    admin = as_person("orgadmin")
    admin.post(reverse("studio:libraries"), {"title": "Pool", "org": "Lykeion"})
    pool = library_of("Lykeion", "pool")
    url = admin.post(reverse("studio:library_add", args=[pool]), {"kind": "problem"})["Location"]

    admin.post(_fill_address(admin.get(url).content.decode()), {"template": "single"})
    saved = admin.post(url, {"tab": "xml", "xml": CHOICES}, headers={"X-Requested-With": "XMLHttpRequest"})
    tabs = [admin.get(f"{url}?tab={tab}").status_code for tab in ("visual", "markdown", "xml", "settings", "try")]
    page = admin.get(f"{url}?tab=try&seed=3").content.decode()
    (action,) = re.findall(r'action="([^"]*/problem_check)"', page)
    (field,) = set(re.findall(r'name="(input_\w+_2_1)"', page))

    assert saved.status_code == 200
    assert tabs == [200] * 5
    answer = admin.post(action, {field: "choice_0"}, headers={"X-Requested-With": "XMLHttpRequest"})
    assert answer.json()["success"] == "correct"


def test_only_problems_are_edited_here(carol: Client, run: CourseLocator) -> None:
    answer = carol.post(reverse("studio:problem_check", args=[run, "html@text"]), {"xml": ""})

    assert answer.status_code == 200  # a check looks at a text, whatever it is from
    assert carol.get(reverse("studio:component", args=[run, "problem@none"])).status_code == 404
