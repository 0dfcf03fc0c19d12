"""Where outlines are found, and what that costs."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lykeion.content import api, cache, outlines
from lykeion.content.models import CompiledOutline
from lykeion.content.types import BlockFacts, Node, ObjectStore, RunMissing
from lykeion.core.keys import parse_run
from tests.content.trees import NOON, RUN, make_run, root_of


@pytest.fixture
def facts(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A provider of facts that notes what it was asked."""
    asked: list[str] = []

    def provider(node: Node) -> BlockFacts:
        asked.append(node.type)
        return BlockFacts(has_score=node.type == "problem")

    monkeypatch.setattr(outlines._Compiler, "facts", staticmethod(provider))
    monkeypatch.setattr(outlines._Compiler, "version", "test")
    outlines._compiler_key.cache_clear()
    yield asked
    outlines._compiler_key.cache_clear()


def test_an_outline_is_compiled_once_and_found_ever_after(here: ObjectStore, facts: list[str]) -> None:
    root = root_of(here, ("vertical@u", ("problem@p",)))
    make_run(here, root)

    first = api.outline(RUN)
    asked = list(facts)
    cache.forget()
    loaded = api.outline(RUN)
    again = api.outline(RUN)

    assert sorted(asked) == ["course", "problem", "vertical"]
    assert facts == asked
    assert first == loaded
    assert again is loaded
    assert [block.facts.has_score for block in loaded.blocks] == [False, False, True]


def test_other_facts_make_another_outline(here: ObjectStore, facts: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    root = root_of(here, ("problem@p",))
    make_run(here, root)
    api.outline(RUN)

    api.register_facts(lambda node: BlockFacts(has_score=False, max_score=7), "other")

    assert [block.facts.max_score for block in api.outline(RUN).blocks] == [7, 7]
    assert CompiledOutline.objects.filter(root=root).count() == 2


def test_a_damaged_stored_outline_is_compiled_anew(
    here: ObjectStore, facts: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    root = root_of(here, ("problem@p",))
    make_run(here, root)
    first = api.outline(RUN)
    cache.forget()
    caches["copies"].clear()
    CompiledOutline.objects.filter(root=root).update(data=b"nonsense")

    assert api.outline(RUN) == first
    assert "is damaged and compiled anew" in caplog.text
    cache.forget()
    caches["copies"].clear()
    assert api.outline(RUN) == first
    assert len(facts) == 4


def test_the_shared_cache_spares_the_database(here: ObjectStore, facts: list[str], settings: Any) -> None:
    settings.CACHES = {"copies": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}  # in place of Redis
    root = root_of(here, ("problem@p",))
    first = api.outline_at(RUN, root)
    cache.forget()

    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert api.outline_at(RUN, root) == first

    assert len(queries) == 0


def test_a_warm_outline_costs_one_read_of_the_ref(here: ObjectStore, facts: list[str]) -> None:
    make_run(here, root_of(here, *[(f"chapter@{number}", (f"html@{number}",)) for number in range(30)]))
    api.outline(RUN)

    with CaptureQueriesContext(connection) as queries:
        api.outline(RUN)

    assert len(queries) <= 1  # none at all where refs are in MongoDB


def test_nodes_are_read_once(here: ObjectStore, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = here.put_many([Node("html", {"data": str(number)}) for number in range(3)])
    read: list[str] = []
    real = type(here).read_many
    monkeypatch.setattr(type(here), "read_many", lambda self, ids: read.extend(ids) or real(self, ids))

    first, second = api.nodes(ids[:2]), api.nodes(ids)

    assert read == ids
    assert second == here.get_many(ids)
    assert first[ids[0]] is second[ids[0]]


def test_threads_that_want_the_same_outline_compile_it_once(here: ObjectStore, monkeypatch: pytest.MonkeyPatch) -> None:
    compiled = []
    root = root_of(here)
    made = api.Outline(RUN, root, (), {}, {})
    monkeypatch.setattr(outlines, "_found", lambda store, run, root: compiled.append(root) or made)
    threads = [threading.Thread(target=outlines.outline_of, args=(here, RUN, root)) for _ in range(8)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert compiled == [root]


def test_each_run_has_its_own_outline_of_a_shared_root(here: ObjectStore, facts: list[str]) -> None:
    root = root_of(here, ("problem@p",))
    other = parse_run("course-v1:Other+O1+now")
    make_run(here, root)
    make_run(here, root, run=other)

    assert (api.outline(RUN).run, api.outline(other).run) == (RUN, other)
    assert len(facts) == 2


def test_a_run_that_is_not_there_has_no_outline(here: ObjectStore) -> None:
    with pytest.raises(RunMissing):
        api.outline(RUN)
    assert api.history(RUN, "draft") == []
    assert api.heads() == {}


def test_a_ref_nobody_made_is_no_error(here: ObjectStore) -> None:
    assert here.read_ref("heartbeat") is None
    assert here.log("heartbeat") == []


def test_heads_lists_every_run(here: ObjectStore) -> None:
    root = api.create_run(RUN, title="Trees", author="carol", at=NOON)

    assert api.heads() == {RUN: root}


def test_the_largest_outline_stays_in_the_process(here: ObjectStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "OUTLINE_BLOCKS", 3)
    monkeypatch.setattr(cache.outlines, "limit", 3)
    root = root_of(here, *[(f"chapter@{number}",) for number in range(10)])

    assert api.outline_at(RUN, root) is api.outline_at(RUN, root)
