"""``lykeion mail``: a mail that came back, from the command line."""

from __future__ import annotations

import io
import json

import pytest

from lykeion.__main__ import main
from lykeion.notices import tokens
from tests.factories import person

pytestmark = pytest.mark.django_db


def test_a_mail_that_came_back_is_taken_listed_and_forgiven(capsys, monkeypatch):
    alice = person("alice")
    token = tokens.bounce_token(alice.pk, "alice@example.org")
    report = (
        f"To: bounces+{token}@example.org\nContent-Type: multipart/report; boundary=b\n\n"
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; a\n\nAction: failed\nStatus: 5.1.1\n\n"
        "--b--\n"
    )
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(report.encode())))

    assert main(["mail", "bounces"]) == 0
    assert main(["mail", "suppressed", "--json"]) == 0
    assert main(["mail", "suppressed"]) == 0
    assert main(["mail", "restore", "alice"]) == 0
    assert main(["mail", "restore", "alice"]) == 1

    first, listed, plain, restored = capsys.readouterr().out.splitlines()
    assert first == "suppressed alice 5.1.1"
    assert [(one["username"], one["email"]) for one in json.loads(listed)] == [("alice", "alice@example.org")]
    assert plain.startswith("alice  alice@example.org  ")
    assert restored == "mail goes to alice again"


def test_other_mail_is_no_failure(capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"Subject: hello\n\n")))

    assert main(["mail", "bounces"]) == 0
    assert capsys.readouterr().out == "not_ours\n"
