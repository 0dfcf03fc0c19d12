"""``lykeion team``: roles from the command line."""

from __future__ import annotations

import pytest

from lykeion.__main__ import main
from lykeion.accounts import api as accounts
from lykeion.accounts.types import Role
from tests.factories import RUN, course, person, store_course

pytestmark = pytest.mark.django_db


def test_a_role_is_given_and_taken_back(capsys):
    store_course(course())
    carol = person("carol")

    assert main(["team", "add", str(RUN), "carol"]) == 0
    assert Role.STAFF in accounts.roles(carol.pk, RUN.org, RUN)
    assert main(["team", "remove", str(RUN), "carol@example.org", "--role", "staff"]) == 0
    assert Role.STAFF not in accounts.roles(carol.pk, RUN.org, RUN)
    assert capsys.readouterr().out.splitlines() == [
        f"carol is staff of {RUN}", f"carol is no longer staff of {RUN}",
    ]  # fmt: skip


def test_nobody_of_that_name_is_told(capsys):
    store_course(course())

    assert main(["team", "add", str(RUN), "nobody"]) == 1
    assert "Nobody has the user name" in capsys.readouterr().err
