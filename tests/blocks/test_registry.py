from __future__ import annotations

from importlib.metadata import EntryPoint

import pytest

from lykeion.blocks.builtin.html.block import HtmlBlock
from lykeion.blocks.registry import BrokenType, Registry, UnknownType
from lykeion.core.env import BadSetting
from tests.blocks import samples


def points(*triples: tuple[str, str, str]) -> Registry:
    return Registry(lambda: [EntryPoint(name, value, group) for name, value, group in triples])


def test_our_own_class_wins_over_another_package_with_the_same_tag(installed: Registry) -> None:
    assert installed.block_class("html") is HtmlBlock


def test_tags_are_found_whatever_their_case() -> None:
    assert points(("counter", "tests.blocks.samples:Counter", "xblock.v1")).block_class("COUNTER") is samples.Counter


def test_an_override_wins() -> None:
    table = points(
        ("counter", "tests.blocks.samples:Counter", "xblock.v1"),
        ("counter", "tests.blocks.samples:Falls", "xblock.v1.overrides"),
    )

    assert table.block_class("counter") is samples.Falls


def test_a_block_that_was_taken_out_of_open_edx_serves_the_tag_that_it_is_to_replace() -> None:
    found = points(
        ("_falls_extracted", "tests.blocks.samples:Falls", "xblock.v1"),
        ("_counter_extracted", "tests.blocks.samples:Falls", "xblock.v1"),
        ("counter", "tests.blocks.samples:Counter", "xblock.v1"),
    )

    assert found.block_class("falls").__name__ == "Falls"
    assert found.block_class("counter").__name__ == "Counter"


def test_two_strangers_with_one_tag_are_named() -> None:
    table = points(("x", "tests.blocks.samples:Counter", "xblock.v1"), ("x", "tests.blocks.samples:Falls", "xblock.v1"))

    with pytest.raises(BrokenType) as caught:
        table.block_class("x")

    assert (
        caught.value.staff
        == "Two packages bring it: uninstall one of tests.blocks.samples:Counter and tests.blocks.samples:Falls."
    )


def test_a_package_that_cannot_be_imported_says_why() -> None:
    with pytest.raises(BrokenType) as caught:
        points(("gone", "tests.blocks.samples:Gone", "xblock.v1")).block_class("gone")

    assert "tests.blocks.samples:Gone cannot be imported: AttributeError" in caught.value.staff


def test_an_unknown_tag_is_unknown() -> None:
    with pytest.raises(UnknownType, match="This site cannot show parts of type “nothing”"):
        points().block_class("nothing")


def test_asides_have_names_of_their_own() -> None:
    table = points(("note", "tests.blocks.samples:Note", "xblock_asides.v1"))

    assert table.aside_class("note") is samples.Note
    with pytest.raises(UnknownType):
        table.block_class("note")


def test_every_built_in_can_be_loaded(installed: Registry) -> None:
    ours = [point for found in installed._points.values() for point in found if point.value.startswith("lykeion.")]

    assert len(ours) >= 19
    assert [point.name for point in ours if not installed.block_class(point.name)] == []


def test_a_type_to_be_framed_must_be_there() -> None:
    table = Registry()

    assert table.known(("html", "*")) == {"html", "*"}
    with pytest.raises(BadSetting, match="'htlm', which is not installed"):
        table.known(("htlm",))
