"""Every field of a course that this platform acts on: what it is called, what it does, and what holds while not set.

Types are those of ``olx`` (its table of known fields); defaults are Open edX's (``xmodule/course_block.py``,
``inheritance.py``). Fields that only Open edX acts on are in ``otherfields.py``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

from django.utils.translation import gettext_lazy as _

from lykeion.content.types import Json

Where = Literal["here", "elsewhere", "old"]


@dataclass(frozen=True, slots=True)
class CourseField:
    """``where``: it has an effect ``here``; it has one in Open edX only (``elsewhere``), and is kept for exports; or it
    is ``old``: nothing reads it any more. ``choices``: the only words it can hold. ``link``: the page of Studio
    where it is easier to edit."""

    name: str
    title: Any
    text: Any
    default: Json = None
    where: Where = "here"
    choices: tuple[str, ...] = ()
    link: str = ""


_ANSWERS: Final = (
    "always answered attempted closed finished correct_or_past_due past_due never after_attempts"
    " after_all_attempts after_all_attempts_or_correct attempted_no_past_due"
)
F = CourseField

HERE: Final = (
    F("display_name", _("Course name"), _("The name of the course on every page and card."), None, link="schedule"),
    F("display_coursenumber", _("Course number shown"), _("Shown in the place of the number in the course's key.")),
    F("display_organization", _("Organisation shown"), _("The organisation's name on cards, when it is first seen.")),
    F("start", _("Start"), _("Learners may open the course from then on."), "2030-01-01T00:00:00Z", link="schedule"),
    F("end", _("End"), _("The course is over then; 30 days later grades stay as they are."), link="schedule"),
    F("enrollment_start", _("Enrolment opens"), _("Nobody can enrol by themselves before then."), link="schedule"),
    F("enrollment_end", _("Enrolment closes"), _("Nobody can enrol by themselves after that."), link="schedule"),
    F("advertised_start", _("Start in words"), _("Shown instead of the start date, such as “Spring 2027”."), ""),
    F("self_paced", _("At the learner's own pace"), _("Due dates count from when each learner began."), False,
      link="schedule"),
    F("language", _("Language"), _("The code of the language of the course, such as en or pt-br."), link="schedule"),
    F("course_image", _("Card image"), _("The file shown on cards, 16 to 9."), "images_course_image.jpg",
      link="schedule"),
    F("certificate_available_date", _("Certificates from"), _("When certificates are shown, if by date."),
      link="schedule"),
    F("certificates_display_behavior", _("Show certificates"),
      _("end: when the course is over. end_with_date: from a date on. early_no_info: as soon as somebody passes."),
      "end", choices=("end", "end_with_date", "early_no_info"), link="schedule"),
    F("cert_html_view_enabled", _("Certificates as web pages"), _("Off: the course gives no certificates."), True,
      link="certificates"),
    F("course_survey_name", _("Survey"), _("The name of a survey of this site that learners are asked.")),
    F("course_survey_required", _("Survey required"), _("Nobody enters without having answered it."), False),
    F("license", _("Licence"), _("What others may do with the course's texts."), link="schedule"),
    F("learning_info", _("What you will learn"), _("Sentences listed on the about page."), [], link="schedule"),
    F("instructor_info", _("Instructors"), _("People shown on the about page."), {"instructors": []}, link="schedule"),
    F("pre_requisite_courses", _("Courses to pass first"), _("The course opens for those who passed all of these."),
      [], link="schedule"),
    F("entrance_exam_enabled", _("Entrance exam"), _("The rest opens for those who pass the exam's section."), False,
      link="schedule"),
    F("entrance_exam_id", _("Section of the entrance exam"), _("The key of the section that is the exam."), "",
      link="schedule"),
    F("entrance_exam_minimum_score_pct", _("Entrance exam minimum"), _("The share of points that opens the rest."),
      0.5, link="schedule"),
    F("catalog_visibility", _("Shown in the catalog"),
      _("both: listed, with an about page. about: not listed. none: for nobody who is not in it."),
      "both", choices=("both", "about", "none")),
    F("course_visibility", _("Readable without enrolling"),
      _("private: learners only. public_outline: all see the outline. public: all read texts and videos."),
      "private", choices=("private", "public_outline", "public")),
    F("invitation_only", _("By invitation only"), _("Only people whom the team enrols or invites can take it."), False),
    F("max_student_enrollments_allowed", _("Most learners"), _("When so many take the course, enrolment closes.")),
    F("days_early_for_beta", _("Days early for beta testers"), _("Beta testers enter so many days before learners.")),
    F("tabs", _("Tabs"), _("The pages of the course in order, hidden ones included."), None, link="pages"),
    F("pdf_textbooks", _("Textbooks"), _("PDF textbooks with their chapters."), [], link="textbooks"),
    F("grading_policy", _("Grading rules"), _("Assignment types and cutoffs."), None, link="grading"),
    F("graceperiod", _("Grace period"), _("How long after a due date answers still count, as “2 days 3 hours”."),
      link="grading"),
    F("user_partitions", _("Groups"), _("Content groups and experiments."), [], link="groups"),
    F("group_access", _("Groups that see the course"), _("Group ids by partition; learners in others see nothing."),
      {}),
    F("cohort_config", _("Cohorts"),
      _("“cohorted”: true divides the learners into cohorts, until teachers switch that under “For instructors”."), {},
      link="features"),
    F("certificates", _("Certificate designs"), _("Who signs certificates, and whether they are given out."), {},
      link="certificates"),
    F("enable_subsection_gating", _("Prerequisite subsections"),
      _("Subsections can stay closed until another is done well enough."), False, link="features"),
    F("advanced_modules", _("Further component types"), _("Types of components that authors can add."), []),
    F("max_attempts", _("Attempts at problems"), _("How often one can submit where a problem says nothing.")),
    F("showanswer", _("Show answer"), _("When learners can see the answer where a problem says nothing."), "finished",
      choices=tuple(_ANSWERS.split())),
    F("show_correctness", _("Results"), _("Whether learners are told what was right: always, never, when past due."),
      "always", choices=("always", "never", "past_due", "never_but_include_grade")),
    F("show_reset_button", _("Reset button"), _("Problems can be started anew where they say nothing."), False),
    F("rerandomize", _("New numbers"), _("When problems with random numbers draw new ones."), "never",
      choices=("always", "onreset", "never", "per_student")),
    F("visible_to_staff_only", _("Hidden from learners"), _("Only the team sees the course's content."), False),
    F("hide_from_toc", _("Left out of outlines"), _("Reachable by links only."), False),
    F("due", _("Due date of everything"), _("Holds for every subsection without a due date of its own.")),
    F("relative_weeks_due", _("Weeks until due"), _("As the due date, in weeks after each learner began.")),
    F("graded", _("Everything graded"), _("Holds for subsections that say nothing themselves."), False),
    F("format", _("Assignment type of everything"), _("Graders read the one of the subsection.")),
    F("static_asset_path", _("Folder of files"), _("Where courses from XML keep their files."), ""),
    F("xqa_key", _("Key of the quality tool"), _("Sent to the tool that collects reports on problems.")),
    F("use_latex_compiler", _("LaTeX source"), _("Blocks offer their LaTeX source to editors."), False),
    F("video_auto_advance", _("Next video by itself"), _("When a video ends the next one of the page begins."), False),
    F("video_speed_optimizations", _("Faster videos"), _("Players may choose the nearest copy."), True),
    F("video_bumper", _("Video before videos"), _("A short film shown before the first video."), {}),
    F("other_course_settings", _("Other settings"),
      _("“weeks_to_complete”: how long a course at one's own pace takes; anything else is kept for others."), {}),
    F("in_entrance_exam", _("Part of an entrance exam"), _("Set on the exam's own section."), False),
    F("course_edit_method", _("Where it is edited"), _("A word that tells tools where authors work."), "Studio"),
    F("giturl", _("Git address"), _("Where the source of the course is kept.")),
    F("lti_passports", _("LTI passports"), _("“id:key:secret” for tools that components name by their id."), []),
)  # fmt: skip
