"""The lock of a lake that is no folder of this machine, tried in one."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pyarrow import fs

from lykeion.analytics import locking
from lykeion.analytics.ingest import ingest, work
from lykeion.analytics.lake import Lake, LakeBusy
from tests.analytics.lines import enrolled

STORE = fs.LocalFileSystem()


@pytest.fixture
def folder(tmp_path: Path) -> str:
    """Where claims are put."""
    return str(tmp_path / "lock")


@pytest.fixture
def far(tmp_path: Path) -> Callable[[], Lake]:
    """A lake that is taken for one elsewhere, opened anew at each call."""

    def opened() -> Lake:
        made = Lake(str(tmp_path / "lake"))
        made.is_local = False
        return made

    return opened


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locking, "_PAUSE", 0.01)
    monkeypatch.setattr(locking, "_SIGN", 0.05 / locking.LEASE)  # signs of life come often, and hold for long


def test_the_second_one_hears_who_has_it_and_gets_it_afterwards(folder: str) -> None:
    with (
        locking.held(STORE, folder),
        pytest.raises(locking.Taken, match=f"process {os.getpid()} on ") as taken,
        locking.held(STORE, folder),
    ):
        pass
    with locking.held(STORE, folder):
        claims = len(list(Path(folder).iterdir()))

    assert "since 20" in str(taken.value)
    assert (claims, list(Path(folder).iterdir())) == (1, [])


def test_of_many_who_begin_at_once_never_two_have_it(folder: str) -> None:
    inside: list[int] = []
    most: list[int] = []
    begin = threading.Barrier(6)

    def write(number: int) -> None:
        begin.wait()
        for _round in range(5):
            try:
                with locking.held(STORE, folder):
                    inside.append(number)
                    most.append(len(inside))
                    time.sleep(0.002)
                    inside.remove(number)
            except locking.Taken:
                continue

    threads = [threading.Thread(target=write, args=(number,)) for number in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert set(most) == {1}
    assert list(Path(folder).iterdir()) == []


def _killed(folder: str, ago: float) -> Path:
    """What somebody left who had the lock and gave no sign of life for some seconds."""
    claim = Path(folder) / "dead.json"
    claim.parent.mkdir(parents=True, exist_ok=True)
    claim.write_text('{"host": "there", "process": 1, "since": "yesterday"}')
    os.utime(claim, (time.time() - ago, time.time() - ago))
    return claim


def test_who_was_killed_is_waited_for_until_their_time_is_over(folder: str) -> None:
    claim = _killed(folder, locking.LEASE - 30)
    with pytest.raises(locking.Taken, match="process 1 on there, since yesterday"), locking.held(STORE, folder):
        pass
    waited = claim.exists()

    _killed(folder, locking.LEASE + 5)
    with locking.held(STORE, folder):
        pass

    assert (waited, claim.exists()) == (True, False)


def test_who_lives_keeps_it_however_long_it_takes(folder: str) -> None:
    with locking.held(STORE, folder) as claim:
        [file] = Path(folder).iterdir()
        first = file.stat().st_mtime_ns
        while file.stat().st_mtime_ns == first:
            time.sleep(0.01)
        claim.check()


def test_who_gave_no_sign_of_life_does_not_rely_on_it(folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locking, "_SIGN", 1.0)
    with locking.held(STORE, folder) as claim:
        claim.check()
        moment = time.clock_gettime(locking._CLOCK)
        monkeypatch.setattr(time, "clock_gettime", lambda clock: moment + locking.LEASE)  # the machine slept

        with pytest.raises(locking.Lost):
            claim.check()


def test_whose_claim_was_taken_away_has_lost_it(folder: str) -> None:
    with locking.held(STORE, folder) as claim:
        [file] = Path(folder).iterdir()
        file.unlink()
        with pytest.raises(locking.Lost):
            while True:
                claim.check()
                time.sleep(0.01)

    assert list(Path(folder).iterdir()) == []


def test_a_lake_elsewhere_has_one_writer(far: Callable[[], Lake], tmp_path: Path) -> None:
    (tmp_path / "tracking.log").write_bytes(enrolled(1))

    with far().writing(), pytest.raises(LakeBusy, match=r"Somebody else \(process .* is writing .* in 2 minutes"):
        ingest([tmp_path / "tracking.log"], far())

    assert ingest([tmp_path / "tracking.log"], far(), processes=1).lines == 1


def test_who_has_it_may_take_it_again(far: Callable[[], Lake], tmp_path: Path) -> None:
    (tmp_path / "tracking.log").write_bytes(enrolled(1))
    lake = far()

    with lake.writing():
        ingest([tmp_path / "tracking.log"], lake, processes=1)
        with pytest.raises(LakeBusy), far().writing():
            pass

    with far().writing():
        assert len(lake.files("enrol")) == 1


def test_what_a_killed_writer_left_half_done_goes(far: Callable[[], Lake]) -> None:
    lake = far()
    left = Path(lake.path("_tmp", "half"))
    left.parent.mkdir(parents=True)
    left.write_bytes(b"PAR1")

    with lake.writing():
        pass

    assert not left.exists()


def test_who_lost_it_changes_nothing_any_more(far: Callable[[], Lake]) -> None:
    lake = far()
    lake.write_text("theirs", "settled.json")

    with pytest.raises(LakeBusy, match=r"lock of the lake .* was lost"), lake.writing():
        [claim] = Path(lake.path("_lock")).iterdir()
        claim.unlink()  # they were taken for dead
        while True:
            lake.write_text("ours", "another.json")
            time.sleep(0.01)
    with pytest.raises(LakeBusy), lake.writing():
        [claim] = Path(lake.path("_lock")).iterdir()
        claim.unlink()
        while True:
            lake.keep_only([], "settled")
            Path(lake.path("settled")).mkdir(exist_ok=True)
            Path(lake.path("settled", "theirs")).write_text("theirs")
            time.sleep(0.01)

    assert Path(lake.path("settled", "theirs")).exists()


def test_processes_that_read_for_somebody_who_lost_it_change_nothing(far: Callable[[], Lake], tmp_path: Path) -> None:
    (tmp_path / "tracking.log").write_bytes(enrolled(1))
    tickets: list[str] = []

    def spread(do: Callable[[Any], Any], tasks: Any) -> Any:
        tickets.append(do.keywords["ticket"])  # type: ignore[attr-defined]
        return ((task, work(task, str(tmp_path / "lake"), "of another.json")) for task in tasks)

    with pytest.raises(LakeBusy, match=r"lock of the lake .* was lost"):
        ingest([tmp_path / "tracking.log"], far(), cluster=spread)

    assert (len(tickets[0]), far().files("enrol")) == (29, [])
