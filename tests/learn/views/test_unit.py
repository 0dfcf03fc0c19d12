import json
from dataclasses import replace

import pytest
from django.template.loader import render_to_string

from lykeion.core.keys import BadKey, run_of, usage_of
from lykeion.courseware.types import AccessDenied
from lykeion.learn.views.unit import read_completions, unit_at, unit_context
from tests.learn.values import KEY, alice, outline, somebody, unit_page

BASE = "/courses/course-v1:Lyceum+PHIL1+2026/courseware"


def shown(page, visitor=None):
    visitor = visitor or alice()
    return render_to_string(
        "learn/unit.html", {"run": visitor.run, "visitor": visitor, **unit_context(page, outline(), "t0ken")}
    )


def test_the_way_to_a_unit_is_shown_from_its_section():
    way = unit_context(unit_page(), outline(), "t0ken")["breadcrumbs"]

    assert [(step.label, step.url) for step in way] == [
        ("It begins with wonder", "/courses/course-v1:Lyceum+PHIL1+2026/course/?open=chapter@wonder"),
        ("First steps", f"{BASE}/wonder/first/1/"),
        ("Try it", ""),
    ]
    assert [step.event for step in way] == ["edx.ui.lms.jump_nav.selected"] * 2 + [""]
    assert json.loads(way[1].event_detail) == {
        "target_name": "First steps",
        "id": str(usage_of(KEY, "sequential@first")),
        "current_id": str(KEY),
        "widget_placement": "breadcrumb",
    }


def test_previous_and_next_cross_the_borders_of_subsections():
    html = shown(unit_page())

    assert html.count(f'rel="prev" href="{BASE}/wonder/first/1/"') == 2
    assert html.count(f'rel="next" href="{BASE}/wonder/week1/1/"') == 2
    assert "<span>Next: Homework 1</span>" in html


def test_the_first_unit_has_nothing_before_it_and_the_last_leads_home():
    html = shown(replace(unit_page(), previous=None, next=None))

    assert 'rel="prev"' not in html
    assert "back to its home" in html


def test_scripts_for_older_blocks_are_loaded_only_where_there_are_some():
    page = unit_page()

    assert "ui/xblock.js" in shown(page)
    assert "ui/xblock.js" not in shown(replace(page, page=replace(page.page, legacy=False)))


def test_scripts_for_older_blocks_come_before_what_the_blocks_load():
    html = shown(unit_page())

    assert html.index("ui/xblock.js") < html.index("window.Choose")


def test_a_visitor_who_is_not_signed_in_has_no_bookmarks():
    assert "bookmarks/block-v1" in shown(unit_page())
    assert "bookmarks/block-v1" not in shown(unit_page(), somebody())


def test_an_empty_unit_says_so():
    assert "This unit is empty" in shown(replace(unit_page(), blocks=()))


@pytest.mark.parametrize(("position", "ref"), [(0, "sequential@first"), (2, "vertical@try"), (99, "sequential@first")])
def test_a_position_outside_of_a_subsection_is_the_subsection_itself(position, ref):
    assert unit_at(outline(), "first", position) == ref


def test_a_subsection_that_is_gone_has_no_units():
    with pytest.raises(AccessDenied) as refused:
        unit_at(outline(), "gone", 1)

    assert refused.value.code == "not_found"


def test_a_report_of_what_was_seen_names_blocks_of_this_run():
    words, film = usage_of(KEY, "html@words"), usage_of(KEY, "video@film1")

    seen = read_completions(f'{{"blocks": {{"{words}": 1, "{film}": 0.5}}}}'.encode(), alice())

    assert seen == {"html@words": 1.0, "video@film1": 0.5}


@pytest.mark.parametrize(
    "body",
    [
        "[]",
        "nonsense",
        '{"blocks": []}',
        f'{{"blocks": {{"{usage_of(KEY, "html@gone")}": 1}}}}',
        f'{{"blocks": {{"{usage_of(run_of("Other", "X", "1"), "html@words")}": 1}}}}',
        f'{{"blocks": {{"{usage_of(KEY, "html@words")}": 2}}}}',
        f'{{"blocks": {{"{usage_of(KEY, "html@words")}": true}}}}',
        '{"blocks": {"html": 1}}',
    ],
)
def test_a_report_that_makes_no_sense_is_refused(body):
    with pytest.raises((ValueError, BadKey)):
        read_completions(body.encode(), alice())
