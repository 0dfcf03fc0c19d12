"""What other packages may hear about people. Each is sent inside the transaction of the change."""

from __future__ import annotations

from django.dispatch import Signal

person_created = Signal()
"""Somebody has an account now: ``person`` (:class:`accounts.types.Person`), ``at``."""

email_confirmed = Signal()
"""Somebody proved that an address is theirs: ``person``, ``email`` (lower case), ``at``."""

person_retired = Signal()
"""An account is gone for good: ``user_id``, ``email`` (as it was, lower case), ``at``."""
