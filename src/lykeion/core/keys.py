"""Keys of the field: runs, usages, files. Thin, cached wrappers around ``edx-opaque-keys``.

Inside Lykeion a block of a run is named by its *ref*, ``"<type>@<block id>"``: the tail of its usage key.
"""

from __future__ import annotations

import re
from functools import lru_cache

from opaque_keys import InvalidKeyError
from opaque_keys.edx.keys import CourseKey, LearningContextKey, UsageKey
from opaque_keys.edx.locator import AssetLocator, BlockUsageLocator, CourseLocator, LibraryLocatorV2

from lykeion.core.errors import LykeionError

__all__ = [
    "LONGEST_RUN",
    "LONGEST_USAGE",
    "AssetLocator",
    "BadKey",
    "BlockUsageLocator",
    "CourseLocator",
    "Home",
    "LibraryLocatorV2",
    "item_key",
    "library_of",
    "parse_home",
    "parse_item",
    "parse_library",
    "parse_run",
    "parse_usage",
    "plain_name",
    "ref_meant",
    "ref_of",
    "run_of",
    "split_ref",
    "usage_of",
    "usage_text",
]

Home = CourseLocator | LibraryLocatorV2
"""What has blocks with a draft and a history: a course run, or a library."""

_CONTAINERS = {"vertical": "unit", "sequential": "subsection", "chapter": "section"}
"""Types of blocks to what keys of a library's containers call them (``LibraryContainerLocator``)."""
_BLOCK_TYPES = {name: kind for kind, name in _CONTAINERS.items()}
_ITEM = re.compile(r"(?P<kind>lb|lct):(?P<org>[^:]+):(?P<slug>[^:]+):(?P<type>[^:]+):(?P<id>[^:]+)\Z")
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


def library_of(org: str, slug: str) -> LibraryLocatorV2:
    """The key ``lib:ORG:SLUG``. Raises :class:`BadKey` naming the wrong part."""
    for name, part in (("organisation", org), ("name in the address", slug)):
        if not _PART.match(part or ""):
            raise BadKey(f"The {name} {part!r} may hold letters, digits, '.', '_', '-' and '~' only.")
    return parse_library(f"lib:{org}:{slug}")


def parse_library(text: str) -> LibraryLocatorV2:
    """``lib:ORG:SLUG`` as a key. Raises :class:`BadKey`."""
    _check_length(text, LONGEST_RUN)
    return _parse_library(text)


@lru_cache(maxsize=1024)
def _parse_library(text: str) -> LibraryLocatorV2:
    try:
        key = LearningContextKey.from_string(text) if text.startswith("lib:") else None
    except InvalidKeyError:
        key = None
    if not isinstance(key, LibraryLocatorV2):
        raise BadKey(f"{text!r} is not the key of a library; one looks like lib:ORG:NAME.")
    return key


def parse_home(text: str) -> Home:
    """A course run or a library. Raises :class:`BadKey`."""
    return parse_library(text) if text.startswith("lib:") else parse_run(text)


def plain_name(home: Home) -> str:
    """``ORG-COURSE-RUN`` or ``ORG-NAME``: what files about it are called."""
    parts = (home.org, home.slug) if isinstance(home, LibraryLocatorV2) else (home.org, home.course, home.run)
    return "-".join(map(str, parts))


def item_key(library: LibraryLocatorV2, ref: str) -> str:
    """The key of block ``ref`` of a library: ``lb:ORG:SLUG:html:ID``, of a unit ``lct:ORG:SLUG:unit:ID``."""
    block_type, block_id = split_ref(ref)
    container = _CONTAINERS.get(block_type)
    kind = "lct" if container else "lb"
    return f"{kind}:{library.org}:{library.slug}:{container or block_type}:{block_id}"


def parse_item(text: str) -> tuple[LibraryLocatorV2, str]:
    """The library and the ref that the key of an item means. Raises :class:`BadKey`."""
    found = _ITEM.match(text[:LONGEST_USAGE])
    if found is None:
        raise BadKey(f"{text[:80]!r} is not the key of an item of a library; one looks like lb:ORG:NAME:html:ID.")
    block_type = _BLOCK_TYPES.get(found["type"], found["type"]) if found["kind"] == "lct" else found["type"]
    return parse_library(f"lib:{found['org']}:{found['slug']}"), f"{block_type}@{found['id']}"


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


_NEW_KEY = re.compile(r"block-v1:[^@]*\+type@(?P<type>[^+@]+)\+block@(?P<id>.+)")
_OLD_KEY = re.compile(r"i4x:(?://|;_;_)[^/;]+(?:/|;_)[^/;]+(?:/|;_)(?P<type>[^/;]+)(?:/|;_)(?P<id>[^/;@]+)(?:@.*)?")


def ref_meant(key: object) -> str:
    """The ref of the block that ``key`` means in an author's field: a key of the block's run, or of one that it was
    copied from, or an old one (``i4x://ORG/COURSE/type/ID``). '' for what is no key."""
    text = str(key)[:LONGEST_USAGE]
    found = _NEW_KEY.fullmatch(text) or _OLD_KEY.fullmatch(text)
    return f"{found['type']}@{found['id']}" if found else ""


def split_ref(ref: str) -> tuple[str, str]:
    """``("type", "id")`` of a ref."""
    block_type, _, block_id = ref.partition("@")
    return block_type, block_id
