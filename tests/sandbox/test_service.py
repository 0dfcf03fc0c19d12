"""Many at once, none there, and what the site is told when nothing can be run."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from lykeion.sandbox.api import Sandbox, Stopped, Unavailable, private_sandbox


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


def test_a_nursery_that_is_killed_comes_again(sandbox: Sandbox) -> None:
    sandbox.run(["x = 1"], seed=1)
    keeper = next(child for child in psutil.Process().children() if str(sandbox.path) in " ".join(child.cmdline()))

    for process in keeper.children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            process.kill()

    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            assert sandbox.run(["x = 2"], seed=1, want=["x"]).values == {"x": 2}
            break
        except (Unavailable, Stopped):  # it says so for some seconds, then begins anew
            time.sleep(0.5)
    else:
        pytest.fail("The sandbox did not come again.")


def test_a_python_without_the_libraries_says_what_is_missing() -> None:
    with private_sandbox(running=1) as sandbox, pytest.raises(Exception, match="no_such_library"):
        sandbox.run(["import no_such_library"], seed=1)
