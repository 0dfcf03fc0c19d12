import pytest
from django.db import transaction
from django.test import override_settings

from lykeion.blocks.types import StateKey
from lykeion.courseware import commit as committing
from lykeion.courseware import visit
from lykeion.courseware.commit import Conflict, commit
from lykeion.courseware.models import LearnerState, ScopedState
from lykeion.courseware.state import VisitState, decode, encode, read_page, read_rows, read_scoped
from lykeion.courseware.types import Visitor
from lykeion.courseware.visit import Busy, Work, begin, keeping
from tests.courseware.acting import enter
from tests.factories import Spec, learner, store_course

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice(trees: Spec) -> Visitor:
    """Alice in the course."""
    store_course(trees)
    return enter(learner("alice"))


def own(visitor: Visitor, ref: str = "html@t1") -> StateKey:
    return StateKey(visitor.viewer.user_id, "usage", ref)


def keep(visitor: Visitor, **changes: object) -> None:
    keeping(visitor, lambda work: work.state.write(own(visitor), changes))


def test_what_was_written_is_read_in_the_same_visit_and_later(alice: Visitor) -> None:
    work = begin(alice)

    work.state.write(own(alice), {"a": [1], "b": 2})
    work.state.delete(own(alice), "b")
    work.state.write(own(alice), {"c": 3})

    assert work.state.read(own(alice)) == {"a": [1], "c": 3}
    assert not LearnerState.objects.exists()
    commit(alice, work.state, work.sink)
    assert begin(alice).state.read(own(alice)) == {"a": [1], "c": 3}


def test_a_document_that_was_handed_out_is_nobody_else_s(alice: Visitor) -> None:
    keep(alice, a=[1])
    state = begin(alice).state

    state.read(own(alice))["a"].append(2)

    assert state.read(own(alice)) == {"a": [1]}


def test_every_scope_has_a_document_of_its_own(alice: Visitor) -> None:
    user = alice.viewer.user_id
    keys = [
        own(alice),
        StateKey(None, "usage", "html@t1"),
        StateKey(user, "definition", "html@t1"),
        StateKey(user, "type", "video"),
        StateKey(None, "type", "video"),
        StateKey(user, "all", ""),
        StateKey(None, "all", ""),
        StateKey(user, "usage", "acid_aside:html@t1", "xblock_asides.v1"),
    ]

    def write(work: Work) -> None:
        for number, key in enumerate(keys):
            work.state.write(key, {"n": number})

    keeping(alice, write)

    state = begin(alice).state
    state.prefetch(keys)
    assert [state.read(key)["n"] for key in keys] == list(range(8))
    assert sorted(ScopedState.objects.filter(kind="usage").values_list("name", flat=True)) == [
        f"{alice.run.id}/acid_aside:html@t1",
        f"{alice.run.id}/html@t1",
    ]


def test_reading_ahead_costs_one_query_a_table(alice: Visitor, django_assert_num_queries) -> None:
    user = alice.viewer.user_id
    keys = [own(alice, f"html@t{n}") for n in range(5)] + [StateKey(user, "type", "video"), StateKey(user, "all", "")]
    state = begin(alice).state

    with django_assert_num_queries(2):
        state.prefetch(keys)
        state.prefetch(keys)
        assert [state.read(key) for key in keys] == [{}] * 7


def test_writing_what_is_there_already_writes_nothing(alice: Visitor, django_assert_num_queries) -> None:
    keep(alice, a=1)

    with django_assert_num_queries(1):
        keep(alice, a=1)

    assert LearnerState.objects.get().version == 1


def test_a_document_written_meanwhile_is_a_conflict_and_nothing_is_kept(alice: Visitor) -> None:
    work = begin(alice)
    work.state.write(own(alice), {"count": work.state.read(own(alice)).get("count", 0) + 1})
    work.sink.completion("html@t1", 1.0, user_id=None)
    keep(alice, count=10)

    with pytest.raises(Conflict), transaction.atomic():
        commit(alice, work.state, work.sink)

    assert LearnerState.objects.values_list("state", "completion").get() == ('{"count":10}', None)


def test_a_visit_is_repeated_on_fresh_state_after_a_conflict(alice: Visitor) -> None:
    seen: list[int] = []

    def count(work: Work) -> None:
        before = work.state.read(own(alice)).get("count", 0)
        seen.append(before)
        work.state.write(own(alice), {"count": before + 1})
        if len(seen) == 1:
            keep(alice, count=10)

    keeping(alice, count)

    assert seen == [0, 10]
    assert begin(alice).state.read(own(alice)) == {"count": 11}


def test_after_three_tries_and_some_time_it_gives_up(alice: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    tries: list[int] = []
    monkeypatch.setattr(committing, "read_seen", _never)
    monkeypatch.setattr(visit, "PATIENCE", 0)

    def act(work: Work) -> None:
        tries.append(1)
        work.state.write(own(alice), {"n": len(tries)})

    with pytest.raises(Busy, match="another window"):
        keeping(alice, act)

    assert len(tries) == 3
    assert not LearnerState.objects.exists()


def _never(*_: object) -> None:
    raise Conflict("somebody was faster")


def test_a_visitor_s_state_is_read_and_not_kept() -> None:
    state = VisitState(None, 1)

    state.write(StateKey(None, "usage", "poll@x"), {"votes": 1})

    assert state.read(StateKey(None, "usage", "poll@x")) == {"votes": 1}
    assert not ScopedState.objects.exists()


@pytest.mark.parametrize("document", [{}, {"a": None, "ä": [1.5, {"b": True}]}, {"big": 2**70}])
def test_documents_come_back_as_they_were(document: dict) -> None:
    assert decode(encode(document)) == document


class FromReplica:
    """A site whose reads go to a replica; there is none here, so whoever reads it fails."""

    def db_for_read(self, model: type, **_hints: object) -> str:
        return "replica"


@override_settings(DATABASE_ROUTERS=[f"{__name__}.FromReplica"])
def test_what_a_learner_did_a_moment_ago_is_never_read_from_a_replica() -> None:
    assert read_rows(1, 1, ["html@t1"]) == read_page(1, 1, ["html@t1"], ["html@t1"]) == {}
    assert read_scoped([(0, "usage", "poll@x", "xblock.v1")]) == {}
