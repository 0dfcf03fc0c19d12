"""What ``certificates`` tells others, inside the transaction that made it so."""

from __future__ import annotations

from django.dispatch import Signal

issued = Signal()
"""Somebody has a certificate (again): ``certificate`` (:class:`certificates.types.Certificate`), ``run`` (its key),
``at``. They may see it when the course's rules say so, which may be later."""

revoked = Signal()
"""A certificate is not good any more: the same arguments."""
