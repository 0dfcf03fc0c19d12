"""Where fields live. acid notices none of the mistakes that are looked for here."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from xblock.fields import Scope

from lykeion.blocks.fields import ReadOnlyField
from lykeion.blocks.registry import Registry
from lykeion.blocks.runtime import BlockRuntime
from lykeion.blocks.types import StateKey, Visit
from tests.blocks.visits import ALICE, DAN, NOBODY, Block, as_seen_by, visit

BOTH = (Block("scopes", "a"), Block("scopes", "b"))


def learner_scopes() -> list[str]:
    return [scope.name for scope in Scope.scopes() if scope.user.name != "UserScope.NONE"]


def write_everywhere(seen: Visit, ref: str, value: str) -> None:
    block = BlockRuntime(seen).block(ref)
    for name in learner_scopes():
        setattr(block, name, {"written": value})
    block.save()


def read_everywhere(seen: Visit, ref: str) -> dict[str, Any]:
    block = BlockRuntime(seen).block(ref)
    return {name: getattr(block, name).get("written") for name in learner_scopes()}


def test_what_is_written_is_read_again_in_every_scope() -> None:
    seen = visit(*BOTH)

    write_everywhere(seen, "scopes@a", "by alice")

    assert set(read_everywhere(seen, "scopes@a").values()) == {"by alice"}
    assert len(learner_scopes()) == 12  # two of each twice, by name and by parts


def test_another_person_reads_only_what_is_shared() -> None:
    seen = visit(*BOTH)
    write_everywhere(seen, "scopes@a", "by alice")

    read = read_everywhere(as_seen_by(seen, DAN), "scopes@a")

    assert {name for name, value in read.items() if value} == {
        "user_state_summary",
        "UserScope.ALL_BlockScope.USAGE",
        "UserScope.ALL_BlockScope.DEFINITION",
        "UserScope.ALL_BlockScope.TYPE",
        "UserScope.ALL_BlockScope.ALL",
    }


def test_another_block_reads_only_what_belongs_to_the_type_or_to_all() -> None:
    seen = visit(*BOTH)
    write_everywhere(seen, "scopes@a", "by alice")

    read = read_everywhere(seen, "scopes@b")

    assert {name for name, value in read.items() if value} == {
        "preferences",
        "user_info",
        "UserScope.ONE_BlockScope.TYPE",
        "UserScope.ONE_BlockScope.ALL",
        "UserScope.ALL_BlockScope.TYPE",
        "UserScope.ALL_BlockScope.ALL",
    }


def test_blocks_and_asides_never_read_each_other(installed: Registry) -> None:
    installed.asides = ("note",)
    seen = visit(Block("scopes", "a"))
    runtime = BlockRuntime(seen)
    block = runtime.block("scopes@a")
    aside = runtime.get_aside_of_type(block, "note")
    for name in learner_scopes():
        setattr(block, name, {"written": "block"})
    block.save()

    assert [name for name in learner_scopes() if getattr(aside, name)] == []

    for name in learner_scopes():
        setattr(aside, name, {"written": "aside"})
    aside.save()

    assert set(read_everywhere(seen, "scopes@a").values()) == {"block"}


def test_keys_name_person_kind_block_and_family(installed: Registry) -> None:
    installed.asides = ("note",)
    seen = visit(Block("counter", "a"))
    runtime = BlockRuntime(seen)
    block = runtime.block("counter@a")
    block.count = 1
    block.save()
    aside = runtime.get_aside_of_type(block, "note")
    aside.user_state = {"x": 1}
    aside.preferences = {"y": 1}
    aside.user_state_summary = {"z": 1}
    aside.save()

    assert seen.state.documents == {
        StateKey(1, "usage", "counter@a"): {"count": 1},
        StateKey(1, "usage", "note:counter@a", "xblock_asides.v1"): {"user_state": {"x": 1}},
        StateKey(1, "type", "note", "xblock_asides.v1"): {"preferences": {"y": 1}},
        StateKey(None, "usage", "note:counter@a", "xblock_asides.v1"): {"user_state_summary": {"z": 1}},
    }


def test_what_a_visitor_writes_is_forgotten_and_never_shared() -> None:
    seen = visit(*BOTH, viewer=NOBODY)
    runtime = BlockRuntime(seen)
    block = runtime.block("scopes@a")
    block.user_state = {"mine": 1}
    block.user_state_summary = {"ours": 1}
    block.save()

    assert runtime.block("scopes@a").user_state == {"mine": 1}
    assert seen.state.documents == {StateKey(None, "usage", "scopes@a"): {"user_state_summary": {"ours": 1}}}


def test_learners_cannot_change_what_authors_wrote() -> None:
    runtime = BlockRuntime(visit(Block("scopes", "a", {"settings": {"a": 1}})))
    block = runtime.block("scopes@a")

    for name in ("content", "settings", "UserScope.NONE_BlockScope.TYPE", "UserScope.NONE_BlockScope.ALL"):
        setattr(block, name, {"a": 2})
        with pytest.raises(ReadOnlyField, match="learners cannot set it"):
            block.save()
        block._clear_dirty_fields()

    assert runtime.block("scopes@a").settings == {"a": 1}


def test_authors_may_write_every_scope() -> None:
    drafts: dict[StateKey, dict[str, Any]] = {}
    runtime = BlockRuntime(visit(*BOTH), authored=drafts)
    block = runtime.block("scopes@a")
    for scope in Scope.scopes():
        setattr(block, scope.name, {"written": scope.name})
    block.save()

    again = runtime.block("scopes@a")

    assert {scope.name: getattr(again, scope.name) for scope in Scope.scopes()} == {
        scope.name: {"written": scope.name} for scope in Scope.scopes()
    }
    assert set(drafts) == {StateKey(None, kind, name) for kind, name in KINDS}


KINDS = [("usage", "scopes@a"), ("definition", "scopes@a"), ("type", "scopes"), ("all", "")]


def test_values_are_not_shared_with_the_store_or_with_other_blocks() -> None:
    seen = visit(Block("scopes", "a", {"content": {"deep": [1]}}))
    runtime = BlockRuntime(seen)
    block = runtime.block("scopes@a")
    block.user_state = {"deep": [1]}
    block.save()

    block.user_state["deep"].append(2)
    block.content["deep"].append(2)

    again = runtime.block("scopes@a")
    assert (again.user_state, again.content) == ({"deep": [1]}, {"deep": [1]})


def test_a_deleted_field_is_its_default_again() -> None:
    seen = visit(Block("counter", "a"))
    runtime = BlockRuntime(seen)
    block = runtime.block("counter@a")
    block.count = 5
    block.save()

    del block.count

    assert (block.count, runtime.block("counter@a").count) == (0, 0)
    assert seen.state.documents == {StateKey(1, "usage", "counter@a"): {}}


def test_inherited_settings_are_defaults_and_own_ones_are_set() -> None:
    due = datetime(2026, 5, 1, tzinfo=UTC)
    unit = Block("counter", "a", {"graded": True}, settings={"due": due, "graded": True, "max_attempts": 2})

    block = BlockRuntime(visit(unit)).block("counter@a")

    assert (block.due, block.graded, block.max_attempts) == (due, True, 2)
    assert block.fields["graded"].is_set_on(block)
    assert not block.fields["due"].is_set_on(block)
    assert block.showanswer == "finished"


def test_dates_of_settings_are_read_once_by_the_outline() -> None:
    due = datetime(2026, 5, 1, tzinfo=UTC)

    block = BlockRuntime(visit(Block("counter", "a", {"due": "2026-05-01"}, settings={"due": due}))).block("counter@a")

    assert block.due is due


def test_names_that_open_edx_blocks_use_are_there() -> None:
    block = BlockRuntime(visit(Block("counter", "a"))).block("counter@a")

    assert str(block.location) == "block-v1:Lyceum+ETH1+2026+type@counter+block@a"
    assert (str(block.course_id), block.category, block.url_name) == ("course-v1:Lyceum+ETH1+2026", "counter", "a")
    assert str(block.parent) == "block-v1:Lyceum+ETH1+2026+type@vertical+block@unit"


def test_each_document_is_read_once_and_nothing_of_text_blocks_is_read() -> None:
    seen = visit(Block("counter", "a"), Block("html", "h", {"data": "x"}), viewer=ALICE)
    runtime = BlockRuntime(seen)

    for _ in range(3):
        assert runtime.block("counter@a").count == 0
        runtime.render(runtime.block("html@h"), "student_view")

    assert seen.state.reads == [StateKey(1, "usage", "counter@a")]
