from __future__ import annotations

import pytest
from opaque_keys.edx.keys import UsageKey
from xblock.exceptions import NoSuchDefinition, NoSuchUsage

from lykeion.blocks.ids import BlockIds, aside_key, usage_key
from lykeion.core.keys import usage_text
from tests.blocks.visits import RUN

USAGE = UsageKey.from_string("block-v1:Lyceum+ETH1+2026+type@html+block@a.b-c_d")


def test_a_usage_is_written_as_its_key_would_be() -> None:
    assert usage_text(RUN, "html@a.b-c_d") == str(USAGE)
    assert usage_key(RUN, "html@a.b-c_d") == USAGE


def test_an_aside_knows_its_block_and_survives_its_text() -> None:
    ids = BlockIds(RUN)

    definition, usage = ids.create_aside(USAGE, USAGE, "note")

    assert aside_key(str(usage)) == usage
    assert (ids.get_usage_id_from_aside(usage), ids.get_aside_type_from_usage(usage)) == (USAGE, "note")
    assert ids.get_definition_id_from_aside(definition) == USAGE
    assert ids.get_aside_type_from_definition(definition) == "note"
    assert ids.create_aside(USAGE, USAGE, "note")[1] == usage


def test_a_block_is_no_aside() -> None:
    assert aside_key(str(USAGE)) is None


def test_new_ids_are_of_their_type_and_never_the_same() -> None:
    ids = BlockIds(RUN)
    first, second = ids.create_definition("poll"), ids.create_definition("poll")

    assert first != second
    assert ids.get_block_type(ids.get_definition_id(ids.create_usage(first))) == "poll"


def test_what_is_no_key_is_refused_as_xblock_says() -> None:
    with pytest.raises(NoSuchUsage):
        BlockIds(RUN).get_definition_id("html@x")  # type: ignore[arg-type]
    with pytest.raises(NoSuchDefinition):
        BlockIds(RUN).get_block_type("html@x")  # type: ignore[arg-type]
