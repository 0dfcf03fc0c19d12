"""The words of the problem language: slips of the pen in the names of elements and attributes."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Final

from lykeion.capa.lint.types import Finding, at
from lykeion.capa.source import INPUT_TAGS, RESPONSE_TAGS, Element
from lykeion.capa.types import gettext_noop

_EVERYWHERE: Final = frozenset(["class", "id", "style", "title", "lang", "dir", "role", "tabindex", "hidden"])
_ANY_INPUT: Final = frozenset(["points", "label", "inline", "size", "hidden", "trailing_text", "correct_answer"])
_ANY_RESPONSE: Final = frozenset(["partial_credit", "points", "inline", "targeted-feedback"])
ATTRIBUTES: Final[Mapping[str, frozenset[str]]] = {
    tag: frozenset(names.split())
    for tag, names in {
        "problem": (
            "display_name max_attempts attempts weight grading_method due graceperiod show_correctness showanswer "
            "rerandomize "
            "attempts_before_showanswer_button force_save_button show_reset_button submission_wait_seconds markdown "
            "markdown_edited url_name source_code use_latex_compiler matlab_api_key graded format start xmlns filename"
        ),
        "multiplechoiceresponse": "type direction",
        "truefalseresponse": "type direction",
        "choiceresponse": "type direction",
        "numericalresponse": "answer type",
        "stringresponse": "answer type",
        "formularesponse": "answer samples type",
        "customresponse": "cfn expect answer options cfn_extra_args empty_answer_err",
        "symbolicresponse": "expect answer options cfn",
        "coderesponse": "queuename",
        "externalresponse": "url tests answer",
        "choicegroup": "type shuffle answer-pool direction show_correctness submitted_message",
        "checkboxgroup": "direction show_correctness submitted_message",
        "radiogroup": "direction show_correctness submitted_message",
        "choice": "correct name fixed point_value explanation-id",
        "optioninput": "options correct",
        "radiotextgroup": "show_correctness submitted_message",
        "checkboxtextgroup": "show_correctness submitted_message",
        "option": "correct choice",
        "textline": "math dojs preprocessorClassName preprocessorSrc",
        "textbox": "rows cols mode linenumbers tabsize",
        "codeinput": "rows cols mode linenumbers tabsize",
        "matlabinput": "rows cols mode linenumbers tabsize",
        "filesubmission": "allowed_files required_files",
        "crystallography": "width height",
        "vsepr_input": "width height molecules geometries",
        "designprotein2dinput": "width height target_shape",
        "editageneinput": "width height dna_sequence genex_dna_sequence genex_problem_number",
        "editamoleculeinput": "file missing",
        "imageinput": "src width height rectangle regions alt",
        "jsinput": "html_file gradefn get_statefn set_statefn initial_state width height title sop",
        "drag_and_drop_input": "img alt target_outline one_per_target no_labels label_bg_color",
        "draggable": "label icon can_reuse",
        "target": "x y w h label",
        "schematic": "height width parts analyses initial_value submit_analyses",
        "numtolerance_input": "answer tolerance size",
        "responseparam": "type default partial_range partial_answers description name",
        "additional_answer": "answer",
        "choicehint": "label selected",
        "compoundhint": "label value",
        "optionhint": "label",
        "correcthint": "label",
        "stringequalhint": "label answer",
        "regexphint": "label answer",
        "hintgroup": "mode hintfn",
        "hintpart": "on",
        "stringhint": "name answer type",
        "numericalhint": "name answer tolerance",
        "formulahint": "name answer samples",
        "script": "type src language",
        "solution": "explanation-id",
        "targetedfeedback": "explanation-id",
    }.items()
}
_PARTS: Final = (
    "demandhint", "hint", "description", "title", "initial_display", "answer_display", "grader_payload", "plot_payload",
    "solutionset", "targetedfeedbackset", "options", "comment", "comment_prompt", "tag_prompt",
    "codeparam", "decoy_input", "clarification", "answer", "include",
)  # fmt: skip
KNOWN_TAGS: Final = sorted({*ATTRIBUTES, *INPUT_TAGS, *RESPONSE_TAGS, *_PARTS})
_HTML_TAGS: Final = """
a abbr article aside audio b blockquote br button caption center cite code col colgroup dd del details dfn div dl dt em
embed figcaption figure font footer form h1 h2 h3 h4 h5 h6 header hr i iframe img input ins kbd label legend li link
main map mark math meta nav object ol optgroup output p param pre progress q s samp section select small source span
strike strong style sub summary sup svg table tbody td text textarea tfoot th thead time tr track tt u ul var video wbr
"""
HTML: Final = frozenset(_HTML_TAGS.split())
_FOREIGN: Final = ("svg", "math")  # what is in them has words of its own


def words(root: Element) -> Iterator[Finding]:
    """Elements and attributes that nothing reads."""
    for element in root.iter():
        if element.prefix is None and next(element.iterancestors(*_FOREIGN), None) is None:
            yield from _element(element)
            yield from _attributes(element)


def _element(element: Element) -> Iterator[Finding]:
    tag = str(element.tag)
    if tag in HTML or tag in KNOWN_TAGS or tag in _FOREIGN:
        return
    if meant := get_close_matches(tag, KNOWN_TAGS, 1, 0.8):
        mend = gettext_noop("did you mean <{meant}>?")
        yield at(element, "unknown-element", gettext_noop("unknown element <{tag}>"), mend, meant=meant[0])
    else:
        mend = gettext_noop("browsers show only the text in it: use an element of HTML")
        yield at(element, "unknown-element", gettext_noop("unknown element <{tag}>"), mend, level="warning")


def _attributes(element: Element) -> Iterator[Finding]:
    known = _known(str(element.tag))
    cause = gettext_noop("unknown attribute {name} of <{tag}>")
    for name in map(str, element.attrib) if known else ():
        if name in known or name.startswith(("data-", "aria-", "on", "{")):
            continue
        if meant := get_close_matches(name, known, 1, 0.75):
            mend = gettext_noop("did you mean {meant}?")
            yield at(element, "unknown-attribute", cause, mend, name=name, meant=meant[0])
        elif element.tag != "problem":
            mend = gettext_noop("nothing reads it: remove it, or look up its name")
            yield at(element, "unknown-attribute", cause, mend, name=name, level="warning")


def attributes_of(tag: str) -> frozenset[str]:
    """The attributes that mean something to the problem language; none for other tags, where anything goes."""
    own = ATTRIBUTES.get(tag, frozenset())
    if tag in INPUT_TAGS:
        return own | _ANY_INPUT
    if tag in RESPONSE_TAGS:
        return own | _ANY_RESPONSE
    return own


def _known(tag: str) -> frozenset[str]:
    """All attributes of a tag of the problem language; none for other tags."""
    own = attributes_of(tag)
    return own | _EVERYWHERE if own else own
