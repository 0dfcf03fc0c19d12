"""Components that choose what a learner sees, set up by authors who know none of their fields."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from lykeion.authoring.api import components, groups
from lykeion.authoring.kinds import ALWAYS
from lykeion.authoring.types import Author
from lykeion.blocks import api as blocks
from lykeion.content import api as content
from lykeion.content.types import Json
from lykeion.core.keys import CourseLocator, ref_meant
from tests.content.trees import NOON

Enter = Callable[..., Author]


@pytest.fixture
def made(author: Enter) -> Callable[[str], str]:
    """Adds a component of a type to the unit; its ref."""
    return lambda kind: components.add(author(), "vertical@unit", kind, at=NOON)


def fields(author: Enter, ref: str) -> dict[str, Json]:
    return dict(content.nodes([content.way(author().root, ref)[-1].object_id]).popitem()[1].fields)


def page(run: CourseLocator, ref: str) -> str:
    return f"/studio/course/{run}/component/{ref}"


@pytest.mark.parametrize("kind", sorted(ALWAYS & blocks.installed_types()))
def test_every_type_can_be_edited_as_soon_as_it_is_there(
    kind: str, run: CourseLocator, carol: Client, made: Callable[[str], str]
) -> None:
    ref = made(kind)

    assert carol.get(page(run, ref)).status_code == 200
    assert carol.get(f"{page(run, ref)}/settings").status_code == 200


def test_an_experiment_gets_a_place_for_each_group_once(
    run: CourseLocator, carol: Client, author: Enter, made: Callable[[str], str]
) -> None:
    experiment = groups.add(author(), "random", "Tone", ["Kind", "Stern"], at=NOON).value
    ref = made("split_test")
    shown = carol.get(page(run, ref)).content.decode()
    form = {"has:user_partition_id": "1", "user_partition_id": str(experiment)}

    carol.post(page(run, ref), form)
    carol.post(page(run, ref), {**form, "display_name": "Tones"})

    assert f'<option value="{experiment}">Tone</option>' in shown
    places = content.children(content.way(author().root, ref)[-1].object_id)
    assert [fields(author, one.ref)["display_name"] for one in places] == ["Kind", "Stern"]
    given = fields(author, ref)["group_id_to_child"]
    assert isinstance(given, dict)
    assert [ref_meant(one) for one in given.values()] == [one.ref for one in places]


def test_a_conditional_is_bound_to_a_component_by_its_name(
    run: CourseLocator, carol: Client, author: Enter, made: Callable[[str], str]
) -> None:
    ref = made("conditional")
    shown = carol.get(page(run, ref)).content.decode()
    source = re.search(r'<option value="([^"]*)">Reading: Rivers: Sum</option>', shown)
    assert source is not None

    sent = {"has:sources_list": "1", "sources_list": source[1].replace("&quot;", '"')}
    carol.post(page(run, ref), {**sent, "has:conditional_attr": "1", "conditional_attr": "attempted"})

    stored = fields(author, ref)
    assert [ref_meant(one) for one in stored["sources_list"]] == ["problem@sum"]  # type: ignore[union-attr]
    assert stored["conditional_attr"] == "attempted"
    again = carol.get(page(run, ref)).content.decode()
    assert f'<option value="{source[1]}" selected>Reading: Rivers: Sum</option>' in again


def test_a_bank_says_how_many_in_words(
    run: CourseLocator, carol: Client, author: Enter, made: Callable[[str], str]
) -> None:
    ref = made("itembank")

    shown = carol.get(page(run, ref)).content.decode()
    carol.post(page(run, ref), {"has:max_count": "1", "max_count": "3"})

    assert "How many each learner gets" in shown
    assert fields(author, ref)["max_count"] == 3
