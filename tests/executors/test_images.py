"""Which image a leg gets, from a shelf that is a dictionary."""

from pathlib import Path

import pytest

from pipelinekit.executors.base import PlaceRequest
from pipelinekit.executors.images import LABELS, Choice, Say, choose
from pipelinekit.model.problem import SurroundingsMissing

UBUNTU = LABELS["ubuntu-latest"]
BUILT = {
    "pipelinekit/python:3.9": {"pipelinekit.python": "3.9.2", "pipelinekit.node": "12.22.12"},
    "pipelinekit/python:3.11": {"pipelinekit.python": "3.11.2", "pipelinekit.node": "18.20.4"},
    "pipelinekit/python:3.13": {"pipelinekit.python": "3.13.5", "pipelinekit.node": "20.19.2"},
}


class Dictionary:
    """images: what is on this machine. registry: what can be pulled, None where none answers."""

    def __init__(self, images: dict[str, dict[str, str]], registry: tuple[str, ...] | None = None) -> None:
        self.images = images
        self.registry = registry
        self.pulled: list[str] = []

    def find(self, image: str) -> Choice | None:
        return Choice(image, "sha256:0") if image in self.images or image in self.pulled else None

    def listed(self) -> list[tuple[str, dict[str, str]]]:
        return [*self.images.items()]

    def pull(self, image: str, say: Say) -> Choice:
        if self.registry is None:
            raise SurroundingsMissing(f'cannot pull "{image}" (no such host)')
        if image not in self.registry:
            raise SurroundingsMissing(f'cannot pull "{image}" (not found)')
        self.pulled.append(image)
        return Choice(image, "sha256:1")


def request(**wishes: object) -> PlaceRequest:
    settings: dict[str, object] = {"labels": ("ubuntu-latest",), **wishes}
    return PlaceRequest("run", "test", "a/b", Path("unused"), **settings)  # type: ignore[arg-type]


def chosen(shelf: Dictionary, **wishes: object) -> str:
    return choose(shelf, request(**wishes), lambda _: None).image


@pytest.mark.parametrize(
    ("wishes", "image"),
    [
        pytest.param({}, "pipelinekit/python:3.11", id="a-label-takes-the-usual-stand-in"),
        pytest.param({"labels": ("self-hosted", "linux")}, "pipelinekit/python:3.11", id="any-machine"),
        pytest.param({"labels": ("acme-8cpu-ubuntu-2204",)}, "pipelinekit/python:3.11", id="a-larger-machine"),
        pytest.param({"python": "3.9"}, "pipelinekit/python:3.9", id="a-version"),
        pytest.param({"python": "3.x"}, "pipelinekit/python:3.13", id="a-range-takes-the-newest"),
        pytest.param({"python": ">=3.9 <3.13"}, "pipelinekit/python:3.11", id="a-range-with-an-end"),
        pytest.param({"python": "3.9 - 3.11"}, "pipelinekit/python:3.11", id="a-range-with-a-hyphen"),
        pytest.param({"python": "3.11.2"}, "pipelinekit/python:3.11", id="a-patch-that-is-there"),
        pytest.param({"node": "18"}, "pipelinekit/python:3.11", id="node"),
        pytest.param({"node": "lts/*"}, "pipelinekit/python:3.13", id="node-with-long-support"),
        pytest.param({"python": ">=3.9", "node": "18"}, "pipelinekit/python:3.11", id="both"),
    ],
)
def test_without_a_registry_the_images_that_we_built_stand_in(wishes: dict[str, object], image: str) -> None:
    assert chosen(Dictionary(BUILT), **wishes) == image


@pytest.mark.parametrize(
    ("wishes", "image"),
    [
        pytest.param({}, UBUNTU, id="a-label"),
        pytest.param({"python": "3.12"}, "python:3.12-bookworm", id="python"),
        pytest.param({"python": "3.12.4"}, "python:3.12.4-bookworm", id="a-patch"),
        pytest.param({"python": "3.x"}, "python:3.14-bookworm", id="a-range-takes-the-newest"),
        pytest.param({"node": "20"}, "node:20-bookworm", id="node"),
        pytest.param({"python": "3.12", "node": ">=18 <23"}, "nikolaik/python-nodejs:python3.12-nodejs22", id="both"),
        pytest.param({"image": "rust:1"}, "rust:1", id="the-authors-own"),
        pytest.param({"image": "rust:1", "python": "3.12"}, "rust:1", id="the-authors-own-comes-first"),
    ],
)
def test_on_an_empty_machine_the_public_image_is_pulled(wishes: dict[str, object], image: str) -> None:
    shelf = Dictionary({}, (image,))
    assert chosen(shelf, **wishes) == image
    assert shelf.pulled == [image]


