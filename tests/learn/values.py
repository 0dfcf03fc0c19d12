"""A small run and the pages it makes, written by hand: what views show, without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from lykeion.blocks.types import Rendered, Resource, Viewer
from lykeion.catalog.types import Enrolment, Run
from lykeion.content.types import BlockFacts, ObjectId, Outline, OutlineBlock
from lykeion.core.keys import run_of, usage_of
from lykeion.courseware.types import (
    BookmarkLine,
    CourseDate,
    HomePage,
    ProgressPage,
    Resume,
    SectionLine,
    SectionProgress,
    SubsectionLine,
    SubsectionProgress,
    UnitBlock,
    UnitPage,
    UnitTab,
    Visitor,
)
from lykeion.grades.types import AssignmentLine, CourseGrade, Score, TypeTotal

KEY = run_of("Lyceum", "PHIL1", "2026")
NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)

# depth, type, id, title
TREE = (
    (0, "course", "2026", "How to ask a good question"),
    (1, "chapter", "wonder", "It begins with wonder"),
    (2, "sequential", "first", "First steps"),
    (3, "vertical", "hello", "Hello"),
    (4, "html", "words", "Words"),
    (3, "vertical", "try", "Try it"),
    (4, "problem", "choose", "Choose"),
    (2, "sequential", "week1", "Homework 1"),
    (3, "vertical", "hw", "Three questions"),
    (4, "problem", "one", "One"),
    (1, "chapter", "method", "Method"),
    (2, "sequential", "elenchus", "The elenchus"),
    (3, "vertical", "film", "A film"),
    (4, "video", "film1", "Film"),
)


def outline() -> Outline:
    """The compiled shape of the run."""
    blocks: list[OutlineBlock] = []
    way: list[int] = []
    for index, (depth, kind, name, title) in enumerate(TREE):
        del way[depth:]
        end = next((i for i in range(index + 1, len(TREE)) if TREE[i][0] <= depth), len(TREE))
        children = tuple(i for i in range(index + 1, end) if TREE[i][0] == depth + 1)
        parent = way[-1] if way else -1
        object_id = ObjectId(f"{index:064x}")
        facts = BlockFacts(has_score=kind == "problem")
        blocks.append(OutlineBlock(index, end, parent, depth, kind, name, object_id, title, children, {}, {}, facts))
        way.append(index)
    index_of = {block.ref: block.index for block in blocks}
    return Outline(KEY, ObjectId("f" * 64), tuple(blocks), index_of, {block.id: block.index for block in blocks})


def run() -> Run:
    """The run as the catalog offers it."""
    return Run(
        id=7,
        key=KEY,
        title="How to ask a good question",
        org="Lyceum",
        number="PHIL1",
        short_description="",
        image="",
        language="en",
        start=NOW - 30 * DAY,
        end=NOW + 60 * DAY,
        advertised_start="",
        enrollment_start=None,
        enrollment_end=None,
        self_paced=False,
        catalog_visibility="both",
        course_visibility="private",
        invitation_only=False,
        max_enrolments=None,
        days_early_for_beta=None,
        mobile_available=False,
        effort="",
    )


def alice() -> Visitor:
    """Alice, who learns."""
    viewer = Viewer(
        user_id=1, username="alice", email="alice@example.org", full_name="Alice", time_zone="Europe/Athens"
    )
    return Visitor(run(), outline(), viewer, Enrolment(1, 7, "audit", True, NOW), NOW)


def home_page() -> HomePage:
    """Course home of Alice, who has begun."""
    first = SubsectionLine("sequential@first", "First steps", "", False, None, 1, 1, 2)
    week1 = SubsectionLine("sequential@week1", "Homework 1", "Homework", True, NOW + 3 * DAY, 3, 0, 3)
    locked = SubsectionLine(
        "sequential@elenchus", "The elenchus", "", False, None, 0, 0, 1, locked="Opens on 20 March 2026."
    )
    return HomePage(
        sections=(
            SectionLine(
                "chapter@wonder", "It begins with wonder", complete=False, open=True, subsections=(first, week1)
            ),
            SectionLine("chapter@method", "Method", complete=False, open=True, subsections=(locked,)),
            SectionLine("chapter@later", "What remains open", complete=True, open=False, subsections=()),
        ),
        resume=Resume("vertical@try", "Try it", started=True),
        dates=dates()[:3],
        updates=(
            (
                "March 9, 2026",
                "<p>The <b>second film</b> is here. Watch it before Thursday, when we talk about it.</p>",
            ),
            ("March 1, 2026", "<p>Welcome! Say hello in the first unit.</p>"),
        ),
        handouts='<ol><li><a href="/static/reader.pdf">Reader</a></li><li><a href="#">Glossary</a></li></ol>',
        done=4,
        total=10,
    )


def unit_page() -> UnitPage:
    """The second unit of the first subsection, with a problem from elsewhere."""
    html = "<p>Which of these is a <em>question</em>? Read each one aloud before you choose.</p>"
    words = UnitBlock("html@words", str(usage_of(KEY, "html@words")), "html", html, complete=False, view_completes=True)
    problem = UnitBlock(
        "problem@choose",
        str(usage_of(KEY, "problem@choose")),
        "problem",
        "<p>Choose.</p>",
        complete=True,
        view_completes=False,
    )
    css = Resource("url", "/static/choose.css", "text/css", "head")
    script = Resource("text", "window.Choose = () => 0; // </script>", "application/javascript", "foot")
    return UnitPage(
        section="It begins with wonder",
        section_ref="chapter@wonder",
        subsection="First steps",
        subsection_ref="sequential@first",
        title="Try it",
        ref="vertical@try",
        usage=str(usage_of(KEY, "vertical@try")),
        tabs=(
            UnitTab("vertical@hello", "Hello", "video", complete=True, bookmarked=False, current=False),
            UnitTab("vertical@try", "Try it", "problem", complete=False, bookmarked=True, current=True),
        ),
        blocks=(words, problem),
        page=Rendered("", (css, script, css), legacy=True, math=False),
        previous="vertical@hello",
        next="vertical@hw",
        bookmarked=True,
        due=NOW + 3 * DAY,
        graded=True,
        format="Homework",
        position=2,
        count=2,
    )


def progress_page() -> ProgressPage:
    """Alice's progress: one homework done well, an exam whose scores are hidden."""
    homework = TypeTotal(
        "Homework",
        "HW",
        0.9,
        0.4,
        0.36,
        (
            AssignmentLine("Homework", "HW 01", "Homework 1: 90%", 0.9),
            AssignmentLine("Homework", "HW 02", "Homework 2: 0%", 0.0, mark="The lowest 1 Homework score is dropped."),
            AssignmentLine("Homework", "HW Avg", "Homework Average: 90%", 0.9, prominent=True),
        ),
    )
    exam = TypeTotal("Final exam", "Final", 0.0, 0.6, 0.0, ())
    scores = (
        ("problem@one", Score(3, 3, True, NOW)),
        ("Two", Score(1.5, 2, True, NOW)),
        ("Three", Score(0, 1, True, None)),
    )
    done = SubsectionProgress("sequential@week1", "Homework 1", "Homework", True, NOW + 3 * DAY, 4.5, 6, 0.75, scores)
    plain = SubsectionProgress("sequential@first", "First steps", "", False, None, 0, 0, 0.0, ())
    hidden = SubsectionProgress(
        "sequential@elenchus",
        "The elenchus",
        "Final exam",
        True,
        NOW + 20 * DAY,
        0,
        0,
        0.0,
        None,
        hidden="Scores are shown once the due date has passed.",
    )
    return ProgressPage(
        whose="",
        grade=CourseGrade(0.36, "", False, (homework, exam)),
        cutoffs=(("A", 0.9), ("B", 0.7), ("C", 0.5)),
        pass_mark=0.5,
        complete=4,
        incomplete=5,
        locked=1,
        sections=(SectionProgress("It begins with wonder", (plain, done)), SectionProgress("Method", (hidden,))),
    )


