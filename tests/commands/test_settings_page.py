from __future__ import annotations

from lykeion.commands import settings_page


def test_operators_page_tells_every_setting() -> None:
    assert settings_page.PAGE.read_text() == settings_page.page()


def test_example_environment_holds_every_setting() -> None:
    assert settings_page.EXAMPLE.read_text() == settings_page.example()
