"""Settings that are read once a place: whoever comes later is given what was read, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from lykeion.blocks.runtime import BlockRuntime
from lykeion.blocks.types import StateKey, Visit
from lykeion.core.keys import run_of
from tests.blocks.visits import DAN, Block, as_seen_by, visit

PROBLEM = Block("problem", "p", settings={"max_attempts": 3, "rerandomize": "always"})


def shown(seen: Visit, **changes: Any) -> Any:
    runtime = BlockRuntime(seen)
    block = runtime.block("problem@p")
    for name, value in changes.items():
        setattr(block, name, value)
    runtime.render(block, "student_view")
    return block


def test_settings_are_read_once_and_the_same_for_the_next_learner() -> None:
    seen = visit(PROBLEM)
    shown(seen)
    block = BlockRuntime(as_seen_by(seen, DAN)).block("problem@p")

    assert block._field_data_cache["max_attempts"] == 3
    assert block.max_attempts == 3
    assert block.fields["weight"].is_set_on(block) is False


def test_what_a_learner_did_is_never_remembered_for_another() -> None:
    seen = visit(PROBLEM)
    block = shown(seen, attempts=2, student_answers={"p_2_1": "mine"})
    block.save()
    other = BlockRuntime(as_seen_by(seen, DAN)).block("problem@p")

    assert {"attempts", "student_answers", "seed", "data"}.isdisjoint(other._field_data_cache)
    assert (other.attempts, other.student_answers) == (0, {})


def test_a_setting_that_a_block_changed_for_itself_stays_with_it() -> None:
    seen = visit(PROBLEM)
    shown(seen, max_attempts=99)

    assert BlockRuntime(seen).block("problem@p").max_attempts == 3


def test_another_version_of_the_course_has_settings_of_its_own() -> None:
    shown(visit(PROBLEM))
    changed = visit(Block("problem", "p", settings={"max_attempts": 5}))

    assert shown(changed).max_attempts == 5


def test_authors_see_what_they_changed_a_moment_ago() -> None:
    seen = visit(PROBLEM)
    shown(seen)
    key = StateKey(None, "usage", "problem@p", "xblock.v1")
    block = BlockRuntime(seen, authored={key: {"max_attempts": 7}}).block("problem@p")

    assert block.max_attempts == 7


def test_what_a_block_makes_up_for_itself_is_not_that_of_another_run_with_the_same_content() -> None:
    seen = visit(Block("discussion", "d"))
    other = replace(seen, outline=replace(seen.outline, run=run_of("Lyceum", "ETH1", "2027")))

    topics = []
    for one in (seen, other, seen):
        runtime = BlockRuntime(one)
        block = runtime.block("discussion@d")
        runtime.render(block, "student_view")
        topics.append(block.discussion_id)

    assert topics[0] == topics[2] != topics[1]
