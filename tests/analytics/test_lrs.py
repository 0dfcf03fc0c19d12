"""Statements on their way to a learning record store, which is a server on this machine."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import pytest

from lykeion.accounts import api as accounts
from lykeion.analytics import lrs
from lykeion.analytics.api import SEND
from lykeion.analytics.lrs import LrsError, Store
from lykeion.analytics.models import Sent
from lykeion.analytics.sources import find_sources
from lykeion.analytics.verbs import VERBS
from lykeion.core.clock import now
from lykeion.jobs import api as jobs
from lykeion.jobs.models import Job
from tests.accounts.people import make
from tests.analytics.test_statements import line, of
from tests.graders.servers import Asked, Server, serving

pytestmark = pytest.mark.django_db
Answer = tuple[int, dict[str, str], bytes]


IRI = re.compile(r"[a-z][a-z0-9+.-]*:[^\s<>\"{}|\\^`]+\Z")


class Lrs:
    """A store as the xAPI specification 1.0.3 has it (parts two and three), for what we send: it wants its key and the
    version, reads every statement for what the specification says of it, keeps each id once, and refuses another
    statement under an id that it has. ``refuse`` gives a status for a batch that it does not take now."""

    def __init__(self) -> None:
        self.kept: dict[str, Any] = {}
        self.refuse: Callable[[list[Any]], int] = lambda batch: 0
        self.why: list[str] = []

    def __call__(self, asked: Asked) -> Answer:
        batch = orjson.loads(asked.body)
        status = self.refuse(batch) or self._judged(asked, batch)
        if status:
            return status, {}, b""
        self.kept.update({one["id"]: one for one in batch})
        return 200, {"Content-Type": "application/json"}, orjson.dumps([one["id"] for one in batch])

    def _judged(self, asked: Asked, batch: list[Any]) -> int:
        if not asked.headers.get("Authorization", "").startswith("Basic "):
            return 401
        wrong = [] if asked.headers.get("X-Experience-Api-Version") == "1.0.3" else ["no version"]
        wrong += [] if asked.headers.get("Content-Type") == "application/json" else ["no JSON"]
        wrong += [] if asked.path.endswith("/statements") else ["no statements"]
        wrong += [] if len({one["id"] for one in batch}) == len(batch) else ["an id twice"]
        wrong += [f"{one['verb']['id']}: {what}" for one in batch for what in faults(one)]
        self.why += wrong
        if wrong:
            return 400
        return 409 * any(self.kept.get(one["id"], one) != one for one in batch)


def faults(one: dict[str, Any]) -> Iterator[str]:
    """What the specification does not allow in a statement."""
    allowed = {"id", "actor", "verb", "object", "result", "context", "timestamp", "version"}
    checks = {
        "fields": set(one) <= allowed and None not in _values(one),
        "id": str(UUID(one["id"])) == one["id"],
        "actor": set(one["actor"]) == {"objectType", "account"} and IRI.match(one["actor"]["account"]["homePage"]),
        "name": isinstance(one["actor"]["account"]["name"], str) and one["actor"]["account"]["name"],
        "verb": IRI.match(one["verb"]["id"]) and all(map(str, one["verb"]["display"].values())),
        "object": IRI.match(one["object"]["id"]) and IRI.match(one["object"]["definition"]["type"]),
        "time": datetime.fromisoformat(one["timestamp"]).tzinfo is not None,
        "version": one["version"] == "1.0.3",
        "parents": all(IRI.match(it["id"]) for it in one["context"]["contextActivities"]["parent"]),
        "extensions": all(IRI.match(name) for name in _extensions(one)),
        "interaction": _is_interaction(one["object"]["definition"]),
        "score": _is_score(one.get("result", {}).get("score")),
        "result": isinstance(one.get("result", {}).get("success", True), bool)
        and isinstance(one.get("result", {}).get("completion", True), bool)
        and isinstance(one.get("result", {}).get("response", ""), str),
    }
    yield from (name for name, is_right in checks.items() if not is_right)


def _values(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for one in value.values():
            yield from _values(one)
    elif isinstance(value, list):
        for one in value:
            yield from _values(one)
    else:
        yield value


def _extensions(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from value.get("extensions", {})
        for one in value.values():
            yield from _extensions(one)


def _is_interaction(definition: dict[str, Any]) -> bool:
    kinds = {"true-false", "choice", "fill-in", "long-fill-in", "matching", "performance", "sequencing", "likert",
             "numeric", "other"}  # fmt: skip
    texts = [*definition.get("description", {}).values(), *definition.get("name", {}).values()]
    return definition.get("interactionType", "other") in kinds and all(isinstance(text, str) for text in texts)


def _is_score(score: dict[str, float] | None) -> bool:
    return score is None or (-1 <= score["scaled"] <= 1 and score["min"] <= score["raw"] <= score["max"])


@pytest.fixture
def store() -> Lrs:
    """What the store holds."""
    return Lrs()


@pytest.fixture
def server(store: Lrs) -> Iterator[Server]:
    """The store's server."""
    with serving(store) as running:
        yield running


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """A tracking log with 250 plays, two of which are alike, and lines that say nothing to a store."""
    path = tmp_path / "tracking.log"
    plays = [line("play_video", currentTime=number) for number in range(249)]
    path.write_bytes(b"".join([*plays, plays[0], b"no event\n", b'{"half of a li']))
    return path


