from __future__ import annotations

from typing import Any

import pytest
from xblock.exceptions import NoSuchServiceError, NoSuchUsage

from lykeion.blocks.runtime import BlockRuntime
from lykeion.core.keys import run_of, usage_of
from tests.blocks.visits import ALICE, BOB, DAN, NOBODY, NOW, RUN, Block, visit


def asking(viewer: Any = ALICE, **services: Any) -> Any:
    return BlockRuntime(visit(Block("asks", "a"), viewer=viewer, **services)).block("asks@a")


def service(block: Any, name: str) -> Any:
    return block.runtime.service(block, name)


def test_a_service_that_was_not_declared_is_refused_even_if_it_is_there() -> None:
    block = BlockRuntime(visit(Block("falls", "a"))).block("falls@a")

    with pytest.raises(NoSuchServiceError, match="was not requested"):
        service(block, "user")


def test_an_absent_service_is_none_when_wanted_and_an_error_when_needed() -> None:
    needy = BlockRuntime(visit(Block("needsthequeue", "a"))).block("needsthequeue@a")

    assert service(asking(), "orchestra") is None
    with pytest.raises(NoSuchServiceError, match="is not available"):
        service(needy, "orchestra")


def test_the_host_may_bring_services_or_replace_ours() -> None:
    assert service(asking(orchestra="queue", user="someone"), "orchestra") == "queue"
    assert service(asking(orchestra="queue", user="someone"), "user") == "someone"


def test_the_user_service_tells_who_looks() -> None:
    user = service(asking(BOB), "user").get_current_user()

    assert user.opt_attrs["edx-platform.user_id"] == 2
    assert user.opt_attrs["edx-platform.username"] == "bob"
    assert user.opt_attrs["edx-platform.user_is_staff"] is True
    assert user.opt_attrs["edx-platform.user_role"] == "instructor"
    assert user.opt_attrs["edx-platform.anonymous_user_id"] == "b0b"


def test_visitors_are_nobody() -> None:
    user = service(asking(NOBODY), "user").get_current_user()

    assert user.opt_attrs["edx-platform.is_authenticated"] is False
    assert user.opt_attrs["edx-platform.user_id"] is None


def test_nobody_learns_the_ids_of_others() -> None:
    people = service(asking(), "user")

    assert people.get_anonymous_user_id("alice", "any") == "a11ce"
    assert people.get_anonymous_user_id("bob", "any") is None
    assert people.get_user_by_anonymous_id("b0b") is None


class Neighbours:
    """A directory with Bob in it."""

    def me(self) -> str:
        return "row of the viewer"

    def whose(self, anonymous_id: str) -> str | None:
        return {"b0b": "row of Bob"}.get(anonymous_id)

    def anonymous_id(self, username: str) -> str | None:
        return {"bob": "b0b"}.get(username)

    def external_id(self, kind: str) -> str:
        return f"{kind}-a11ce"


def test_the_hosts_directory_tells_who_is_behind_an_id() -> None:
    people = service(asking(directory=Neighbours()), "user")

    assert people.get_user_by_anonymous_id() == "row of the viewer"
    assert people.get_user_by_anonymous_id("b0b") == "row of Bob"
    assert people.get_user_by_anonymous_id("no such id") is None
    assert people.get_external_user_id("lti") == "lti-a11ce"


def test_ids_of_others_are_for_staff() -> None:
    as_alice, as_bob = (service(asking(who, directory=Neighbours()), "user") for who in (ALICE, BOB))

    assert as_alice.get_anonymous_user_id("bob", "any") is None
    assert as_bob.get_anonymous_user_id("bob", "any") == "b0b"


def test_the_sandbox_refuses() -> None:
    sandbox = service(asking(), "sandbox")

    assert (sandbox.can_execute_unsafe_code(), sandbox.get_python_lib_zip()) == (False, None)


def test_texts_are_translated_or_left() -> None:
    i18n = service(asking(), "i18n")

    assert (i18n.gettext("Nothing"), i18n.ngettext("one", "many", 2), i18n.ugettext("x")) == ("Nothing", "many", "x")
    assert i18n.strftime(NOW, "SHORT_DATE") == "Mar 01, 2026"


def completing(viewer: Any = ALICE, **done: float) -> tuple[BlockRuntime, Any]:
    """A runtime for a unit of four blocks, and its service, of somebody who has ``done`` so much of each."""
    blocks = (Block("asks", "a"), Block("html", "h"), Block("counter", "c"), Block("wrapper", "w", children=(TEXT,)))
    completions = {f"html@{name}": value for name, value in done.items()}
    read: Any = lambda refs: {ref: completions[ref] for ref in refs if ref in completions}  # noqa: E731
    runtime = BlockRuntime(visit(*blocks, viewer=viewer, completions=read))
    return runtime, service(runtime.block("asks@a"), "completion")


TEXT = Block("html", "t")


def test_completion_says_what_completes_by_being_seen() -> None:
    runtime, completion = completing(t=1.0)
    blocks = [runtime.block(ref) for ref in ("html@h", "counter@c", "wrapper@w", "html@t")]

    assert completion.blocks_to_mark_complete_on_view(blocks) == [blocks[0]]


def test_completion_tells_how_far_the_viewer_is() -> None:
    _runtime, completion = completing(h=1.0, t=0.5)
    elsewhere = usage_of(run_of("a", "b", "c"), "html@h")
    keys = [usage_of(RUN, "html@h"), usage_of(RUN, "html@t"), usage_of(RUN, "counter@c"), elsewhere]

    assert completion.get_completions(keys) == dict(zip(keys, (1.0, 0.5, 0.0, 0.0), strict=True))


def test_completion_of_a_unit_is_that_of_all_its_leaves() -> None:
    runtime, some = completing(h=1.0)
    unit = runtime.block("vertical@unit")
    leaves = [one.scope_ids.usage_id.block_id for one in some.get_completable_children(unit)]

    assert leaves == ["a", "h", "c", "t"]
    assert some.vertical_is_complete(unit) is False
    with pytest.raises(ValueError, match="is no unit"):
        some.vertical_is_complete(runtime.block("html@h"))


def test_a_block_completes_another_for_the_viewer_and_for_nobody_else() -> None:
    runtime, completion = completing()
    key = usage_of(RUN, "html@h")

    completion.submit_completion(key, 0.5)

    assert runtime.visit.sink.all == [("completion", "html@h", 0.5, None)]
    with pytest.raises(ValueError, match="for somebody else"):
        completion.submit_group_completion(key, 1.0, user_ids=[DAN.user_id])
    with pytest.raises(NoSuchUsage):
        completion.submit_completion(usage_of(RUN, "html@none"), 1.0)


def test_staff_complete_a_block_for_a_group() -> None:
    runtime, completion = completing(BOB)

    completion.submit_group_completion(usage_of(RUN, "html@h"), 1.0, user_ids=[ALICE.user_id, DAN.user_id])

    assert runtime.visit.sink.all == [("completion", "html@h", 1.0, 1), ("completion", "html@h", 1.0, 4)]


def test_the_fields_service_is_there_for_everybody() -> None:
    block = BlockRuntime(visit(Block("falls", "a"))).block("falls@a")

    assert service(block, "field-data") is block.runtime.fields
