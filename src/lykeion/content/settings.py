"""The settings of one block that an outline keeps: those it hands down, and those of its own.

The names, types and defaults are those of Open edX (``xmodule/modulestore/inheritance.py``, ``seq_block.py``); values
that do not fit are read as Open edX reads them: a truth value is true only as ``true``, a bad date is no date.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeGuard, cast

import orjson
from lxml import etree

from lykeion.content.dates import BadDate, parse_date
from lykeion.content.types import Json, Node

Settings = dict[str, Any]
Odd = Callable[[str], None]


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


DATES: Final = _names("start due")
_OTHER_DATES: Final = _names("end enrollment_start enrollment_end certificate_available_date announcement")
_TRUTHS: Final = _names(
    "graded visible_to_staff_only use_latex_compiler video_speed_optimizations video_auto_advance show_reset_button"
    " edxnotes edxnotes_visibility in_entrance_exam self_paced hide_from_toc hide_after_due is_time_limited"
    " is_practice_exam is_proctored_enabled is_onboarding_exam is_entrance_exam"
    " is_prerequisite entrance_exam_enabled enable_subsection_gating course_survey_required"
)
_NUMBERS: Final = _names(
    "max_attempts relative_weeks_due days_early_for_beta weight default_time_limit_minutes"
    " max_count user_partition_id min_score min_completion entrance_exam_minimum_score_pct"
)
_TEXTS: Final = _names(
    "course_edit_method giturl xqa_key showanswer show_correctness rerandomize static_asset_path matlab_api_key"
    " course_survey_name"
)

INHERITED: Final = _names(
    "graded start due relative_weeks_due visible_to_staff_only course_edit_method giturl xqa_key graceperiod"
    " group_access showanswer show_correctness rerandomize days_early_for_beta static_asset_path use_latex_compiler"
    " max_attempts matlab_api_key user_partitions video_speed_optimizations video_auto_advance video_bumper"
    " show_reset_button edxnotes edxnotes_visibility in_entrance_exam self_paced hide_from_toc"
)
OWN: Final = _names(
    "display_name format weight hide_after_due hide_from_toc is_time_limited default_time_limit_minutes"
    " is_practice_exam is_proctored_enabled is_onboarding_exam is_entrance_exam relative_weeks_due graded"
    " max_count user_partition_id group_id_to_child conditional_attr conditional_value sources_list"
    " is_prerequisite required_prereq min_score min_completion enable_subsection_gating"
    " entrance_exam_enabled entrance_exam_id entrance_exam_minimum_score_pct cohort_config other_course_settings"
    " course_survey_name course_survey_required"
    " upstream upstream_version upstream_version_declined downstream_customized"
)
UPSTREAM: Final = _names("upstream upstream_version upstream_version_declined downstream_customized")
"""Which item of a library a block is a copy of. Of a block that is kept as XML they are fields beside it."""

_KEPT: Final = INHERITED | OWN
_LARGEST: Final = 1e9  # of a number: attempts, points, minutes
_MOST_DAYS: Final = 100_000  # of grace, or early for beta testers: dates stay dates (content/dates.py)
_MOST: Final = {
    "days_early_for_beta": _MOST_DAYS,
    "relative_weeks_due": _MOST_DAYS // 7,
    "user_partition_id": 2**31,  # Studio makes ids up to there
}
_SECONDS: Final = {"day": 86400, "hour": 3600, "minute": 60, "second": 1}
_PERIOD: Final = re.compile(r"(\d+)\s*(day|hour|minute|second)")
_LONGEST: Final = 500  # characters of an attribute of a plug-in's element that an outline keeps

_PARSER_OPTIONS: Final[dict[str, Any]] = {"resolve_entities": False, "no_network": True, "load_dtd": False}


def read_settings(node: Node, odd: Odd = lambda message: None) -> tuple[Settings, Settings]:
    """``(handed down, own)`` of a block. Tells ``odd`` of each value that is ignored because it does not fit.

    A value of None says "set to nothing", which is not the same as absent: it hides the one from above.
    """
    fields = node.fields
    if "xml" not in fields:
        read = {name: _read(name, fields[name], odd) for name in fields.keys() & _KEPT}
        return _among(read, INHERITED), _among(read, OWN)
    attributes = _attributes(str(fields["xml"]))
    read = {name: _read(name, attributes[name], odd) for name in attributes.keys() & _KEPT}
    read |= {name: fields[name] for name in fields.keys() & UPSTREAM}
    short = {name: text for name, text in attributes.items() if name not in read and len(text) <= _LONGEST}
    return _among(read, INHERITED), short | _among(read, OWN)


def odd_dates(node: Node, odd: Odd) -> None:
    """Tells ``odd`` of dates of a course that are none, beside those that :func:`read_settings` tells of."""
    for name in sorted(node.fields.keys() & _OTHER_DATES):
        _date(name, node.fields[name], odd)


def merge(above: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """The settings that hold in a block: ``own`` hide those from ``above``, group access is narrowed."""
    merged = {**above, **own}
    if "group_access" in own and above.get("group_access"):
        merged["group_access"] = _narrowed(above["group_access"], own["group_access"] or {})
    return merged


def _narrowed(above: Mapping[Any, Any], own: Mapping[Any, Any]) -> dict[Any, Any]:
    """AND across partitions, OR within one; nothing left in common is False: nobody."""
    merged = dict(above)
    for partition, groups in own.items():
        if partition not in above:
            merged[partition] = groups
        elif above[partition] is not False:
            merged[partition] = [group for group in above[partition] if group in groups] or False
    return merged


def _among(read: Settings, names: frozenset[str]) -> Settings:
    return {name: value for name, value in read.items() if name in names and value is not _IGNORED}


_IGNORED: Final = object()


def _read(name: str, value: Json, odd: Odd) -> Any:
    if value is None:
        return None
    if name in DATES:
        return _date(name, value, odd)
    if name in _TRUTHS:
        return value is True or (isinstance(value, str) and value.strip().lower() == "true")
    if name in _NUMBERS:
        return _number(name, value, odd)
    if name == "group_access":
        return _group_access(value, odd)
    if name == "other_course_settings":
        return _other_settings(value, odd)
    if name == "user_partitions":
        return _partitions(value, odd)
    if name == "graceperiod":
        return _period(value, odd)
    if name in _TEXTS and not isinstance(value, str):
        odd(f"{name} is {value!r}, not text; ignored")
        return _IGNORED
    return value


def _other_settings(value: Json, odd: Odd) -> Any:
    """Of what a course says about itself in its own words, what rules ask for."""
    found = _json("other_course_settings", value, dict, odd)
    if found is _IGNORED or "weeks_to_complete" not in found:
        return _IGNORED
    return {"weeks_to_complete": _number("weeks_to_complete", found["weeks_to_complete"], odd)}


def _date(name: str, value: Json, odd: Odd) -> Any:
    try:
        return parse_date(value)
    except BadDate as error:
        odd(f"{name}: {error}; ignored")
        return None


def _period(value: Json, odd: Odd) -> Any:
    """``1 day 2 hours 3 minutes 4 seconds``, or any part of it, as text."""
    if isinstance(value, str):
        parts = _PERIOD.findall(value)
        if sum(float(number) * _SECONDS[unit] for number, unit in parts) <= _MOST_DAYS * 86400:
            return value
    odd(f"graceperiod is {str(value)[:40]!r}, which is no time like '2 days 3 hours'; ignored")
    return _IGNORED


def _number(name: str, value: Json, odd: Odd) -> Any:
    number = _any_number(name, value, odd)
    if number is None or abs(number) <= _MOST.get(name, _LARGEST):
        return number
    odd(f"{name} is {str(value)[:40]!r}, out of all proportion; ignored")
    return None


def _is_number(value: Json) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _any_number(name: str, value: Json, odd: Odd) -> int | float | None:
    if _is_number(value):
        return value
    text = str(value).strip().strip('"')
    try:
        return int(text) if text.removeprefix("-").isdecimal() and len(text) < 18 else _finite(text)
    except ValueError:
        if text not in {"", "null"}:
            odd(f"{name} is {text[:40]!r}, not a number; ignored")
        return None


def _finite(text: str) -> float:
    number = float(text)
    if number - number != 0:
        raise ValueError("neither infinity nor NaN is a setting")
    return number


def _json(name: str, value: Json, wanted: type, odd: Odd) -> Any:
    try:
        found = orjson.loads(value) if isinstance(value, str) else value
    except orjson.JSONDecodeError:
        found = value
    if isinstance(found, wanted):
        return found
    odd(f"{name} is {str(value)[:40]!r}, which does not fit; ignored")
    return _IGNORED


def _group_access(value: Json, odd: Odd) -> Any:
    """``{partition id: [group id, ...]}``, with ids as numbers where they are; one without groups restricts nothing."""
    found = _json("group_access", value, dict, odd)
    if found is _IGNORED:
        return _IGNORED
    listed = {_key(partition): groups for partition, groups in found.items() if groups}
    return {partition: _groups(partition, groups, odd) for partition, groups in listed.items()}


def _groups(partition: int | str, groups: Json, odd: Odd) -> list[Json] | bool:
    """The ids of groups that are let in; False (nobody) when none of them is a number."""
    known = [group for group in groups if _is_number(group)] if isinstance(groups, list) else []
    if known != groups:
        odd(f"group_access of partition {partition} is {str(groups)[:40]}, not a list of numbers; no other is let in")
    return known or False


def _partitions(value: Json, odd: Odd) -> Any:
    """Those that have an id and groups with ids, as far as numbers go."""
    found = _json("user_partitions", value, list, odd)
    if found is _IGNORED:
        return _IGNORED
    whole = [one for one in found if _is_partition(one)]
    if len(whole) < len(found):
        odd("user_partitions holds one without a number and a list of groups with numbers; ignored")
    return whole


def _is_partition(one: Json) -> bool:
    if not isinstance(one, dict) or not _is_id(one.get("id")):
        return False
    groups = one.get("groups") or []
    return isinstance(groups, list) and all(isinstance(group, dict) and _is_id(group.get("id")) for group in groups)


def _is_id(value: Json) -> bool:
    """A whole number, also as text."""
    return _is_number(value) or (isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 18)


def _key(partition: str) -> int | str:
    return int(partition) if partition.isascii() and partition.isdecimal() and len(partition) < 18 else partition


def _attributes(xml: str) -> dict[str, str]:
    """The attributes of the outermost element of ``xml``, without those of other namespaces."""
    reader = etree.XMLPullParser(events=("start",), **_PARSER_OPTIONS)
    try:
        reader.feed(xml)
    except etree.XMLSyntaxError:
        return {}
    for _, element in reader.read_events():
        attributes = cast("etree._Element", element).attrib
        return {str(name): str(text) for name, text in attributes.items() if not str(name).startswith("{")}
    return {}
