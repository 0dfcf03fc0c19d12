"""What jobs tell others in the process that does them."""

from __future__ import annotations

from django.dispatch import Signal

interrupted = Signal()
"""No arguments: a job was ended in the middle of whatever it did, or was refused memory. What lives longer than a job
and may have been hurt (a driver's connections, its threads that could not start) is to be made anew."""
