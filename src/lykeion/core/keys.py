"""Keys of the field: runs, usages, files. Thin, cached wrappers around ``edx-opaque-keys``.

Inside Lykeion a block of a run is named by its *ref*, ``"<type>@<block id>"``: the tail of its usage key.
"""

from __future__ import annotations

import re
from functools import lru_cache

from opaque_keys import InvalidKeyError
from opaque_keys.edx.keys import CourseKey, UsageKey
from opaque_keys.edx.locator import AssetLocator, BlockUsageLocator, CourseLocator

from lykeion.core.errors import LykeionError

__all__ = [
    "LONGEST_RUN",
    "LONGEST_USAGE",
    "AssetLocator",
    "BadKey",
    "BlockUsageLocator",
    "CourseLocator",
    "parse_run",
    "parse_usage",
    "ref_of",
    "run_of",
    "split_ref",
    "usage_of",
    "usage_text",
]

_PART = re.compile(r"[\w.~-]+\Z")
LONGEST_RUN = 255  # characters: what the tables hold (core/fields.py), and Open edX's
LONGEST_USAGE = 600  # of a run, its block's type and id


class BadKey(LykeionError):
    """A text that should be a run or usage key, and is not one."""


def run_of(org: str, course: str, run: str) -> CourseLocator:
    """The key ``course-v1:ORG+COURSE+RUN``. Raises :class:`BadKey` naming the wrong part."""
    for name, part in (("organisation", org), ("course number", course), ("run", run)):
        if not _PART.match(part or ""):
            raise BadKey(f"The {name} {part!r} may hold letters, digits, '.', '_', '-' and '~' only.")
    return CourseLocator(org, course, run)


def parse_run(text: str) -> CourseLocator:
    """``course-v1:ORG+COURSE+RUN`` as a key. Raises :class:`BadKey` (also for the old ``ORG/COURSE/RUN``)."""
    _check_length(text, LONGEST_RUN)
    return _parse_run(text)


def _check_length(text: str, longest: int) -> None:
    """What is asked for must not fill the memory that is kept for keys there are."""
    if len(text) > longest:
        raise BadKey(f"{text[:40]!r}... is too long for a key: {longest} characters at most.")


@lru_cache(maxsize=4096)
def _parse_run(text: str) -> CourseLocator:
    try:
        key = CourseKey.from_string(text)
    except InvalidKeyError as error:
        raise BadKey(f"{text!r} is not a course key; one looks like course-v1:ORG+COURSE+RUN.") from error
    if not isinstance(key, CourseLocator) or not key.run or key.deprecated:
        raise BadKey(f"{text!r} does not name a course run; one looks like course-v1:ORG+COURSE+RUN.")
    return key


def parse_usage(text: str) -> BlockUsageLocator:
    """``block-v1:ORG+COURSE+RUN+type@T+block@ID`` as a key. Raises :class:`BadKey`."""
    _check_length(text, LONGEST_USAGE)
    return _parse_usage(text)


@lru_cache(maxsize=16384)
def _parse_usage(text: str) -> BlockUsageLocator:
    try:
        key = UsageKey.from_string(text)
    except InvalidKeyError as error:
        raise BadKey(f"{text!r} is not a block key; one looks like block-v1:ORG+COURSE+RUN+type@T+block@ID.") from error
    if not isinstance(key, BlockUsageLocator):
        raise BadKey(f"{text!r} does not name a block of a course run.")
    return key


def usage_of(run: CourseLocator, ref: str) -> BlockUsageLocator:
    """The usage key of block ``ref`` (``"type@id"``) in ``run``."""
    block_type, block_id = split_ref(ref)
    return BlockUsageLocator(run, block_type, block_id)  # type: ignore[no-untyped-call]  # the library has no types


def usage_text(run: CourseLocator, ref: str) -> str:
    """``block-v1:...`` of ``ref`` in ``run``, without building a key."""
    block_type, block_id = split_ref(ref)
    return f"block-v1:{run.org}+{run.course}+{run.run}+type@{block_type}+block@{block_id}"


def ref_of(usage: BlockUsageLocator) -> str:
    """``"type@id"`` of a usage key."""
    return f"{usage.block_type}@{usage.block_id}"


def split_ref(ref: str) -> tuple[str, str]:
    """``("type", "id")`` of a ref."""
    block_type, _, block_id = ref.partition("@")
    return block_type, block_id
