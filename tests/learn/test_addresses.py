from django.urls import resolve, reverse

from lykeion.core.keys import run_of, usage_of
from lykeion.learn import addresses
from tests.learn.values import KEY, outline


def test_addresses_written_by_hand_are_those_of_the_table():
    usage = usage_of(KEY, "vertical@try")

    assert addresses.home_url(KEY) == reverse("course_home", args=[KEY])
    assert addresses.course_url(KEY, "progress") == reverse("progress", args=[KEY])
    assert addresses.course_url(KEY, "dates") == reverse("dates", args=[KEY])
    assert addresses.course_url(KEY, "bookmarks/") == reverse("bookmarks", args=[KEY])
    assert addresses.course_url(KEY, "completion") == reverse("completion", args=[KEY])
    assert addresses.course_url(KEY, "syllabus/") == reverse("static_tab", args=[KEY, "syllabus"])
    assert addresses.bookmark_url(KEY, "vertical@try") == reverse("bookmark", args=[KEY, usage])
    assert addresses.unit_url(outline(), "vertical@try") == reverse("courseware", args=[KEY, "wonder", "first", 2])
    assert addresses.unit_url(outline(), "sequential@first") == reverse(
        "courseware_subsection", args=[KEY, "wonder", "first"]
    )
    assert addresses.unit_url(outline(), "chapter@wonder") == reverse("courseware_section", args=[KEY, "wonder"])
    assert addresses.asset_url(KEY, "images/a b.png") == reverse("asset", args=[KEY, "images/a b.png"])
    assert addresses.versioned_asset_url(KEY, "ab12", "a.png") == reverse(
        "versioned_asset", args=["ab12", KEY, "a.png"]
    )


def test_a_block_below_a_unit_is_a_place_on_the_page_of_its_unit():
    address = addresses.unit_url(outline(), "problem@choose")

    assert address == f"/courses/{KEY}/courseware/wonder/first/2/#problem@choose"


def test_a_block_that_is_gone_leads_to_course_home():
    assert addresses.unit_url(outline(), "html@gone") == f"/courses/{KEY}/course/"


def test_keys_with_every_allowed_character_survive_an_address():
    key = run_of("A.B_c-d~e", "1.0", "T~1")

    match = resolve(addresses.home_url(key))

    assert match.kwargs == {"run": key}