def send(log: Path, server: Server, told: Callable[[str], None] = lambda text: None) -> int:
    """Sends what is new in the folder of ``log``."""
    return lrs.send(find_sources([log.parent]), Store(f"{server.url}/xapi/", "key", "secret"), of, log=told)


def test_what_is_new_is_sent_once_in_batches_with_the_site_s_key(log: Path, server: Server, store: Lrs) -> None:
    first = send(log, server)
    again = send(log, server)
    with log.open("ab") as file:
        file.write(b"ne}\n" + line("pause_video"))
    third = send(log, server)

    assert (first, again, third) == (249, 0, 1)
    assert [len(orjson.loads(one.body)) for one in server.asked] == [100, 100, 49, 1]
    assert len(store.kept) == 250
    assert server.asked[0].path == "/xapi/statements"
    assert server.asked[0].headers["Authorization"] == "Basic a2V5OnNlY3JldA=="
    assert server.asked[0].headers["X-Experience-Api-Version"] == "1.0.3"


def test_a_store_takes_every_kind_of_statement_and_takes_it_again(tmp_path: Path, server: Server, store: Lrs) -> None:
    log = tmp_path / "tracking.log"
    log.write_bytes(b"".join(line(name) for name in VERBS))
    told: list[str] = []

    first = send(log, server, told.append)
    Sent.objects.update(position=0)  # killed before it was noted
    again = send(log, server, told.append)

    assert (store.why, told) == ([], [])
    assert (first, again, len(store.kept)) == (len(VERBS), len(VERBS), len(VERBS))


def test_another_statement_under_the_same_id_is_left_out_and_told(log: Path, server: Server, store: Lrs) -> None:
    mine = of(line("play_video", currentTime=42))
    store.kept[mine["id"]] = mine | {"timestamp": "2020-01-01T00:00:00+00:00"}
    told: list[str] = []

    taken = send(log, server, told.append)

    assert (taken, len(store.kept)) == (248, 249)
    assert [words.split("Left out: ")[1].split(" ")[0] for words in told] == [mine["id"]]
    assert "HTTP status 409" in told[0]


def test_a_log_that_was_rotated_and_packed_is_not_sent_again(log: Path, server: Server) -> None:
    log.write_bytes(log.read_bytes().removesuffix(b'{"half of a li'))
    send(log, server)

    log.with_name("tracking.log-1.gz").write_bytes(gzip.compress(log.read_bytes()))
    log.write_bytes(line("load_video"))

    assert send(log, server) == 1


def test_a_log_that_is_rotated_in_between_is_not_taken_for_the_next(log: Path, server: Server, store: Lrs) -> None:
    found = find_sources([log])
    log.rename(f"{log}-1")
    log.write_bytes(line("play_video", id="another"))

    early = lrs.send(found, Store(f"{server.url}/xapi/", "key", "secret"), of)

    assert (early, send(log, server), len(store.kept)) == (0, 250, 250)


@pytest.mark.parametrize("status", [401, 429, 500, 302])
def test_a_store_that_cannot_take_anything_now_gets_it_later_with_the_same_ids(
    log: Path, server: Server, store: Lrs, status: int
) -> None:
    store.refuse = lambda batch: status if store.kept else 0  # after the first batch
    with pytest.raises(LrsError, match=f"HTTP status {status}"):
        send(log, server)

    store.refuse = lambda batch: 0
    taken = send(log, server)

    assert (taken, len(store.kept)) == (249, 249)
    assert sum(len(orjson.loads(one.body)) for one in server.asked) > 249  # the first hundred came twice


