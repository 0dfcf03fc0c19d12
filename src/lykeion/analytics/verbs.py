"""Verbs and kinds of activities of xAPI, as event-routing-backends of Open edX gives them to events."""

from __future__ import annotations

from typing import Final

ADL: Final = "http://adlnet.gov/expapi"
TINCAN: Final = "http://id.tincanapi.com"
_VIDEO: Final = "https://w3id.org/xapi/video"

COURSE: Final = f"{ADL}/activities/course"
MODULE: Final = f"{ADL}/activities/module"
INTERACTION: Final = f"{ADL}/activities/cmi.interaction"
QUESTION: Final = f"{ADL}/activities/question"
LINK: Final = f"{ADL}/activities/link"
VIDEO: Final = f"{_VIDEO}/activity-type/video"

VERBS: Final[dict[str, str]] = {
    "edx.course.enrollment.activated": f"{ADL}/verbs/registered",
    "edx.course.enrollment.mode_changed": f"{ADL}/verbs/registered",
    "edx.course.enrollment.deactivated": f"{TINCAN}/verb/unregistered",
    "load_video": f"{ADL}/verbs/initialized",
    "play_video": f"{_VIDEO}/verbs/played",
    "pause_video": f"{_VIDEO}/verbs/paused",
    "seek_video": f"{_VIDEO}/verbs/seeked",
    "stop_video": f"{ADL}/verbs/terminated",
    "complete_video": f"{ADL}/verbs/completed",
    "speed_change_video": f"{ADL}/verbs/interacted",
    "show_transcript": f"{ADL}/verbs/interacted",
    "hide_transcript": f"{ADL}/verbs/interacted",
    "edx.video.closed_captions.shown": f"{ADL}/verbs/interacted",
    "edx.video.closed_captions.hidden": f"{ADL}/verbs/interacted",
    "problem_check": "https://w3id.org/xapi/acrossx/verbs/evaluated",
    "showanswer": f"{ADL}/verbs/asked",
    "edx.problem.hint.demandhint_displayed": f"{ADL}/verbs/interacted",
    "edx.grades.problem.submitted": f"{ADL}/verbs/attempted",
    "edx.grades.subsection.grade_calculated": f"{TINCAN}/verb/earned",
    "edx.grades.course.grade_calculated": f"{TINCAN}/verb/earned",
    "edx.course.grade.now_passed": f"{ADL}/verbs/passed",
    "edx.course.grade.now_failed": f"{ADL}/verbs/failed",
    "edx.completion.block_completion.changed": f"{ADL}/verbs/progressed",
    "edx.ui.lms.sequence.next_selected": "https://w3id.org/xapi/dod-isd/verbs/navigated",
    "edx.ui.lms.sequence.previous_selected": "https://w3id.org/xapi/dod-isd/verbs/navigated",
    "edx.ui.lms.sequence.tab_selected": "https://w3id.org/xapi/dod-isd/verbs/navigated",
    "edx.ui.lms.link_clicked": f"{ADL}/verbs/experienced",
    "edx.ui.lms.outline.selected": f"{ADL}/verbs/initialized",
    "edx.special_exam.timed.attempt.created": f"{ADL}/verbs/initialized",
    "edx.special_exam.timed.attempt.submitted": f"{ADL}/verbs/terminated",
}
"""Event -> verb: every event that becomes a statement."""
