"""Addresses of units, in every alphabet."""

from __future__ import annotations

from urllib.parse import quote, unquote

from lykeion.accounts.models import User
from lykeion.catalog import api as catalog
from lykeion.core.clock import now
from lykeion.core.keys import run_of
from tests.learn.conftest import KEY, import_course
from tests.learn.course import COURSE as OLX
from tests.learn.course import write_course

COURSE = f"/courses/{KEY}"


def spelled(folder, letters, **names):
    """The course with other ids in it: ``letters`` maps those of the course to new ones."""
    path = write_course(folder, **names)
    text = OLX.replace("{more}", "")
    for old, new in letters.items():
        text = text.replace(f'url_name="{old}"', f'url_name="{new}"')
    (path / "course" / f"{names.get('run', '2026')}.xml").write_text(text, encoding="utf-8")
    return import_course(path)


def test_a_unit_below_ids_of_another_alphabet_is_shown(alice, tmp_path):
    spelled(tmp_path / "letters", {"wonder": "глава", "first": "séq"})

    typed = alice.get(f"{COURSE}/courseware/глава/séq/1/")
    from_browser = alice.get(quote(f"{COURSE}/courseware/глава/séq/1/"))
    elsewhere = alice.get(f"{COURSE}/courseware/method/séq/1")

    assert [typed.status_code, from_browser.status_code] == [200, 200]
    assert unquote(elsewhere["Location"]) == f"{COURSE}/courseware/глава/séq/1/"


def test_a_unit_of_a_run_whose_key_has_other_letters_is_shown(as_person, tmp_path):
    key = run_of("Universität", "Möbel", "größe")
    spelled(tmp_path / "key", {}, org="Universität", name="Möbel", run="größe")
    catalog.enrol(User.objects.get(username="alice").pk, key, at=now())

    shown = as_person("alice").get(f"/courses/{key}/courseware/wonder/first/1/")

    assert shown.status_code == 200
