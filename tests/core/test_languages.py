"""The languages a site can speak."""

from __future__ import annotations

from pathlib import Path

from lykeion.core.languages import languages


def test_english_what_was_translated_and_the_site_s_own(tmp_path: Path) -> None:
    for name in ("de", "pt_BR", "el"):
        (tmp_path / name / "LC_MESSAGES").mkdir(parents=True)
    for name in ("de", "pt_BR"):
        (tmp_path / name / "LC_MESSAGES" / "django.mo").touch()

    assert languages(tmp_path, "ar") == [
        ("ar", "Arabic"),
        ("de", "German"),
        ("en", "English"),
        ("pt-br", "Brazilian Portuguese"),
    ]


def test_without_translations_there_is_english(tmp_path: Path) -> None:
    assert languages(tmp_path / "none", "en") == [("en", "English")]
