"""The page of a unit without scripts: everything is a form that leads back to it."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client

from lykeion.authoring.api import components, outline, units
from lykeion.authoring.types import Author
from lykeion.content import api as content
from lykeion.core.clock import now
from lykeion.core.keys import CourseLocator

Enter = Callable[..., Author]
UNIT = "vertical@unit"
SCRIPT = {"X-Requested-With": "XMLHttpRequest"}


@pytest.fixture
def base(run: CourseLocator) -> str:
    return f"/studio/course/{run}/"


def refs(author: Enter, unit: str = UNIT) -> list[str]:
    return [one.ref for one in outline.items(author(), unit)]


def test_the_page_shows_the_components_as_learners_will_see_them(carol: Client, base: str) -> None:
    html = carol.get(f"{base}unit/{UNIT}").content.decode()

    assert "Rivers run." in html
    assert f'action="{base}xblock/' in html or f'data-handler-prefix="{base}xblock/' in html
    assert f'href="{base}component/html@text"' in html


def test_a_text_that_ends_too_often_leaves_the_list_of_components_whole(
    carol: Client, base: str, author: Enter
) -> None:
    torn = "<div>one</div></div></section></li></ol><b>two"
    components.save(author(), "html@text", {"data": torn}, base=None, at=now())

    html = carol.get(f"{base}unit/{UNIT}").content.decode()

    assert "<div>one</div><b>two</b></div></section>\n</li>" in html


def test_readers_see_no_buttons_that_change_anything(as_person: Callable[[str], Client], base: str) -> None:
    html = as_person("reader").get(f"{base}unit/{UNIT}").content.decode()

    assert "Rivers run." in html
    for name in ("/component/", "/add", "/remove", "/move", "/rename", "/publishing"):
        assert name not in html


def test_a_page_of_a_unit_costs_as_much_in_a_large_course(
    carol: Client, base: str, author: Enter, django_assert_max_num_queries: Any
) -> None:
    carol.get(f"{base}unit/{UNIT}")

    with django_assert_max_num_queries(12):
        carol.get(f"{base}unit/{UNIT}")


def test_components_are_moved_duplicated_renamed_and_taken_out(carol: Client, base: str, author: Enter) -> None:
    carol.post(f"{base}unit/html@text/move", {"by": "1"})
    assert refs(author) == ["problem@sum", "html@text"]

    carol.post(f"{base}unit/html@text/duplicate")
    copy = refs(author)[-1]
    carol.post(f"{base}unit/{copy}/rename", {"title": "Brooks", "base": components.place(author(), copy).item.base})
    assert units.title_of(author(), copy) == "Brooks"

    told = carol.post(f"{base}unit/problem@sum/remove", headers=SCRIPT).json()
    assert refs(author) == ["html@text", copy]

    carol.post(told["undo"])
    assert refs(author) == ["problem@sum", "html@text", copy]


def test_a_component_goes_to_another_unit_and_back_by_undo(carol: Client, base: str, author: Enter) -> None:
    told = carol.post(f"{base}unit/html@text/move", {"parent": "vertical@second"}, headers=SCRIPT).json()
    assert refs(author, "vertical@second") == ["html@text"]

    carol.post(told["undo"])
    assert refs(author) == ["html@text", "problem@sum"]


def test_what_is_copied_can_be_pasted_into_another_unit(carol: Client, base: str, author: Enter) -> None:
    carol.post(f"{base}unit/html@text/copy")
    response = carol.post(f"{base}unit/vertical@second/paste")

    assert response.status_code == HTTPStatus.SEE_OTHER
    assert [one.type for one in outline.items(author(), "vertical@second")] == ["html"]


def test_containers_show_what_is_in_them_with_buttons_to_add(carol: Client, base: str, author: Enter) -> None:
    bank = components.add(author(), UNIT, "itembank", at=now())
    components.add(author(), bank, "html", {"display_name": "One of many", "data": "<p>Deep.</p>"}, at=now())

    html = carol.get(f"{base}unit/{UNIT}").content.decode()

    assert "Deep." in html
    assert f'action="{base}unit/{bank}/add"' in html
    assert "Deep." in carol.get(f"{base}unit/{bank}").content.decode()


def test_who_may_see_a_component_is_said_in_words(carol: Client, base: str, author: Enter) -> None:
    groups = [
        {"id": 7, "name": "Level", "scheme": "cohort", "groups": [{"id": 1, "name": "A"}, {"id": 2, "name": "B"}]}
    ]
    run = author().run
    content.edit(
        run, lambda draft: draft.update("course@course", {"user_partitions": groups}), author="carol", at=now()
    )

    carol.post(f"{base}unit/html@text/access", {"who": "groups", "groups-7": ["2"]})
    html = carol.get(f"{base}unit/{UNIT}").content.decode()
    assert "B</span>" in html

    carol.post(f"{base}unit/html@text/access", {"who": "team"})
    assert "The course team only" in carol.get(f"{base}unit/{UNIT}").content.decode()

    carol.post(f"{base}unit/html@text/access", {"who": "all"})
    assert "group_access" not in outline.item(author(), "html@text").fields


def test_what_is_tried_out_stays_in_the_session(carol: Client, base: str, author: Enter) -> None:
    before = author().root
    url = f"{base}xblock/block-v1:{str(author().run)[10:]}+type@problem+block@sum/handler/xmodule_handler/problem_get"

    response = carol.post(url, headers=SCRIPT)

    assert response.status_code == HTTPStatus.OK
    assert author().root == before


def test_publish_and_discard_on_the_page(carol: Client, base: str, author: Enter) -> None:
    carol.post(f"{base}unit/html@text/rename", {"title": "Brooks"})
    told = carol.post(f"{base}unit/{UNIT}/discard", headers=SCRIPT).json()
    assert units.title_of(author(), "html@text") == "Text"

    carol.post(told["undo"])
    assert units.title_of(author(), "html@text") == "Brooks"

    html = carol.get(f"{base}unit/{UNIT}").content.decode()
    assert f'href="{base}publishing/{UNIT}"' in html
    shown = carol.get(f"{base}publishing/{UNIT}?reload=1", headers=SCRIPT).content.decode()
    assert "Renamed: it was called “Text”." in shown
    assert "<html" not in shown
    carol.post(f"{base}publish", {"ref": UNIT, "seen": author().root, "reload": "1"}, headers=SCRIPT)
    assert not content.has_unpublished_changes(author().run, UNIT)
    assert "Learners see it now." in carol.get(f"{base}unit/{UNIT}").content.decode()


def test_who_has_no_scripts_sees_the_difference_on_a_page(carol: Client, base: str, author: Enter) -> None:
    carol.post(f"{base}unit/html@text/rename", {"title": "Brooks"})

    page = carol.get(f"{base}publishing/{UNIT}").content.decode()
    sent = carol.post(f"{base}publish", {"ref": UNIT, "seen": author().root}, headers={"Accept": "text/html"})

    assert "<html" in page
    assert '<h1 id="outline-dialog-title">' in page
    assert "Renamed: it was called “Text”." in page
    assert f'href="{base}unit/{UNIT}"' in page
    assert (sent.status_code, sent["Location"]) == (HTTPStatus.SEE_OTHER, f"{base}unit/{UNIT}")
    assert not content.has_unpublished_changes(author().run, UNIT)


def test_links_to_blocks_lead_to_their_page(carol: Client, base: str) -> None:
    assert carol.get(f"{base}jump_to_id/text")["Location"] == f"{base}unit/{UNIT}#html@text"
    assert carol.get(f"{base}jump_to_id/sub")["Location"] == f"{base}#sequential@sub"
    assert carol.get(f"{base}jump_to_id/nothing").status_code == HTTPStatus.NOT_FOUND


def test_the_draft_as_a_learner(carol: Client, base: str, author: Enter, as_person: Callable[[str], Client]) -> None:
    components.save(
        author(), "html@text", {"data": "<p>Lakes rest.</p>", "visible_to_staff_only": True}, base=None, at=now()
    )

    html = carol.get(f"{base}as-learner/{UNIT}").content.decode()
    assert "Lakes rest." not in html
    assert "2+2" in html

    components.save(author(), "html@text", {}, unset=["visible_to_staff_only"], base=None, at=now())
    assert "Lakes rest." in carol.get(f"{base}as-learner/{UNIT}").content.decode()
    alice = {"as": "person", "name": "alice", "next": f"{base}as-learner/{UNIT}"}
    teacher = as_person("staff")
    chosen = teacher.post(f"{base}view-as", alice)
    assert chosen.status_code == HTTPStatus.FOUND
    assert "alice" in teacher.get(chosen["Location"]).content.decode()
    for who in ("carol", "editor", "reader"):  # who make courses do not see learners' work
        assert as_person(who).post(f"{base}view-as", alice).status_code == HTTPStatus.FORBIDDEN


def test_the_outline_leads_to_the_draft_as_a_learner(
    carol: Client, base: str, author: Enter, as_person: Callable[[str], Client]
) -> None:
    html = as_person("reader").get(base).content.decode()

    assert f'href="{base}as-learner/course@course"' in html
    assert f'href="{base}as-learner/REF"' in html
    for ref in ("course@course", "chapter@week1", "sequential@sub"):
        assert carol.get(f"{base}as-learner/{ref}")["Location"] == f"{base}as-learner/{UNIT}"
    empty = outline.add(author(), "course@course", "chapter", "Week 2", at=now())
    refused = carol.get(f"{base}as-learner/{empty}", headers=SCRIPT)
    assert (refused.status_code, "no unit in “Week 2”" in refused.json()["error"]) == (422, True)


def test_the_form_of_fields_saves_and_resets(carol: Client, base: str, author: Enter) -> None:
    bank = components.add(author(), UNIT, "itembank", at=now())
    page = f"{base}component/{bank}"
    assert 'name="max_count"' in carol.get(page).content.decode()

    carol.post(page, {"has:max_count": "1", "max_count": "3", "display_name": "Bank"}, headers=SCRIPT)
    assert {"max_count": 3, "display_name": "Bank"}.items() <= outline.item(author(), bank).fields.items()

    carol.post(page, {"has:max_count": "1", "reset:max_count": "1"}, headers=SCRIPT)
    assert "max_count" not in outline.item(author(), bank).fields
