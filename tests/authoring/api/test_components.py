"""Components: added, saved field by field, tried out without a trace, edited by what their packages bring."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from opaque_keys.edx.asides import AsideUsageKeyV2
from webob import Request

from lykeion.authoring import fieldwords
from lykeion.authoring.api import audience, clipboard, components, outline, problems, trying
from lykeion.authoring.types import Author, AuthoringError, NotAllowed
from lykeion.blocks import registry
from lykeion.content import api as content
from lykeion.content.types import ChangedMeanwhile, NewBlock
from lykeion.core.clock import now
from lykeion.core.keys import BlockUsageLocator, usage_text
from tests.blocks import samples

Enter = Callable[..., Author]
UNIT = "vertical@unit"
OURS = frozenset(point.name for point in registry.installed_entry_points() if point.value.startswith("lykeion."))


@pytest.fixture(autouse=True)
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sample blocks of others, beside our own."""
    table = registry.Registry(lambda: [*registry.installed_entry_points(), *samples.entry_points()])
    monkeypatch.setattr(registry, "installed", table)


def added(author: Enter, kind: str = "counter") -> str:
    return components.add(author(), UNIT, kind, at=now())


def post(body: bytes = b"{}") -> Request:
    return Request.blank("/", method="POST", body=body)


def test_a_component_goes_to_the_end_of_its_unit_and_its_type_is_switched_on(author: Enter) -> None:
    ref = added(author)

    assert [one.ref for one in outline.items(author(), UNIT)][-1] == ref
    assert author().course.fields["advanced_modules"] == ["counter"]
    assert components.kind(author().course, "counter").allowed


def test_two_who_add_further_types_at_once_switch_on_both(author: Enter) -> None:
    second = author()
    content.edit(
        second.run,
        lambda draft: draft.update("course@course", {"advanced_modules": ["poll"]}),
        author="editor",
        at=now(),
    )
    components.add(second, UNIT, "counter", at=now())

    assert author().course.fields["advanced_modules"] == ["poll", "counter"]


def test_what_is_no_component_cannot_be_added(author: Enter) -> None:
    for kind, parent in (("chapter", UNIT), ("nowhere", UNIT), ("html", "sequential@sub")):
        with pytest.raises(AuthoringError):
            components.add(author(), parent, kind, at=now())


def test_readers_add_nothing(author: Enter) -> None:
    with pytest.raises(NotAllowed):
        components.add(author("reader"), UNIT, "html", at=now())


def test_two_who_change_different_fields_of_a_block_of_others_both_get_what_they_wanted(author: Enter) -> None:
    ref = added(author)
    base = components.place(author(), ref).item.base

    components.save(author(), ref, {"limit": 4}, base=base, at=now())
    components.save(author("editor"), ref, {"label": "Taps"}, base=base, at=now())

    assert {"limit": 4, "label": "Taps"}.items() <= values(author, ref).items()


def test_who_changes_what_somebody_else_has_changed_is_told(author: Enter) -> None:
    ref = added(author)
    base = components.place(author(), ref).item.base
    components.save(author(), ref, {"limit": 4}, base=base, at=now())

    with pytest.raises(ChangedMeanwhile) as clash:
        components.save(author("editor"), ref, {"limit": 5}, base=base, at=now())

    assert clash.value.fields == ("limit",)


def test_what_is_tried_out_is_kept_in_the_scratch_and_nowhere_else(author: Enter) -> None:
    ref, scratch = added(author), trying.Scratch()
    usage = usage_text(author().run, ref)
    before = author().root

    components.call(author("reader"), usage, "click", "", post(b'{"by": 1}'), at=now(), scratch=scratch)
    again = trying.opened(trying.kept(scratch, most=10_000))

    assert [document.get("count") for document in again.documents.values()] == [1]
    assert author().root == before


def test_a_scratch_that_is_too_large_forgets_what_was_there_first() -> None:
    scratch = trying.Scratch()
    for name in "ab":
        scratch.write(samples_key(name), {"text": name * 60})

    assert [key.name for key in trying.opened(trying.kept(scratch, most=100)).documents] == ["b"]


