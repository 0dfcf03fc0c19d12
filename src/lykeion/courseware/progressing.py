"""The progress page: what is done, what was earned, as far as it may be shown."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from lykeion.courseware.access import TO_COME
from lykeion.courseware.completion import read_done
from lykeion.courseware.entering import check_taking_part, learner, plan, sheet
from lykeion.courseware.plan import PlanSection
from lykeion.courseware.types import AccessDenied, ProgressPage, SectionProgress, SubsectionProgress, Visitor, Wall
from lykeion.grades import api as grades
from lykeion.grades.types import ProgressLine


def progress_page(visitor: Visitor, learner_id: int | None) -> ProgressPage:
    """Progress of the visitor or, for staff, of another learner; see :func:`lykeion.courseware.api.progress`."""
    user_id = check_taking_part(visitor)
    who = visitor
    if learner_id is not None and learner_id != user_id:
        if not visitor.is_staff:
            raise AccessDenied(_("Only the course team sees the progress of others."), "staff_only")
        who = learner(visitor, learner_id)
        user_id = learner_id
    return _page(who, user_id, visitor)


def _page(who: Visitor, user_id: int, visitor: Visitor) -> ProgressPage:
    here, work = plan(who), sheet(who)
    done = read_done(who, here)
    complete = sum(done.done(one) for one in here.subsections.values())
    earned = grades.progress(user_id, who.run.id, work, staff=visitor.is_staff, at=who.at, dues=who.dues)
    lines = {line.grade.ref: line for line in earned.lines}
    return ProgressPage(
        whose="" if who is visitor else who.viewer.full_name or who.viewer.username,
        grade=earned.grade,
        cutoffs=work.policy.cutoffs,
        pass_mark=work.policy.pass_mark,
        complete=complete,
        incomplete=here.total - complete,
        locked=here.shut,
        sections=tuple(made for made in (_section(who, one, lines) for one in here.sections) if made.subsections),
    )


def _section(who: Visitor, section: PlanSection, lines: Mapping[str, ProgressLine]) -> SectionProgress:
    shown = [one for one in section.subsections if one.in_menu and one.ref in lines]
    return SectionProgress(section.title, tuple(_subsection(lines[one.ref], one.wall) for one in shown))


def _subsection(line: ProgressLine, wall: Wall) -> SubsectionProgress:
    """A line of the page. What is in a subsection that the learner has yet to open is not told, not even titles."""
    grade, is_hidden = line.grade, bool(line.hidden)
    return SubsectionProgress(
        ref=grade.ref,
        title=grade.title,
        format=grade.format,
        graded=line.graded,
        due=line.due,
        earned=0.0 if is_hidden else grade.earned_graded if line.graded else grade.earned_all,
        possible=grade.possible_graded if line.graded else grade.possible_all,
        percent=0.0 if is_hidden else grade.percent,
        scores=None if is_hidden else () if wall in TO_COME else tuple(grade.scores.items()),
        hidden=_words(line.hidden),
    )


def _words(hidden: str) -> str:
    if hidden == "until_due":
        return _("Scores are hidden until the due date.")
    return _("Scores are hidden.") if hidden else ""
