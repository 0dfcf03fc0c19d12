from dataclasses import replace

from django.template.loader import render_to_string

from lykeion.grades.types import CourseGrade
from lykeion.learn.views.progress import date_rows, progress_context
from tests.learn.values import DAY, NOW, alice, dates, outline, progress_page


def shown(page):
    visitor = alice()
    context = {"run": visitor.run, "visitor": visitor, **progress_context(page, outline())}
    return render_to_string("learn/progress.html", context)


def test_the_share_that_is_done_counts_what_is_locked():
    assert progress_context(progress_page(), outline())["share"] == 0.4


def test_points_and_percents_are_shown_as_people_write_them():
    html = shown(progress_page())

    assert "4.5/6" in html
    assert "1.5/2" in html
    assert '<strong class="numbers">36%</strong>' in html


def test_scores_that_are_hidden_are_said_in_words():
    html = shown(progress_page())

    assert "Scores are shown once the due date has passed." in html


def test_a_dropped_assignment_says_why():
    assert "The lowest 1 Homework score is dropped." in shown(progress_page())


def test_a_course_that_grades_nothing_says_so_and_shows_no_table():
    html = shown(replace(progress_page(), grade=CourseGrade(0.0, "", False)))

    assert "Nothing in this course is graded." in html
    assert "<table" not in html


def test_a_subsection_with_nothing_to_earn_is_left_to_the_outline():
    (_, rows), _hidden = progress_context(progress_page(), outline())["sections"]

    assert [row.line.title for row in rows] == ["Homework 1"]


def test_a_course_without_problems_says_so():
    assert "No scores yet" in shown(replace(progress_page(), sections=()))


def test_dates_say_what_is_late_done_and_next():
    rows = date_rows(dates(), outline(), NOW)

    assert [row.badge for row in rows] == ["", "done", "past", "today", "next", "", ""]


def test_only_what_is_due_leads_somewhere():
    rows = date_rows(dates(), outline(), NOW + DAY)

    assert [bool(row.url) for row in rows] == [False, True, True, False, True, True, False]


def test_a_teacher_is_told_whose_page_it_is():
    html = shown(replace(progress_page(), whose="Alice <Anders>"))

    assert "Progress of Alice &lt;Anders&gt;" in html
    assert "Your progress" not in html