def test_the_form_of_a_component_reads_what_differs_and_resets_to_defaults(author: Enter) -> None:
    ref = added(author)
    components.save(author(), ref, {"label": "Taps"}, base=None, at=now())
    facts = components.form(author(), ref, at=now())

    sent = components.read_form(ref, {"limit": "8", "label": "Taps", "reset:label": "1"}, facts)

    assert sent == ({"limit": 8}, ["label"])
    assert {(one.name, one.kind, one.default) for one in facts} >= {
        ("limit", "integer", 3),
        ("label", "string", "Count"),
    }


def test_a_field_says_what_is_wrong_with_what_was_typed(author: Enter) -> None:
    ref = added(author)
    facts = components.form(author(), ref, at=now())

    with pytest.raises(AuthoringError, match="Limit"):
        components.read_form(ref, {"limit": "many"}, facts)


@pytest.mark.parametrize("kind", sorted(OURS))
def test_every_field_of_our_own_types_is_in_words(author: Enter, kind: str) -> None:
    ref = content.edit(
        author().run, lambda draft: draft.add(UNIT, NewBlock(kind, "new", {})), author="carol", at=now(), why="Added"
    ).value

    facts = components.form(author(), str(ref), at=now())

    words = fieldwords.WORDS.get(kind, {})
    assert [(one.name, one.label) for one in facts] == [(name, str(told.label)) for name, told in words.items()]


def test_times_are_written_as_people_write_them(author: Enter) -> None:
    problem, video = added(author, "problem"), added(author, "video")
    grace = components.form(author(), problem, at=now())
    times = components.form(author(), video, at=now())

    assert components.read_form(problem, {"graceperiod": "2 days 3 hours"}, grace) == (
        {"graceperiod": "2 days 3 hours"},
        [],
    )
    assert components.read_form(video, {"start_time": "00:01:30"}, times) == ({"start_time": "00:01:30"}, [])
    for ref, sent, facts in ((problem, {"graceperiod": "a while"}, grace), (video, {"end_time": "90"}, times)):
        with pytest.raises(AuthoringError, match=r"Grace period|Stop at"):
            components.read_form(ref, sent, facts)


def test_what_a_course_came_with_stays_a_choice(author: Enter) -> None:
    ref = added(author, "problem")
    components.save(author(), ref, {"showanswer": "someday"}, base=None, at=now())

    [shown] = [one for one in components.form(author(), ref, at=now()) if one.name == "showanswer"]

    assert (shown.kind, shown.value, dict(shown.choices)["someday"]) == ("choice", "someday", "someday")
    assert components.read_form(ref, {"showanswer": "someday"}, [shown]) == ({}, [])


def values(author: Enter, ref: str) -> dict[str, Any]:
    return {one.name: one.value for one in components.form(author(), ref, at=now())}


def samples_key(name: str) -> Any:
    from lykeion.blocks.types import StateKey

    return StateKey(1, "usage", name)


def test_editors_do_not_write_the_settings_of_the_course(author: Enter) -> None:
    editor = author("editor")
    for change in (
        lambda who: components.save(who, "course@course", {"start": "2030-01-01T00:00:00Z"}, base=None, at=now()),
        lambda who: outline.rename(who, "course@course", "Mine", base=None, at=now()),
    ):
        with pytest.raises(NotAllowed):
            change(editor)
        change(author())

    with pytest.raises(AuthoringError, match="no component"):
        audience.restrict(author(), "course@course", {}, team_only=True, base=None, at=now())
    assert components.add(editor, UNIT, "counter", at=now())
    assert author().course.fields["advanced_modules"] == ["counter"]


LINK = {"upstream": "lb:Lykeion:pool:html:secret"}


@pytest.mark.parametrize("kind", ["html", "problem", "counter"])
def test_no_editor_links_a_component_with_a_library(author: Enter, kind: str) -> None:
    ref = added(author, kind)

    for forged in (LINK, {"upstream_version": "0" * 48}, {"xml_attributes": LINK}):
        with pytest.raises(AuthoringError, match="links a copy with its library"):
            components.save(author(), ref, forged, base=None, at=now())

    assert not set(stored(author, ref)) & set(LINK)


def test_what_a_copy_follows_is_neither_changed_nor_forgotten_by_an_editor(author: Enter) -> None:
    carol = author()
    content.edit(carol.run, lambda draft: draft.update("html@text", LINK), author="carol", at=now(), why="Imported")

    components.save(author(), "html@text", {**LINK, "data": "<p>Ours</p>"}, base=None, at=now())
    for values_, unset in (({"upstream": "lb:Lykeion:pool:html:other"}, ()), ({}, ("upstream",))):
        with pytest.raises(AuthoringError, match="upstream cannot be edited"):
            components.save(author(), "html@text", values_, unset=unset, base=None, at=now())

    assert stored(author, "html@text").items() >= {**LINK, "data": "<p>Ours</p>"}.items()


