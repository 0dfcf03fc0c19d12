from __future__ import annotations

from typing import Any

import pytest
from xblock.exceptions import NoSuchServiceError

from lykeion.blocks.runtime import BlockRuntime
from tests.blocks.visits import ALICE, BOB, NOBODY, NOW, Block, visit


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


def test_completion_says_what_completes_by_being_seen() -> None:
    runtime = BlockRuntime(visit(Block("asks", "a"), Block("html", "h"), Block("counter", "c"), Block("wrapper", "w")))
    blocks = [runtime.block(ref) for ref in ("html@h", "counter@c", "wrapper@w")]
    completion = service(runtime.block("asks@a"), "completion")

    assert completion.blocks_to_mark_complete_on_view(blocks) == {blocks[0]}


def test_the_fields_service_is_there_for_everybody() -> None:
    block = BlockRuntime(visit(Block("falls", "a"))).block("falls@a")

    assert service(block, "field-data") is block.runtime.fields
