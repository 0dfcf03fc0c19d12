"""Forms over settings: which texts a form shows at a root, and what of it its author changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import tzinfo

from lykeion.authoring.codecs import TEXT, Codec
from lykeion.authoring.saving import UNSET, Unset, course_fields, part_at
from lykeion.authoring.types import FieldError
from lykeion.content.types import Json, Node, ObjectId

Fields = dict[str, Json | Unset]
Parts = dict[str, Node | None]


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting of a form: a field of the course, or with ``part`` the text of a part (``about/overview``).
    ``default`` is what holds while it is not set."""

    name: str
    codec: Codec = TEXT
    part: str = ""
    default: Json = None

    def stored(self, root: ObjectId) -> Json:
        """The value at ``root``, or the default."""
        if self.part:
            node = part_at(root, self.part)
            return node.fields.get("data") if node else self.default
        return course_fields(root).get(self.name, self.default)


def texts(settings: Iterable[Setting], root: ObjectId, zone: tzinfo) -> dict[str, str]:
    """The texts of a form at ``root``."""
    return {one.name: one.codec.show(one.stored(root), zone) for one in settings}


def changes(
    settings: Iterable[Setting], given: Mapping[str, str], base: ObjectId, zone: tzinfo
) -> tuple[Fields, Parts]:
    """What the author of a form made of what they saw at root ``base``; texts they left alone are not looked at.

    Raises :class:`FieldError` for a text that cannot be taken.
    """
    fields: Fields = {}
    parts: Parts = {}
    for one in settings:
        if one.name not in given or _same(given[one.name], one.codec.show(one.stored(base), zone)):
            continue
        value = _read(one, given[one.name], zone)
        if one.part:
            parts[one.part] = None if value is UNSET else Node("about", {"data": value})
        else:
            fields[one.name] = value
    return fields, parts


def _same(given: str, seen: str) -> bool:
    return given.replace("\r\n", "\n").strip() == seen.replace("\r\n", "\n").strip()


def _read(one: Setting, given: str, zone: tzinfo) -> Json | Unset:
    try:
        return one.codec.read(given, zone)
    except ValueError as error:
        raise FieldError(str(error), one.name) from error
