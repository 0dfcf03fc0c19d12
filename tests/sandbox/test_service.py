"""Many at once, none there, and what the site is told when nothing can be run."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from lykeion.sandbox.api import Sandbox, Unavailable, private_sandbox


def test_two_hundred_at_once_are_all_served(sandbox: Sandbox) -> None:
    def run(number: int) -> object:
        return sandbox.run([f"x = sum(range({number}))"], seed=1, want=["x"]).values["x"]

    with ThreadPoolExecutor(200) as pool:
        answers = list(pool.map(run, range(200)))

    assert answers == [sum(range(number)) for number in range(200)]


def test_code_that_never_ends_holds_up_nobody_for_long(sandbox: Sandbox) -> None:
    def loop(_: int) -> str:
        with pytest.raises(Exception, match=r"time|long"):
            sandbox.run(["while True: pass"], seed=1)
        return "ended"

    with ThreadPoolExecutor(20) as pool:
        endless = [pool.submit(loop, number) for number in range(6)]
        quick = [pool.submit(sandbox.run, ["x = 1"], seed=1) for _ in range(12)]

    assert [one.result() for one in endless] == ["ended"] * 6
    assert [one.result().values["x"] for one in quick] == [1] * 12


def test_where_no_sandbox_listens_one_is_told_how_to_start_it(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="`lykeion sandbox`"):
        Sandbox(tmp_path / "socket").run(["x = 1"], seed=1)
    with pytest.raises(Unavailable, match="`lykeion sandbox`"):
        Sandbox(tmp_path / ("long" * 40)).run(["x = 1"], seed=1)


def test_a_machine_that_is_too_weak_runs_nothing_and_says_why(capfd: pytest.CaptureFixture[str]) -> None:
    with private_sandbox(strongest="limits", minimum="filtered") as sandbox:
        for _ in range(2):
            with pytest.raises(Unavailable, match="'limits', and the site asks for 'filtered'"):
                sandbox.run(["x = 1"], seed=1)

    assert "LYKEION_SANDBOX_MINIMUM" in capfd.readouterr().err


def test_an_operator_may_ask_for_less() -> None:
    with private_sandbox(strongest="limits", minimum="limits") as sandbox:
        left = sandbox.run(["x = 1"], seed=1, want=["x"])

    assert (left.values, left.level) == ({"x": 1}, "limits")


def test_an_idle_sandbox_gives_its_memory_back_and_comes_again() -> None:
    with private_sandbox(idle_seconds=1, running=1) as sandbox:
        first = sandbox.run(["x = 1"], seed=1, want=["x"]).values
        keeper = next(child for child in psutil.Process().children() if str(sandbox.path) in " ".join(child.cmdline()))
        until = time.monotonic() + 30
        while keeper.children() and time.monotonic() < until:
            time.sleep(0.1)
        resting = keeper.children()
        again = sandbox.run(["x = 2"], seed=1, want=["x"]).values

    assert (first, resting, again) == ({"x": 1}, [], {"x": 2})


def test_a_nursery_that_is_killed_at_work_is_there_again_at_once() -> None:
    with private_sandbox(running=1, pause_seconds=0.1) as sandbox:
        _kill_the_nursery(sandbox)

        assert sandbox.run(["x = 2"], seed=1, want=["x"]).values == {"x": 2}


def test_a_nursery_that_is_killed_as_it_starts_says_so_for_a_while() -> None:
    with private_sandbox(running=1, pause_seconds=60.0) as sandbox:
        _kill_the_nursery(sandbox)

        for _ in range(2):
            with pytest.raises(Unavailable, match="ended with -9"):
                sandbox.run(["x = 2"], seed=1)


def _kill_the_nursery(sandbox: Sandbox) -> None:
    sandbox.run(["x = 1"], seed=1)
    keeper = next(child for child in psutil.Process().children() if str(sandbox.path) in " ".join(child.cmdline()))
    nursery = keeper.children(recursive=True)

    for process in nursery:
        with suppress(psutil.NoSuchProcess):
            process.kill()

    gone, left = psutil.wait_procs(nursery, timeout=30)
    assert gone and not left


def test_a_python_without_the_libraries_says_what_is_missing() -> None:
    with private_sandbox(running=1) as sandbox, pytest.raises(Exception, match="no_such_library"):
        sandbox.run(["import no_such_library"], seed=1)
