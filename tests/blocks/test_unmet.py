from __future__ import annotations

from typing import Any

import pytest

from lykeion.blocks.runtime import BlockRuntime
from lykeion.blocks.unmet import UNMET
from tests.blocks.visits import RUN, Block, visit


def unmet(name: str) -> Any:
    runtime = BlockRuntime(visit(Block("falls", "a")))
    return UNMET[name](runtime, runtime.block("falls@a"))


def test_what_the_platform_does_not_have_says_so_in_the_words_of_its_interface() -> None:
    assert unmet("verification").get_status(1, RUN) == "none"
    assert unmet("verification").reverify_url() == ""
    assert unmet("proctoring").is_feature_enabled() is False
    assert unmet("proctoring").get_exam_by_content_id(RUN, "x") is None
    assert unmet("proctoring").get_attempt_status_summary(1, RUN, "x") is None
    assert unmet("proctoring").get_student_view(1, RUN, "x") is None
    assert unmet("milestones").get_course_content_milestones(RUN) == []
    assert unmet("milestones").get_course_content_milestones(str(RUN), "x", "requires", 1) == []
    assert unmet("milestones").get_course_milestones_fulfillment_paths(RUN, 1) == {}
    assert unmet("milestones").is_prerequisite_courses_enabled() is False
    assert unmet("credit").get_credit_state(1, RUN) is None
    assert unmet("credit").is_credit_course(RUN) is False
    assert unmet("credit").set_credit_requirement_status(1) is None
    assert unmet("credit").remove_credit_requirement_status(1) is None
    assert unmet("gating").compute_is_prereq_met("x", 1) == (True, {})
    assert unmet("gating").is_prereq_required(RUN, "x", 1) is False
    assert unmet("gating").required_prereq(RUN, "x") is False
    assert unmet("gating").get_gating_milestone(RUN, "x", "requires") is None
    assert unmet("content_type_gating").enabled_for_enrollment(user=1) is False
    assert unmet("content_type_gating").content_type_gate_for_block(1, "b", RUN) is None
    assert unmet("content_type_gating").check_children_for_content_type_gating_paywall("b", RUN) is None
    assert unmet("library_tools").list_available_libraries() == []
    assert unmet("library_tools").get_latest_library_version("l") is None
    assert unmet("library_tools").create_block_analytics_summary(RUN, []) == []
    assert unmet("badging").get_badge_class("s") is None
    assert unmet("video_config").get_branding_info(RUN) is None
    assert unmet("video_config").is_hls_playback_enabled(RUN) is False
    assert unmet("video_config").is_youtube_blocked_for_course(RUN) is False
    assert unmet("video_config").is_transcript_feedback_enabled(RUN) is False
    assert unmet("discussion_config_service").is_discussion_visible(RUN) is False
    assert unmet("discussion_config_service").is_discussion_enabled(RUN) is False
    assert unmet("discussion_config_service").has_permission(1, "create_thread") is False


def test_the_queue_has_a_name_and_takes_nothing() -> None:
    queue = unmet("xqueue")

    assert queue.default_queuename == "Lyceum-ETH1"
    with pytest.raises(NotImplementedError):
        queue.send_to_queue()
