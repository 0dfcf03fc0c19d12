"""Damaged courses through the whole import: in, or refused with one sentence; what came in goes out and in again."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from lykeion.content import api
from lykeion.content.types import ImportRefused
from lykeion.core.keys import BadKey
from tests.content.olx import write
from tests.content.trees import NOON
from tests.olx.damage import damage

TIMES = 60
MORE: dict[str, str | None] = {
    "vertical/u1.xml": '<vertical display_name="A unit" group_access=\'{"1": [2]}\' due="2031-01-01T00:00:00Z">'
    '<html url_name="h1"/><problem url_name="p1"/><video url_name="v1"/><poll url_name="q" answers="[]"><a>x</a></poll>'
    '<discussion url_name="d1"/></vertical>',
    "video/v1.xml": '<video youtube="1.00:abc" transcripts=\'{"de": "a.srt"}\'><source src="/static/a.mp4"/></video>',
    "discussion/d1.xml": '<discussion discussion_id="d" discussion_category="Week 1" discussion_target="Roots"/>',
    "drafts/vertical/u1.xml": '<vertical parent_url="block-v1:Lykeion+T1+r1+type@sequential+block@s1" '
    'index_in_children_list="0" display_name="New"/>',
    "info/updates.html": "<ol><li>Hello</li></ol>",
    "info/updates.items.json": '[{"id": 1, "date": "1 May 2026", "content": "Hello", "status": "visible"}]',
    "policies/r1/grading_policy.json": '{"GRADER": [{"type": "Lab", "weight": 1.0}], "GRADE_CUTOFFS": {"Pass": 0.5}}',
    "policies/r1/policy.json": '{"course/r1": {"tabs": [], "start": "2020-01-01T00:00:00Z", "self_paced": true, '
    '"user_partitions": [{"id": 1, "name": "a", "groups": [{"id": 2, "name": "b"}]}]}, "poll/none": {"a": 1}}',
}


def met(folder: Path, archive: Path) -> str:
    """What becomes of a course."""
    try:
        first = api.import_course(folder, author="carol", at=NOON)
    except (ImportRefused, BadKey) as error:
        return "refused" if len(str(error)) > 20 else "refused without a reason"
    told = api.export_course(first.run, archive).warnings
    second = api.import_course(archive, author="carol", at=NOON)
    same = (second.run, second.published, second.draft) == (first.run, first.published, first.draft)
    return "imported" if same or told else "changed by an export without a word"


@pytest.mark.usefixtures("here")
def test_a_damaged_course_is_imported_or_refused(tmp_path: Path) -> None:
    found: dict[str, list[int]] = {}

    for seed in range(TIMES):
        rng = random.Random(seed)
        folder = write(tmp_path / "in", MORE)
        damage(rng, folder, rng.choice([1, 1, 2, 3]))
        found.setdefault(met(folder, tmp_path / "out.tar.gz"), []).append(seed)
        shutil.rmtree(folder)

    assert found.keys() == {"imported", "refused"}, {fate: seeds[:5] for fate, seeds in found.items()}
    assert len(found["imported"]) > TIMES / 3
