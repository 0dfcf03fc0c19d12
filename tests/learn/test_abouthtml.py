"""HTML of about pages: what passes and what does not."""

from __future__ import annotations

import pytest

from lykeion.learn.abouthtml import sanitise
from tests.factories import RUN


@pytest.mark.parametrize(
    "html",
    [
        '<section class="about"><h2>About</h2><p>Text <b>bold</b></p></section>',
        "<ul><li>One</li></ul>",
        '<iframe src="https://www.youtube-nocookie.com/embed/x" title="Intro" allowfullscreen=""></iframe>',
        '<iframe src="//player.vimeo.com/video/1"></iframe>',
        '<table><tbody><tr><td>1</td></tr></tbody></table>',
        '<video src="https://cdn.example/v.mp4" controls=""></video>',
    ],
)  # fmt: skip
def test_what_course_teams_use_stays(html: str) -> None:
    assert sanitise(html, RUN) == html


@pytest.mark.parametrize(
    ("html", "gone"),
    [
        ("<script>alert(1)</script>", "alert"),
        ("<p onclick='x()'>a</p>", "onclick"),
        ("<a href='javascript:x()'>a</a>", "javascript"),
        ("<a href=' java\nscript:x()'>a</a>", "script:"),
        ("<img src=x onerror=x()>", "onerror"),
        ("<style>body{display:none}</style>", "display"),
        ("<p style='position:fixed'>a</p>", "fixed"),
        ("<form action='//evil'><input name=password></form>", "password"),
        ("<iframe src='https://evil.example/'></iframe>", "evil"),
        ("<iframe src='javascript:x()'></iframe>", "javascript"),
        ("<iframe src='https://www.youtube.com.evil.example/'></iframe>", "evil"),
        ("<iframe src='http://[bad'></iframe>", "bad"),
        ("<iframe srcdoc='<script>x()</script>'></iframe>", "srcdoc"),
        ("<base href='//evil.example/'>", "evil"),
        ("<meta http-equiv=refresh content='0;url=//evil.example'>", "evil"),
        ("<object data='//evil.example'></object>", "evil"),
        ("<svg><script>x()</script></svg>", "x()"),
        ("<p data-controller='xblocks'>a</p>", "data-controller"),
        ("<p hx-get='/account/'>a</p>", "hx-get"),
    ],
)
def test_what_could_act_goes(html: str, gone: str) -> None:
    assert gone not in sanitise(html, RUN)


def test_an_id_cannot_stand_in_for_one_of_ours() -> None:
    assert sanitise('<p id="main">a</p>', RUN) == '<p id="about-main">a</p>'


def test_files_of_the_course_get_their_addresses() -> None:
    found = sanitise('<img src="/static/images/a b.png"><a href="static/x.pdf">x</a>', RUN)

    assert f'src="/asset-v1:{RUN.org}+{RUN.course}+{RUN.run}+type@asset+block/images/a' in found
    assert 'block/x.pdf"' in found
