"""The simple problem syntax becomes the XML that Studio makes of it."""

from __future__ import annotations

import re
import tarfile
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from lykeion.capa.api import markdown_to_xml, parse


def _inside(markdown: str) -> str:
    """What is in the problem, with one space for many and none between tags."""
    text = markdown_to_xml(markdown).removeprefix("<problem>").removesuffix("</problem>")
    return re.sub(r">\s+<", "><", re.sub(r"\s+", " ", text)).strip()


SAMPLES = {
    "a paragraph a line": ("One\n\nTwo <b>2</b>", "<p>One</p><p>Two <b>2</b></p>"),
    "a head over a bar": ("Head\n====\nText", '<h3 class="hd hd-2 problem-header">Head</h3><p>Text</p>'),
    "a label": (">>Why?<<", "<label>Why?</label>"),
    "a label with a description": (">>Why?||One word<<", "<label>Why?</label><description>One word</description>"),
    "markup stays": ('<p class="a">x</p>', '<p class="a">x</p>'),
    "hints on demand": ("|| one ||\n\n||two||", "<demandhint><hint>one</hint><hint>two</hint></demandhint>"),
    "a dropdown on one line": (
        "[[a, (b), c]]",
        "<optionresponse><optioninput options=\"('a','b','c')\" correct=\"b\"/></optionresponse>",
    ),
    "a dropdown without a right one": (
        "[[a, b]]",
        "<optionresponse><optioninput options=\"('a','b')\" correct=\"\"/></optionresponse>",
    ),
    "a dropdown on many lines": (
        "[[\na {{x}}\n(b {{y:: z}})\n]]",
        '<optionresponse><optioninput><option correct="False">a <optionhint>x</optionhint></option>'
        '<option correct="True">b <optionhint label="y">z</optionhint></option></optioninput></optionresponse>',
    ),
    "choices": (
        "(x) a\n( ) b {{no}}\n() c {{Sorry:: no\n  way}}",
        '<multiplechoiceresponse><choicegroup type="MultipleChoice"><choice correct="true">a</choice>'
        '<choice correct="false">b <choicehint>no</choicehint></choice>'
        '<choice correct="false">c <choicehint label="Sorry">no way</choicehint></choice>'
        "</choicegroup></multiplechoiceresponse>",
    ),
    "choices that are shuffled and fixed": (
        "(x!) a\n(@) b\n( X@) c",
        '<multiplechoiceresponse><choicegroup type="MultipleChoice" shuffle="true"><choice correct="true">a</choice>'
        '<choice correct="false" fixed="true">b</choice><choice correct="true" fixed="true">c</choice>'
        "</choicegroup></multiplechoiceresponse>",
    ),
    "blank lines between choices": (
        "(x) a\n\n   \n( ) b",
        '<multiplechoiceresponse><choicegroup type="MultipleChoice"><choice correct="true">a</choice>'
        '<choice correct="false">b</choice></choicegroup></multiplechoiceresponse>',
    ),
    "a list in brackets is a choice": (
        "(a) text",
        '<multiplechoiceresponse><choicegroup type="MultipleChoice"><choice correct="false">text</choice>'
        "</choicegroup></multiplechoiceresponse>",
    ),
    "checkboxes": (
        "[x] A {{ selected: g }, { unselected: b }}\n[ ] B\n{{ ((A C)) both }}",
        '<choiceresponse><checkboxgroup><choice correct="true">A <choicehint selected="true">g</choicehint>'
        '<choicehint selected="false">b</choicehint></choice><choice correct="false">B</choice>'
        '<compoundhint value="A C">both</compoundhint></checkboxgroup></choiceresponse>',
    ),
    "feedback to a checkbox that does not say when": (
        "[x] A {{ well }}",
        '<choiceresponse><checkboxgroup><choice correct="true">A {{ well }}</choice></checkboxgroup></choiceresponse>',
    ),
    "a number with all there is": (
        "= 3.14 +- 2% {{ok}}\nor= 3 {{Nearly:: so}}\nor= 7 +- 1\nor= [1,2]\nor= pi\nnot= 4",
        '<numericalresponse answer="3.14"><responseparam type="tolerance" default="2%"/><additional_answer answer="3">'
        '<correcthint label="Nearly">so</correcthint></additional_answer><formulaequationinput/>'
        "<correcthint>ok</correcthint></numericalresponse>",
    ),
    "a range": ("= [5, 7)", '<numericalresponse answer="[5, 7)"><formulaequationinput/></numericalresponse>'),
    "an expression": ("= 5 * 2", '<numericalresponse answer="5*2"><formulaequationinput/></numericalresponse>'),
    "a constant is text": ("= pi", '<stringresponse answer="pi" type="ci"><textline size="20"/></stringresponse>'),
    "a number that is text": ("s= 5", '<stringresponse answer="5" type="ci"><textline size="20"/></stringresponse>'),
    "text with all there is": (
        "s= Michigan {{yes}}\nor= MI\n\nnot= Ohio {{Hm:: no}}",
        '<stringresponse answer="Michigan" type="ci"><correcthint>yes</correcthint><additional_answer answer="MI"/>'
        '<stringequalhint answer="Ohio" label="Hm">no</stringequalhint><textline size="20"/></stringresponse>',
    ),
    "a regular expression": (
        "=| ^a+",
        '<stringresponse answer="^a+" type="ci regexp"><textline size="20"/></stringresponse>',
    ),
    "an explanation": (
        "[explanation]\nWhy\n\nSo\n[/Explanation]",
        '<solution><div class="detailed-solution"><p>Explanation</p><p>Why</p><p>So</p></div></solution>',
    ),
    "a bracket breaks an explanation": (
        "[explanation]\nSee [12]\n[explanation]",
        "<p>[explanation]</p><p>See [12]</p><p>[explanation]</p>",
    ),
    "code": ("[code]\nx = 1\n  y\n[code]", "<pre><code>x = 1 y </code></pre>"),
    "neighbours move into a single question": (
        "Q\n>>L<<\n= 1\n[explanation]\nE\n[explanation]\nend",
        '<numericalresponse answer="1"><p>Q</p><label>L</label><formulaequationinput/><solution>'
        '<div class="detailed-solution"><p>Explanation</p><p>E</p></div></solution><p>end</p></numericalresponse>',
    ),
    "neighbours of two questions stay": (
        "Q\n= 1\n\nR\n(x) a",
        '<p>Q</p><numericalresponse answer="1"><formulaequationinput /></numericalresponse><p>R</p>'
        '<multiplechoiceresponse><choicegroup type="MultipleChoice"><choice correct="true">a</choice></choicegroup>'
        "</multiplechoiceresponse>",
    ),
    "parts": (
        "Q\n= 1\n||one||\n\n  ---  \n\nR\n= 2\n||two||",
        '<numericalresponse answer="1"><p>Q</p><formulaequationinput/></numericalresponse>'
        '<numericalresponse answer="2"><p>R</p><formulaequationinput/></numericalresponse>'
        "<demandhint><hint>one</hint><hint>two</hint></demandhint>",
    ),
}


