"""The home folder and its key."""

from __future__ import annotations

from pathlib import Path

from lykeion.core.home import make_home, secret_key


def test_a_new_home_is_closed_to_other_people_of_the_machine(tmp_path: Path) -> None:
    make_home(tmp_path / "home")

    assert (tmp_path / "home").stat().st_mode & 0o007 == 0


def test_the_key_is_made_once_and_read_by_its_owner_only(tmp_path: Path) -> None:
    made = secret_key(tmp_path)

    assert (secret_key(tmp_path), len(made) >= 50) == (made, True)
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]