def test_the_xml_of_a_problem_makes_no_link(author: Enter) -> None:
    xml = '<problem upstream="lb:Lykeion:pool:problem:secret"><p>2+2</p></problem>'

    with pytest.raises(AuthoringError, match="upstream cannot be edited"):
        problems.save_xml(author(), "problem@sum", xml, base=None, at=now())

    assert "upstream" not in stored(author, "problem@sum")


def test_the_handler_of_a_block_makes_no_link_and_its_form_shows_none(author: Enter) -> None:
    ref = added(author, "linked")
    usage, base = usage_text(author().run, ref), components.place(author(), ref).item.base

    with pytest.raises(AuthoringError, match="upstream cannot be edited"):
        components.call_editor(author(), usage, "link", "", post(), base=base, at=now())

    assert [one.name for one in components.form(author(), ref, at=now())] == ["title"]
    assert "secret" not in str(stored(author, ref))


def test_a_container_of_others_takes_what_it_says(author: Enter) -> None:
    shelf = added(author, "shelf")
    components.add(author(), shelf, "problem", at=now())

    for kind, words in (
        ("discussion", "It takes: Text, Problem"),
        ("video", "Too tall"),
        ("problem", "takes one “Problem” only"),
    ):
        with pytest.raises(AuthoringError, match=words):
            components.add(author(), shelf, kind, at=now())
    with pytest.raises(AuthoringError, match="takes one"):
        outline.move(author(), "problem@sum", shelf, at=now())
    with pytest.raises(AuthoringError, match="takes one"):
        clipboard.paste(author(), clipboard.copy(author(), "problem@sum"), shelf, at=now())

    assert [one.type for one in components.kinds(author(), shelf, at=now())] == ["html"]
    assert components.add(author(), shelf, "html", at=now()).startswith("html@")
    assert {"video", "counter"} <= {one.type for one in components.kinds(author(), UNIT, at=now())}


def test_a_container_whose_package_fails_to_tell_takes_nothing_and_says_so(author: Enter) -> None:
    shelf = added(author, "shelf")
    components.save(author(), shelf, {"title": "Falls"}, base=None, at=now())

    with pytest.raises(AuthoringError, match="its package fails"):
        components.add(author(), shelf, "html", at=now())


@pytest.mark.parametrize("kind", ["html", "problem", "counter"])
def test_what_an_aside_writes_for_authors_is_kept(author: Enter, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    table = registry.Registry(lambda: [*registry.installed_entry_points(), *samples.entry_points()], asides=("note",))
    monkeypatch.setattr(registry, "installed", table)
    ref = added(author, kind)
    base = components.place(author(), ref).item.base

    def paint(sent: bytes, suffix: str = "", who: str = "carol", since: Any = base) -> Any:
        beside = BlockUsageLocator.from_string(usage_text(author().run, ref))
        usage = str(AsideUsageKeyV2(beside, "note"))
        return components.call_editor(author(who), usage, "paint", suffix, post(sent), base=since, at=now())[1]

    before = stored(author, ref)
    version = paint(b'{"colour": "red"}')
    assert "red note on" in components.preview(author(), ref, at=now()).html
    with pytest.raises(ChangedMeanwhile) as clash:
        paint(b'{"colour": "blue"}', who="editor")
    assert clash.value.fields == ("note.colour",)
    again = paint(b'{"colour": "blue"}', since=version)
    assert "blue note on" in components.preview(author(), ref, at=now()).html
    assert "&lt;2&gt;" in str(stored(author, ref))

    components.save(author(), ref, {"display_name": "Named"}, base=None, at=now())
    paint(b"{}", "forget", since=again)
    assert "yellow note on" in components.preview(author(), ref, at=now()).html
    assert "shade" in str(stored(author, ref))
    assert before.keys() <= stored(author, ref).keys()
    with pytest.raises(NotAllowed):
        paint(b'{"colour": "red"}', who="reader", since=None)


def stored(author: Enter, ref: str) -> Mapping[str, Any]:
    object_id = content.way(author().root, ref)[-1].object_id
    return content.nodes([object_id])[object_id].fields
