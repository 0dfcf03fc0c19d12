"""The first page and the log."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from lykeion.accounts import api as accounts
from lykeion.core.clock import now
from lykeion.core.keys import CourseLocator
from lykeion.teaching.api import deeds
from lykeion.teaching.types import Teacher


def test_the_first_page_counts_learners_by_track(as_person: Callable[[str], Client], run: CourseLocator) -> None:
    page = as_person("staff").get(reverse("instructor:info", args=[run])).content.decode()

    assert '<td>audit</td><td class="number">2</td>' in page
    assert "Pass: from 50 %" in page


@pytest.mark.usefixtures("run")
def test_the_log_tells_what_was_done_to_whom(
    as_person: Callable[[str], Client], run: CourseLocator, teacher: Callable[..., Teacher]
) -> None:
    alice = accounts.find_person("alice")
    assert alice is not None
    deeds.record(teacher("staff"), "enrol", about=alice.id, reason="late", details={"mode": "audit"}, at=now())
    deeds.record(teacher(), "unenrol", at=now())
    address = reverse("instructor:log", args=[run])

    everything = as_person("admin").get(address).content.decode()
    hers = as_person("admin").get(address, {"about": "alice"}).content.decode()
    nobody, untouched = (
        as_person("admin").get(address, {"about": name}).content.decode() for name in ("nobody", "dan")
    )

    assert everything.index("Unenrolled") < everything.index("Enrolled")
    assert ("late" in hers, "mode: audit" in hers, "Unenrolled" in hers) == (True, True, False)
    assert "Nothing was done about “nobody” in this course." in nobody
    assert "Nothing was done about “dan” in this course." in untouched  # who has an account is nobody's business
