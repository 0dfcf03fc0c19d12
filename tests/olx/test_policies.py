from __future__ import annotations

import json
from pathlib import Path

from lykeion.olx.api import read_course
from tests.olx.making import again, blocks, messages, unit_course, write_files

GRADING = {"GRADER": [{"type": "Homework", "min_count": 2, "weight": 1.0}], "GRADE_CUTOFFS": {"Pass": 0.5}}


def test_the_policy_overrules_the_xml_and_is_written_to_both_again(tmp_path: Path) -> None:
    policy = {"course/2026": {"start": "2021-01-01T00:00:00Z", "tabs": [{"type": "wiki"}], "mystery": {"deep": [1]}}}
    write_files(
        tmp_path,
        {
            "course/2026.xml": '<course start="2020-01-01T00:00:00Z" display_name="Rivers"/>',
            "policies/2026/policy.json": json.dumps(policy),
            "policies/2026/grading_policy.json": json.dumps(GRADING),
        },
    )

    course = read_course(tmp_path)

    assert course.root.fields == {
        "start": "2021-01-01T00:00:00Z",
        "display_name": "Rivers",
        "tabs": [{"type": "wiki"}],
        "grading_policy": GRADING,
        "xml_attributes": {"mystery": {"deep": [1]}},
    }
    assert again(course, tmp_path / "out") == course
    assert json.loads((tmp_path / "out/policies/2026/policy.json").read_text()) == {
        "course/2026": {**policy["course/2026"], "display_name": "Rivers"}
    }
    assert json.loads((tmp_path / "out/policies/2026/grading_policy.json").read_text()) == GRADING
    assert (tmp_path / "out/course/2026.xml").read_text() == (
        '<course display_name="Rivers" start="2021-01-01T00:00:00Z"/>\n'
    )


def test_policies_of_other_blocks_apply_and_the_rest_is_kept(tmp_path: Path) -> None:
    policy = {
        "vertical/v": {"display_name": "From policy", "unheard_of": 5},
        "html/h": {"display_name": 7},
        "poll/p": {"x": 1},
        "problem/gone": {"weight": 1},
    }
    files: dict[str, str | bytes] = {"policies/2026/policy.json": json.dumps(policy)}
    unit_course(tmp_path, '<html url_name="h">t</html><poll url_name="p" a="1"/>', files)

    course = read_course(tmp_path)

    assert blocks(course)["vertical", "v"].fields == {
        "display_name": "From policy",
        "xml_attributes": {"unheard_of": 5},
    }
    assert blocks(course)["html", "h"].fields == {"display_name": 7, "data": "t"}
    assert course.policy == {"poll/p": {"x": 1}, "problem/gone": {"weight": 1}}
    assert "policy.json: the policy of 'problem/gone' fits no block of the course; kept as it is" in messages(course)
    assert again(course, tmp_path / "out") == course


def test_the_older_policy_file_is_read_when_there_is_no_folder(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        {"policies/2026.json": '{"course/2026": {"graceperiod": ""}}', "grading_policy.json": json.dumps(GRADING)},
    )

    course = read_course(tmp_path)

    assert course.root.fields == {"graceperiod": "", "grading_policy": GRADING}
    assert course.extras == ()
    assert again(course, tmp_path / "out") == course


def test_an_unreadable_policy_is_told_and_kept(tmp_path: Path) -> None:
    write_files(tmp_path, {"policies/2026/policy.json": '{\n"a": ,}', "policies/2026/grading_policy.json": "[]"})

    course = read_course(tmp_path)

    assert messages(course)[0].startswith("policies/2026/policy.json, line 2: not readable as JSON")
    assert messages(course)[1] == "policies/2026/grading_policy.json: a JSON object was expected; kept as it is"
    assert [file.path for file in course.extras] == [
        "orphans/policies/2026/policy.json",
        "policies/2026/grading_policy.json",
    ]
    assert again(course, tmp_path / "out").root == course.root