def dates() -> tuple[CourseDate, ...]:
    """Dates of every kind, in order."""
    return (
        CourseDate(NOW - 30 * DAY, "course-start", "The course starts"),
        CourseDate(NOW - 20 * DAY, "due", "First steps", "sequential@first", done=True),
        CourseDate(NOW - 2 * DAY, "due", "Homework 1", "sequential@week1"),
        CourseDate(NOW, "today", "Today"),
        CourseDate(NOW + 3 * DAY, "due", "Homework 2", "sequential@week1"),
        CourseDate(NOW + 20 * DAY, "due", "Final exam", "sequential@elenchus"),
        CourseDate(NOW + 60 * DAY, "course-end", "The course ends"),
    )


def bookmarks() -> tuple[BookmarkLine, ...]:
    """One unit that is there, one that is gone."""
    return (
        BookmarkLine("vertical@try", "Try it", ("It begins with wonder", "First steps"), NOW),
        BookmarkLine(None, "An old unit", ("Method",), NOW - 5 * DAY),
    )


def bob() -> Visitor:
    """Bob, who teaches: sees everything, is not enrolled."""
    visitor = alice()
    viewer = replace(visitor.viewer, user_id=2, username="bob", is_staff=True, role="staff")
    return replace(visitor, viewer=viewer, enrolment=None)


def somebody() -> Visitor:
    """A visitor who is not signed in, of a public run."""
    visitor = alice()
    return replace(visitor, viewer=Viewer(user_id=None), enrolment=None)
