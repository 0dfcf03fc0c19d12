"""XML attributes to typed field values and back.

The reading rules are those of Open edX (`xmodule/xml_block.py:deserialize_field`): text is tried as JSON first, so
`null` is "set to nothing" for every type and a text in JSON quotes loses them; what does not fit its type stays text.
"""

import json
from collections.abc import Callable
from typing import Final

from lykeion.olx.fieldtypes import Kind, known_fields
from lykeion.olx.markup import attribute, is_carriable
from lykeion.olx.types import Fields, Json

EXACT: Final = "lykeion_fields"
"""An attribute of ours for values that no XML attribute carries: control characters, a number in a text field."""


_NEVER_EXACT: Final = frozenset(["data", "xml", "xml_asides", "xml_children", "children", "parent"])


class Unfit(ValueError):
    """The text does not fit the type of its field; the text itself is kept."""


def from_attribute(kind: Kind, text: str) -> Json:
    """The JSON value of an attribute. Raises `Unfit` when the text is no such value; callers then keep the text."""
    if text == "null":
        return None
    return _READERS[kind](text)


def load_json(text: str) -> Json:
    """Strict JSON: no NaN, no infinity, no lone surrogate, no runaway nesting. Raises `ValueError`."""
    try:
        value: Json = json.loads(text, parse_constant=_refuse, parse_float=_finite, parse_int=_int)
    except RecursionError as error:
        raise ValueError("nested too deep") from error
    if "\\u" in text:
        json.dumps(value, ensure_ascii=False).encode()
    return value


def dump_json(value: Json) -> str:
    """JSON in one line, for an attribute."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _refuse(constant: str) -> float:
    raise ValueError(f"{constant} is not JSON")


def _finite(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise ValueError(f"{text} is too large")
    return number


def _int(text: str) -> int | float:
    """Beyond 64 bits, where stores and browsers end, a whole number becomes a float."""
    if len(text) > 400:
        raise ValueError(f"{text[:20]}... is too large")
    number = int(text)
    return number if -(2**63) <= number < 2**63 else _finite(text)


def _json(text: str) -> Json:
    try:
        return load_json(text)
    except ValueError as error:
        raise Unfit(str(error)) from error


def _string(text: str) -> Json:
    if text[:1] != '"':
        return text
    try:
        value = load_json(text)
    except ValueError:
        return text
    return value if isinstance(value, str) else text


def _boolean(text: str) -> Json:
    lowered = text.strip().lower()
    if lowered in ("true", "1", '"true"'):
        return True
    if lowered in ("false", "0", "", '"false"'):
        return False
    raise Unfit("neither true nor false")


def _number(text: str) -> int | float | None:
    value = _json(text) if text.strip() else None
    if isinstance(value, str):
        value = _json(value) if value.strip() else None
    if value is None or (isinstance(value, int | float) and not isinstance(value, bool)):
        return value
    raise Unfit("not a number")


def _integer(text: str) -> Json:
    number = _number(text)
    if isinstance(number, float):
        if not number.is_integer():
            raise Unfit("not a whole number")
        return int(number)
    return number


def _date(text: str) -> Json:
    return _string(text) or None


def _duration(text: str) -> Json:
    try:
        return _number(text) if text.strip() else text
    except Unfit:
        return _string(text)


def _version(text: str) -> Json:
    """A number, as Open edX counts, or the id of an object, as we do."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else _string(text)


def _of_type(wanted: type) -> Callable[[str], Json]:
    def read(text: str) -> Json:
        value = _json(text)
        if isinstance(value, str):  # JSON in JSON quotes
            value = _json(value)
        if not isinstance(value, wanted):
            raise Unfit(f"not a JSON {'list' if wanted is list else 'object'}")
        return value

    return read


