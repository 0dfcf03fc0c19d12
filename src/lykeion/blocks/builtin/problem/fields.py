"""The fields of a problem: what authors set, what is kept of a learner. Names and meanings are Open edX's."""

from __future__ import annotations

from typing import Any

from xblock.core import XBlockMixin
from xblock.fields import Boolean, Date, Dict, Float, Integer, List, Scope, String, Timedelta

from lykeion.blocks.plain import Kept, plain

HISTORY = 300_000
"""Letters of each history: twenty attempts at the longest answers, thousands at usual ones."""


class History(List):  # type: ignore[misc]
    """One entry for each attempt, the oldest first."""

    MUTABLE = False

    def from_json(self, value: Any) -> Kept:
        """The stored list, never changed in place."""
        return Kept(super().from_json(value) or ())

    def enforce_type(self, value: Any) -> Kept:
        """Whatever list is set, made ready to be kept."""
        return value if isinstance(value, Kept) else Kept(plain(super().from_json(value) or []))


class ProblemFields(XBlockMixin):  # type: ignore[misc]
    """Source: ``ProblemFields`` of capa_block.py. Inherited settings get their values from the runtime."""

    display_name = String(default="Blank Problem", scope=Scope.settings)
    data = String(default="<problem></problem>", scope=Scope.content)
    markdown = String(default=None, scope=Scope.settings)
    markdown_edited = Boolean(default=False, scope=Scope.settings)
    source_code = String(default=None, scope=Scope.settings)
    use_latex_compiler = Boolean(default=False, scope=Scope.settings)
    matlab_api_key = String(default=None, scope=Scope.settings)

    max_attempts = Integer(default=None, scope=Scope.settings)
    weight = Float(default=None, scope=Scope.settings)
    grading_method = String(default="last_score", scope=Scope.settings)
    due = Date(scope=Scope.settings)
    graceperiod = Timedelta(scope=Scope.settings)
    graded = Boolean(default=False, scope=Scope.settings)
    show_correctness = String(default="always", scope=Scope.settings)
    showanswer = String(default="finished", scope=Scope.settings)
    attempts_before_showanswer_button = Integer(default=0, scope=Scope.settings)
    rerandomize = String(default="never", scope=Scope.settings)
    force_save_button = Boolean(default=False, scope=Scope.settings)
    show_reset_button = Boolean(default=False, scope=Scope.settings)
    submission_wait_seconds = Integer(default=0, scope=Scope.settings)

    attempts = Integer(default=0, scope=Scope.user_state)
    correct_map = Dict(default={}, scope=Scope.user_state)
    correct_map_history = History(default=Kept(), enforce_type=True, scope=Scope.user_state)
    done = Boolean(default=False, scope=Scope.user_state)
    has_saved_answers = Boolean(default=False, scope=Scope.user_state)
    input_state = Dict(default={}, scope=Scope.user_state)
    last_submission_time = String(default=None, scope=Scope.user_state)  # 2026-03-01T12:00:00Z
    score = Dict(default=None, scope=Scope.user_state)  # {"raw_earned", "raw_possible"}
    score_history = History(default=Kept(), enforce_type=True, scope=Scope.user_state)
    seed = Integer(default=None, scope=Scope.user_state)
    student_answers = Dict(default={}, scope=Scope.user_state)
    student_answers_history = History(default=Kept(), enforce_type=True, scope=Scope.user_state)
    overall_message = String(default="", scope=Scope.user_state)
