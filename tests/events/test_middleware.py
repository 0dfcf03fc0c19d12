"""The implicit event of every request."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.accounts.people import PASSWORD, make


@pytest.fixture
def log(settings: object, tmp_path: Path) -> Path:
    """The tracking log of this test."""
    settings.LYKEION_TRACKING_LOG = tmp_path / "tracking.log"  # type: ignore[attr-defined]
    return tmp_path / "tracking.log"


def implicit(log: Path) -> list[dict[str, Any]]:
    """The implicit events: those named like the path."""
    lines = [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []
    return [line for line in lines if line["name"].startswith("/")]


@pytest.mark.django_db(transaction=True)
def test_a_request_says_what_was_asked(client: Client, log: Path) -> None:
    alice = make("alice")
    client.login(username="alice", password=PASSWORD)

    client.get("/courses?q=owls&page=2", headers={"user-agent": "Fox"})

    (line,) = implicit(log)
    assert (line["event_type"], line["event_source"], line["username"]) == ("/courses", "server", "alice")
    assert line["context"] == {"course_id": "", "org_id": "", "user_id": alice.id, "path": "/courses"}
    assert json.loads(line["event"]) == {"GET": {"q": ["owls"], "page": ["2"]}, "POST": {}}
    assert len(line["session"]) == 32
    assert client.session.session_key not in log.read_text()


@pytest.mark.django_db(transaction=True)
def test_passwords_and_tokens_are_masked(client: Client, log: Path) -> None:
    make("alice")
    client.login(username="alice", password=PASSWORD)

    client.post(
        "/account/delete/?token=t0ps3cret", {"username": "bob", "password": "s3cret", "csrfmiddlewaretoken": "c"}
    )

    (line,) = implicit(log)
    assert json.loads(line["event"]) == {
        "GET": {"token": ["********"]},
        "POST": {"username": ["bob"], "password": ["********"], "csrfmiddlewaretoken": ["********"]},
    }
    assert "s3cret" not in log.read_text()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", ["/event?event_type=x", "/account/login/", "/account/confirm-email/key/", "/static/x"])
def test_noise_and_addresses_with_secrets_are_left_out(client: Client, log: Path, path: str) -> None:
    client.get(path)

    assert implicit(log) == []


@pytest.mark.django_db(transaction=True)
def test_long_values_are_cut_and_stay_json(client: Client, log: Path) -> None:
    client.get("/courses", {f"field{number}": "x" * 5_000 for number in range(50)})

    (line,) = implicit(log)
    sent = json.loads(line["event"])["GET"]
    assert len(sent) == 20
    assert {len(value) for values in sent.values() for value in values} == {64}


@pytest.mark.django_db(transaction=True)
def test_a_visitor_without_a_session_costs_no_query(client: Client, log: Path, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        client.get("/courses/nothing/here")

    (line,) = implicit(log)
    assert (line["username"], line["context"]["user_id"], line["session"]) == ("", None, "")
