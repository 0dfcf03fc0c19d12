"""Addresses of units: in every alphabet, and silent about what is hidden."""

from __future__ import annotations

from urllib.parse import quote, unquote

import pytest

from lykeion.accounts.models import User
from lykeion.catalog import api as catalog
from lykeion.core.clock import now
from lykeion.core.keys import run_of, usage_of
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


@pytest.mark.parametrize("position", [0, 4, 99])
def test_a_position_that_is_not_there_leads_to_where_one_is_in_its_subsection(alice, position):
    led = alice.get(f"{COURSE}/courseware/wonder/first/{position}/", follow=True)

    assert [unquote(address) for address, _ in led.redirect_chain] == [
        f"{COURSE}/courseware/wonder/first/",
        f"{COURSE}/courseware/wonder/first/1/",
    ]
    assert led.status_code == 200


def test_a_wrong_address_of_a_hidden_unit_does_not_tell_its_right_one(alice, as_person):
    hidden, not_yet, missing = (
        f"{COURSE}/courseware/nowhere/{tail}" for tail in ("first/3/", "later/1/", "missing/1/")
    )

    assert [alice.get(address).status_code for address in (hidden, not_yet, missing)] == [404, 403, 404]
    assert "method" not in alice.get(not_yet, headers={"sec-fetch-mode": "cors"}).content.decode()
    assert as_person("bob").get(hidden)["Location"].endswith("/courseware/wonder/first/3/")


@pytest.mark.parametrize("ref", ["vertical@secret", "vertical@future", "vertical@gone"])
def test_taking_a_bookmark_from_a_unit_that_is_shut_does_not_tell_where_it_is(alice, ref):
    response = alice.post(f"{COURSE}/bookmarks/{usage_of(KEY, ref)}", {"on": "0"})

    assert unquote(response["Location"]) == f"{COURSE}/course/"
