import pytest

from lykeion.learn.frame import CourseTab, language_attributes, read_tabs


def test_a_course_without_tabs_has_all_pages_of_ours():
    assert read_tabs(None) == (CourseTab("progress", ""), CourseTab("dates", ""))


def test_tabs_keep_the_order_of_the_authors_and_what_is_hidden_stays_away():
    listed = [
        {"type": "course_info", "name": "Home"},
        {"type": "static_tab", "name": "Syllabus", "url_slug": "syllabus"},
        {"type": "dates", "name": "Dates"},
        {"type": "progress", "name": "Progress", "is_hidden": True},
        {"type": "static_tab", "name": "For staff", "url_slug": "staff", "course_staff_only": True},
        {"type": "wiki", "name": "Wiki"},
        {"type": "static_tab", "name": "No address"},
        "nonsense",
    ]

    assert read_tabs(listed) == (
        CourseTab("static_tab", "Syllabus", "syllabus"),
        CourseTab("dates", ""),
        CourseTab("static_tab", "For staff", "staff", staff_only=True),
    )


@pytest.mark.parametrize(
    ("language", "attributes"),
    [
        ("", ""),
        ("de", ' lang="de" dir="ltr"'),
        ("ar", ' lang="ar" dir="rtl"'),
        ("he-IL", ' lang="he-IL" dir="rtl"'),
        ("tlh", ' lang="tlh" dir="ltr"'),
        ('x"><script>', ' lang="x&quot;&gt;&lt;script&gt;" dir="ltr"'),
    ],
)
def test_authors_text_says_its_language_and_direction(language, attributes):
    assert language_attributes(language) == attributes
