"""What the fields of our own components are called on forms, and what they do. Packages name theirs themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from django.utils.translation import gettext_lazy

from lykeion.authoring.problemsettings import SETTINGS
from lykeion.blocks.types import FieldFacts
from lykeion.content.types import Json

Options = tuple[tuple[Json, Any], ...]


@dataclass(frozen=True, slots=True)
class Words:
    """A field in words, which are translated when they are shown; ``options`` are what it can be, with their words."""

    label: Any
    help: Any = ""
    options: Options = ()


_DATE: Final = gettext_lazy("In universal time, like 2026-03-01T12:00:00Z.")
_OLD: Final = gettext_lazy("From older courses; kept for them.")
_SPEED: Final = gettext_lazy("The video at another speed, as older courses have it.")
_EDITORS: Final = {
    "editor": Words(
        gettext_lazy("Opened with"),
        gettext_lazy("The editor that opens first."),
        (("visual", gettext_lazy("the visual editor")), ("raw", gettext_lazy("the source"))),
    )
}
_BANK: Final = {
    "max_count": Words(
        gettext_lazy("How many each learner gets"), gettext_lazy("Drawn at random from what is in it; -1 gives all.")
    ),
    "allow_resetting_children": Words(
        gettext_lazy("Learners may begin anew"), gettext_lazy("A button resets its problems and draws again.")
    ),
}
_PROBLEM: Final = {
    **{one.name: Words(one.label, one.help, one.options) for one in SETTINGS},
    "show_reset_button": Words(
        gettext_lazy("Reset button"),
        gettext_lazy("Lets learners empty their answers. It stands there anyway where each attempt has a new variant."),
    ),
    "due": Words(gettext_lazy("Due date"), _DATE),
    "graceperiod": Words(
        gettext_lazy("Grace period"), gettext_lazy("How much later answers still count, like 2 days 3 hours.")
    ),
    "graded": Words(
        gettext_lazy("Graded"), gettext_lazy("Usually decided by the subsection: whether it counts for the grade.")
    ),
    "show_correctness": Words(
        gettext_lazy("Results shown"),
        gettext_lazy("When learners are told whether they were right."),
        (
            ("always", gettext_lazy("at once")),
            ("never", gettext_lazy("never")),
            ("past_due", gettext_lazy("after the due date")),
            ("never_but_include_grade", gettext_lazy("never, but the grade is")),
        ),
    ),
    "force_save_button": Words(
        gettext_lazy("Save button"), gettext_lazy("Lets learners save without submitting, whatever the other settings.")
    ),
    "markdown": Words(
        gettext_lazy("Text in Markdown"), gettext_lazy("What the problem is made of, if it is written in Markdown.")
    ),
    "markdown_edited": Words(gettext_lazy("Written in Markdown"), _OLD),
    "source_code": Words(gettext_lazy("LaTeX source"), _OLD),
    "use_latex_compiler": Words(gettext_lazy("Written in LaTeX"), _OLD),
    "matlab_api_key": Words(gettext_lazy("Key for MATLAB"), gettext_lazy("For problems that MATLAB grades.")),
}
_VIDEO: Final = {
    "youtube_id_1_0": Words(gettext_lazy("On YouTube"), gettext_lazy("The id of the video: what follows “v=”.")),
    "youtube_id_0_75": Words(gettext_lazy("On YouTube, at 0.75 times the speed"), _SPEED),
    "youtube_id_1_25": Words(gettext_lazy("On YouTube, at 1.25 times the speed"), _SPEED),
    "youtube_id_1_5": Words(gettext_lazy("On YouTube, at 1.5 times the speed"), _SPEED),
    "html5_sources": Words(
        gettext_lazy("Files"), gettext_lazy("Their addresses, as a list. The first that a browser can play is shown.")
    ),
    "source": Words(gettext_lazy("File to download"), _OLD),
    "start_time": Words(gettext_lazy("Start at"), gettext_lazy("Hours, minutes and seconds, like 00:01:30.")),
    "end_time": Words(gettext_lazy("Stop at"), gettext_lazy("Hours, minutes and seconds; 00:00:00 for all of it.")),
    "download_video": Words(gettext_lazy("Learners may download the video")),
    "download_track": Words(gettext_lazy("Learners may download the transcripts")),
    "show_captions": Words(gettext_lazy("The transcript is open at first")),
    "default_transcript": Words(
        gettext_lazy("Transcript shown first"), gettext_lazy("A language, like en; empty for English, or the first.")
    ),
    "transcripts": Words(
        gettext_lazy("Transcripts"),
        gettext_lazy("The file for each language. Edit has them in words."),
    ),
    "sub": Words(gettext_lazy("English transcript"), _OLD),
    "track": Words(gettext_lazy("Transcript to download, as a file of its own")),
    "handout": Words(gettext_lazy("Handout"), gettext_lazy("A file for learners to download beside the video.")),
    "thumbnail": Words(gettext_lazy("Poster"), gettext_lazy("The picture that is shown until the video starts.")),
    "license": Words(gettext_lazy("Licence"), gettext_lazy("Under which terms others may use it.")),
    "edx_video_id": Words(
        gettext_lazy("Id in a video service"), gettext_lazy("By which apps find the video; kept for imported courses.")
    ),
    "only_on_web": Words(gettext_lazy("Not in apps for phones")),
    "public_access": Words(gettext_lazy("Anybody may watch it, by a link")),
}
_DISCUSSION: Final = {
    "discussion_category": Words(
        gettext_lazy("Category"), gettext_lazy("The heading under which the topic is listed, like “Week 1”.")
    ),
    "discussion_target": Words(
        gettext_lazy("Topic"), gettext_lazy("What the topic is called in the list, below its category.")
    ),
    "sort_key": Words(
        gettext_lazy("Place in the list"), gettext_lazy("Topics are listed by this text; left empty, by their names.")
    ),
    "discussion_id": Words(
        gettext_lazy("Id of the topic"),
        gettext_lazy("Ties what was written to this component. With another id it begins empty: best left as it is."),
    ),
}
_EXPERIMENT: Final = {
    "user_partition_id": Words(
        gettext_lazy("Experiment"), gettext_lazy("The number of its group configuration. Edit has them by name.")
    ),
    "group_id_to_child": Words(
        gettext_lazy("Which group gets what"), gettext_lazy("For each number of a group, the key of what it sees.")
    ),
}
_CONDITIONAL: Final = {
    "sources_list": Words(
        gettext_lazy("Depends on"), gettext_lazy("The keys of the components that learners have to do first.")
    ),
    "conditional_attr": Words(gettext_lazy("Shown when"), gettext_lazy("Edit has the conditions in words.")),
    "conditional_value": Words(
        gettext_lazy("Value"), gettext_lazy("True: it has to be so. False: it must not. For a poll: the answer.")
    ),
    "conditional_message": Words(
        gettext_lazy("Said until then"), gettext_lazy("{link} becomes a link to what it depends on.")
    ),
    "show_tag_list": Words(
        gettext_lazy("Shown as well"),
        gettext_lazy("The keys of components elsewhere that are shown with it."),
    ),
}
_UNREADABLE: Final = {
    "tag": Words(gettext_lazy("Element"), gettext_lazy("The type of component that the course named.")),
    "contents": Words(gettext_lazy("XML"), gettext_lazy("What the course had there, as it was.")),
    "error": Words(gettext_lazy("What is wrong with it")),
}
WORDS: Final[Mapping[str, Mapping[str, Words]]] = {
    **dict.fromkeys(("html", "static_tab", "about", "course_info"), _EDITORS),
    **dict.fromkeys(("library_content", "itembank"), _BANK),
    "problem": _PROBLEM,
    "video": _VIDEO,
    "discussion": _DISCUSSION,
    "split_test": _EXPERIMENT,
    "conditional": _CONDITIONAL,
    "error": _UNREADABLE,
}
"""By type and name of the field. A test holds it against the fields that the built-in types have."""


def in_words(block_type: str, fields: Iterable[FieldFacts]) -> list[FieldFacts]:
    """``fields`` of a block of ``block_type`` with our words and in our order, where they are ours; else as its package
    names them."""
    words = WORDS.get(block_type, {})
    order = {name: place for place, name in enumerate(words)}
    dressed = [_dressed(field, words[field.name]) if field.name in words else field for field in fields]
    return sorted(dressed, key=lambda field: order.get(field.name, len(order)))


def _dressed(field: FieldFacts, words: Words) -> FieldFacts:
    dressed = replace(field, label=str(words.label), help=str(words.help))
    return _with_options(dressed, words.options) if words.options else dressed


def _with_options(field: FieldFacts, options: Options) -> FieldFacts:
    known = {value: str(text) for value, text in options}
    for other in (field.default, field.value):  # what a course came with stays, and can be chosen again
        known.setdefault(other, str(other or "—"))
    return replace(field, kind="choice", choices=tuple(known.items()))
