"""Every field of a course, typed: for what no other page of Studio shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final, Literal

from django.utils.translation import gettext as _

from lykeion.authoring.api.courses import require
from lykeion.authoring.codecs import DATE, DURATION, LIST, OBJECT, TEXT, TRUTH, Codec, choice, number, read_json, text
from lykeion.authoring.coursefields import HERE, CourseField
from lykeion.authoring.otherfields import ELSEWHERE, OLD
from lykeion.authoring.saving import UNSET, course_fields, save
from lykeion.authoring.types import Author, AuthoringError, Capability, FieldError
from lykeion.content import api as content
from lykeion.content.types import Edited, Json, ObjectId
from lykeion.core.keys import BadKey, parse_run
from lykeion.grades.api import PolicyError, read_policy
from lykeion.olx.api import Kind, known_fields

__all__ = ["FIELDS", "Entry", "entries", "reset_field", "save_field"]

FIELDS: Final[Mapping[str, CourseField]] = {
    one.name: one for one in sorted((*HERE, *ELSEWHERE, *OLD), key=lambda one: one.name)
}
Input = Literal["text", "number", "switch", "date", "json", "choice"]
_CODECS: Final[Mapping[Kind, Codec]] = {
    Kind.STRING: TEXT,
    Kind.BOOLEAN: TRUTH,
    Kind.INTEGER: number(whole=True, least=-(2**53), most=2**53),
    Kind.FLOAT: number(),
    Kind.DATE: DATE,
    Kind.DURATION: DURATION,
    Kind.LIST: LIST,
    Kind.DICT: OBJECT,
}
_INPUTS: Final[Mapping[Kind, Input]] = {
    Kind.BOOLEAN: "switch",
    Kind.INTEGER: "number",
    Kind.FLOAT: "number",
    Kind.DATE: "date",
    Kind.LIST: "json",
    Kind.DICT: "json",
}
_NOT_BELOW_ZERO: Final = frozenset({"max_student_enrollments_allowed", "days_early_for_beta", "max_attempts"})


@dataclass(frozen=True, slots=True)
class Entry:
    """A field with its present text. ``is_set`` false: the default holds. ``unpublished``: learners have another."""

    field: CourseField
    input: Input
    kind: str
    text: str
    default: str
    is_set: bool
    unpublished: bool


def entries(author: Author, zone: tzinfo) -> list[Entry]:
    """Every known field, and those that the course has beside them, by name."""
    fields = course_fields(author.root)
    live = course_fields(content.head(author.run))
    more = {name: _unknown(name) for name in fields if name not in FIELDS and not name.startswith("xml_")}
    known = {**FIELDS, **more}
    return [_entry(known[name], fields, live, zone) for name in sorted(known)]


def save_field(
    author: Author, name: str, given: str, zone: tzinfo, *, base: ObjectId | None, at: datetime
) -> Edited[None]:
    """Gives one field the value that the text ``given`` means; an empty text sets the default, unless text is meant.

    Raises :class:`FieldError` with the reason, and nothing is stored; ``ChangedMeanwhile``.
    """
    require(author, Capability.SETTINGS)
    field = _field(author, name)
    try:
        value = _codec(field).read(given, zone)
        if value is not UNSET:
            _CHECKS.get(name, lambda _value: None)(value)
    except (ValueError, PolicyError) as error:
        raise FieldError(f"{field.title}: {error}", name) from error
    if value is UNSET and _input(field) == "text" and field.default:
        value = ""
    return save(author, fields={name: value}, parts={}, base=base, at=at, why="Changed settings: advanced")


def reset_field(author: Author, name: str, *, at: datetime) -> Edited[None]:
    """Lets the default of a field hold."""
    require(author, Capability.SETTINGS)
    return save(
        author, fields={_field(author, name).name: UNSET}, parts={}, base=None, at=at, why="Changed settings: advanced"
    )


def _field(author: Author, name: str) -> CourseField:
    if name in FIELDS:
        return FIELDS[name]
    if name in course_fields(author.root) and not name.startswith("xml_"):
        return _unknown(name)
    raise AuthoringError(_("A course has no field “{name}”.").format(name=name))


def _unknown(name: str) -> CourseField:
    return CourseField(name, name, _("Nobody here knows this field; it is kept as it is."), None, "elsewhere")


def _kind(name: str) -> Kind | None:
    return known_fields("course").get(name)


def _codec(field: CourseField) -> Codec:
    kind = _kind(field.name)
    if field.name == "display_name":
        return text(most=255, needed=True)
    if field.choices:
        return choice(*field.choices)
    if kind is None:
        return _JSON
    return (
        number(whole=kind is Kind.INTEGER, least=0, most=2**31 - 1) if field.name in _NOT_BELOW_ZERO else _CODECS[kind]
    )


def _input(field: CourseField) -> Input:
    kind = _kind(field.name)
    return "choice" if field.choices else "json" if kind is None else _INPUTS.get(kind, "text")


def _entry(field: CourseField, fields: Mapping[str, Json], live: Mapping[str, Json], zone: tzinfo) -> Entry:
    codec, name = _codec(field), field.name
    kind = _kind(name)
    return Entry(
        field,
        _input(field),
        kind.value if kind else Kind.JSON.value,
        codec.show(fields.get(name, field.default), zone),
        "" if field.default is None else codec.show(field.default, zone),
        name in fields,
        fields.get(name, UNSET) != live.get(name, UNSET),
    )


def _read_any(given: str, _zone: tzinfo) -> Json:
    return UNSET if not given.strip() else read_json(given)


_JSON: Final = Codec(LIST.show, _read_any)


def _check_policy(value: Json) -> None:
    read_policy(value)


def _check_partitions(value: Json) -> None:
    ids: list[Json] = []
    for place, one in enumerate(value, start=1):
        if not isinstance(one, dict) or not isinstance(one.get("id"), int) or not isinstance(one.get("groups"), list):
            raise ValueError(_("Entry {place} needs a number “id” and a list “groups”.").format(place=place))
        if not all(isinstance(group, dict) and isinstance(group.get("id"), int) for group in one["groups"]):
            raise ValueError(_("Entry {place}: every group needs a number “id”.").format(place=place))
        ids.append(one["id"])
    if len(set(ids)) < len(ids):
        raise ValueError(_("Two entries have the same “id”."))


def _check_objects(*needed: str) -> Callable[[Json], None]:
    def check(value: Json) -> None:
        for place, one in enumerate(value, start=1):
            missing = [name for name in needed if not isinstance(one, dict) or not one.get(name)]
            if missing:
                words = _("Entry {place} must be an object with “{name}”.")
                raise ValueError(words.format(place=place, name=missing[0]))

    return check


def _check_texts(value: Json) -> None:
    for place, one in enumerate(value, start=1):
        if not isinstance(one, str):
            raise ValueError(_("Entry {place} must be a text in quotes.").format(place=place))


def _check_runs(value: Json) -> None:
    _check_texts(value)
    for place, one in enumerate(value, start=1):
        try:
            parse_run(one)
        except BadKey as error:
            raise ValueError(_("Entry {place}: {why}").format(place=place, why=error)) from error


def _check_access(value: Json) -> None:
    for name, groups in value.items():
        if not name.isdecimal() or not isinstance(groups, list) or not all(isinstance(one, int) for one in groups):
            raise ValueError(
                _("“{name}”: this must be the number of a partition with a list of groups.").format(name=name)
            )


def _check_share(value: Json) -> None:
    if not 0 <= float(value) <= 1:
        raise ValueError(_("This must be a share from 0 to 1."))


_CHECKS: Final[Mapping[str, Callable[[Json], None]]] = {
    "grading_policy": _check_policy,
    "user_partitions": _check_partitions,
    "group_access": _check_access,
    "tabs": _check_objects("type"),
    "pdf_textbooks": _check_objects("tab_title", "chapters"),
    "advanced_modules": _check_texts,
    "learning_info": _check_texts,
    "lti_passports": _check_texts,
    "pre_requisite_courses": _check_runs,
    "minimum_grade_credit": _check_share,
}
