"""Stand-in for Open edX's module of this name: a learner begins anew."""

from __future__ import annotations

import json
from typing import Any

from lms.djangoapps.courseware.models import StudentModule
from lykeion.core.clock import now
from lykeion.core.keys import parse_run, parse_usage, ref_of
from lykeion.courseware import api as courseware


def reset_student_attempts(
    course_id: Any, student: Any, module_state_key: Any, requesting_user: Any, delete_module: bool = False
) -> None:
    """Lets ``student`` (a row) try a block again, answers and score kept; with ``delete_module`` as if they had never
    been there. Raises ``StudentModule.DoesNotExist`` when they left nothing."""
    run, usage = parse_run(str(course_id)), parse_usage(str(module_state_key))
    if not delete_module:
        row = StudentModule.objects.get(course_id=run, student_id=student.pk, module_state_key=usage)
        state = json.loads(row.state)
        if state.get("attempts"):
            row.state = json.dumps({**state, "attempts": 0})
            row.save()
        return
    if not courseware.wipe_work(run, student.pk, ref_of(usage), by=requesting_user.pk, at=now()):
        raise StudentModule.DoesNotExist(f"{student.username} left nothing in {usage}.")
