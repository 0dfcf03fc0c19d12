import pytest

from lykeion.learn.frame import CourseTab, language_attributes, read_tabs, with_textbooks
from lykeion.learn.textbooks import Chapter, Textbook


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
    ("listed", "names"),
    [
        (None, ["", "", "Rivers", "Lakes"]),
        ([{"type": "progress"}], ["", "Rivers", "Lakes"]),
        (["nonsense", {"type": "pdf_textbooks"}, {"type": "progress"}], ["Rivers", "Lakes", ""]),
        ([{"type": "progress"}, {"type": "pdf_textbooks", "is_hidden": True}], [""]),
    ],
)
def test_textbooks_are_tabs_where_the_authors_put_them(listed, names):
    books = tuple(Textbook(title, (Chapter("One", "/static/1.pdf"),)) for title in ("Rivers", "Lakes"))

    found = with_textbooks(read_tabs(listed), listed, books)

    assert [tab.name for tab in found] == names
    assert [tab.slug for tab in found if tab.kind == "pdf_textbooks"] == (["0", "1"] if "Rivers" in names else [])


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
