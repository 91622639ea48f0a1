"""A table in, a figure out; nothing else. Here as `pk.charts`: each takes an answer of `pipelinekit.analysis`, and shows itself."""

from pipelinekit.charts.build_times import build_times
from pipelinekit.charts.cache_hits import cache_hits
from pipelinekit.charts.cache_saved import cache_saved
from pipelinekit.charts.coverage_trend import coverage_trend
from pipelinekit.charts.flaky_rates import flaky_rates

__all__ = ["build_times", "cache_hits", "cache_saved", "coverage_trend", "flaky_rates"]
