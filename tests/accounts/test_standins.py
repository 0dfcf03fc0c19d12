"""Ids that stand for people."""

from __future__ import annotations

import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from lykeion.accounts.standins import read, stand_in


@given(user_id=st.integers(0, 2**48 - 1), place=st.text())
def test_an_id_is_read_back_in_its_place_and_in_no_other(user_id: int, place: str) -> None:
    made = stand_in(user_id, place)

    assert (read(made), read(made, place), read(made, f"not {place}")) == (user_id, user_id, None)


@pytest.mark.parametrize("text", ["", "7", "x" * 32, "0" * 32, "f" * 32, "0" * 34, "é" * 32])
def test_what_is_no_id_stands_for_nobody(text: str) -> None:
    assert read(text) is None


def test_one_digit_changed_makes_an_id_of_nobody() -> None:
    made = stand_in(7, "here")

    changed = [made[:at] + ("0" if made[at] != "0" else "1") + made[at + 1 :] for at in range(len(made))]

    assert {read(one) for one in changed} == {None}


def test_another_secret_key_reads_nothing() -> None:
    made = stand_in(7, "here")

    with override_settings(SECRET_KEY="another"):
        assert read(made) is None
