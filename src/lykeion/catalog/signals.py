"""What other packages may hear about enrolment. Each is sent inside the transaction of the change."""

from __future__ import annotations

from django.dispatch import Signal

enrolled = Signal()
"""Somebody takes a run (again): ``enrolment`` (:class:`catalog.types.Enrolment`), ``run`` (its key), ``by``, ``at``."""

mode_changed = Signal()
"""Somebody who takes a run does so in another mode now: ``enrolment``, ``run`` (its key), ``by``, ``at``."""

unenrolled = Signal()
"""Somebody left a run, their work is kept: ``enrolment``, ``run`` (its key), ``by``, ``at``."""

audience_changed = Signal()
"""Other parts of a run are for some of its learners now: ``run`` (its key), ``user_ids`` (None: all), ``at``."""
