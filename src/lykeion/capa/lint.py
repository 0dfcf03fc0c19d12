"""What an author may have meant: slips that do not stop a problem and change what it does."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from lykeion.capa.source import INPUT_TAGS, RESPONSE_TAGS, Element, line_of, read

_EVERYWHERE: Final = frozenset(["class", "id", "style", "title", "lang", "dir", "role", "tabindex", "hidden"])
_ANY_INPUT: Final = frozenset(["points", "label", "inline", "size", "hidden", "trailing_text", "correct_answer"])
_ANY_RESPONSE: Final = frozenset(["partial_credit", "points", "inline", "targeted-feedback"])
_ATTRIBUTES: Final[Mapping[str, frozenset[str]]] = {
    tag: frozenset(names.split())
    for tag, names in {
        "problem": (
            "display_name max_attempts weight grading_method due graceperiod show_correctness showanswer rerandomize "
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
        "option": "correct choice",
        "textline": "math dojs preprocessorClassName preprocessorSrc",
        "textbox": "rows cols mode linenumbers tabsize",
        "imageinput": "src width height rectangle regions",
        "jsinput": "html_file gradefn get_statefn set_statefn initial_state width height title sop",
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
    "demandhint", "hint", "solutionset", "targetedfeedbackset", "options", "comment", "comment_prompt", "tag_prompt",
    "codeparam", "draggable", "target", "decoy_input", "clarification", "answer", "include",
)  # fmt: skip
_KNOWN_TAGS: Final = sorted({*_ATTRIBUTES, *INPUT_TAGS, *RESPONSE_TAGS, *_PARTS})
_HTML_TAGS: Final = """
a abbr article aside audio b blockquote br button caption center cite code col colgroup dd del details dfn div dl dt em
embed figcaption figure font footer form h1 h2 h3 h4 h5 h6 header hr i iframe img input ins kbd label legend li link
main map mark math meta nav object ol optgroup output p param pre progress q s samp section select small source span
strike strong style sub summary sup svg table tbody td text textarea tfoot th thead time tr track tt u ul var video wbr
"""
_HTML: Final = frozenset(_HTML_TAGS.split())


@dataclass(frozen=True, slots=True)
class Finding:
    """A slip with its place: `line 14: unknown attribute max_attemps; did you mean max_attempts?`."""

    line: int | None
    message: str

    def __str__(self) -> str:
        return self.message if self.line is None else f"line {self.line}: {self.message}"


def findings(xml: str) -> tuple[Finding, ...]:
    """The slips in a problem, in order. Raises ProblemError for what is no XML at all."""
    return tuple(finding for element in read(xml).iter() for finding in _of(element))


def _of(element: Element) -> Iterator[Finding]:
    tag = str(element.tag)
    line = line_of(element)
    if tag not in _HTML and tag not in _KNOWN_TAGS and (meant := get_close_matches(tag, _KNOWN_TAGS, 1, 0.8)):
        yield Finding(line, f"unknown element <{tag}>; did you mean <{meant[0]}>?")
    known = _known(tag)
    for name in map(str, element.attrib) if known else ():
        if name not in known and (meant := get_close_matches(name, known, 1, 0.75)):
            yield Finding(line, f"unknown attribute {name} of <{tag}>; did you mean {meant[0]}?")


def _known(tag: str) -> frozenset[str]:
    """The attributes of a tag of the problem language; none for other tags, where anything goes."""
    own = _ATTRIBUTES.get(tag, frozenset())
    if tag in INPUT_TAGS:
        return own | _ANY_INPUT | _EVERYWHERE
    if tag in RESPONSE_TAGS:
        return own | _ANY_RESPONSE | _EVERYWHERE
    return own | _EVERYWHERE if own else own
