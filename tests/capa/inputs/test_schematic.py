"""A circuit's field: what it offers, what it holds, what hostile values cannot do."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path

import pytest

from lykeion.capa.api import parse
from lykeion.capa.inputs.schematicwords import WORDS
from lykeion.capa.types import View

STATIC = Path(__file__).resolve().parents[3] / "src/lykeion/blocks/builtin/problem/static/schematic"


def shown(attributes: str, view: View | None = None, label: str = "") -> str:
    xml = (
        f"<problem><schematicresponse>{label}<schematic {attributes}/>"
        '<answer type="loncapa/python">correct = ["correct"]</answer></schematicresponse></problem>'
    )
    return parse(xml, problem_id="p", seed=1).render(view or View())


def setting(html: str, name: str) -> str:
    found = re.search(f'data-schematic-{name}-value="([^"]*)"', html)
    assert found is not None
    return unescape(found[1])


def test_circuits_can_be_shown() -> None:
    answer = '<answer type="loncapa/python">x = 1</answer>'
    xml = f"<problem><schematicresponse><schematic/>{answer}</schematicresponse></problem>"

    assert parse(xml, problem_id="p", seed=1).inputs[0].tag == "schematic"


@pytest.mark.parametrize(
    ("attributes", "parts", "analyses"),
    [
        ("", "g,L,v,i,r,c,l,o,d,n,p,s,a", "dc,ac,tran"),
        ('parts="None" analyses="None"', "g,L,v,i,r,c,l,o,d,n,p,s,a", "dc,ac,tran"),
        ('parts="" analyses=""', "", ""),
        ('parts="g, r,flux" analyses="dc,noise"', "g,r", "dc"),
    ],
)
def test_what_an_author_leaves_out_is_offered_and_what_is_empty_is_not(
    attributes: str, parts: str, analyses: str
) -> None:
    html = shown(attributes)

    assert (setting(html, "parts"), setting(html, "analyses")) == (parts, analyses)


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ("", ("400", "300")),
        ('width="600" height="500px"', ("600", "500")),
        ('width="wide" height="-3"', ("400", "300")),
        ('width="99999999" height="0"', ("2000", "300")),
    ],
)
def test_a_slip_in_a_size_hides_nothing(attributes: str, size: tuple[str, str]) -> None:
    html = shown(attributes)

    assert (setting(html, "width"), setting(html, "height")) == size


def test_a_circuit_reaches_the_page_as_its_author_wrote_it() -> None:
    initial = '[["r",[0,0,0],{"name":"R&amp;1","r":"/static/1"},["1","0"]]]'.replace('"', "&quot;")

    html = shown(f'initial_value="{initial}"')

    assert json.loads(setting(html, "initial")) == [["r", [0, 0, 0], {"name": "R&1", "r": "/static/1"}, ["1", "0"]]]
    assert '"/static' not in html


def test_a_hostile_answer_stays_a_value() -> None:
    html = shown("", View(answers={"p_2_1": '"><script>alert(1)</script>'}))

    assert "<script>alert" not in html


def test_a_label_names_the_group_since_no_label_can_name_a_hidden_field() -> None:
    html = shown("", label="<label>Halve the voltage</label>")

    assert 'id="label_p_2_1">Halve the voltage</p>' in html
    assert 'role="group" aria-labelledby="label_p_2_1"' in html
    assert "<label" not in html


def test_a_closed_problem_sends_no_circuit() -> None:
    html = shown("", View(disabled=True))

    assert setting(html, "closed") == "true"
    assert 'data-schematic-target="field" disabled>' in html


def test_the_editor_has_a_word_for_all_it_says() -> None:
    source = "".join(path.read_text() for path in STATIC.rglob("*.ts"))
    asked = set(re.findall(r'(?:\bsay|new Trouble)\(\s*"([\w/-]+)"', source))
    asked |= set(re.findall(r'\["(\w+)", [\d.e-]+\]', (STATIC / "simulate/sources.ts").read_text()))
    asked |= set(re.findall(r'\bword: "(\w+)"', source)) | set(re.findall(r'this\.tool\("(\w+)"', source))

    assert asked - set(WORDS) == set()
