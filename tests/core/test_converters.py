import pytest
from django.urls import Resolver404, resolve

from lykeion.core.keys import parse_usage
from tests.learn.values import KEY


def test_a_run_and_a_usage_come_to_views_as_keys():
    usage = f"block-v1:{KEY.org}+{KEY.course}+{KEY.run}+type@vertical+block@try"

    match = resolve(f"/courses/{KEY}/jump_to/{usage}")

    assert match.url_name == "jump_to"
    assert match.kwargs == {"run": KEY, "usage": parse_usage(usage)}


@pytest.mark.parametrize(
    "address",
    [
        "/courses/course-v1:Lyceum/course/",
        "/courses/course-v1:Lyceum+PHIL1/course/",
        "/courses/Lyceum/course/",
        "/courses/course-v1:Lyceum+PHIL1+2026/jump_to/block-v1:Lyceum+PHIL1",
        "/xblock/block-v1:nothing",
        "/asset-v1:Lyceum+PHIL1+type@asset+block@a.png",
    ],
)
def test_what_is_no_key_has_no_page(address):
    with pytest.raises(Resolver404):
        resolve(address)


def test_a_file_may_be_named_by_its_path():
    match = resolve("/asset-v1:Lyceum+PHIL1+2026+type@asset+block@images/a.png")

    assert match.kwargs == {"run": KEY, "name": "images/a.png"}


def test_a_handler_may_have_a_suffix_with_slashes():
    match = resolve(f"/courses/{KEY}/xblock/block-v1:Lyceum+PHIL1+2026+type@p+block@x/handler/xmodule_handler/a/b")

    assert (match.kwargs["handler"], match.kwargs["suffix"]) == ("xmodule_handler", "a/b")


def test_pages_of_ours_win_over_pages_that_authors_name_like_them():
    assert resolve(f"/courses/{KEY}/bookmarks/").url_name == "bookmarks"
    assert resolve(f"/courses/{KEY}/syllabus/").url_name == "static_tab"
