"""Numbers and times in words."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Literal

import pytest

from pipelinekit.views import words


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        pytest.param(None, "–", id="nothing"),
        pytest.param(0, "0.0s", id="zero"),
        pytest.param(0.44, "0.4s", id="tenths"),
        pytest.param(9.94, "9.9s", id="under ten"),
        pytest.param(9.96, "10s", id="ten, not 10.0"),
        pytest.param(59.6, "1m 00s", id="rounds over the minute"),
        pytest.param(64.2, "1m 04s", id="minute"),
        pytest.param(3599.6, "1h 00m", id="rounds over the hour"),
        pytest.param(4320, "1h 12m", id="hour"),
        pytest.param(-78, "−1m 18s", id="negative"),
    ],
)
def test_a_duration_is_written_as_people_say_it(seconds: float | None, text: str) -> None:
    assert words.duration(seconds) == text.replace(" ", words.NO_BREAK)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(None, "–"), (12, "12s"), (58 * 60, "58m"), (19_200, "5h 20m"), (-240, "−4m")],
    ids=["nothing", "seconds stay", "minutes", "hours", "negative"],
)
def test_a_sum_is_written_in_whole_minutes(seconds: float | None, text: str) -> None:
    assert words.minutes(seconds) == text.replace(" ", words.NO_BREAK)


@pytest.mark.parametrize(
    ("share", "n", "text"),
    [
        pytest.param(0.982, None, "98.2", id="one decimal"),
        pytest.param(0.982, 99, "98", id="none under n = 100"),
        pytest.param(0.9999, None, "99.9", id="not all is not 100"),
        pytest.param(0.0001, None, "0.1", id="something is not 0"),
        pytest.param(1.0, 12, "100", id="all"),
        pytest.param(0.0, None, "0.0", id="nothing"),
    ],
)
def test_a_share_never_rounds_to_nothing_or_all(share: float, n: int | None, text: str) -> None:
    assert words.percent(share, n) == f"{text}\u202f%"


@pytest.mark.parametrize(
    ("change", "good", "noise", "text", "tone"),
    [
        pytest.param(77.0, "less", 0.0, "↑ +1m 17s worse", "worse", id="slower"),
        pytest.param(-6.0, "less", 0.0, "↓ −6.0s better", "better", id="faster"),
        pytest.param(2.0, "less", 5.0, "↑ +2.0s", "", id="within noise"),
        pytest.param(0.01, "less", 0.0, "no change", "", id="too small to write"),
        pytest.param(20.0, "", 0.0, "↑ +20s", "", id="no direction is good"),
        pytest.param(20.0, "more", 0.0, "↑ +20s better", "better", id="more is good"),
    ],
)
def test_a_change_says_in_words_whether_it_is_good(
    change: float, good: Literal["more", "less", ""], noise: float, text: str, tone: str
) -> None:
    said = words.delta(change, good=good, noise=noise)
    assert said.text.replace(words.NO_BREAK, " ") == text
    assert said.tone == tone


def test_a_change_of_a_share_is_in_points() -> None:
    assert words.delta(-0.083, words.points, good="more").text.replace(words.NO_BREAK, " ") == "↓ −8.3 pts worse"


def test_times_are_utc_wherever_they_come_from() -> None:
    there = datetime(2026, 11, 23, 18, 21, tzinfo=timezone(timedelta(hours=1)))
    assert words.when(there) == "23 Nov 2026 17:21 UTC"
    assert words.when_short(datetime(2026, 11, 3, 7, 5, tzinfo=UTC)) == "3 Nov 07:05"
    assert words.when(None) == "–"


def test_a_span_of_days_names_the_year_once() -> None:
    assert words.days(date(2026, 10, 27), date(2026, 11, 23)) == "27 Oct – 23 Nov 2026"
    assert words.days(date(2025, 12, 30), date(2026, 1, 2)) == "30 Dec 2025 – 2 Jan 2026"
    assert words.days(date(2026, 1, 2), date(2026, 1, 2)) == "2 Jan 2026"


@pytest.mark.parametrize(
    ("size_bytes", "text"),
    [
        (None, "–"),
        (0, "0 B"),
        (999, "999 B"),
        (84_000, "84 kB"),
        (1_240_000, "1.2 MB"),
        (999_600, "1.0 MB"),
        (34e9, "34 GB"),
    ],
)
def test_sizes_are_powers_of_a_thousand(size_bytes: float | None, text: str) -> None:
    assert words.size(size_bytes) == text.replace(" ", words.NO_BREAK)


def test_small_words() -> None:
    assert words.count(61_240) == "61,240"
    assert words.of(3, 41) == "3 of 41"
    assert words.sample(144, "run") == "n = 144 runs".replace(" ", words.NO_BREAK)
    assert words.too_few(3) == "too few (n = 3)".replace("n = 3", f"n{words.NO_BREAK}={words.NO_BREAK}3")
    assert words.plural(1, "run") == f"1{words.NO_BREAK}run"
    assert words.plural(2, "branch", "branches") == f"2{words.NO_BREAK}branches"
    assert words.listed(["a"]) == "a"
    assert words.listed(["a", "b", "c"]) == "a, b and c"
    assert words.listed(list("abcdef"), most=3) == "a, b, c and 3 more"
    assert words.sentence(words.number(9)) == "Nine"
    assert words.number(13) == "13"
    assert words.commit("e3b7d52aa01") == "e3b7d52"


def test_an_estimate_carries_its_interval() -> None:
    assert words.estimate(0.023, 0.012, 0.035) == "2.3\u202f% [1.2–3.5]"
    assert words.estimate(0.023, None, None) == "2.3\u202f%"
    assert words.interval(66, 91, words.duration).replace(words.NO_BREAK, " ") == "[1m 06s–1m 31s]"
