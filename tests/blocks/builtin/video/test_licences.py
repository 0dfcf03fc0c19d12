from __future__ import annotations

import pytest

from lykeion.blocks.builtin.video.licences import CHOICES, Licence, read


@pytest.mark.parametrize(
    ("text", "licence"),
    [
        (None, None),
        (" ", None),
        ("all-rights-reserved", Licence("All rights reserved")),
        (
            "creative-commons: ver=3.0 BY ND",
            Licence("Creative Commons BY-ND 3.0", "https://creativecommons.org/licenses/by-nd/3.0/"),
        ),
        (
            "creative-commons: ver=4.0 zero",
            Licence("Creative Commons: public domain", "https://creativecommons.org/publicdomain/zero/1.0/"),
        ),
        ("ask the press office", Licence("ask the press office")),
    ],
)
def test_licences_are_read(text: str | None, licence: Licence | None) -> None:
    assert read(text) == licence


def test_every_choice_has_a_name_of_its_own() -> None:
    names = [found.name for text in CHOICES if (found := read(text))]

    assert len(set(names)) == len(CHOICES)
