"""Publish, discard, undo, rollback: pointer moves that read as sentences."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lykeion.content import api
from lykeion.content.signals import RunPublished, published
from lykeion.content.types import ContentError, Node, ObjectId, ObjectStore, Outline, RefMoved, RunExists, RunMissing
from lykeion.core.keys import run_of
from tests.content.trees import NOON, RUN, Tree, make_run, root_of, shape

OLD: Tree = (
    "chapter@week1",
    ("sequential@a", ("vertical@u1", ("html@x",)), ("vertical@u2", ("html@y",))),
    ("sequential@b", ("vertical@u3",)),
)


def seen(branch: str = "published") -> Outline:
    return api.outline(RUN, branch)  # type: ignore[arg-type]


def title(ref: str, branch: str = "published") -> str:
    block = seen(branch).get(ref)
    assert block is not None
    return block.title


def run_with(store: ObjectStore, old: list[Tree], new: list[Tree]) -> tuple[ObjectId, ObjectId]:
    roots = root_of(store, *old), root_of(store, *new)
    make_run(store, *roots)
    return roots


def test_publishing_a_run_makes_the_draft_what_learners_see(here: ObjectStore) -> None:
    old, new = run_with(here, [OLD], [("chapter@new",)])

    root = api.publish(RUN, author="carol", at=NOON)

    assert (root, api.head(RUN, "published"), api.head(RUN, "draft")) == (new, new, new)
    newest = api.history(RUN, "published")[0]
    assert (newest.old, newest.new, newest.author, newest.at, newest.why) == (old, new, "carol", NOON, "Published")


def test_publishing_tells_who_listens(here: ObjectStore) -> None:
    old, new = run_with(here, [OLD], [("chapter@new",)])
    told: list[RunPublished] = []

    def listen(payload: RunPublished, **_kwargs: object) -> None:
        told.append(payload)

    published.connect(listen)
    try:
        api.publish(RUN, author="carol", at=NOON)
    finally:
        published.disconnect(listen)

    assert told == [RunPublished(RUN, old, new, "carol", NOON)]


def test_a_listener_that_fails_undoes_nothing(here: ObjectStore, caplog: pytest.LogCaptureFixture) -> None:
    _, new = run_with(here, [OLD], [("chapter@new",)])

    def fail(**_kwargs: object) -> None:
        raise RuntimeError("the catalog is away")

    published.connect(fail)
    try:
        api.publish(RUN, author="carol", at=NOON)
    finally:
        published.disconnect(fail)

    assert api.head(RUN) == new
    assert f"failed after {RUN} was published" in caplog.text


def test_publishing_a_unit_leaves_its_neighbours_as_they_were(here: ObjectStore) -> None:
    new = (
        "chapter@week1", {"display_name": "Renamed"},
        ("sequential@a",
            ("vertical@u1", {"display_name": "New"}, ("html@x", {"data": "1"}), ("html@z",)),
            ("vertical@u2", {"display_name": "Not yet"}, ("html@y",))),
        ("sequential@b", ("vertical@u3",)),
    )  # fmt: skip
    run_with(here, [OLD], [new])

    api.publish(RUN, ref="vertical@u1", author="carol", at=NOON)

    assert shape(seen()) == (
        "course@course",
        ("chapter@week1",
            ("sequential@a", ("vertical@u1", ("html@x",), ("html@z",)), ("vertical@u2", ("html@y",))),
            ("sequential@b", ("vertical@u3",))),
    )  # fmt: skip
    assert (title("vertical@u1"), title("vertical@u2"), title("chapter@week1")) == ("New", "u2", "week1")
    assert not api.has_unpublished_changes(RUN, "vertical@u1")
    assert api.has_unpublished_changes(RUN, "vertical@u2")
    assert api.history(RUN, "published")[0].why == "Published: vertical@u1"


def test_publishing_a_new_unit_creates_what_is_missing_above_it(here: ObjectStore) -> None:
    new = (
        "chapter@week2", {"display_name": "Week 2"},
        ("sequential@c", {"format": "Lab"}, ("vertical@n1",), ("vertical@n2", ("html@n",))),
        ("sequential@d",),
    )  # fmt: skip
    run_with(here, [OLD], [OLD, new])

    api.publish(RUN, ref="vertical@n2", author="carol", at=NOON)

    assert shape(seen()) == (
        "course@course",
        ("chapter@week1",
            ("sequential@a", ("vertical@u1", ("html@x",)), ("vertical@u2", ("html@y",))),
            ("sequential@b", ("vertical@u3",))),
        ("chapter@week2", ("sequential@c", ("vertical@n2", ("html@n",)))),
    )  # fmt: skip
    assert title("chapter@week2") == "Week 2"
    assert seen().blocks[seen().index["sequential@c"]].own == {"format": "Lab"}


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (("n", "a", "b"), ["n", "a", "b"]),
        (("a", "n", "b"), ["a", "n", "b"]),
        (("a", "b", "n"), ["a", "b", "n"]),
        (("m", "n", "b"), ["a", "n", "b"]),
        (("m", "n"), ["a", "b", "n"]),
    ],
)
def test_a_new_block_goes_beside_the_neighbour_it_has_in_the_draft(
    here: ObjectStore, order: tuple[str, ...], expected: list[str]
) -> None:
    run_with(here, [("chapter@a",), ("chapter@b",)], [(f"chapter@{name}",) for name in order])

    api.publish(RUN, ref="chapter@n", author="carol", at=NOON)

    assert [block.id for block in seen().children(seen().course)] == expected


def test_a_unit_that_moved_is_published_in_its_new_place_only(here: ObjectStore) -> None:
    new = ("chapter@week1", ("sequential@a", ("vertical@u2", ("html@y",))),
           ("sequential@b", ("vertical@u1", ("html@x",)), ("vertical@u3",)))  # fmt: skip
    run_with(here, [OLD], [new])

    api.publish(RUN, ref="vertical@u1", author="carol", at=NOON)

    assert shape(seen()) == ("course@course", new)


def test_a_block_that_moved_into_a_unit_comes_along_and_is_nowhere_else(here: ObjectStore) -> None:
    new = ("chapter@week1", ("sequential@a", ("vertical@u1", ("html@x",), ("html@y",)), ("vertical@u2",)),
           ("sequential@b", ("vertical@u3",)))  # fmt: skip
    run_with(here, [OLD], [new])

    api.publish(RUN, ref="vertical@u1", author="carol", at=NOON)

    assert shape(seen()) == ("course@course", new)


def test_a_unit_that_moved_into_a_new_subsection_leaves_its_old_place(here: ObjectStore) -> None:
    new = ("chapter@week1", ("sequential@n", ("vertical@u3",)),
           ("sequential@a", ("vertical@u1", ("html@x",)), ("vertical@u2", ("html@y",))), ("sequential@b",))  # fmt: skip
    run_with(here, [OLD], [new])

    api.publish(RUN, ref="vertical@u3", author="carol", at=NOON)

    assert shape(seen()) == ("course@course", new)


def test_a_subsection_that_swapped_places_with_its_section_needs_a_full_publish(here: ObjectStore) -> None:
    run_with(here, [("wrapper@a", ("wrapper@b",))], [("wrapper@b", ("wrapper@a",))])

    with pytest.raises(ContentError, match="publish \\(or discard\\) all of"):
        api.publish(RUN, ref="wrapper@a", author="carol", at=NOON)

    assert shape(seen()) == ("course@course", ("wrapper@a", ("wrapper@b",)))


def test_publishing_what_the_draft_deleted_takes_it_out(here: ObjectStore) -> None:
    new = ("chapter@week1", ("sequential@a", ("vertical@u1", ("html@x",))), ("sequential@b", ("vertical@u3",)))
    run_with(here, [OLD], [new])

    api.publish(RUN, ref="vertical@u2", author="carol", at=NOON)

    assert shape(seen()) == ("course@course", new)


def test_publishing_the_course_block_leaves_the_pages(here: ObjectStore) -> None:
    page, other = Node("about", {"data": "old"}), Node("about", {"data": "new"})
    old = root_of(here, OLD, parts={"about/overview": page})
    new = root_of(here, ("chapter@new",), parts={"about/overview": other})
    make_run(here, old, new)

    root = api.publish(RUN, ref="course@course", author="carol", at=NOON)

    assert shape(seen()) == ("course@course", ("chapter@new",))
    assert api.part(root, "about/overview") == page


def test_a_page_is_published_alone(here: ObjectStore) -> None:
    page, other = Node("about", {"data": "old"}), Node("about", {"data": "new"})
    old = root_of(here, OLD, parts={"about/overview": page, "tabs/gone": page})
    new = root_of(here, ("chapter@new",), parts={"about/overview": other})
    make_run(here, old, new)

    api.publish(RUN, ref="about/overview", author="carol", at=NOON)
    root = api.publish(RUN, ref="tabs/gone", author="carol", at=NOON)

    assert sorted(api.parts(root)) == ["about/overview", "course"]
    assert api.part(root, "about/overview") == other
    assert shape(seen()) == ("course@course", OLD)


def test_files_come_along_with_a_unit_and_none_is_lost(here: ObjectStore) -> None:
    entry = {"hash": "a" * 48, "size": 1, "content_type": "image/png", "locked": False}
    old = root_of(here, OLD, parts={"files": Node("files", {"old.png": entry, "both.png": entry})})
    changed = {**entry, "hash": "b" * 48}
    new = root_of(here, OLD, ("chapter@n",), parts={"files": Node("files", {"both.png": changed, "new.png": entry})})
    make_run(here, old, new)

    root = api.publish(RUN, ref="chapter@n", author="carol", at=NOON)

    assert {path: file.hash[0] for path, file in api.files(root).items()} == {
        "old.png": "a", "both.png": "b", "new.png": "a",
    }  # fmt: skip


@pytest.mark.parametrize("ref", ["vertical@nowhere", "about/nowhere"])
def test_what_is_nowhere_cannot_be_published(here: ObjectStore, ref: str) -> None:
    run_with(here, [OLD], [OLD])

    with pytest.raises(ContentError, match="There is no"):
        api.publish(RUN, ref=ref, author="carol", at=NOON)


def test_publishing_what_is_published_moves_nothing(here: ObjectStore) -> None:
    run_with(here, [OLD], [OLD])

    api.publish(RUN, author="carol", at=NOON)
    api.publish(RUN, ref="vertical@u1", author="carol", at=NOON)

    assert len(api.history(RUN, "published")) == 1
    assert not api.has_unpublished_changes(RUN)


def test_discarding_a_unit_gives_it_its_published_state(here: ObjectStore) -> None:
    new = ("chapter@week1", {"display_name": "Kept"}, ("sequential@a", ("vertical@u1", {"display_name": "Bad"})))
    run_with(here, [OLD], [new])

    api.discard(RUN, ref="vertical@u1", author="carol", at=NOON)
    api.discard(RUN, ref="vertical@u3", author="carol", at=NOON)

    assert shape(seen("draft")) == (
        "course@course",
        ("chapter@week1",
            ("sequential@a", ("vertical@u1", ("html@x",))),
            ("sequential@b", ("vertical@u3",))),
    )  # fmt: skip
    assert title("chapter@week1", "draft") == "Kept"


def test_what_was_never_published_cannot_be_discarded(here: ObjectStore) -> None:
    run_with(here, [OLD], [("chapter@new",)])

    with pytest.raises(ContentError, match="chapter@new was never published"):
        api.discard(RUN, ref="chapter@new", author="carol", at=NOON)


def test_discarding_everything_makes_the_draft_the_published_version(here: ObjectStore) -> None:
    old, _ = run_with(here, [OLD], [("chapter@new",)])

    assert api.discard(RUN, author="carol", at=NOON) == old
    assert api.head(RUN, "draft") == old


def test_undo_takes_the_last_move_back_and_once_more_takes_that_back(here: ObjectStore) -> None:
    old, new = run_with(here, [OLD], [("chapter@new",)])
    api.publish(RUN, author="carol", at=NOON)

    first = api.undo(RUN, branch="published", author="bob", at=NOON + timedelta(hours=1))
    second = api.undo(RUN, branch="published", author="bob", at=NOON + timedelta(hours=2))

    assert (first, second) == (old, new)
    assert [(entry.author, entry.why) for entry in api.history(RUN, "published")] == [
        ("bob", "Undid: Undid: Published"), ("bob", "Undid: Published"), ("carol", "Published"), ("carol", "Made"),
    ]  # fmt: skip


def test_there_is_nothing_to_undo_in_a_new_run(here: ObjectStore) -> None:
    run_with(here, [OLD], [OLD])

    with pytest.raises(ContentError, match="nothing to undo"):
        api.undo(RUN, author="carol", at=NOON)


def test_a_branch_rolls_back_to_a_version_of_its_history_only(here: ObjectStore) -> None:
    old, new = run_with(here, [OLD], [("chapter@new",)])
    stranger = root_of(here, ("chapter@stranger",))
    api.publish(RUN, author="carol", at=NOON)

    with pytest.raises(ContentError, match="not in the history"):
        api.rollback(RUN, branch="published", to=stranger, author="bob", at=NOON)
    api.rollback(RUN, branch="published", to=old, author="bob", at=NOON)

    assert (api.head(RUN, "published"), api.head(RUN, "draft")) == (old, new)


def test_two_authors_who_publish_different_units_at_once_both_succeed(
    here: ObjectStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = ("chapter@week1", ("sequential@a", ("vertical@u1",), ("vertical@u2",)), ("sequential@b", ("vertical@u3",)))
    run_with(here, [OLD], [new])
    real = type(here).compare_and_set_refs
    calls = []

    def after_bob(self: ObjectStore, entries: object) -> None:
        calls.append(entries)
        if len(calls) == 1:  # Bob is quicker
            api.publish(RUN, ref="vertical@u2", author="bob", at=NOON)
        real(self, entries)  # type: ignore[arg-type]

    monkeypatch.setattr(type(here), "compare_and_set_refs", after_bob)
    api.publish(RUN, ref="vertical@u1", author="carol", at=NOON)

    assert shape(seen()) == ("course@course", new)
    assert [entry.author for entry in api.history(RUN, "published")] == ["carol", "bob", "carol"]


def test_who_publishes_a_whole_run_is_told_when_somebody_else_was_quicker(
    here: ObjectStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_with(here, [OLD], [("chapter@new",)])
    real = type(here).compare_and_set_refs
    calls = []

    def after_bob(self: ObjectStore, entries: object) -> None:
        calls.append(entries)
        if len(calls) == 1:
            api.publish(RUN, ref="chapter@new", author="bob", at=NOON)
        real(self, entries)  # type: ignore[arg-type]

    monkeypatch.setattr(type(here), "compare_and_set_refs", after_bob)
    with pytest.raises(RefMoved, match="changed by somebody else"):
        api.publish(RUN, author="carol", at=NOON)

    assert shape(seen()) == ("course@course", OLD, ("chapter@new",))


def test_a_new_run_has_a_title_and_cannot_be_made_twice(here: ObjectStore) -> None:
    run = run_of("Lykeion", "T2", "now")

    root = api.create_run(run, title="Trees", author="carol", at=NOON)

    assert (api.head(run, "draft"), api.head(run, "published")) == (root, root)
    assert [block.title for block in api.outline(run).blocks] == ["Trees"]
    with pytest.raises(RunExists, match=r"There is a course run course-v1:Lykeion\+T2\+now already"):
        api.create_run(run, title="Again", author="carol", at=NOON)


def test_a_run_that_is_not_there_is_named(here: ObjectStore) -> None:
    with pytest.raises(RunMissing, match=r"There is no course run course-v1:Lykeion\+T1\+now here"):
        api.publish(RUN, author="carol", at=NOON)


def test_publishing_a_unit_of_a_large_course_writes_a_handful_of_objects(here: ObjectStore) -> None:
    def sections(word: str) -> list[Tree]:
        return [
            (f"chapter@{c}", *((f"sequential@{c}{s}", *((f"vertical@{c}{s}{u}", {"data": f"{word}{c}{s}{u}"})
             for u in range(5))) for s in range(5)))
            for c in range(10)
        ]  # fmt: skip

    run_with(here, sections("old"), sections("new"))
    before = len(list(here.ids(touched_before=NOON.replace(year=2100))))

    api.publish(RUN, ref="vertical@111", author="carol", at=NOON)

    assert len(list(here.ids(touched_before=NOON.replace(year=2100)))) - before == 4
