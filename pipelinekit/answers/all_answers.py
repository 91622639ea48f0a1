"""The questions that can be asked by name, in the order in which they are listed."""

from collections.abc import Callable, Mapping

from pipelinekit.answers import cache, coverage, flaky, health, speed
from pipelinekit.answers.question import Answer, Asked

ALL_ANSWERS: Mapping[str, Callable[[Asked], Answer]] = {
    "flaky": flaky.answer,
    "speed": speed.answer,
    "coverage": coverage.answer,
    "cache": cache.answer,
    "health": health.answer,
}
