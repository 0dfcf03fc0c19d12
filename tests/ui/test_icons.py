"""Icons from the sprite."""

from __future__ import annotations

import pytest
from django.template import Context, Template

from lykeion.ui.icons import icon_svg


def test_an_icon_beside_words_is_hidden_from_readers() -> None:
    assert 'aria-hidden="true"' in icon_svg("check")
    assert "aria-label" not in icon_svg("check")


def test_an_icon_alone_says_its_meaning() -> None:
    assert 'role="img" aria-label="Done &amp; dusted"' in icon_svg("check", "Done & dusted")


def test_icons_that_point_turn_with_the_line_of_reading() -> None:
    assert "icon-flips" in icon_svg("next")
    assert "icon-flips" not in icon_svg("check")


def test_an_unknown_icon_is_an_error_that_names_the_known_ones() -> None:
    with pytest.raises(LookupError, match=r"no icon 'chekc'.*check, "):
        icon_svg("chekc")


def test_a_name_from_elsewhere_may_fall_back() -> None:
    template = Template('{% load ui %}{% icon name fallback="other" %}')

    assert template.render(Context({"name": "seq"})) == icon_svg("other")
    assert template.render(Context({"name": "video"})) == icon_svg("video")
