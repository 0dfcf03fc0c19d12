"""What checks say, in the language of whoever reads it: what is wrong, and how to mend it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any, Final

from django.utils.translation import gettext as _

Words = tuple[str, str]


def words_of(code: str, values: Mapping[str, Any]) -> Words:
    """What the finding ``code`` says: what is wrong, how to mend it."""
    if code == "problem-slip":
        of = values.get("of", {})
        cause, mend = (_(str(values[name])).format(**of) for name in ("cause", "mend"))
        return _("Line {line}: {cause}.").format(line=values["line"], cause=cause), f"{mend[:1].upper()}{mend[1:]}."
    wrong, mend = _FINDINGS[code]()
    return wrong.format(**values), mend.format(**values)


def checklist_words(code: str, values: Mapping[str, Any]) -> Words:
    """What a line of a checklist asks for, and why or how far it is."""
    wanted, more = _CHECKLIST[code]()
    return wanted, more.format_map(defaultdict(str, values)).strip()


_FINDINGS: Final[dict[str, Callable[[], Words]]] = {
    "missing-file": lambda: (
        _("Links to the file {file}, which the course does not have."),
        _("Upload the file, or take the link out."),
    ),
    "missing-block": lambda: (
        _("Links to {block}, which is not in the course."),
        _("Link to another place, or take the link out."),
    ),
    "other-run": lambda: (
        _("Links to another run of this course: {url}"),
        _("Link to the place in this run; learners may have no access to the other one."),
    ),
    "no-transcript": lambda: (
        _("This video has no transcript."),
        _("Add one: some learners cannot hear it, and many search in it."),
    ),
    "no-alt": lambda: (
        _("The image {image} has no text for those who cannot see it."),
        _('Say in a few words what it shows, or give it an empty text (alt="") if it only decorates.'),
    ),
    "empty-chapter": lambda: (_("This section is empty."), _("Add subsections, or delete it.")),
    "empty-sequential": lambda: (_("This subsection is empty."), _("Add units, or delete it.")),
    "empty-vertical": lambda: (_("This unit is empty."), _("Add components, or delete it.")),
    "empty-html": lambda: (_("This text is empty."), _("Write it, or delete it.")),
    "empty-problem": lambda: (_("This problem asks nothing."), _("Write a question, or delete it.")),
    "empty-chooser": lambda: (_("There is nothing to choose from."), _("Add what learners are to get, or delete it.")),
    "hidden": lambda: (
        _("Only the team sees this."),
        _("If learners are to see it, take the restriction away."),
    ),
    "after-end": lambda: (
        _("This starts when the course has ended."),
        _("Let it start earlier, or the course end later."),
    ),
    "no-group": lambda: (
        _("No learner can be in all the groups that this, and what it is in, are for."),
        _("Choose groups that go together."),
    ),
    "group-gone": lambda: (
        _("This is for groups that the course does not have any more."),
        _("Choose groups that are there."),
    ),
    "group-empty": lambda: (
        _("This is for {groups}, and no learner is in there."),
        _("Link a cohort with learners to the group, or choose another one."),
    ),
    "policy-broken": lambda: (
        _("The rules of grading cannot be read, so nothing counts in the course grade: {trouble}"),
        _("Open the settings of grading and save them anew, or mend grading_policy.json and import it again."),
    ),
    "weights": lambda: (
        _("The weights of the assignment types come to {total} %."),
        _("Make them 100 %; else learners cannot reach the grade that the course promises, or pass it."),
    ),
    "too-few": lambda: (
        _("There are to be {wanted} of “{type}”, and the course has {there}."),
        _("Those that are missing count as zero. Add them, or ask for fewer."),
    ),
    "graded-no-type": lambda: (
        _("This is graded, but has no assignment type."),
        _("Choose one; without it nothing here counts."),
    ),
    "graded-unknown-type": lambda: (
        _("This is graded as “{type}”, which the grading policy does not have."),
        _("Choose a type that is there, or add this one to the policy."),
    ),
    "graded-nothing": lambda: (
        _("This is graded, but holds nothing that gives points."),
        _("Add problems, or do not grade it."),
    ),
    "graded-no-due": lambda: (
        _("This is graded and has no due date."),
        _("Learners can hand it in until the course ends. Give it a date if that is not meant."),
    ),
    "problem-broken": lambda: (
        _("Line {line}: {words}"),
        _("Learners see an error instead of the problem. Mend its text."),
    ),
    "unreadable": lambda: (_("This could not be read: {words}"), _("Mend its text, or delete it.")),
}

_CHECKLIST: Final[dict[str, Callable[[], Words]]] = {
    "welcome": lambda: (_("A welcome message"), _("An update that greets learners and says how to begin.")),
    "dates": lambda: (_("Dates"), _("A day on which the course starts, and one on which it ends.")),
    "policy": lambda: (_("A grading policy"), _("Its weights come to {total} %; they should be 100 %.")),
    "deadlines": lambda: (
        _("Due dates"),
        _("Every graded subsection has one between start and end of the course. {titles}"),
    ),
    "certificate": lambda: (_("A certificate"), _("One that is active, if the course gives certificates.")),
    "overview": lambda: (_("A description"), _("Learners read it before they enrol.")),
    "image": lambda: (_("An image"), _("It stands for the course in the catalog.")),
    "videos": lambda: (_("Short videos"), _("{percent} % have ten minutes or less; 80 % should.")),
    "diverse": lambda: (
        _("Things to read, watch and do in turn"),
        _("{percent} % of subsections mix kinds of content; 80 % should."),
    ),
    "highlights": lambda: (_("Weekly highlights"), _("Sections without: {missing}. They are sent to learners.")),
    "depth": lambda: (_("Short units"), _("Half of the units have {middle} components or more; five are enough.")),
}
FINDINGS: Final = frozenset(_FINDINGS) | {"problem-slip"}
CHECKLIST: Final = frozenset(_CHECKLIST)
