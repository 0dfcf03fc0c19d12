"""What to say to somebody in front of a wall: that their own work opens, or has closed; and to the team, who look as a
learner, why a learner does not find what is hidden."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext as _

from lykeion.content.types import Outline, OutlineBlock
from lykeion.courseware.access import wall_refusal
from lykeion.courseware.entering import plan
from lykeion.courseware.exams.rules import exam_with
from lykeion.courseware.gating import odd_gates
from lykeion.courseware.masking import groups_for, name_of
from lykeion.courseware.plan import subsection_of
from lykeion.courseware.types import AccessDenied, Gate, Visitor, Wall

HIDDEN: Final = frozenset({"staff_only", "group", "not_chosen"})
"""Walls that learners are not told of."""


def barred(visitor: Visitor, wall: Wall, block: OutlineBlock) -> AccessDenied:
    """``wall`` in front of ``block`` in words, with the ref of what to do first where there is such.

    What is hidden is not there for learners; to somebody of the team under a mask it is said who sees it.
    """
    words, ref = told(visitor, wall, subsection_of(visitor.outline, block))
    if not words:
        if visitor.mask is not None and wall in HIDDEN:
            return AccessDenied(_hidden(visitor, wall, block), "not_found")
        return wall_refusal(wall, block, beta=visitor.viewer.is_beta_tester)
    if wall == "exam_not_started":
        exam = exam_with(visitor.outline, block)
        ref = exam.ref if exam is not None else ""
    return AccessDenied(words, wall, ref=ref)


def _hidden(visitor: Visitor, wall: Wall, block: OutlineBlock) -> str:
    """Why whom the mask stands for does not see ``block``, or the outermost block around it that is hidden."""
    here, outline = plan(visitor), visitor.outline
    block = next((one for one in outline.ancestors(block) if here.wall(one)), block)
    name = name_of(visitor, visitor.mask) if visitor.mask is not None else ""
    if wall == "staff_only":
        words = _("“{title}” is not visible to {name}: it is for the course team only.")
    elif wall == "not_chosen":
        words = _("“{title}” is not visible to {name}: something else was chosen for them.")
    elif groups := groups_for(visitor, block):
        words = _("“{title}” is not visible to {name}: it is for {groups}.")
        return words.format(title=block.title, name=name, groups=_(" or ").join(groups))
    else:
        words = _("“{title}” is not visible to {name}, nor to any learner: no group opens it.")
    return words.format(title=block.title, name=name)


def told(visitor: Visitor, wall: Wall, subsection: str) -> tuple[str, str]:
    """The words for such a wall in front of a subsection, and what to do first; ('', '') for other walls."""
    gate = visitor.work.gates.get(subsection)
    if wall == "prerequisite" and gate is not None:
        return _gate_words(visitor, gate), gate.prerequisite
    entrance = visitor.work.entrance
    if wall == "entrance_exam" and entrance is not None:
        title = _title(visitor, entrance.ref)
        words = _("Pass {exam} with at least {percent} first").format(exam=title, percent=percent(entrance.needed))
        return words, entrance.ref
    if wall == "exam_not_started":
        return _("This is part of a timed exam that you have not started"), ""
    return (_("This timed exam is over"), "") if wall == "exam_over" else ("", "")


def _gate_words(visitor: Visitor, gate: Gate) -> str:
    title, score, done = _title(visitor, gate.prerequisite), gate.min_score / 100, gate.min_completion / 100
    if score and done:
        words = _("Finish {title} first: at least {score} of its points, and {done} of it completed")
    elif score:
        words = _("Finish {title} with at least {score} first")
    else:
        words = _("Complete at least {done} of {title} first")
    return words.format(title=title, score=percent(score), done=percent(done))


def _title(visitor: Visitor, ref: str) -> str:
    block = visitor.outline.get(ref)
    return f"“{block.title}”" if block is not None else ""


def warnings(outline: Outline) -> tuple[str, ...]:
    """What the course team should mend: prerequisites that shut nothing."""
    words = {
        "missing": _("“{title}” names a prerequisite that is no subsection of this course, so it is open to all."),
        "circle": _("“{title}” waits for itself, by way of its prerequisites, so it is open to all."),
    }
    return tuple(words[why].format(title=block.title) for block, why in odd_gates(outline))


def percent(share: float) -> str:
    """A share in percents, without needless places; the sign stays with the number."""
    return f"{round(share * 100, 2):g}\N{NO-BREAK SPACE}%"
