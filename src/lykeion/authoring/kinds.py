"""Which types of components a course may have, and what a new one begins with."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lykeion.authoring import texts
from lykeion.blocks import api as blocks
from lykeion.content.types import Json, Node

ALWAYS: Final = frozenset(
    {
        "html", "video", "problem", "discussion", "openassessment", "drag-and-drop-v2", "itembank", "library_content",
        "split_test", "conditional", "randomize", "pdf",
    }
)  # fmt: skip
"""Types that every course may have (openedx.md §3.4); further ones are named in its ``advanced_modules``."""
NEVER: Final = frozenset(
    {
        "course", "chapter", "sequential", "vertical", "about", "course_info", "static_tab", "error", "unsupported",
        "wrapper", "library", "hidden", "acid", "acid_parent", "acid_aside",
    }
)  # fmt: skip
"""Types that are no components."""
NAMES: Final[Mapping[str, Any]] = {
    "html": pgettext_lazy("a component", "Text"),
    "video": gettext_lazy("Video"),
    "problem": gettext_lazy("Problem"),
    "discussion": gettext_lazy("Discussion"),
    "openassessment": gettext_lazy("Open response"),
    "drag-and-drop-v2": gettext_lazy("Drag and drop"),
    "itembank": gettext_lazy("Problem bank"),
    "library_content": gettext_lazy("Randomised content"),
    "split_test": gettext_lazy("Content experiment"),
    "conditional": gettext_lazy("Conditional"),
    "randomize": gettext_lazy("One at random"),
    "poll": gettext_lazy("Poll"),
    "survey": gettext_lazy("Survey"),
    "done": gettext_lazy("Mark as done"),
    "feedback": gettext_lazy("Feedback"),
    "lti": gettext_lazy("LTI tool (older)"),
    "lti_consumer": gettext_lazy("LTI tool"),
    "scorm": gettext_lazy("SCORM package"),
    "edx_sga": gettext_lazy("Staff graded assignment"),
    "staffgradedxblock": gettext_lazy("Staff graded points"),
    "word_cloud": gettext_lazy("Word cloud"),
    "annotatable": gettext_lazy("Annotated text"),
    "pdf": gettext_lazy("PDF"),
    "poll_question": gettext_lazy("Poll (older)"),
    "vertical": gettext_lazy("Group"),
}
ABOUT: Final[Mapping[str, Any]] = {
    "html": gettext_lazy("Words, pictures, tables and links."),
    "video": gettext_lazy("From YouTube or a file, with transcripts."),
    "problem": gettext_lazy("A question that is marked by itself."),
    "discussion": gettext_lazy("A place where learners talk about this unit."),
    "openassessment": gettext_lazy("Longer answers, marked by learners or the team."),
    "drag-and-drop-v2": gettext_lazy("Things are put on places of a picture."),
    "itembank": gettext_lazy("Each learner gets some of its problems, drawn at random."),
    "library_content": gettext_lazy("Some items of a library for each learner, as older courses have it."),
    "split_test": gettext_lazy("Each group of an experiment sees something else."),
    "conditional": gettext_lazy("Shown once something else was answered or passed."),
    "randomize": gettext_lazy("Each learner sees one of what is in it."),
    "lti_consumer": gettext_lazy("A tool of another site, with the learner signed in."),
    "poll": gettext_lazy("A question without a right answer; all see the result."),
    "survey": gettext_lazy("Several questions with the same choices."),
    "done": gettext_lazy("Learners tick it off themselves."),
    "word_cloud": gettext_lazy("Words of all learners; frequent ones are larger."),
    "pdf": gettext_lazy("A document, read in the page."),
    "edx_sga": gettext_lazy("Learners hand in files; the team marks them."),
}
"""What types do, on one line."""
_SEEN: Final = re.compile(r"<(?!/|!|(?:p|div|span|br|b|i|em|strong|h[1-6]|ul|ol|li|section)\b)", re.IGNORECASE)
_NO_PROBLEM: Final = re.compile(r"\s*(?:<problem[^<>]*/>|<problem[^<>]*>\s*</problem>)?\s*")
ICONS: Final[Mapping[str, str]] = {"html": "text", "video": "video", "problem": "problem", "discussion": "discussion"}


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of components. ``about`` tells what it does ('' for those of others). ``allowed``: the course may have it
    now; others are switched on when they are added."""

    type: str
    name: str
    icon: str
    allowed: bool
    about: str = ""


def name_of(kind: str) -> str:
    """What authors call a type."""
    return str(NAMES[kind]) if kind in NAMES else kind.replace("_", " ").replace("-", " ").capitalize()


def kind(course: Node, block_type: str) -> Kind:
    """One type, in a course."""
    allowed = block_type in ALWAYS or block_type in advanced(course)
    icon, about = ICONS.get(block_type, "other"), str(ABOUT.get(block_type, ""))
    return Kind(block_type, name_of(block_type), icon, allowed, about)


def kinds(course: Node) -> list[Kind]:
    """Every type of components installed here, by name."""
    found = [kind(course, one) for one in blocks.installed_types() - NEVER]
    return sorted(found, key=lambda one: one.name.casefold())


def advanced(course: Node) -> list[str]:
    """The further types that the course names."""
    named = course.fields.get("advanced_modules")
    return [one for one in named if isinstance(one, str)] if isinstance(named, list) else []


def beginning(block_type: str) -> dict[str, Json]:
    """The fields of a new component."""
    if blocks.kept_as_xml(block_type):
        return {"xml": _beginning_in_xml(block_type)}
    words = {"html": _("Text"), "problem": _("Problem"), "video": _("Video"), "discussion": _("Discussion")}
    fields: dict[str, Json] = {"display_name": words.get(block_type, name_of(block_type))}
    if block_type == "html":
        fields["data"] = ""
    if block_type == "problem":
        fields["data"] = "<problem></problem>"  # its editor offers templates
    if block_type in {"library_content", "itembank"}:
        fields["max_count"] = 1
    return fields


def is_blank(node: Node) -> bool:
    """Whether a text, or a problem, has nothing in it that learners could see."""
    data = str(node.fields.get("data") or "")
    return is_blank_html(data) if node.type == "html" else node.type == "problem" and bool(_NO_PROBLEM.fullmatch(data))


def is_blank_html(html: str) -> bool:
    """Whether nothing of it is seen or heard."""
    return not texts.seen_words(html) and not _SEEN.search(html)


def _beginning_in_xml(block_type: str) -> str:
    """Most classes begin with what their fields have by themselves; some cannot read their own XML without contents."""
    words = {"yes": escape(_("Yes")), "no": escape(_("No")), "text": escape(_("Write here."))}
    if block_type == "poll_question":
        answers = f'<answer id="yes">{words["yes"]}</answer><answer id="no">{words["no"]}</answer>'
        return f"<poll_question><p>{words['text']}</p>{answers}</poll_question>"
    if block_type == "annotatable":
        return f"<annotatable><p>{words['text']}</p></annotatable>"
    return f"<{block_type}/>"
