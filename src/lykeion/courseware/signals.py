"""What ``courseware`` tells other apps."""

from __future__ import annotations

from django.dispatch import Signal

work_wiped = Signal()
"""All that a learner did in some blocks was taken away: ``run`` (its key), ``user_id``, ``refs`` (of those blocks),
``by`` (the id of who had it done; None: the command line), ``at``. Sent inside the transaction of the change."""
