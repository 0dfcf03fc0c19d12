"""Reads that are queries of the database on the embedded column, and go to MongoDB and Redis on the real servers."""

from __future__ import annotations

from django.conf import settings

CONTENT = int(not settings.LYKEION_CONTENT_URL)
SESSION = int(not settings.ENV["LYKEION_CACHE_URL"])
