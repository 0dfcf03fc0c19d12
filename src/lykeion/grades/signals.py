"""What ``grades`` tells others, inside the transaction that made it so."""

from __future__ import annotations

from django.dispatch import Signal

course_grade_changed = Signal()
"""``user_id, run_id, run (key text), grade (CourseGrade), before (Standing), at``: after every new course grade."""

course_passed = Signal()
"""The same arguments: the grade now passes and did not before (``first_time`` says whether it ever had)."""

course_failed = Signal()
"""The same arguments: the grade passed before and does not any more."""
