"""One contract for every object store: SQLite, MariaDB or MySQL, MongoDB."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections

from lykeion.content.stores.mongo import forget_clients, mongo_store
from lykeion.content.types import ContentError, LogEntry, Node, ObjectId, ObjectMissing, ObjectStore, RefMoved
from lykeion.jobs.signals import interrupted

DRAFT = "course-v1:O+C+R/draft"
PUBLISHED = "course-v1:O+C+R/published"
NOON = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)
ALREADY = datetime(2100, 1, 1, tzinfo=UTC)  # a moment after every touch
UNKNOWN = ObjectId("0" * 48)


def html(text: str) -> Node:
    return Node("html", {"data": text})


def move(ref: str, old: ObjectId | None, new: ObjectId | None, *, at: datetime = NOON, why: str = "a test") -> LogEntry:
    return LogEntry(ref, old, new, "carol", at, why)


def test_what_is_put_comes_back_equal(store: ObjectStore) -> None:
    leaf = Node("html", {"data": "<p>ünï</p>" * 500, "n": [1, 1.5, None, True, {"b": 1, "a": []}]})
    small = Node("vertical", {}, (("a", UNKNOWN),))

    ids = store.put_many([leaf, small, leaf])

    assert store.get_many(ids) == {ids[0]: leaf, ids[1]: small}
    assert ids[0] == ids[2]


def test_the_same_content_has_the_same_id_in_every_store(store: ObjectStore) -> None:
    ids = store.put_many([Node("html", {"b": 1, "a": "x"}, (("c", UNKNOWN),))])

    assert ids == ["8d756617e13d70d53c770cff5999bcc4d18de4339b3cf3f1"]


def test_putting_again_costs_nothing_and_changes_nothing(store: ObjectStore) -> None:
    first = store.put_many([html("a"), html("b")])

    assert store.put_many([html("a"), html("b")]) == first
    assert sorted(store.ids(touched_before=ALREADY)) == sorted(first)


def test_thousands_of_objects_go_in_and_out(store: ObjectStore) -> None:
    nodes = [html(str(number)) for number in range(1234)]

    ids = store.put_many(nodes)

    assert store.get_many(ids) == dict(zip(ids, nodes, strict=True))
    assert len(list(store.ids(touched_before=ALREADY))) == 1234


def test_nothing_goes_in_and_out(store: ObjectStore) -> None:
    assert store.put_many([]) == []
    assert store.get_many([]) == {}


def test_a_missing_object_is_named(store: ObjectStore) -> None:
    [there] = store.put_many([html("a")])

    with pytest.raises(ObjectMissing, match=UNKNOWN):
        store.get_many([there, UNKNOWN])


def test_an_object_of_several_megabytes_fits_and_a_larger_one_is_refused(store: ObjectStore) -> None:
    large = Node("files", {f"{number:09}": number * 7919**3 for number in range(150_000)})

    [object_id] = store.put_many([large])

    assert store.get_many([object_id]) == {object_id: large}
    with pytest.raises(ContentError, match="at most 32 MB fit in one block"):
        store.put_many([html("x" * (33 << 20))])


@pytest.mark.parametrize("value", [2**64, "\ud800", {1: 2}, object(), NOON])
def test_values_that_json_cannot_hold_are_refused_with_the_type_of_block(store: ObjectStore, value: object) -> None:
    with pytest.raises(ContentError, match="A html block has a field that cannot be stored"):
        store.put_many([html("a"), Node("html", {"x": value})])

    assert list(store.ids(touched_before=ALREADY)) == []


def test_a_ref_is_created_moved_and_deleted_and_each_move_is_logged(store: ObjectStore) -> None:
    a, b = store.put_many([html("a"), html("b")])
    moves = [move(DRAFT, None, a), move(DRAFT, a, b), move(DRAFT, b, None)]

    seen = []
    for entry in moves:
        store.compare_and_set_ref(DRAFT, entry)
        seen.append((store.read_ref(DRAFT), store.refs()))

    assert seen == [(a, {DRAFT: a}), (b, {DRAFT: b}), (None, {})]
    assert store.log(DRAFT) == moves[::-1]


def test_refs_that_differ_by_case_are_two(store: ObjectStore) -> None:
    a, b = store.put_many([html("a"), html("b")])

    store.compare_and_set_ref(DRAFT, move(DRAFT, None, a))
    store.compare_and_set_ref(DRAFT.replace("O+C+R", "o+c+r"), move(DRAFT.replace("O+C+R", "o+c+r"), None, b))

    assert store.refs() == {DRAFT: a, "course-v1:o+c+r/draft": b}


@pytest.mark.parametrize("old", [None, UNKNOWN])
def test_a_ref_that_moved_meanwhile_stays_and_the_loser_learns_where_it_is(
    store: ObjectStore, old: ObjectId | None
) -> None:
    a, b = store.put_many([html("a"), html("b")])
    store.compare_and_set_ref(DRAFT, move(DRAFT, None, a))

    with pytest.raises(RefMoved, match=r"course-v1:O\+C\+R/draft was changed by somebody else") as told:
        store.compare_and_set_ref(DRAFT, move(DRAFT, old, b))

    assert told.value.actual == a
    assert (store.read_ref(DRAFT), store.log(DRAFT)) == (a, [move(DRAFT, None, a)])


def test_a_ref_that_is_gone_cannot_be_moved(store: ObjectStore) -> None:
    [a] = store.put_many([html("a")])

    with pytest.raises(RefMoved) as told:
        store.compare_and_set_ref(DRAFT, move(DRAFT, a, a))

    assert told.value.actual is None
    assert store.log(DRAFT) == []


def test_both_branches_move_together_or_not_at_all(store: ObjectStore) -> None:
    a, b, c = store.put_many([html("a"), html("b"), html("c")])
    store.compare_and_set_refs([move(PUBLISHED, None, a), move(DRAFT, None, a)])
    store.compare_and_set_refs([move(PUBLISHED, a, b), move(DRAFT, a, b)])

    with pytest.raises(RefMoved) as told:
        store.compare_and_set_refs([move(DRAFT, b, c), move(PUBLISHED, a, c)])

    assert told.value.actual == b
    assert store.refs() == {DRAFT: b, PUBLISHED: b}
    assert store.log(DRAFT) == [move(DRAFT, a, b), move(DRAFT, None, a)]
    assert store.log(PUBLISHED) == [move(PUBLISHED, a, b), move(PUBLISHED, None, a)]


def test_a_branch_can_be_added_to_a_run_that_has_the_other(store: ObjectStore) -> None:
    [a] = store.put_many([html("a")])
    store.compare_and_set_ref(DRAFT, move(DRAFT, None, a))

    store.compare_and_set_refs([move(DRAFT, a, a), move(PUBLISHED, None, a)])

    assert store.refs() == {DRAFT: a, PUBLISHED: a}


def test_the_log_keeps_hundreds_of_moves_in_order_and_gives_the_newest(store: ObjectStore) -> None:
    ids = store.put_many([html(str(number)) for number in range(130)])
    moves = [move(DRAFT, old, new, why=f"{old}") for old, new in zip([None, *ids], ids, strict=False)]

    for entry in moves:
        store.compare_and_set_ref(DRAFT, entry)

    assert store.log(DRAFT, limit=200) == moves[::-1]
    assert store.log(DRAFT, limit=3) == moves[:-4:-1]


def test_a_log_entry_may_say_anything(store: ObjectStore) -> None:
    [a] = store.put_many([html("a")])
    entry = LogEntry(DRAFT, None, a, "$author.name", NOON, "$set: {'x': 🙂}")

    store.compare_and_set_ref(DRAFT, entry)

    assert store.log(DRAFT) == [entry]


def test_trimming_the_log_forgets_old_moves_but_keeps_the_newest(store: ObjectStore) -> None:
    ids = store.put_many([html(str(number)) for number in range(80)])
    moves = [
        move(DRAFT, old, new, at=NOON + timedelta(days=day))
        for day, (old, new) in enumerate(zip([None, *ids], ids, strict=False))
    ]
    for entry in moves:
        store.compare_and_set_ref(DRAFT, entry)

    by_age = store.trim_log(DRAFT, before=NOON + timedelta(days=10), keep=2)
    by_number = store.trim_log(DRAFT, before=ALREADY, keep=2)

    assert (by_age, by_number) == (10, 68)
    assert store.log(DRAFT) == moves[:-3:-1]
    assert store.read_ref(DRAFT) == ids[-1]


def test_only_objects_that_nobody_touched_lately_are_deleted(store: ObjectStore) -> None:
    a, b = store.put_many([html("a"), html("b")])
    hour_ago = datetime.now(UTC) - timedelta(hours=1)

    kept = store.delete_many([a, b], touched_before=hour_ago)
    gone = store.delete_many([a], touched_before=ALREADY)

    assert (kept, gone) == (0, 1)
    assert list(store.ids(touched_before=hour_ago)) == []
    assert list(store.ids(touched_before=ALREADY)) == [b]


def test_putting_or_touching_an_old_object_keeps_it_from_being_collected(
    store: ObjectStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.time", lambda: 1_000_000.0)
    a, b, c = store.put_many([html("a"), html("b"), html("c")])
    monkeypatch.undo()
    yesterday = datetime.now(UTC) - timedelta(days=1)

    store.put_many([html("a")])
    store.touch_many([b])

    assert list(store.ids(touched_before=yesterday)) == [c]
    assert store.delete_many([a, b, c], touched_before=yesterday) == 1
    with pytest.raises(ObjectMissing, match=c):
        store.touch_many([a, b, c])


def together(*works: Callable[[], None]) -> list[BaseException | None]:
    """Runs ``works`` at the same time; what each raised, or None."""
    start = threading.Barrier(len(works))
    raised: list[BaseException | None] = [None] * len(works)

    def run(place: int) -> None:
        try:
            start.wait()
            works[place]()
        except BaseException as error:  # noqa: BLE001  # the caller looks at it
            raised[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


@pytest.mark.parametrize("exists", [False, True])
def test_of_two_writers_at_once_one_wins_and_the_other_is_told(store: ObjectStore, exists: bool) -> None:
    base, a, b = store.put_many([html("base"), html("a"), html("b")])
    for round_number in range(5):
        ref = f"course-v1:O+C+{round_number}/draft"
        old = base if exists else None
        if exists:
            store.compare_and_set_ref(ref, move(ref, None, base))

        raised = together(
            lambda: store.compare_and_set_ref(ref, move(ref, old, a)),  # noqa: B023  # runs within this turn
            lambda: store.compare_and_set_ref(ref, move(ref, old, b)),  # noqa: B023  # runs within this turn
        )

        winner, loser = (a, 1) if raised[0] is None else (b, 0)
        assert isinstance(raised[loser], RefMoved)
        assert raised[1 - loser] is None
        assert store.read_ref(ref) == winner
        assert store.log(ref)[0] == move(ref, old, winner)


def test_many_writers_that_try_again_lose_no_move(store: ObjectStore) -> None:
    ids = store.put_many([html(str(number)) for number in range(24)])

    def add(new: ObjectId) -> None:
        while True:
            old = store.read_ref(DRAFT)
            try:
                store.compare_and_set_ref(DRAFT, move(DRAFT, old, new))
            except RefMoved:
                continue
            return

    raised = together(*[lambda some=ids[place::4]: [add(new) for new in some] for place in range(4)])  # type: ignore[misc]

    moves = store.log(DRAFT, limit=100)
    assert raised == [None] * 4
    assert sorted(entry.new or "" for entry in moves) == sorted(ids)
    assert [entry.old for entry in moves] == [entry.new for entry in moves[1:]] + [None]


def test_the_same_objects_put_by_several_writers_at_once_are_there_once(store: ObjectStore) -> None:
    nodes = [html(str(number)) for number in range(700)]

    raised = together(*[lambda: store.put_many(nodes)] * 4)  # type: ignore[list-item]

    assert raised == [None] * 4
    assert len(list(store.ids(touched_before=ALREADY))) == 700


def test_after_a_job_was_cut_off_mongos_driver_is_begun_anew() -> None:
    url = "mongodb://127.0.0.1:1/nowhere"
    first, same = mongo_store(url), mongo_store(url)

    interrupted.send(sender=None)

    assert (same is first, mongo_store(url) is first) == (True, False)
    forget_clients()
