"""The languages a site can honestly speak: those that somebody translated it to."""

from __future__ import annotations

from pathlib import Path

from django.conf.locale import LANG_INFO

SOURCE = "en"


def languages(folder: Path, own: str) -> list[tuple[str, str]]:
    """Django's ``LANGUAGES``: English, each language with a compiled catalogue in ``folder``, and the site's ``own``.

    A browser that asks for another one gets the site's own: half a translation would carry the wrong ``lang``.
    """
    translated = {path.parts[-3].replace("_", "-").lower() for path in folder.glob("*/LC_MESSAGES/django.mo")}
    return [(code, str(LANG_INFO.get(code, {}).get("name", code))) for code in sorted({SOURCE, own, *translated})]
