"""Course folders to import, written from a few lines."""

from __future__ import annotations

from pathlib import Path

SMALL = {
    "course.xml": '<course url_name="r1" org="Lykeion" course="T1"/>',
    "course/r1.xml": '<course display_name="Trees" start="2020-01-01T00:00:00Z"><chapter url_name="week1"/></course>',
    "chapter/week1.xml": '<chapter display_name="Week 1"><sequential url_name="s1"/></chapter>',
    "sequential/s1.xml": '<sequential display_name="Roots" format="Lab"><vertical url_name="u1"/></sequential>',
    "vertical/u1.xml": '<vertical display_name="A unit"><html url_name="h1"/><problem url_name="p1"/></vertical>',
    "html/h1.xml": '<html filename="h1" display_name="Text"/>',
    "html/h1.html": '<p><img src="/static/images/tree.png"></p>',
    "problem/p1.xml": '<problem display_name="Count"><p>How many?</p></problem>',
    "about/overview.html": "<p>About trees</p>",
    "tabs/more.html": "<p>More</p>",
    "static/images/tree.png": "not really a picture",
    "static/notes.pdf": "not really a page",
    "policies/assets.json": '{"images_tree.png": {"contentType": "image/webp", "locked": true}}',
    "policies/r1/policy.json": '{"course/r1": {"tabs": []}, "poll/none": {"a": 1}}',
    "custom_tags/old": "<old/>",
}


def write(folder: Path, changes: dict[str, str | None] | None = None) -> Path:
    """Writes the small course, with files replaced, added, or (None) left out."""
    for path, text in {**SMALL, **(changes or {})}.items():
        if text is not None:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text)
    return folder
