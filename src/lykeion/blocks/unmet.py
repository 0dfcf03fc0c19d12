"""Services of Open edX for things that this platform does not have: each says so in the words of its interface.

A block that needs one of them is shown, and finds that nobody is verified, no exam is proctored, no credit is given.
Sources: the service classes of Open edX that ``block_render.py`` hands out
(``lms/djangoapps/verify_student/services.py``, ``openedx/core/djangoapps/credit/services.py``,
``common/djangoapps/util/milestones_helpers.py``,
``lms/djangoapps/gating``, ``openedx/features/content_type_gating/services.py``, ``xmodule/services.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, NoReturn

from lykeion.content.types import Json


class Verification:
    """Service ``verification``: nobody's identity is verified here."""

    def get_status(self, user_id: object = None, course_id: object = None) -> str:
        """Always ``none``."""
        return "none"

    def reverify_url(self, checkpoint_name: str = "", item_id: str = "") -> str:
        """Leads nowhere."""
        return ""


class Proctoring:
    """Service ``proctoring``: exams are not watched."""

    def is_feature_enabled(self) -> bool:
        """Never."""
        return False

    def get_exam_by_content_id(self, course_id: object, content_id: object) -> None:
        """No exam."""

    def get_attempt_status_summary(self, user_id: object, course_id: object, content_id: object) -> None:
        """No attempt."""

    def get_student_view(self, user_id: object, course_id: object, content_id: object, **options: object) -> None:
        """Nothing in the way of the content."""


class Milestones:
    """Service ``milestones``: prerequisites are decided by the platform, not handed to blocks."""

    def is_prerequisite_courses_enabled(self) -> bool:
        """Not by milestones."""
        return False

    def get_course_content_milestones(
        self, course_id: object, content_id: object = None, relationship: object = None, user_id: object = None
    ) -> list[Json]:
        """None."""
        return []

    def get_course_milestones_fulfillment_paths(self, course_id: object, user_id: object) -> dict[str, Json]:
        """None."""
        return {}


class Credit:
    """Service ``credit``: no course gives credit."""

    def is_credit_course(self, course_key: object) -> bool:
        """Never."""
        return False

    def get_credit_state(self, user_id: object, course_key_or_id: object, return_course_info: bool = False) -> None:
        """None."""

    def set_credit_requirement_status(self, *arguments: object, **options: object) -> None:
        """There is no requirement to meet."""

    def remove_credit_requirement_status(self, *arguments: object, **options: object) -> None:
        """There is no requirement to forget."""


class Gating:
    """Service ``gating``: who comes to a block has met what its subsection requires; the platform saw to that."""

    def is_prereq_required(self, course_id: object, content_id: object, user_id: object) -> bool:
        """Nothing is left to require."""
        return False

    def required_prereq(self, course_id: object, content_id: object, *more: object) -> bool:
        """Nothing is left to require."""
        return False

    def compute_is_prereq_met(self, content_id: object, user_id: object, recalc_on_unmet: bool = False) -> Any:
        """Met, with nothing to tell of it."""
        return True, {}

    def get_gating_milestone(self, course_id: object, content_id: object, relationship: str) -> None:
        """None."""


class ContentTypeGating:
    """Service ``content_type_gating``: nothing here is behind a paywall of its own."""

    def enabled_for_enrollment(self, **who: object) -> bool:
        """Never."""
        return False

    def content_type_gate_for_block(self, user: object, block: object, course_id: object) -> None:
        """No paywall."""

    def check_children_for_content_type_gating_paywall(self, item: object, course_id: object) -> None:
        """No paywall."""


class LibraryTools:
    """Service ``library_tools``: courses hold copies of what they took from libraries; nothing is fetched."""

    def get_latest_library_version(self, library_id: object) -> None:
        """Not known."""

    def list_available_libraries(self) -> list[Json]:
        """None."""
        return []

    def create_block_analytics_summary(self, course_key: object, block_keys: object) -> list[Json]:
        """Nothing that the course does not say itself."""
        return []


class Badging:
    """Service ``badging``: there are no badges."""

    course_badges_enabled = False

    def get_badge_class(self, *arguments: object, **options: object) -> None:
        """None."""


class VideoConfig:
    """Service ``video_config``: videos are shown by the platform's own block, which has its settings in the course."""

    def is_transcript_feedback_enabled(self, course_id: object) -> bool:
        """Never."""
        return False

    def is_youtube_blocked_for_course(self, course_id: object) -> bool:
        """Never."""
        return False

    def is_hls_playback_enabled(self, course_id: object) -> bool:
        """Not in blocks of others."""
        return False

    def get_branding_info(self, course_id: object) -> None:
        """None."""


class DiscussionConfig:
    """Service ``discussion_config_service``: there are no discussions yet."""

    def is_discussion_visible(self, course_key: object) -> bool:
        """Never."""
        return False

    def is_discussion_enabled(self, course_key: object) -> bool:
        """Never."""
        return False

    def has_permission(self, user: object, permission: str, course_id: object = None) -> bool:
        """Nobody may anything."""
        return False


class XQueue:
    """Service ``xqueue``: answers to graders elsewhere are sent by the platform's own problems only."""

    waittime = 10
    interface = None

    def __init__(self, course_id: Any) -> None:
        self.default_queuename = f"{course_id.org}-{course_id.course}"

    def construct_callback(self, dispatch: str = "score_update") -> NoReturn:
        """Raises: nothing of a block of others waits for a grader."""
        raise NotImplementedError("Blocks of other packages cannot send answers to a queue on this site.")

    send_to_queue = construct_callback


UNMET: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "verification": lambda runtime, block: Verification(),
    "proctoring": lambda runtime, block: Proctoring(),
    "milestones": lambda runtime, block: Milestones(),
    "credit": lambda runtime, block: Credit(),
    "gating": lambda runtime, block: Gating(),
    "content_type_gating": lambda runtime, block: ContentTypeGating(),
    "library_tools": lambda runtime, block: LibraryTools(),
    "badging": lambda runtime, block: Badging(),
    "video_config": lambda runtime, block: VideoConfig(),
    "discussion_config_service": lambda runtime, block: DiscussionConfig(),
    "xqueue": lambda runtime, block: XQueue(runtime.course_id),
}
"""How each is made, for one runtime and the block that asks."""
