"""What a new problem can begin with: the five simple kinds, and problems that only XML can say."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

from lykeion.capa.authoring.types import (
    Body,
    Choice,
    Dropdown,
    Kind,
    MultiSelect,
    Number,
    Option,
    Question,
    SimpleProblem,
    SingleSelect,
    Text,
)
from lykeion.capa.authoring.write import to_xml
from lykeion.capa.markdown.mend import mended
from lykeion.capa.types import gettext_noop

Gettext = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Template:
    """A beginning: `name` is what it is asked for by, `title` and `about` are templates for gettext.

    `kind` is the kind of its question, None for those that are edited as XML.
    """

    name: str
    title: str
    about: str
    kind: Kind | None = None


TEMPLATES: Final = (
    Template("single", gettext_noop("Single select"), gettext_noop("One of several choices is right."), "single"),
    Template("multi", gettext_noop("Multi-select"), gettext_noop("Several of several choices are right."), "multi"),
    Template("dropdown", gettext_noop("Dropdown"), gettext_noop("One word from a list that opens."), "dropdown"),
    Template("number", gettext_noop("Numerical input"), gettext_noop("A number, within a tolerance."), "number"),
    Template("text", gettext_noop("Text input"), gettext_noop("A word or a few."), "text"),
    Template("blank", gettext_noop("Blank"), gettext_noop("Nothing yet: write it yourself.")),
    Template(
        "number_script",
        gettext_noop("Number with a script"),
        gettext_noop("Other numbers for other learners, drawn by Python."),
    ),
    Template("formula", gettext_noop("Math expression"), gettext_noop("A formula, tried with numbers.")),
    Template("python", gettext_noop("Judged by Python"), gettext_noop("A function of yours judges the answer.")),
    Template(
        "drag_and_drop", gettext_noop("Drag and drop"), gettext_noop("Things that belong on places of a picture.")
    ),
    Template("image", gettext_noop("Place in a picture"), gettext_noop("Learners point at something.")),
    Template("choice_numbers", gettext_noop("Choices with numbers"), gettext_noop("Choose, and fill in a number.")),
    Template("targeted", gettext_noop("Targeted feedback"), gettext_noop("An explanation for every wrong choice.")),
    Template("partial_credit", gettext_noop("Partial credit"), gettext_noop("Some choices are partly right.")),
    Template("pool", gettext_noop("Pool of choices"), gettext_noop("Other choices for other learners.")),
    Template("chemistry", gettext_noop("Chemical equation"), gettext_noop("Shown with indices while it is typed.")),
    Template("circuit", gettext_noop("Circuit"), gettext_noop("Drawn and simulated in the page.")),
    Template("program", gettext_noop("Program"), gettext_noop("Learners write code, and Python tries it.")),
    Template("page", gettext_noop("Your own page"), gettext_noop("A page of yours in JavaScript gives the answer.")),
)
_NAMED: Final = {template.name: template for template in TEMPLATES}


def template_xml(name: str, gettext: Gettext) -> str:
    """The problem of a template; see `lykeion.capa.api.new_problem`."""
    template = _NAMED[name]
    if template.kind is not None:
        return to_xml(SimpleProblem((new_question(template.kind, gettext),)))
    if name == "blank":
        return "<problem>\n</problem>"
    text = files("lykeion.capa.authoring").joinpath("templates", f"{name}.xml").read_text(encoding="utf-8")
    return text.removesuffix("\n")


def new_question(kind: Kind, gettext: Gettext) -> Question:
    """A question of a kind that works already: an author only puts their words in the place of these."""
    return Question(_bodies(gettext)[kind], label=mended(gettext(gettext_noop("Your question"))))


def _bodies(gettext: Gettext) -> dict[Kind, Body]:
    right, wrong = gettext(gettext_noop("A right answer")), gettext(gettext_noop("A wrong answer"))
    other = gettext(gettext_noop("Another wrong answer"))
    choices = Choice(mended(right), correct=True), Choice(mended(wrong)), Choice(mended(other))
    return {
        "single": SingleSelect(choices),
        "multi": MultiSelect(
            (choices[0], Choice(mended(gettext(gettext_noop("Another right answer"))), correct=True), choices[1])
        ),
        "dropdown": Dropdown((Option(right, correct=True), Option(wrong), Option(other))),
        "number": Number("100", "5%"),
        "text": Text(right, size="20"),
    }
