"""The tree of a course: its state, and changes of its shape."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytest_django import DjangoAssertNumQueries

from lykeion.accounts import api as accounts
from lykeion.authoring.api import courses, outline
from lykeion.authoring.types import Author, AuthoringError, NotAllowed
from lykeion.content import api as content
from lykeion.content import cache, shapes
from lykeion.content.types import ChangedMeanwhile, NewBlock
from lykeion.core.clock import now
from lykeion.core.keys import CourseLocator, run_of, usage_text
from tests.content.trees import Tree, make_run, root_of

Enter = Callable[..., Author]


def refs(author: Author, parent: str) -> list[str]:
    return [one.ref for one in outline.items(author, parent)]


def test_each_block_says_how_far_learners_have_it(author: Enter) -> None:
    outline.rename(author(), "vertical@unit", "Streams", base=None, at=now())
    new = outline.add(author(), "sequential@sub", "vertical", "Seas", at=now())

    found = {one.ref: (one.status, one.own) for one in outline.items(author(), "sequential@sub")}

    assert found == {
        "vertical@unit": ("changed", True),
        "vertical@second": ("published", False),
        new: ("new", True),
    }
    section = outline.item(author(), "chapter@week1")
    assert (section.status, section.own) == ("changed", False)


def test_what_lies_elsewhere_than_for_learners_is_changed(author: Enter) -> None:
    other = outline.add(author(), "chapter@week1", "sequential", "Other", at=now())

    outline.move(author(), "vertical@second", other, at=now())

    assert [(one.status, one.own) for one in outline.items(author(), other)] == [("changed", True)]


def test_a_name_is_needed_and_kept_without_spare_spaces(author: Enter) -> None:
    with pytest.raises(AuthoringError, match="Give it a name"):
        outline.add(author(), "sequential@sub", "vertical", "   ", at=now())

    made = outline.add(author(), "sequential@sub", "vertical", "  Deep   seas ", at=now())

    assert outline.item(author(), made).title == "Deep seas"


def test_a_unit_comes_with_what_it_lies_in(author: Enter) -> None:
    made = outline.add_deep(author(), "course@course", ["Week 2", "Reading", "Rivers"], at=now())

    assert [one.title for one in outline.way(author(), made)] == ["Week 2", "Reading", "Rivers"]


def test_two_who_rename_the_same_are_told(author: Enter) -> None:
    seen = outline.item(author(), "vertical@unit").base
    outline.rename(author("editor"), "vertical@unit", "Theirs", base=seen, at=now())

    with pytest.raises(ChangedMeanwhile) as clash:
        outline.rename(author(), "vertical@unit", "Mine", base=seen, at=now())

    assert clash.value.fields == ("display_name",)
    assert outline.item(author(), "vertical@unit").title == "Theirs"


def test_what_was_deleted_comes_back_where_it_was(author: Enter) -> None:
    gone = outline.remove(author(), "vertical@unit", at=now())
    assert refs(author(), "sequential@sub") == ["vertical@second"]

    outline.restore(author(), gone, at=now())

    assert refs(author(), "sequential@sub") == ["vertical@unit", "vertical@second"]


def test_steps_go_on_into_the_next_subsection(author: Enter) -> None:
    other = outline.add(author(), "chapter@week1", "sequential", "Other", at=now())
    outline.step(author(), "vertical@unit", 1, at=now())
    assert refs(author(), "sequential@sub") == ["vertical@second", "vertical@unit"]

    was = outline.step(author(), "vertical@unit", 1, at=now())

    assert was == ("sequential@sub", 1)
    assert refs(author(), other) == ["vertical@unit"]
    with pytest.raises(AuthoringError, match="is the last one already"):
        outline.step(author(), "vertical@unit", 1, at=now())
    outline.step(author(), "vertical@unit", -1, at=now())
    assert refs(author(), "sequential@sub") == ["vertical@second", "vertical@unit"]


def test_a_block_goes_only_where_its_kind_belongs(author: Enter) -> None:
    with pytest.raises(AuthoringError, match="cannot be put there"):
        outline.move(author(), "vertical@unit", "chapter@week1", at=now())
    with pytest.raises(NotAllowed):
        outline.move(author("reader"), "vertical@unit", "sequential@sub", at=now())


def test_references_inside_a_copy_point_to_the_copy(author: Enter) -> None:
    run = author().run
    inside = usage_text(run_of("Old", "Home", "1"), "html@text")  # a key of the run it was copied from
    outside = usage_text(run, "vertical@second")
    fields = {"sources_list": [inside, outside], "group_id_to_child": {"0": inside}, "discussion_id": "topic"}
    content.edit(
        run,
        lambda draft: (
            draft.update("vertical@unit", fields),
            draft.update("problem@sum", {"data": '<a href="/jump_to_id/text">back</a>'}),
        ),
        author="carol",
        at=now(),
    )

    made = outline.duplicate(author(), "vertical@unit", at=now())

    assert refs(author(), "sequential@sub") == ["vertical@unit", made, "vertical@second"]
    copy = outline.item(author(), made)
    text, problem = refs(author(), made)
    assert copy.title == "Copy of Rivers"
    assert copy.fields["sources_list"] == [usage_text(run, text), outside]
    assert copy.fields["group_id_to_child"] == {"0": usage_text(run, text)}
    assert "discussion_id" not in copy.fields
    assert f"/jump_to_id/{text.partition('@')[2]}" in outline.item(author(), problem).fields["data"]
    assert not {"html@text", "problem@sum"} & {text, problem}


@pytest.mark.parametrize("ref", ["vertical@unit", "html@text", "word_cloud@cloud"])
def test_a_copy_and_its_name_are_one_change(ref: str, author: Enter, run: CourseLocator) -> None:
    cloud = NewBlock("word_cloud", "cloud", {"xml": "<word_cloud display_name='Words'/>"})
    content.edit(run, lambda draft: draft.add("vertical@unit", cloud), author="carol", at=now())
    before = len(content.history(run, "draft"))

    made = outline.duplicate(author(), ref, at=now())

    assert outline.item(author(), made).title.startswith("Copy of ")
    assert len(content.history(run, "draft")) == before + 1


def test_blocks_are_found_by_the_words_of_their_title(author: Enter) -> None:
    found = outline.find(author(), "SUM")

    assert [[one.title for one in way] for way in found] == [["Week 1", "Reading", "Rivers", "Sum"]]
    assert outline.find(author(), "week rivers") == []


def test_places_are_offered_level_by_level(author: Enter) -> None:
    other = outline.add_deep(author(), "course@course", ["Week 2", "Later"], at=now())
    section = outline.way(author(), other)[0].ref

    sections, subsections, units = outline.places(author(), "vertical", [section])

    assert [one.title for one in sections] == ["Week 1", "Week 2"]
    assert [one.ref for one in subsections] == [other]
    assert units == []


@pytest.mark.parametrize("many", [3, 60])
def test_a_large_course_costs_what_a_small_one_does(
    many: int, run: CourseLocator, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    root = accounts.find_person("root")
    assert root is not None
    cache.forget()
    shapes.forget()
    big = _course(many)
    outline.items(courses.enter(root, big), "course@course")  # a warm process, as after the first look
    outline.rename(courses.enter(root, big), "vertical@c1s1u1", "Other", base=None, at=now())
    who = courses.enter(root, big)

    with django_assert_max_num_queries(5):  # what is new on the way to the unit; less where MongoDB has it
        top = outline.items(who, "course@course")
    with django_assert_max_num_queries(3):
        inner = outline.items(who, "sequential@c1s1")

    assert len(top) == many
    assert [one.status for one in inner] == ["published", "changed", "published"]


def _course(many: int) -> CourseLocator:
    store = content.store()

    def units(place: str) -> list[Tree]:
        return [(f"vertical@{place}u{number}", (f"html@{place}u{number}",)) for number in range(3)]

    def section(name: str) -> Tree:
        return (f"chapter@{name}", *((f"sequential@{name}s{one}", *units(f"{name}s{one}")) for one in range(3)))

    root = root_of(store, *(section(f"c{number}") for number in range(many)))
    return make_run(store, root, run=run_of("Big", "B", str(many)))
