"""Stand-in for Open edX's module of this name: scores that are told without a visit."""

from __future__ import annotations

from typing import Any

from django.dispatch import Signal

from lykeion.core.clock import now
from lykeion.core.keys import ref_of
from lykeion.courseware import api as courseware

SCORE_PUBLISHED = Signal()
"""``block, user, raw_earned, raw_possible, only_if_higher, score_deleted``."""


def _keep(sender: object, *, block: Any, user: Any, raw_earned: Any, raw_possible: Any, **more: Any) -> None:
    usage = block.scope_ids.usage_id
    score = (None, None) if more.get("score_deleted") else (raw_earned, raw_possible)
    courseware.keep_for(usage.context_key, user.pk, ref_of(usage), score=score, at=now())


SCORE_PUBLISHED.connect(_keep, dispatch_uid="lykeion.shims.score_published")
