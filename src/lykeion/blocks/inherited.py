"""What every block of a course has beside its own fields: the inheritable settings, and its names in the run.

Source: ``InheritanceMixin`` and ``LmsBlockMixin`` of Open edX (xmodule/modulestore/inheritance.py, lms/lib/xblock).
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from opaque_keys.edx.keys import UsageKey
from opaque_keys.edx.locator import CourseLocator
from xblock.core import XBlock, XBlockMixin
from xblock.field_data import FieldData
from xblock.fields import Boolean, Date, Dict, Float, Integer, List, Scope, String, Timedelta

SOMEDAY = datetime(2030, 1, 1, tzinfo=UTC)


@XBlock.needs("i18n")
@XBlock.needs("partitions")
@XBlock.wants("completion")
class CourseBlock(XBlockMixin):  # type: ignore[misc]
    """Mixed into every block. A block class that declares one of these fields itself keeps its own. The services are
    those that ``LmsBlockMixin`` asks for on behalf of every block, so some ask for them without a word."""

    course_edit_method = String(default="Studio", scope=Scope.settings)
    days_early_for_beta = Float(default=None, scope=Scope.settings)
    due = Date(scope=Scope.settings)
    edxnotes = Boolean(default=False, scope=Scope.settings)
    edxnotes_visibility = Boolean(default=True, scope=Scope.user_info)
    format = String(default=None, scope=Scope.settings)
    giturl = String(scope=Scope.settings)
    graceperiod = Timedelta(scope=Scope.settings)
    graded = Boolean(default=False, scope=Scope.settings)
    group_access = Dict(default={}, scope=Scope.settings)
    hide_from_toc = Boolean(default=False, scope=Scope.settings)
    in_entrance_exam = Boolean(default=False, scope=Scope.settings)
    matlab_api_key = String(scope=Scope.settings)
    max_attempts = Integer(scope=Scope.settings)
    relative_weeks_due = Integer(scope=Scope.settings)
    rerandomize = String(default="never", scope=Scope.settings)
    self_paced = Boolean(default=False, scope=Scope.settings)
    show_correctness = String(default="always", scope=Scope.settings)
    show_reset_button = Boolean(default=False, scope=Scope.settings)
    showanswer = String(default="finished", scope=Scope.settings)
    start = Date(default=SOMEDAY, scope=Scope.settings)
    static_asset_path = String(default="", scope=Scope.settings)
    use_latex_compiler = Boolean(default=False, scope=Scope.settings)
    user_partitions = List(default=[], scope=Scope.settings)
    video_auto_advance = Boolean(default=False, scope=Scope.settings)
    video_bumper = Dict(default={}, scope=Scope.settings)
    video_speed_optimizations = Boolean(default=True, scope=Scope.settings)
    visible_to_staff_only = Boolean(default=False, scope=Scope.settings)
    xqa_key = String(scope=Scope.settings)

    @property
    def _field_data(self) -> FieldData:
        """The runtime's fields, without the look-up of a service that the library makes at every access."""
        fields: FieldData = self.runtime.fields
        return fields

    @property
    def xmodule_runtime(self) -> Any:
        """The runtime, by the name of old: blocks take its being there for a sign that they run for learners."""
        return self.runtime

    @property
    def location(self) -> UsageKey:
        """The usage key, under the name that blocks from Open edX use."""
        usage: UsageKey = self.scope_ids.usage_id
        return usage

    @property
    def course_id(self) -> CourseLocator:
        """The run."""
        run: CourseLocator = self.scope_ids.usage_id.context_key
        return run

    @property
    def category(self) -> str:
        """The tag."""
        return str(self.scope_ids.block_type)

    @property
    def url_name(self) -> str:
        """The block's id in its run."""
        return str(self.scope_ids.usage_id.block_id)
