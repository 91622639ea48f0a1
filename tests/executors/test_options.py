"""The options of a leg's container."""

import pytest

from pipelinekit.executors.options import host_options
from pipelinekit.model.problem import SurroundingsMissing


def test_options_are_read_as_docker_create_reads_them() -> None:
    words = "--cpus 1.5 -m 512m --user=1001 --env A=b=c -e EMPTY= -v /data:/data:ro --volume /x:/y --privileged --name mine"
    options = host_options(tuple(words.split()))
    assert options.settings == {
        "nano_cpus": 1_500_000_000,
        "mem_limit": "512m",
        "binds": ["/data:/data:ro", "/x:/y"],
        "privileged": True,
    }
    assert options.environment == {"A": "b=c", "EMPTY": ""}
    assert options.user == "1001"
    assert options.hostname is None


def test_no_options_are_no_settings() -> None:
    assert host_options(()).settings == {}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(("--network", "host"), 'the container\'s option "--network" can\'t be given here', id="one-that-github-refuses-too"),
        pytest.param(("--entrypoint=sh",), 'the container\'s option "--entrypoint=sh" can\'t be given here', id="our-own-entrypoint"),
        pytest.param(("--cpus", "many"), "the container's options can't be read", id="not-a-number"),
    ],
)
def test_an_option_that_cannot_be_given_is_refused(words: tuple[str, ...], said: str) -> None:
    with pytest.raises(SurroundingsMissing) as refused:
        host_options(words)
    assert refused.value.message.startswith(said)
