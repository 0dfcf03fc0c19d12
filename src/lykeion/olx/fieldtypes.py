"""The one table of known fields: which attribute of which tag is a field, and the type of its value.

Sources: `xmodule/modulestore/inheritance.py`, `course_block.py`, `seq_block.py`, `capa_block.py`, `video_block`,
`html_block.py`, `split_test_block.py`, `library_content_block.py`, `conditional_block.py`, `discussion` of Open edX.
"""

from enum import Enum
from typing import Final


class Kind(Enum):
    """How the text of an attribute becomes a value, after the field classes of XBlock."""

    STRING = "text"
    BOOLEAN = "true or false"
    INTEGER = "a whole number"
    FLOAT = "a number"
    DATE = "a date"
    DURATION = "a length of time"
    LIST = "a JSON list"
    DICT = "a JSON object"
    JSON = "JSON"
    VERSION = "a version"


def _kinds(**names: str) -> dict[str, Kind]:
    return {name: Kind[kind] for kind, group in names.items() for name in group.split()}


_INHERITED: Final = _kinds(
    STRING="course_edit_method giturl xqa_key showanswer show_correctness rerandomize static_asset_path matlab_api_key",
    BOOLEAN="graded visible_to_staff_only use_latex_compiler video_speed_optimizations video_auto_advance"
    " show_reset_button edxnotes edxnotes_visibility in_entrance_exam self_paced hide_from_toc",
    INTEGER="max_attempts relative_weeks_due",
    FLOAT="days_early_for_beta",
    DATE="start due",
    DURATION="graceperiod",
    LIST="user_partitions",
    DICT="group_access video_bumper",
)
_COMMON: Final = _INHERITED | _kinds(
    STRING="display_name format upstream upstream_display_name copied_from_block",
    VERSION="upstream_version upstream_version_available upstream_version_declined",
    LIST="tags downstream_customized",
)
_SEQUENCE: Final = _kinds(
    INTEGER="position default_time_limit_minutes min_score min_completion",
    BOOLEAN="hide_after_due is_entrance_exam is_time_limited is_proctored_enabled is_practice_exam"
    " is_onboarding_exam is_prerequisite",
    STRING="exam_review_rules required_prereq",
)
_COURSE: Final = _kinds(
    DATE="end enrollment_start enrollment_end certificate_available_date announcement",
    STRING="advertised_start certificates_display_behavior language course_image banner_image video_thumbnail_image"
    " cosmetic_display_price catalog_visibility course_visibility wiki_slug proctoring_provider"
    " proctoring_escalation_email display_organization display_coursenumber end_of_course_survey_url"
    " cert_name_short cert_name_long course_survey_name due_date_display_format video_sharing_options license"
    " discussion_link info_sidebar_name entrance_exam_id ccx_connector",
    BOOLEAN="invitation_only mobile_available show_calculator show_chat no_grade disable_progress_graph"
    " discussion_sort_alpha show_timezone allow_anonymous allow_anonymous_to_peers allow_unsupported_xblocks"
    " allow_public_wiki_access is_new ispublic hide_progress_tab enable_ccx enable_timed_exams"
    " enable_proctored_exams allow_proctoring_opt_out create_zendesk_tickets enable_subsection_gating"
    " entrance_exam_enabled cert_html_view_enabled course_survey_required"
    " highlights_enabled_for_messaging force_on_flexible_peer_openassessments",
    INTEGER="max_student_enrollments_allowed",
    FLOAT="minimum_grade_credit entrance_exam_minimum_score_pct",
    LIST="pre_requisite_courses advanced_modules tabs textbooks pdf_textbooks html_textbooks"
    " discussion_blackouts lti_passports css_class_list course_wide_js course_wide_css learning_info checklists",
    DICT="discussion_topics discussions_settings cohort_config teams_configuration grading_policy"
    " proctoring_configuration certificates instructor_info other_course_settings video_upload_pipeline"
    " remote_gradebook cert_html_view_overrides text_customization",
)
_PROBLEM: Final = _kinds(
    STRING="display_name grading_method markdown source_code",
    FLOAT="weight",
    INTEGER="attempts_before_showanswer_button submission_wait_seconds",
    BOOLEAN="force_save_button markdown_edited",
)
_VIDEO: Final = _kinds(
    STRING="youtube_id_0_75 youtube_id_1_0 youtube_id_1_25 youtube_id_1_5 source track sub handout edx_video_id"
    " license transcript_language transcript_download_format thumbnail default_transcript",
    BOOLEAN="download_video download_track show_captions only_on_web public_access",
    DURATION="start_time end_time",
    LIST="html5_sources",
    DICT="transcripts",
)
_OTHERS: Final = {
    "course": _COURSE,
    "library": _COURSE,
    "sequential": _SEQUENCE,
    "videosequence": _SEQUENCE,
    "problemset": _SEQUENCE,
    "chapter": _kinds(LIST="highlights", BOOLEAN="hide_from_toc"),
    "vertical": _kinds(BOOLEAN="discussion_enabled"),
    "problem": _PROBLEM,
    "html": _kinds(STRING="editor source_code"),
    "video": _VIDEO,
    "discussion": _kinds(STRING="discussion_id discussion_category discussion_target sort_key"),
    "split_test": _kinds(INTEGER="user_partition_id", DICT="group_id_to_child"),
    "library_content": _kinds(
        STRING="source_library_id source_library_version mode capa_type",
        INTEGER="max_count",
        BOOLEAN="allow_resetting_children manual has_score",
        LIST="candidates",
    ),
    "itembank": _kinds(INTEGER="max_count", BOOLEAN="allow_resetting_children manual has_score"),
    "conditional": _kinds(
        STRING="conditional_attr conditional_value conditional_message",
        LIST="sources_list show_tag_list",
    ),
    "randomize": _kinds(INTEGER="choice_position"),
}
_BY_TYPE: Final = {tag: _COMMON | own for tag, own in _OTHERS.items()}

UPSTREAM: Final = ("upstream", "upstream_version", "upstream_version_declined", "downstream_customized")
"""Which item of a library a block is a copy of. Fields of every block, also of one that is kept as XML."""

OWN_PLACE: Final = frozenset(
    """tabs grading_policy discussion_blackouts discussion_topics wiki_slug textbooks
    xml_asides xml_children""".split()  # noqa: SIM905 - one name a word, as in the tables above
)
"""Fields of a course that are never attributes: they have a file or elements of their own, or stand in policy.json
only (the metadata that Open edX strips on export)."""

DROPPED: Final = frozenset(["url_name", "filename", "data_dir", "x-is-pointer-node", "course", "org", "slug"])
"""Attributes that say where a node is, not what it is."""


def known_fields(block_type: str) -> dict[str, Kind]:
    """The known fields of a type, by name. A type without a table of its own has those that all blocks share."""
    return _BY_TYPE.get(block_type, _COMMON)
