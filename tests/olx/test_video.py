from __future__ import annotations

from pathlib import Path

import pytest

from lykeion.olx.api import read_course
from lykeion.olx.types import Fields
from lykeion.olx.video import parse_youtube
from tests.olx.making import again, in_unit, messages, unit_course

ASSET = '<video_asset client_video_id="a.mp4" duration="19.6"><encoded_video profile="mobile" url="u"/></video_asset>'


@pytest.mark.parametrize(
    ("xml", "fields"),
    [
        ('<video youtube="1.00:abc"/>', {"youtube_id_1_0": "abc"}),
        (
            '<video youtube="0.75:a,1.00:b,1.25:c,1.50:d"/>',
            {"youtube_id_0_75": "a", "youtube_id_1_0": "b", "youtube_id_1_25": "c", "youtube_id_1_5": "d"},
        ),
        ('<video youtube="1.00:old" youtube_id_1_0="new"/>', {"youtube_id_1_0": "new"}),
        ('<video youtube="" youtube_id_1_0=""/>', {"youtube_id_1_0": ""}),
        ('<video youtube="nonsense"/>', {"xml_attributes": {"youtube": "nonsense"}}),
        (
            '<video start_time="00:11:39" end_time="&quot;00:12:57&quot;"/>',
            {"start_time": "00:11:39", "end_time": "00:12:57"},
        ),
        ('<video from="12.0" to="60"/>', {"start_time": 12.0, "end_time": 60}),
        ('<video><source src="a.mp4"/><source src="b.webm"/></video>', {"html5_sources": ["a.mp4", "b.webm"]}),
        ('<video html5_sources="[]"><source src="a.mp4"/></video>', {"html5_sources": ["a.mp4"]}),
        (
            '<video html5_sources="[&quot;a&quot;]"><source src="a"/><source src="b"/></video>',
            {"html5_sources": ["a"], "xml_children": ['<source src="b"/>']},
        ),
        ('<video sub="x" track="t.srt"><track src="t.srt"/></video>', {"sub": "x", "track": "t.srt"}),
        (
            '<video><track src="t.srt"/><track src="u.srt"/></video>',
            {"track": "t.srt", "xml_children": ['<track src="u.srt"/>']},
        ),
        ('<video><handout src="/static/h.pdf"/></video>', {"handout": "/static/h.pdf"}),
        (
            '<video transcripts="{&quot;de&quot;: &quot;d.srt&quot;}"><transcript language="de" src="d.srt"/>'
            '<transcript language="fr" src="f.srt"/></video>',
            {"transcripts": {"de": "d.srt", "fr": "f.srt"}},
        ),
        (
            f"<video download_video='true' edx_video_id='e'>{ASSET}</video>",
            {"download_video": True, "edx_video_id": "e", "xml_children": [ASSET]},
        ),
        (
            '<video html5_sources="broken"><source src="a"/></video>',
            {"html5_sources": "broken", "xml_children": ['<source src="a"/>']},
        ),
        ('<video mystery="1" display_name=""/>', {"display_name": "", "xml_attributes": {"mystery": "1"}}),
    ],
)
def test_a_video_becomes_fields_and_the_same_video_again(tmp_path: Path, xml: str, fields: Fields) -> None:
    unit_course(tmp_path, xml.replace("<video", '<video url_name="v"', 1))

    course = read_course(tmp_path)

    assert in_unit(course)[0].fields == fields
    assert again(course, tmp_path / "out") == course


def test_a_written_video_has_the_forms_that_open_edx_expects(tmp_path: Path) -> None:
    xml = '<video url_name="v" youtube_id_1_0="abc" html5_sources="[&quot;a.mp4&quot;]"/>'
    unit_course(tmp_path, xml)

    again(read_course(tmp_path), tmp_path / "out")

    start = '<video youtube="1.00:abc" html5_sources=\'["a.mp4"]\' youtube_id_1_0="abc">'
    assert (tmp_path / "out/video/v.xml").read_text() == f'{start}\n  <source src="a.mp4"/>\n</video>\n'


def test_a_strange_youtube_attribute_is_told(tmp_path: Path) -> None:
    unit_course(tmp_path, '<video url_name="v" youtube="2.00:abc"/>')

    assert messages(read_course(tmp_path)) == [
        "course/2026.xml, line 1: attribute youtube='2.00:abc' is not SPEED:ID,SPEED:ID; kept as it is"
    ]


def test_double_quoted_youtube_ids_of_old_courses_are_understood() -> None:
    assert parse_youtube('"1.00:abc"') == {"youtube_id_1_0": "abc"}
