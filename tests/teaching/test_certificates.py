"""What the team decides about certificates, and that the log has it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lykeion.accounts import api as accounts
from lykeion.accounts.types import Role
from lykeion.catalog.types import Run
from lykeion.certificates import models
from lykeion.core.clock import now
from lykeion.jobs import api as jobs
from lykeion.teaching.api import certificates as door
from lykeion.teaching.api import courses, deeds
from lykeion.teaching.types import FieldError, NotAllowed, Teacher, TeachingError
from tests.certificates.conftest import alice, learner, run, score
from tests.learn.conftest import person

__all__ = ["alice", "run"]


@pytest.fixture
def admin(run: Run) -> Teacher:
    """Bob, admin of the course."""
    return entered(run, "bob", Role.INSTRUCTOR)


def entered(run: Run, name: str, role: Role) -> Teacher:
    """Somebody of the team."""
    accounts.grant_role(person(name), role, org=run.org, run=run.key)
    found = accounts.find_person(name)
    assert found is not None
    return courses.enter(found, run.key)


def test_every_decision_is_in_the_log(admin: Teacher, run: Run, alice: int) -> None:
    door.allow(admin, "alice", "was ill", at=now())
    jobs.run_pending()
    door.disallow(admin, alice, at=now())
    door.allow(admin, "alice@example.org", "was ill after all", at=now())
    jobs.run_pending()
    door.invalidate(admin, "alice", "copied", at=now())
    door.validate(admin, alice, at=now())
    door.generate(admin, None, at=now())

    found, _more = deeds.log(admin)
    assert [(deed.what, deed.reason) for deed in reversed(found)] == [
        ("certificate_allow", "was ill"),
        ("certificate_disallow", ""),
        ("certificate_allow", "was ill after all"),
        ("certificate_invalidate", "copied"),
        ("certificate_validate", ""),
        ("certificates_generate", ""),
    ]


def test_what_cannot_be_is_refused_in_words(admin: Teacher, run: Run, alice: int) -> None:
    refused: list[tuple[type[TeachingError], str, Callable[[], object]]] = [
        (FieldError, "Nobody here", lambda: door.allow(admin, "nobody", "", at=now())),
        (FieldError, "Nobody here", lambda: door.invalidate(admin, " ", "x", at=now())),
        (FieldError, "Say why", lambda: door.invalidate(admin, "alice", " ", at=now())),
        (TeachingError, "nothing to invalidate", lambda: door.invalidate(admin, "alice", "x", at=now())),
        (TeachingError, "not on the list", lambda: door.disallow(admin, alice, at=now())),
        (TeachingError, "not invalidated", lambda: door.validate(admin, alice, at=now())),
    ]
    for kind, words, attempt in refused:
        with pytest.raises(kind, match=words):
            attempt()

    assert deeds.log(admin) == ([], False)


def test_staff_may_not_decide(run: Run, alice: int) -> None:
    staff = entered(run, "sam", Role.STAFF)
    for attempt in (
        lambda: door.allow(staff, "alice", "", at=now()),
        lambda: door.generate(staff, None, at=now()),
        lambda: door.given(staff),
        lambda: door.preview(staff, "alice"),
    ):
        with pytest.raises(NotAllowed):
            attempt()


def test_a_file_is_previewed_line_by_line_and_then_done(admin: Teacher, run: Run, alice: int) -> None:
    dora, ben = learner(run, "dora"), learner(run, "ben")
    score(run, ben, 1.0)
    door.invalidate(admin, "ben", "x", at=now())
    door.allow(admin, "dora", "", at=now())
    text = "username,notes\nALICE,was ill, twice\n\ndora@example.org\nalice\nnobody\nben\n"

    before = door.preview(admin, text)
    on_list = models.Decision.objects.filter(allowed=True).count()
    after = door.allow_many(admin, text, at=now())
    jobs.run_pending()

    assert [(one.line, one.name, one.notes, one.outcome) for one in before] == [
        (2, "ALICE", "was ill, twice", "new"),
        (4, "dora@example.org", "", "known"),
        (5, "alice", "", "double"),
        (6, "nobody", "", "unknown"),
        (7, "ben", "", "invalidated"),
    ]
    assert (after, on_list) == (before, 1)
    assert set(models.Certificate.objects.filter(status="downloadable").values_list("user_id", flat=True)) == {
        alice,
        dora,
    }
    found, _more = deeds.log(admin, limit=1)
    assert (found[0].what, found[0].details) == ("certificate_allow_many", {"lines": 5, "allowed": 2})


def test_files_without_end_are_refused(admin: Teacher) -> None:
    with pytest.raises(FieldError, match="At most"):
        door.preview(admin, "x\n" * 2001)