_READERS: Final[dict[Kind, Callable[[str], Json]]] = {
    Kind.STRING: _string,
    Kind.BOOLEAN: _boolean,
    Kind.INTEGER: _integer,
    Kind.FLOAT: _number,
    Kind.DATE: _date,
    Kind.DURATION: _duration,
    Kind.LIST: _of_type(list),
    Kind.DICT: _of_type(dict),
    Kind.JSON: _json,
    Kind.VERSION: _version,
}


def to_attribute(kind: Kind, value: Json) -> str | None:
    """The text that `from_attribute` turns into exactly `value` again, or None when there is none."""
    text = value if isinstance(value, str) else dump_json(value)
    for candidate in (text, dump_json(value)):
        if is_carriable(candidate) and _reads_as(kind, candidate, value):
            return candidate
    return None


def _reads_as(kind: Kind, text: str, value: Json) -> bool:
    try:
        read = from_attribute(kind, text)
    except Unfit:
        read = text
    return type(read) is type(value) and read == value and (not isinstance(value, list | dict) or _same(read, value))


def _same(one: Json, other: Json) -> bool:
    return dump_json(one) == dump_json(other)  # tells 1 from 1.0 and True, which == does not


def to_attributes(block_type: str, fields: Fields, without: frozenset[str] = frozenset()) -> dict[str, str]:
    """Fields (but those in `without`) as attributes, sorted by name; `xml_attributes` are spread among them."""
    kinds = known_fields(block_type)
    carried: dict[str, str] = {}
    rest: Fields = {}
    for name, value in fields.items():
        if name in without or name == "xml_attributes":
            continue
        text = to_attribute(kinds[name], value) if name in kinds else None
        if text is None:
            rest[name] = value
        else:
            carried[name] = text
    unknown = {} if "xml_attributes" in without else _unknown(fields)
    left = {name: value for name, value in unknown.items() if not _is_plain(name, value, kinds)}
    carried |= {name: str(value) for name, value in unknown.items() if name not in left}
    if left:
        rest["xml_attributes"] = left
    if rest:
        carried[EXACT] = json.dumps(rest, sort_keys=True)
    return dict(sorted(carried.items()))


def from_attributes(
    block_type: str, found: dict[str, str], odd: Callable[[str], None]
) -> tuple[Fields, dict[str, str]]:
    """Fields from attributes, and the attributes that are none. Tells `odd` of values that do not fit their type."""
    kinds = known_fields(block_type)
    fields: Fields = {}
    unknown: dict[str, str] = {}
    for name, text in found.items():
        if name not in kinds:
            unknown[name] = text
            continue
        try:
            fields[name] = from_attribute(kinds[name], text)
        except Unfit:
            fields[name] = text
            odd(f"attribute {name}={text[:80]!r} is not {kinds[name].value}; kept as text")
    fields |= _exact(unknown)
    return fields, unknown


def _exact(unknown: dict[str, str]) -> Fields:
    """Take our own attribute out of the unknown ones; what has an element or a file of its own is not believed."""
    try:
        found = load_json(unknown.get(EXACT, "null"))
    except ValueError:
        return {}
    if not isinstance(found, dict):
        return {}
    del unknown[EXACT]
    return {
        name: value
        for name, value in found.items()
        if name not in _NEVER_EXACT and (name != "xml_attributes" or isinstance(value, dict))
    }


def _unknown(fields: Fields) -> Fields:
    unknown = fields.get("xml_attributes")
    return unknown if isinstance(unknown, dict) else {}


def _is_plain(name: str, value: Json, kinds: dict[str, Kind]) -> bool:
    return isinstance(value, str) and is_carriable(value) and name not in kinds and is_name(name)


def is_name(text: str) -> bool:
    """Whether `text` can be the name of an attribute without a namespace."""
    head = text[:1]
    return text.isascii() and (head.isalpha() or head == "_") and all(c.isalnum() or c in "_-." for c in text)


def attributes_text(attributes: dict[str, str]) -> str:
    """Attributes as they stand in a start tag, each with a blank before it."""
    return "".join(attribute(name, text) for name, text in attributes.items())
