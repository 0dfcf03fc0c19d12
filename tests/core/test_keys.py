from __future__ import annotations

from collections.abc import Callable

import pytest

from lykeion.core.keys import BadKey, parse_run, parse_usage, ref_of, run_of, usage_of

RUN = run_of("MITx", "6.00x", "2026")


def test_run_keys_are_those_of_open_edx() -> None:
    assert str(RUN) == "course-v1:MITx+6.00x+2026"
    assert parse_run("course-v1:MITx+6.00x+2026") == RUN


@pytest.mark.parametrize("text", ["", "MITx", "course-v1:MITx+6.00x", "block-v1:a+b+c+type@t+block@i", "../etc/passwd"])
def test_a_text_that_is_no_run_key_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(BadKey, match=r"course-v1:ORG\+COURSE\+RUN"):
        parse_run(text)


@pytest.mark.parametrize("part", ["", "a b", "a/b", "a+b", "ä\n"])
def test_a_wrong_part_of_a_key_is_named(part: str) -> None:
    with pytest.raises(BadKey, match="course number"):
        run_of("MITx", part, "2026")


def test_a_ref_and_its_usage_key_say_the_same() -> None:
    usage = usage_of(RUN, "problem@p1")

    assert str(usage) == "block-v1:MITx+6.00x+2026+type@problem+block@p1"
    assert ref_of(parse_usage(str(usage))) == "problem@p1"


@pytest.mark.parametrize(
    ("parse", "text"),
    [
        (parse_run, f"course-v1:MITx+6.00x+{'9' * 300}"),
        (parse_usage, f"block-v1:MITx+6.00x+2026+type@problem+block@{'p' * 700}"),
    ],
)
def test_a_text_too_long_for_a_key_is_refused_in_few_words(parse: Callable[[str], object], text: str) -> None:
    with pytest.raises(BadKey, match="too long for a key") as refused:
        parse(text)

    assert len(str(refused.value)) < 150
