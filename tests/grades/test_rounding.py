import pytest

from lykeion.grades.rounding import around4, away_from_zero, whole_percent


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (1 / 3, 0.3333),
        (2 / 3, 0.6667),
        (0.00005, 0.0),  # half to even
        (0.00035, 0.0004),  # 3.5 scaled: to even 4
        (0.00025, 0.0002),  # 2.5 scaled: to even 2
        (1.0, 1.0),
        (0.12345, 0.1234),  # scaled it is 1234.5 exactly
    ],
)
def test_around4_rounds_as_numpy_does(number: float, expected: float) -> None:
    assert around4(number) == expected


@pytest.mark.parametrize(
    ("number", "digits", "expected"), [(0.5, 0, 1.0), (-0.5, 0, -1.0), (2.5, 0, 3.0), (0.25, 1, 0.3), (-1.4, 0, -1.0)]
)
def test_halves_go_away_from_zero(number: float, digits: int, expected: float) -> None:
    assert away_from_zero(number, digits) == expected


@pytest.mark.parametrize(
    ("total", "percent"), [(0.5945, 0.6), (0.5944, 0.59), (0.59, 0.59), (0.595, 0.6), (0, 0), (1, 1), (1.2, 1.2)]
)
def test_a_course_total_rounds_up_from_x_45(total: float, percent: float) -> None:
    assert whole_percent(total) == percent
