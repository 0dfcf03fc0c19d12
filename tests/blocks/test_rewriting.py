"""Blocks of others are changed in the XML that their own class reads and writes."""

from __future__ import annotations

import pytest
from xblock.core import XBlock

from lykeion.blocks import registry, rewriting
from lykeion.blocks.types import BlockProblem
from lykeion.core.keys import run_of

RUN = run_of("Lyceum", "ETH1", "2026")
XML = '<counter display_name="Clicks" limit="5" graded="true"><x xblock-family="xblock_asides.v1"/></counter>'


def changed(values: dict[str, object], unset: tuple[str, ...] = (), xml: str = XML, kind: str = "counter") -> str:
    return str(rewriting.with_values(kind, {"xml": xml}, values, unset, RUN, "")["xml"])  # type: ignore[arg-type]


def test_the_class_reads_its_fields_and_the_settings_of_all_blocks_are_there_as_well() -> None:
    values = rewriting.values_of("counter", {"xml": XML}, RUN, "")  # type: ignore[arg-type]

    assert values == {"display_name": "Clicks", "limit": 5, "graded": True}


def test_a_change_is_written_by_the_class_and_what_it_does_not_know_stays() -> None:
    xml = changed({"limit": 7, "label": "Taps"})

    assert rewriting.values_of("counter", {"xml": xml}, RUN, "") == {  # type: ignore[arg-type]
        "display_name": "Clicks",
        "label": "Taps",
        "limit": 7,
        "graded": True,
    }
    assert 'xblock-family="xblock_asides.v1"' in xml
    assert "url_name" not in xml


def test_a_field_that_is_unset_has_its_default_again() -> None:
    xml = changed({}, ("limit", "graded"))

    assert rewriting.values_of("counter", {"xml": xml}, RUN, "") == {"display_name": "Clicks"}  # type: ignore[arg-type]


def test_settings_of_all_blocks_can_be_set_where_no_package_brings_the_type() -> None:
    xml = changed({"group_access": {"1": [2]}, "display_name": "Gone"}, (), '<absent a="b"/>', "absent")

    assert xml == '<absent a="b" display_name="Gone" group_access="{&quot;1&quot;: [2]}"/>'
    assert rewriting.values_of("absent", {"xml": xml}, RUN, "") == {  # type: ignore[arg-type]
        "group_access": {"1": [2]},
        "display_name": "Gone",
    }


def test_a_class_that_loses_a_field_is_told_of_and_nothing_is_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    cls = registry.installed.block_class("counter")
    monkeypatch.setattr(cls, "parse_xml", classmethod(_deaf(cls)))

    with pytest.raises(BlockProblem, match="limit"):
        changed({"limit": 9})


def _deaf(cls: type) -> object:
    def parse_xml(own: type, node: object, runtime: object, keys: object) -> object:
        return runtime.construct_xblock_from_class(own, keys)  # type: ignore[attr-defined]

    return parse_xml


def test_what_a_class_never_writes_is_kept_beside_its_xml(monkeypatch: pytest.MonkeyPatch) -> None:
    cls = registry.installed.block_class("counter")
    write = cls.add_xml_to_node
    monkeypatch.setattr(
        cls, "add_xml_to_node", lambda block, node: (write(block, node), node.attrib.pop("label", None))
    )
    monkeypatch.setattr(XBlock, "add_xml_to_node", lambda block, node: node.set("limit", str(block.limit)))

    first = rewriting.with_values("counter", {"xml": XML}, {"label": "Taps"}, (), RUN, "")  # type: ignore[arg-type]
    second = rewriting.with_values("counter", first, {"limit": 9}, (), RUN, "")  # type: ignore[arg-type]
    third = rewriting.with_values("counter", second, {}, ("label",), RUN, "")  # type: ignore[arg-type]

    read = [rewriting.values_of("counter", one, RUN, "") for one in (first, second, third)]  # type: ignore[arg-type]
    assert [(one.get("label"), one["limit"]) for one in read] == [("Taps", 5), ("Taps", 9), (None, 9)]
    assert ["beside" in one for one in (first, second, third)] == [True, True, False]
