"""Problems that the simple syntax can say come back as themselves; of others their authors learn why not."""

from __future__ import annotations

import json
from html import escape
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from lykeion.capa.api import markdown_to_xml, xml_to_markdown
from lykeion.capa.types import NoMarkdown
from tests.capa.alike import meaning

WORDS = st.text("ab1 ([{x}])|=<>&'\"-:,;!@\n$\\", max_size=12)
PIECES = st.lists(
    st.sampled_from(
        [
            "(x) a",
            "( ) b {{h}}",
            "[x] c",
            "[ ] d {{ selected: s }, { unselected: u }}",
            "{{ ((A B)) both }}",
            "= 5 +- 1",
            "or= 6",
            "not= 7 {{n}}",
            "s= word {{y:: z}}",
            "=| ^w+",
            "[[a, (b)]]",
            "[[\na\n(b {{h}})\n]]",
            ">>L||D<<",
            "---",
            *(
                "||hint||",
                "[explanation]",
                "[code]",
                "H\n==",
                "",
                "text",
                "<b>x</b> y",
                "&amp; < >",
                "{{",
                "<p>(a)</p>",
            ),
        ]
    )
    | WORDS,
    max_size=8,
).map("\n".join)


@settings(max_examples=100, deadline=None)
@given(PIECES)
def test_any_text_is_well_formed_xml_and_comes_back_as_the_same_problem(markdown: str) -> None:
    xml = markdown_to_xml(markdown)

    etree.fromstring(xml)
    _comes_back(xml)


def _attribute(text: str) -> str:
    return escape(text.replace("\n", " "))


HINTS = st.builds(
    lambda label, text: f"<choicehint{label}>{escape(text)}</choicehint>",
    st.just("") | WORDS.map(lambda label: f' label="{_attribute(label)}"'),
    WORDS,
)
CHOICES = st.builds(
    lambda right, text, hint: f'<choice correct="{right}">{escape(text)}{hint}</choice>',
    st.sampled_from(["true", "false"]),
    WORDS,
    st.just("") | HINTS,
)
QUESTIONS = st.one_of(
    st.lists(CHOICES, max_size=3).map(
        lambda choices: (
            f"<multiplechoiceresponse><choicegroup>{''.join(choices)}</choicegroup></multiplechoiceresponse>"
        )
    ),
    st.lists(CHOICES, max_size=3)
    .map(lambda choices: f"<choiceresponse><checkboxgroup>{''.join(choices)}</checkboxgroup></choiceresponse>")
    .map(lambda xml: xml.replace("<choicehint", '<choicehint selected="true"')),
    st.lists(WORDS, min_size=1, max_size=3).map(
        lambda words: (
            "<optionresponse><optioninput>"
            + "".join(f'<option correct="{i == 0}">{escape(word)}</option>' for i, word in enumerate(words))
            + "</optioninput></optionresponse>"
        )
    ),
    st.builds(
        lambda answer, other, text: (
            f'<stringresponse type="ci" answer="{_attribute(answer)}">'
            f'<additional_answer answer="{_attribute(other)}"/><textline/>'
            f'<stringequalhint answer="{_attribute(other)}">{escape(text)}</stringequalhint></stringresponse>'
        ),
        WORDS,
        WORDS,
        WORDS,
    ),
)
TEXTS = st.one_of(
    WORDS.map(lambda text: f"<p>{escape(text)}</p>"),
    WORDS.map(lambda text: f"<p><b>{escape(text)}</b> x</p>"),
    WORDS.map(lambda text: f"<pre><code>{escape(text)}</code></pre>"),
    WORDS.map(lambda text: f'<h3 class="hd hd-2 problem-header">{escape(text)}</h3>'),
    WORDS.map(lambda text: f"<label>{escape(text)}</label>"),
    WORDS.map(
        lambda text: (
            f'<solution><div class="detailed-solution"><p>Explanation</p><p>{escape(text)}</p></div></solution>'
        )
    ),
    WORDS.map(lambda text: f"<demandhint><hint>{escape(text)}</hint></demandhint>"),
)
PROBLEMS = st.lists(QUESTIONS | TEXTS, max_size=5).map(lambda parts: f"<problem>{''.join(parts)}</problem>")


@settings(max_examples=100, deadline=None)
@given(PROBLEMS)
def test_any_problem_comes_back_or_is_refused_with_its_line(xml: str) -> None:
    _comes_back(xml)


def test_problems_of_real_courses_come_back(shared: Path) -> None:
    lines = (shared / "capa/real.cases.jsonl").read_text(encoding="utf-8").splitlines()

    came_back = sum(_comes_back(json.loads(line)["xml"]) for line in lines)

    assert came_back > 100


def _comes_back(xml: str) -> bool:
    try:
        markdown = xml_to_markdown(xml)
    except NoMarkdown as refusal:
        assert refusal.line is not None
        return False
    assert meaning(markdown_to_xml(markdown)) == meaning(xml), markdown
    return True


SAYABLE = {
    "choices": "<problem><multiplechoiceresponse><choicegroup>"
    '<choice correct="true">a<choicehint label="L">h</choicehint></choice><choice correct="false">b</choice>'
    "</choicegroup></multiplechoiceresponse></problem>",
    "a label in the old way": '<problem><p>Why?</p><stringresponse answer="a" type="ci"><textline label="Why?"/>'
    "</stringresponse></problem>",
    "two questions": '<problem><p>One</p><numericalresponse answer="1"><formulaequationinput/></numericalresponse>'
    '<p>Two</p><numericalresponse answer="[2,3)"><formulaequationinput/></numericalresponse></problem>',
}
SAID = {
    "choices": "(x) a {{L:: h}}\n( ) b\n",
    "a label in the old way": ">>Why?<<\n\ns= a\n",
    "two questions": "One\n\n= 1\n\n---\n\nTwo\n\n= [2,3)\n",
}


@pytest.mark.parametrize("name", SAYABLE)
def test_what_can_be_said_is_said_plainly(name: str) -> None:
    assert xml_to_markdown(SAYABLE[name]) == SAID[name]


REFUSED = {
    "<script>x = 1</script>": "line 2: Markdown has no scripts.",
    '<formularesponse answer="x"/>': "line 2: Markdown has no <formularesponse>.",
    '<stringresponse answer="a"><textline/></stringresponse>': (
        'line 2: In Markdown text is compared without regard to case (type="ci").'
    ),
    '<numericalresponse answer="pi"><formulaequationinput/></numericalresponse>': (
        "line 2: In Markdown the answer 'pi' would be text: it does not begin as a number."
    ),
    '<choiceresponse partial_credit="EDC"><checkboxgroup/></choiceresponse>': (
        "line 2: Markdown has nothing for partial_credit of <choiceresponse>."
    ),
    "<div><optionresponse/></div>": "line 2: In Markdown <optionresponse> does not stand inside other elements.",
    "words": "line 1: In Markdown text stands in paragraphs.",
}


@pytest.mark.parametrize("inside", REFUSED)
def test_what_cannot_be_said_is_refused_with_line_and_reason(inside: str) -> None:
    with pytest.raises(NoMarkdown) as refusal:
        xml_to_markdown(f"<problem>\n{inside}\n</problem>")

    assert str(refusal.value) == REFUSED[inside]
