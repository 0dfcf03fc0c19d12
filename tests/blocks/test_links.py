from __future__ import annotations

import pytest

from lykeion.blocks.links import with_addresses
from tests.blocks.visits import RUN, Site


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('<a href="/static/a.pdf">', '<a href="/assets/a.pdf">'),
        ("<a href='/static/a%20b.pdf?x=1&amp;y=2#z'>", "<a href='/assets/a%20b.pdf?x=1&amp;y=2#z'>"),
        (r'{"html": "<img src=\"/static/a.png\">"}', r'{"html": "<img src=\"/assets/a.png\">"}'),
        ('style="background:url(&quot;/static/a.png&quot;)"', 'style="background:url(&quot;/assets/a.png&quot;)"'),
        ("url('/static/a.png')", "url('/assets/a.png')"),
        ("url(/static/a.png) 'b'", "url(/assets/a.png) 'b'"),
        ("in (/static/ <b>files</b>)", "in (/static/ <b>files</b>)"),
        ('"/static/a.png?raw"', '"/static/a.png?raw"'),
        ('"/course/wiki/x"', f'"/courses/{RUN}/wiki/x"'),
        ('"/jump_to_id/abc"', f'"/courses/{RUN}/jump_to_id/abc"'),
        ('"https://x.org/static/a.png"', '"https://x.org/static/a.png"'),
        ("said /static/a.png in words", "said /static/a.png in words"),
        ('"/static/a', '"/static/a'),
        ('"/static/" onmouseover=x "', '"/assets/" onmouseover=x "'),
    ],
)
def test_short_links_in_quotes_become_addresses(before: str, after: str) -> None:
    assert with_addresses(before, Site()) == after


def test_a_name_cannot_leave_its_quotes() -> None:
    assert with_addresses("<img src='/static/a&quot;&gt;&lt;script&gt;'>", Site()) == (
        "<img src='/assets/a%22%3E%3Cscript%3E'>"
    )


def test_a_text_of_many_quotes_is_read_in_a_moment() -> None:
    with_addresses('"/static/' * 20_000, Site())
