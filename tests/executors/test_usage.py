"""What a control group's files say."""

import pytest

from pipelinekit.executors.base import Usage
from pipelinekit.executors.usage import read


@pytest.mark.parametrize(
    ("lines", "usage"),
    [
        pytest.param(["v2", "4096", "usage_usec 1500000", "user_usec 1", "system_usec 2"], Usage(1.5, 4096), id="second-version"),
        pytest.param(["v2", "usage_usec 1500000"], Usage(1.5, None), id="a-kernel-without-memory.peak"),
        pytest.param(["v1", "4096", "1500000000"], Usage(1.5, 4096), id="first-version"),
        pytest.param(["v1"], Usage(), id="no-control-group"),
        pytest.param([], Usage(), id="silence"),
    ],
)
def test_usage_is_read_from_either_kind_of_control_group(lines: list[str], usage: Usage) -> None:
    assert read(lines) == usage
