import numpy as np
import pytest

from pipelinekit.analysis.change_points import FEWEST, ChangePoint, change_points

RNG = 20_261_124


def noisy(*parts: tuple[int, float], spread: float = 0.04) -> list[float]:
    """So many values around each level, log-normal with `spread`."""
    random = np.random.default_rng(RNG)
    levels = np.concatenate([np.full(count, level) for count, level in parts])
    return list(levels * np.exp(random.normal(0, spread, len(levels))))


@pytest.mark.parametrize(
    ("parts", "places"),
    [
        pytest.param([(60, 300.0)], [], id="no-change"),
        pytest.param([(30, 300.0), (30, 378.0)], [30], id="slower"),
        pytest.param([(30, 378.0), (30, 300.0)], [30], id="faster"),
        pytest.param([(40, 300.0), (40, 360.0), (40, 300.0)], [40, 80], id="and-back"),
        pytest.param([(9, 300.0), (9, 420.0)], [9], id="few-runs"),
        pytest.param([(30, 300.0), (3, 600.0), (30, 300.0)], [], id="a-slow-evening"),
    ],
)
def test_changes_are_found_where_they_are(parts: list[tuple[int, float]], places: list[int]) -> None:
    found = [point.at for point in change_points(noisy(*parts))]
    assert len(found) == len(places)
    assert all(abs(at - place) <= 2 for at, place in zip(found, places, strict=True))


def test_a_change_has_its_medians_its_share_and_its_certainty() -> None:
    (point,) = change_points(noisy((30, 300.0), (30, 378.0)))
    assert point.before == pytest.approx(300, rel=0.02)
    assert point.after == pytest.approx(378, rel=0.02)
    assert point.change == pytest.approx(point.after / point.before - 1)
    assert point.p_value < 1e-10


def test_values_without_noise_change_for_certain() -> None:
    (point,) = change_points([10.0] * 12 + [13.0] * 12)
    assert point.at == 12
    assert point.change == pytest.approx(0.3)


@pytest.mark.parametrize(
    "values",
    [
        pytest.param([], id="none"),
        pytest.param([1.0], id="one"),
        pytest.param([1.0] * (FEWEST - 1) + [9.0] * FEWEST, id="too-few-on-one-side"),
        pytest.param([7.0] * 100, id="all-equal"),
        pytest.param([0.0] * 30, id="all-zero"),
        pytest.param([100.0] * 50 + [102.0] * 50, id="certain-but-small"),
    ],
)
def test_there_is_no_change_where_none_can_be_told(values: list[float]) -> None:
    assert change_points(values) == []


def test_one_slow_run_is_no_change_and_hides_none() -> None:
    values = noisy((30, 300.0), (30, 360.0))
    values[10], values[50] = 4_000.0, 5_000.0
    assert [abs(point.at - 30) <= 2 for point in change_points(values)] == [True]


def test_noise_is_hardly_ever_taken_for_a_change() -> None:
    random = np.random.default_rng(RNG)
    false = [len(change_points(list(300 * np.exp(random.normal(0, 0.1, 100))))) for _ in range(100)]
    assert sum(false) <= 4


def test_a_slope_is_told_from_steps() -> None:
    random = np.random.default_rng(RNG)
    slope = list(300 * np.linspace(1, 1.5, 120) * np.exp(random.normal(0, 0.04, 120)))
    steps = noisy((40, 300.0), (40, 360.0), (40, 450.0))

    def kinds(found: list[ChangePoint]) -> set[bool]:
        return {point.gradual for point in found}

    assert kinds(change_points(slope)) == {True}
    assert kinds(change_points(steps)) == {False}


def test_in_a_long_series_a_change_is_found_where_it_is_and_not_at_the_edge_of_a_window() -> None:
    found = change_points(noisy((2_500, 300.0), (2_500, 330.0), spread=0.1))
    assert [abs(point.at - 2_500) <= 25 for point in found] == [True]
