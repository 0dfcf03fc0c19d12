"""The world that authors' code finds: what Open edX promises it."""

from __future__ import annotations

import io
import zipfile

import pytest

from lykeion.sandbox.api import CodeFailed, Sandbox


def test_the_usual_modules_are_there_without_being_imported(sandbox: Sandbox) -> None:
    code = """
x = [numpy.arange(3).tolist(), math.pi > 3, scipy.stats.norm.cdf(0), calc.evaluator({}, {}, '1+1'),
     chemcalc.chemical_equations_equal('H2 + O2 -> H2O2', 'O2 + H2 -> H2O2'), miller.__name__, draganddrop.__name__]
"""

    assert sandbox.run([code], seed=1, want=["x"]).values["x"] == [
        [0, 1, 2], True, 0.5, 2.0, True, "chem.miller", "verifiers.draganddrop",
    ]  # fmt: skip


def test_chance_follows_the_seed_as_in_python_2(sandbox: Sandbox) -> None:
    code = "import random as again\nx = [random.randint(1, 100), again.random(), random.choice('abc'), xrange(3)[1]]"

    first = sandbox.run([code], seed=3, want=["x"]).values["x"]

    assert sandbox.run([code], seed=3, want=["x"]).values["x"] == first
    assert sandbox.run([code], seed=4, want=["x"]).values["x"] != first
    assert first[0] == 24  # random2.Random(3).randint(1, 100)


def test_numpys_chance_follows_the_seed_too(sandbox: Sandbox) -> None:
    code = "x = numpy.random.rand(3).tolist()"

    assert sandbox.run([code], seed=5, want=["x"]) == sandbox.run([code], seed=5, want=["x"])
    assert sandbox.run([code], seed=5, want=["x"]) != sandbox.run([code], seed=6, want=["x"])


def test_only_what_json_holds_comes_back(sandbox: Sandbox) -> None:
    kept = "a = 1\nb = 'é'\nc = (1, [2])\nd = {1: 2}\ng = b'bytes'"
    lost = "e = lambda: 0\nf = {1, 2}\nh = float('nan')\nk = numpy.int64(3)"

    left = sandbox.run([kept, lost], seed=1)

    assert left.values == {"a": 1, "b": "é", "c": [1, [2]], "d": {"1": 2}, "g": "bytes"}


def test_what_was_wanted_and_cannot_be_sent_is_named(sandbox: Sandbox) -> None:
    left = sandbox.run(["x = numpy.bool_(True)"], seed=1, want=["x", "y"])

    assert (left.values, left.lost) == ({}, {"x": "numpy.bool"})


def test_parts_run_one_after_another_in_the_same_world(sandbox: Sandbox) -> None:
    left = sandbox.run(["def f(n): return n + step", "x = f(1)"], seed=1, variables={"step": 4}, want=["x"])

    assert left.values == {"x": 5}


@pytest.mark.parametrize(
    ("code", "kind", "line"),
    [
        ("a = 1\nb = a / 0", "ZeroDivisionError", 2),
        ("def f():\n    return missing\n\nf()", "NameError", 2),
        ("a = (1,\nb = 2", "SyntaxError", 1),
        ("import json\n\njson.loads('{')", "JSONDecodeError", 3),
        ("import nothing_of_this_name", "ModuleNotFoundError", 1),
    ],
)
def test_an_error_is_told_with_the_authors_line(sandbox: Sandbox, code: str, kind: str, line: int) -> None:
    with pytest.raises(CodeFailed) as told:
        sandbox.run(["fine = 1", code], seed=1)

    assert (told.value.kind, told.value.part, told.value.line) == (kind, 1, line)


def test_the_modules_of_the_course_can_be_imported(sandbox: Sandbox) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as library:
        library.writestr("mine.py", "def double(n): return 2 * n")
        library.writestr("kit/__init__.py", "from kit.part import word")
        library.writestr("kit/part.py", "word = 'part'")

    left = sandbox.run(
        ["import mine, kit\nx = [mine.double(4), kit.word]"],
        seed=1,
        want=["x"],
        files={"python_lib.zip": archive.getvalue()},
    )

    assert left.values == {"x": [8, "part"]}