def test_a_store_that_is_not_there_is_told(log: Path) -> None:
    with pytest.raises(LrsError, match="does not answer"):
        lrs.send(find_sources([log]), Store("http://127.0.0.1:1", "", ""), of)

    assert Sent.objects.get().position == 0


def test_one_statement_that_is_refused_for_good_holds_up_no_other(log: Path, server: Server, store: Lrs) -> None:
    bad = of(line("play_video", currentTime=42))["id"]
    store.refuse = lambda batch: 400 * any(one["id"] == bad for one in batch)
    told: list[str] = []

    taken = send(log, server, told.append)

    assert (taken, len(store.kept)) == (248, 248)
    [words] = told
    assert words.startswith(f"The learning record store answered with HTTP status 400. Left out: {bad} (")


def test_a_packed_log_that_is_broken_is_told_and_the_next_one_sent(log: Path, server: Server, store: Lrs) -> None:
    whole = gzip.compress(b"".join(line("stop_video", currentTime=n) for n in range(2_500)), mtime=0)
    log.with_name("tracking.log-0.gz").write_bytes(whole[:-100])
    told: list[str] = []

    send(log, server, told.append)

    assert len(told) == 1
    assert "tracking.log-0.gz is broken from here on" in told[0]
    assert len([one for one in store.kept.values() if one["verb"]["id"].endswith("played")]) == 249


def test_the_job_calls_people_by_an_id_of_this_site(log: Path, server: Server, store: Lrs, settings: Any) -> None:
    settings.LYKEION_TRACKING_LOG = log
    settings.LYKEION_LRS_URL, settings.LYKEION_LRS_KEY, settings.LYKEION_LRS_SECRET = server.url, "k", "s"

    jobs.enqueue(SEND, None)
    jobs.run_pending()

    names = {one["actor"]["account"]["name"] for one in store.kept.values()}
    [name] = names
    assert (len(store.kept), accounts.whose_id(name.replace("-", ""))) == (249, 7)


def test_whoever_deleted_their_account_is_told_of_no_more(log: Path, server: Server, store: Lrs, settings: Any) -> None:
    """While the store is away some lines wait; when it is back their learner is gone. Nor does a retry send them."""
    settings.LYKEION_TRACKING_LOG = log
    settings.LYKEION_LRS_URL, settings.LYKEION_LRS_KEY, settings.LYKEION_LRS_SECRET = server.url, "k", "s"
    alice, bob = make("alice"), make("bob")
    lines = [line("play_video", currentTime=number, user=who.id) for number in range(60) for who in (alice, bob)]
    log.write_bytes(b"".join(lines))
    store.refuse = lambda batch: 503
    order = jobs.enqueue(SEND, None)
    jobs.run_pending()

    accounts.retire(alice.id, at=now())
    store.refuse = lambda batch: 503 if store.kept else 0  # it takes one batch, and the rest at the third try
    for _try in range(2):
        Job.objects.filter(pk=order).update(due=now())
        jobs.run_pending()
        store.refuse = lambda batch: 0

    who = [accounts.whose_id(one["actor"]["account"]["name"].replace("-", "")) for one in store.kept.values()]
    assert who == [bob.id] * 60


def test_they_are_left_out_of_halves_of_a_refused_batch_too(log: Path, server: Server, store: Lrs) -> None:
    store.refuse = lambda batch: 400 * (len(batch) > 1)
    asked: list[int] = []

    def gone(names: Collection[str]) -> set[str]:
        asked.append(len(names))
        return set(names) if len(asked) > 1 else set()  # they go while the store thinks

    taken = lrs.send(find_sources([log]), Store(server.url, "k", "s"), of, gone)

    assert (taken, store.kept, len(server.asked)) == (0, {}, 1)


@pytest.mark.parametrize("user", [1 << 48, -7, True])
def test_a_number_that_is_nobody_s_stops_nobody(
    log: Path, server: Server, store: Lrs, settings: Any, user: int
) -> None:
    """Blocks publish what browsers hand them."""
    settings.LYKEION_TRACKING_LOG = log
    settings.LYKEION_LRS_URL, settings.LYKEION_LRS_KEY, settings.LYKEION_LRS_SECRET = server.url, "k", "s"
    log.write_bytes(line("edx.course.grade.now_passed", user_id=user) + line("edx.course.grade.now_passed"))

    jobs.enqueue(SEND, None)
    jobs.run_pending()

    assert len(store.kept) == 1
