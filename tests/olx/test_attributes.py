from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lykeion.olx.attributes import Unfit, from_attribute, from_attributes, load_json, to_attribute, to_attributes
from lykeion.olx.fieldtypes import Kind, known_fields
from lykeion.olx.types import Json

TEXT = st.text(st.characters(blacklist_categories=["Cs"]), max_size=20)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=5,
)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (Kind.STRING, "plain", "plain"),
        (Kind.STRING, '"attempted"', "attempted"),
        (Kind.STRING, '"Quoted" start', '"Quoted" start'),
        (Kind.STRING, "null", None),
        (Kind.STRING, "", ""),
        (Kind.STRING, "true", "true"),
        (Kind.STRING, "3", "3"),
        (Kind.BOOLEAN, "True", True),
        (Kind.BOOLEAN, "false", False),
        (Kind.BOOLEAN, "null", None),
        (Kind.INTEGER, "3", 3),
        (Kind.INTEGER, '"3"', 3),
        (Kind.INTEGER, "3.0", 3),
        (Kind.INTEGER, "", None),
        (Kind.INTEGER, "null", None),
        (Kind.FLOAT, "0.5", 0.5),
        (Kind.FLOAT, "", None),
        (Kind.DATE, '"2017-01-01T00:00:00+00:00"', "2017-01-01T00:00:00+00:00"),
        (Kind.DATE, "Nov 9 23:00 EST 2012", "Nov 9 23:00 EST 2012"),
        (Kind.DATE, "", None),
        (Kind.DURATION, "1 day 2 hours", "1 day 2 hours"),
        (Kind.DURATION, "", ""),
        (Kind.DURATION, "00:11:39", "00:11:39"),
        (Kind.DURATION, "12.5", 12.5),
        (Kind.LIST, '["a", 1]', ["a", 1]),
        (Kind.DICT, '{"1": [2]}', {"1": [2]}),
    ],
)
def test_an_attribute_is_read_as_open_edx_reads_it(kind: Kind, text: str, value: Json) -> None:
    assert from_attribute(kind, text) == value
    assert type(from_attribute(kind, text)) is type(value)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Kind.INTEGER, "3.4"),
        (Kind.INTEGER, "many"),
        (Kind.INTEGER, "true"),
        (Kind.FLOAT, "NaN"),
        (Kind.FLOAT, "1e999"),
        (Kind.BOOLEAN, "yes"),
        (Kind.LIST, "{}"),
        (Kind.LIST, ""),
        (Kind.DICT, "[" * 100_000),
    ],
)
def test_what_does_not_fit_its_type_is_kept_as_text_and_told(kind: Kind, text: str) -> None:
    name = next(name for name, known in known_fields("course").items() if known is kind)
    told: list[str] = []

    fields, unknown = from_attributes("course", {name: text}, told.append)

    with pytest.raises(Unfit):
        from_attribute(kind, text)
    assert (fields, unknown) == ({name: text}, {})
    assert told == [f"attribute {name}={text[:80]!r} is not {kind.value}; kept as text"]


@given(st.sampled_from(Kind), JSON)
def test_a_written_attribute_reads_as_the_same_value(kind: Kind, value: Json) -> None:
    text = to_attribute(kind, value)

    if text is not None:
        try:
            assert from_attribute(kind, text) == value
        except Unfit:
            assert text == value


@given(st.dictionaries(st.sampled_from(sorted(known_fields("problem"))), JSON), st.dictionaries(TEXT, JSON, max_size=3))
def test_any_fields_survive_as_attributes(fields: dict[str, Json], unknown: dict[str, Json]) -> None:
    unknown = {name: value for name, value in unknown.items() if name not in known_fields("problem")}
    given_fields: dict[str, Json] = {**fields, "xml_attributes": unknown} if unknown else fields

    written = to_attributes("problem", given_fields)

    back, rest = from_attributes("problem", written, lambda message: None)
    kept = back.pop("xml_attributes", {})
    assert isinstance(kept, dict)
    assert (back, {**rest, **kept}) == (fields, unknown)


def test_numbers_beyond_64_bits_become_floats() -> None:
    assert load_json("[12345678901234567890, -9223372036854775808]") == [1.2345678901234567e19, -(2**63)]


@pytest.mark.parametrize("text", ['"\\ud800"', "Infinity", "[1,]", "9" * 500, "[" * 100_000])
def test_json_that_no_store_takes_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        load_json(text)