@pytest.mark.parametrize("name", SAMPLES)
def test_the_xml_is_that_of_studio(name: str) -> None:
    markdown, xml = SAMPLES[name]

    assert _inside(markdown) == xml
    assert _inside(markdown.replace("\n", "\r\n")) == xml


def test_nothing_is_an_empty_problem() -> None:
    assert markdown_to_xml("") == "<problem>\n\n</problem>"


MENDED = {
    "the end of a section that never began": ("a ]]> b", "<p>a ]]&gt; b</p>"),
    "signs that are no markup": ("a < b & c", "<p>a &lt; b &amp; c</p>"),
    "a line that begins with a sign": ("< 5", "<p>&lt; 5</p>"),
    "names of HTML": ("a&nbsp;b &bogus; &lt;", "<p>a&#160;b &amp;bogus; &lt;</p>"),
    "a tag that is open": ("a <b>c", "<p>a &lt;b>c</p>"),
    "a break": ("a<br>b", "<p>a<br/>b</p>"),
    "attributes that are none": ("a <b x=1 y>c</b>", "<p>a &lt;b x=1 y>c&lt;/b></p>"),
    "an attribute twice": ('<b x="1" x="2">c</b>', '&lt;b x="1" x="2">c&lt;/b>'),
    "quotes in an answer": (
        's= say "a<b"',
        '<stringresponse answer="say &quot;a&lt;b&quot;" type="ci"><textline size="20"/></stringresponse>',
    ),
    "code with markup signs": ("[code]\nif a<b: &c\n[code]", "<pre><code>if a&lt;b: &amp;c </code></pre>"),
    "a comma in the right option": (
        "[[(a, b), c]]",
        "<optionresponse><optioninput options=\"('a, b','c')\" correct=\"a, b\"/></optionresponse>",
    ),
    "a range with feedback": (
        "= [5, 7) {{ok}}",
        '<numericalresponse answer="[5, 7)"><formulaequationinput/><correcthint>ok</correcthint></numericalresponse>',
    ),
    "feedback to nothing": ("{{ hi }}", "<p>{{ hi }}</p>"),
    "an answer that is missing": (
        "=\ntext",
        '<stringresponse answer="" type="ci"><textline size="20"/><p>text</p></stringresponse>',
    ),
    "words beside markup": (
        "<b>Now</b> answer\n= 1",
        '<numericalresponse answer="1"><b>Now</b> answer <formulaequationinput/></numericalresponse>',
    ),
}


@pytest.mark.parametrize("name", MENDED)
def test_what_studio_breaks_is_made_whole(name: str) -> None:
    markdown, xml = MENDED[name]

    assert _inside(markdown) == xml
    etree.fromstring(markdown_to_xml(markdown))


def test_an_apostrophe_in_an_option_can_be_chosen() -> None:
    problem = parse(markdown_to_xml("[[isn't, (it's), dogs']]"), problem_id="p", seed=1)

    assert problem.grade({"p_2_1": "it's"}).score == 1


@pytest.mark.parametrize("text", ["{{" * 50_000, "[[" * 50_000, ">>" * 50_000, "\n" * 100_000 + "x", "<b " * 50_000])
def test_long_texts_take_little_time(text: str) -> None:
    assert markdown_to_xml(text)


def _shape(element: Any) -> Any:
    def words(text: str | None) -> str:
        return " ".join((text or "").split())

    children = [(_shape(child), words(child.tail)) for child in element]
    return element.tag, sorted(element.attrib.items()), words(element.text), children


@pytest.mark.parametrize("course", ["demo-course", "supported-components"])
def test_markdown_in_courses_gives_the_xml_beside_it(shared: Path, course: str) -> None:
    compared = 0
    with tarfile.open(shared / "courses" / f"{course}.tar.gz") as archive:
        for member in archive:
            if not member.isfile() or not re.search(r"/problem/\w+\.xml$", member.name):
                continue
            root = etree.fromstring(archive.extractfile(member).read())  # type: ignore[union-attr]  # it is a file
            markdown = root.get("markdown")
            if markdown and markdown != "null":
                root.attrib.clear()
                assert _shape(etree.fromstring(markdown_to_xml(str(markdown)))) == _shape(root), member.name
                compared += 1

    assert compared >= 9
