"""A small course as OLX with one of everything that pages have to deal with."""

from __future__ import annotations

import json
from pathlib import Path

COURSE = """<course display_name="How to ask a good question" start="2020-01-01T00:00:00Z"{more}>
  <chapter url_name="wonder" display_name="It begins with wonder">
    <sequential url_name="first" display_name="First steps">
      <vertical url_name="hello" display_name="Hello">
        <html url_name="words" display_name="Words"><![CDATA[<p>Wonder is where it begins.
          <a href="/jump_to_id/homework">On to the homework</a>
          <img src="/static/images_owl.png" alt="An owl"></p>]]></html>
      </vertical>
      <vertical url_name="try" display_name="Try it">
        <problem url_name="choose" display_name="Choose"><multiplechoiceresponse>
          <label>Which of these is a question?</label>
          <choicegroup type="MultipleChoice">
            <choice correct="true">Why?</choice><choice correct="false">Because.</choice>
          </choicegroup></multiplechoiceresponse></problem>
        <html url_name="after" display_name="After"><![CDATA[<p>Well asked.</p>]]></html>
      </vertical>
      <vertical url_name="secret" display_name="For teachers" visible_to_staff_only="true">
        <html url_name="notes" display_name="Notes"><![CDATA[<p>Only teachers read this.</p>]]></html>
      </vertical>
    </sequential>
    <sequential url_name="homework" display_name="Homework 1" format="Homework" graded="true"
      due="2030-06-01T10:00:00Z">
      <vertical url_name="hw" display_name="Two sums">
        <problem url_name="sum" display_name="Sum"><numericalresponse answer="2"><label>What is 1 + 1?</label>
          <formulaequationinput/></numericalresponse></problem>
        <problem url_name="sum2" display_name="Sum again"><numericalresponse answer="3"><label>What is 1 + 2?</label>
          <formulaequationinput/></numericalresponse></problem>
      </vertical>
    </sequential>
  </chapter>
  <chapter url_name="method" display_name="Method">
    <sequential url_name="later" display_name="Later" start="2035-01-01T00:00:00Z">
      <vertical url_name="future" display_name="Not yet">
        <html url_name="soon" display_name="Soon"><![CDATA[<p>Soon</p>]]></html>
      </vertical>
    </sequential>
    <sequential url_name="end" display_name="The end">
      <vertical url_name="last" display_name="Last words">
        <html url_name="bye" display_name="Bye"><![CDATA[<p>Farewell.</p>]]></html></vertical>
    </sequential>
  </chapter>
</course>"""
POLICY = {
    "GRADER": [{"type": "Homework", "short_label": "HW", "min_count": 1, "drop_count": 0, "weight": 1.0}],
    "GRADE_CUTOFFS": {"Pass": 0.5},
}
TABS = [
    {"type": "courseware", "name": "Course"},
    {"type": "progress", "name": "Progress"},
    {"type": "dates", "name": "Dates"},
    {"type": "static_tab", "name": "Syllabus", "url_slug": "syllabus"},
    {"type": "static_tab", "name": "Teachers", "url_slug": "teachers", "course_staff_only": True},
]
UPDATES = [
    {"id": 1, "date": "March 1, 2026", "content": "<p>Welcome to the course.</p>", "status": "visible"},
    {"id": 2, "date": "March 9, 2026", "content": "<p>The second film is here.</p>", "status": "visible"},
]
FILES = {
    "images/owl.png": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8,
    "page.html": b"<script>document.title = document.cookie</script>",
    "sign.svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "locked.pdf": b"%PDF-1.4 for learners",
}


def write_course(folder: Path, *, org: str = "Lyceum", name: str = "PHIL1", run: str = "2026", more: str = "") -> Path:
    """Writes the course below ``folder``; ``more`` are further attributes of its course element."""
    texts = {
        "course.xml": f'<course url_name="{run}" org="{org}" course="{name}"/>',
        f"course/{run}.xml": COURSE.replace("{more}", f" {more}" if more else ""),
        f"policies/{run}/grading_policy.json": json.dumps(POLICY),
        f"policies/{run}/policy.json": json.dumps({f"course/{run}": {"tabs": TABS}}),
        "policies/assets.json": json.dumps({"locked.pdf": {"locked": True, "displayname": "locked.pdf"}}),
        "info/updates.html": "<ol></ol>",
        "info/updates.items.json": json.dumps(UPDATES),
        "info/handouts.html": '<ol><li><a href="/static/locked.pdf">Reader</a></li></ol>',
        "tabs/syllabus.html": "<p>Ten weeks of questions.</p>",
        "tabs/teachers.html": "<p>How to teach it.</p>",
        "about/overview.html": "<p>About wonder.</p>",
    }
    for path, text in texts.items():
        _write(folder / path, text.encode())
    for path, content in FILES.items():
        _write(folder / "static" / path, content)
    return folder


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
