"""The XML that a block of another package writes of itself."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from lxml import etree

from lykeion.blocks import registry
from lykeion.blocks.runtime import BlockRuntime
from tests.blocks.visits import BOB, Block, visit

COUNTER = '<counter limit="7" label="Votes"/>'
LINK = '<a href="/jump_to_id/x">'
NOTE = '<note xblock-family="xblock_asides.v1" colour="blue"/>'


def test_a_block_writes_its_fields_and_the_aside_beside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry.installed, "asides", ("note",))
    fields: dict[str, Any] = {"xml": COUNTER, "xml_asides": [NOTE]}
    runtime = BlockRuntime(visit(Block("counter", "a", fields), viewer=BOB), authored={})
    written = BytesIO()

    runtime.export_to_xml(runtime.block("counter@a"), written)

    node = etree.fromstring(written.getvalue())
    assert (node.tag, node.get("limit"), node.get("label")) == ("counter", "7", "Votes")
    assert [(child.tag, child.get("colour"), child.get("xblock-family")) for child in node] == [
        ("note", "blue", "xblock_asides.v1")
    ]


def test_a_block_that_takes_another_name_keeps_its_place() -> None:
    block = BlockRuntime(visit(Block("counter", "a"))).block("counter@a")

    renamed = block.scope_ids._replace(usage_id="another")

    assert (renamed.usage_id, renamed.place) == ("another", block.scope_ids.place)


def test_a_runtime_answers_to_the_names_that_blocks_know_it_by() -> None:
    runtime = BlockRuntime(visit(Block("counter", "a"), viewer=BOB))
    block = runtime.block("counter@a")

    assert block.xmodule_runtime is runtime
    assert runtime.get_user_role() == "instructor"
    assert runtime.replace_jump_to_id_urls('<a href="/jump_to_id/x">') == runtime.replace_urls(
        '<a href="/jump_to_id/x">'
    )
    assert runtime.hostname
    assert runtime.resources_fs.exists("counter/a.xml") is False
    with pytest.raises(NotImplementedError, match="get_block"):
        runtime.query(block)


def test_every_block_may_ask_for_what_all_blocks_of_open_edx_ask_for() -> None:
    block = BlockRuntime(visit(Block("counter", "a"), partitions="the host's")).block("counter@a")

    for name in ("i18n", "partitions", "completion"):
        assert block.runtime.service(block, name) is not None
