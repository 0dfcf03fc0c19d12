from __future__ import annotations

import pytest

from lykeion.blocks import api
from lykeion.blocks.parse import parse
from lykeion.blocks.registry import Registry
from lykeion.blocks.runtime import BlockRuntime
from lykeion.blocks.types import BlockProblem
from tests.blocks import samples
from tests.blocks.visits import RUN, Block, visit


def test_attributes_become_fields_and_unknown_ones_are_left(installed: Registry) -> None:
    found = parse(
        samples.Counter, '<counter limit="7" label="A &amp; B" nonsense="1" due="2026-01-02"/>', RUN, installed
    )

    assert found.values == {"limit": 7, "label": "A & B"}


def test_option_elements_become_fields(installed: Registry) -> None:
    xml = '<counter xmlns:option="http://code.edx.org/xblock/option"><option:label>\nlong\n</option:label></counter>'

    assert parse(samples.Counter, xml, RUN, installed).values == {"label": "\nlong\n"}


def test_blocks_for_old_xblock_versions_are_given_the_id_generator() -> None:
    rendered = api.render(visit(Block("oldparser", "o", {"xml": "<oldparser>hello</oldparser>"})), "oldparser@o")

    assert ">hello x<" in rendered.html


def test_child_elements_that_the_tree_does_not_have_are_no_children() -> None:
    box = Block("box", "b", {"xml": "<box title='t'><counter/></box>"}, (Block("counter", "c"),))

    block = BlockRuntime(visit(box)).block("box@b")

    assert [str(child) for child in block.children] == ["block-v1:Lyceum+ETH1+2026+type@counter+block@c"]
    assert [child.scope_ids.place.ref for child in block.get_children()] == ["counter@c"]
    assert block.get_children()[0].get_parent().title == "t"


def test_entities_are_not_followed(installed: Registry) -> None:
    xml = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><counter label="l">&e;</counter>'

    with pytest.raises(BlockProblem):
        parse(samples.Counter, xml, RUN, installed)


def test_broken_xml_says_where(installed: Registry) -> None:
    with pytest.raises(BlockProblem) as caught:
        parse(samples.Counter, "<counter>", RUN, installed)

    assert "Its XML is broken" in caught.value.staff


def test_xml_is_read_once_for_each_object() -> None:
    seen = visit(Block("counter", "c", {"xml": '<counter limit="9"/>'}))
    first = BlockRuntime(seen).block("counter@c").scope_ids.place.own

    assert BlockRuntime(seen).block("counter@c").scope_ids.place.own is first
