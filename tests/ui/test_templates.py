"""Shared templates that must hold on bad days."""

from __future__ import annotations

import pytest
from django.core.paginator import Paginator
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from lykeion.ui.fixed import fixed_part
from lykeion.ui.templatetags.ui import percent, person_menu, share_of
from lykeion.ui.types import AccountMenu, Link


def test_the_page_for_a_broken_site_needs_no_request_and_no_database() -> None:
    page = render_to_string("500.html")

    assert "Something broke on our side" in page


@pytest.mark.parametrize("code", ["400", "403", "404", "429"])
def test_error_pages_say_what_happened_even_without_a_menu(code: str) -> None:
    page = render_to_string(f"{code}.html", request=None)

    assert f'<p class="eyebrow">{code}</p>' in page


def test_an_error_page_gives_the_reason_it_was_told() -> None:
    page = render_to_string("403.html", {"reason": "The course opens on <b>Monday</b>."})

    assert "The course opens on &lt;b&gt;Monday&lt;/b&gt;." in page


def test_pages_keep_the_rest_of_the_address() -> None:
    request = RequestFactory().get("/courses?q=art&page=2")

    part = render_to_string("ui/parts/pagination.html", {"page": Paginator(range(30), 10).page(2)}, request)

    assert 'rel="prev" href="?q=art&amp;page=1"' in part
    assert 'rel="next" href="?q=art&amp;page=3"' in part


def test_one_page_needs_no_pagination() -> None:
    part = render_to_string("ui/parts/pagination.html", {"page": Paginator(range(3), 10).page(1)})

    assert part.strip() == ""


def test_logging_out_is_a_form_with_a_token() -> None:
    menu = AccountMenu("Alice", (Link("Sign out", "/out", post=True),))

    part = person_menu(menu, "t0ken")

    assert '<form method="post" action="/out"><input type="hidden" name="csrfmiddlewaretoken" value="t0ken">' in part


def test_the_menu_of_one_person_says_nothing_of_another() -> None:
    links = (Link("Sign out", "/out", post=True),)

    alice, bob = person_menu(AccountMenu("alice", links), "a1"), person_menu(AccountMenu("<b>ob", links), "b2")

    assert ">A</span>" in alice
    assert ">alice</span>" in alice
    assert ("&lt;b&gt;ob" in bob, "alice" in bob, "a1" in bob, "@@" in bob) == (True, False, False, False)


def test_parts_of_the_frame_are_kept_for_each_language() -> None:
    with translation.override("en"):
        english = fixed_part("ui/parts/state.html", state="complete")
        again = fixed_part("ui/parts/state.html", state="complete")
    with translation.override("de"):
        german = fixed_part("ui/parts/state.html", state="complete")

    assert english is again
    assert german is not english
    assert 'aria-label="Complete"' in english


def test_values_of_a_fixed_part_are_escaped() -> None:
    assert "<b>" not in fixed_part("ui/parts/brand.html", site_name="<b>")


def test_a_share_is_whole_only_when_it_is_whole() -> None:
    assert [percent(share) for share in (None, 0.0, 0.004, 0.5, 0.995, 0.9999, 1.0)] == [0, 0, 0, 50, 99, 99, 100]


def test_a_share_of_nothing_is_nothing() -> None:
    assert [share_of(3, 4), share_of(1, 0), share_of(5, 4), share_of(-1, 4)] == [0.75, 0.0, 1.0, 0.0]