def test_what_is_on_this_machine_is_taken_before_anything_is_pulled() -> None:
    shelf = Dictionary({"python:3.10-bookworm": {}, **BUILT}, ("python:3.14-bookworm",))
    assert chosen(shelf, python="3.10") == "python:3.10-bookworm"
    assert chosen(shelf, python="<3.11") == "python:3.10-bookworm"
    assert shelf.pulled == []


def test_of_equal_versions_the_public_image_is_taken() -> None:
    assert chosen(Dictionary({**BUILT, "python:3.11-bookworm": {}}), python="3.11") == "python:3.11-bookworm"


def test_a_public_image_for_a_label_comes_before_a_stand_in() -> None:
    assert chosen(Dictionary({**BUILT, UBUNTU: {}})) == UBUNTU


def test_the_authors_table_of_labels_comes_first() -> None:
    shelf = Dictionary({**BUILT, "acme/ci:7": {}})
    assert chosen(shelf, labels=("ubuntu-latest",), runners={"ubuntu-latest": "acme/ci:7"}) == "acme/ci:7"
    assert chosen(shelf, labels=("gpu",), runners={"gpu": "acme/ci:7"}) == "acme/ci:7"


def test_a_stand_in_is_said() -> None:
    said: list[str] = []
    choose(Dictionary(BUILT), request(), said.append)
    choose(Dictionary(BUILT), request(python="3.9"), said.append)
    assert said == [
        f'ubuntu-latest: "{UBUNTU}" is not on this machine, took the local "pipelinekit/python:3.11"',
        'Python 3.9: took the local "pipelinekit/python:3.9"',
    ]


def test_only_a_label_stands_for_a_whole_machine() -> None:
    shelf = Dictionary({**BUILT, "rust:1": {}})
    assert choose(shelf, request(), lambda _: None).machine
    assert not choose(shelf, request(python="3.9"), lambda _: None).machine
    assert not choose(shelf, request(image="rust:1"), lambda _: None).machine


def test_a_version_that_is_not_to_be_had_is_refused_with_what_is() -> None:
    with pytest.raises(SurroundingsMissing) as refused:
        chosen(Dictionary(BUILT), python="3.12")
    assert str(refused.value).splitlines() == [
        "test: Python 3.12 is not to be had",
        '  cannot pull "python:3.12-bookworm" (no such host)',
        "  on this machine are: Python 3.11.2 with Node 18.20.4 (pipelinekit/python:3.11), "
        "Python 3.13.5 with Node 20.19.2 (pipelinekit/python:3.13), Python 3.9.2 with Node 12.22.12 (pipelinekit/python:3.9)",
    ]


@pytest.mark.parametrize(
    ("wishes", "said"),
    [
        pytest.param({"python": "pypy3.10"}, 'test: there is no image for version "pypy3.10"', id="not-cpython"),
        pytest.param({"python": "2.7"}, "test: Python 2.7 is not to be had (no public image has it)", id="too-old"),
        pytest.param({"labels": ("gpu", "linux")}, 'test: no image stands for the label "gpu", "linux"', id="an-unknown-label"),
        pytest.param({"image": "acme/none:1"}, 'cannot pull "acme/none:1" (no such host)', id="no-registry"),
    ],
)
def test_what_cannot_be_is_refused_by_name(wishes: dict[str, object], said: str) -> None:
    with pytest.raises(SurroundingsMissing) as refused:
        chosen(Dictionary(BUILT), **wishes)
    assert refused.value.message == said


def test_where_a_named_image_can_not_be_had_those_that_are_here_are_told() -> None:
    with pytest.raises(SurroundingsMissing, match=r"on this machine are: .*Python 3\.9\.2 .*\(pipelinekit/python:3\.9\)"):
        chosen(Dictionary(BUILT), image="python:3.9")


def test_with_nothing_at_all_the_way_out_is_named() -> None:
    with pytest.raises(SurroundingsMissing) as refused:
        chosen(Dictionary({}))
    assert "pipelinekit engine" in str(refused.value)


def test_a_name_that_is_listed_twice_while_its_image_is_made_anew_does_no_harm() -> None:
    class Twice(Dictionary):
        def listed(self) -> list[tuple[str, dict[str, str]]]:
            return [*self.images.items(), *self.images.items()]

    assert chosen(Twice(BUILT), python="3.9") == "pipelinekit/python:3.9"
