"""What building an image finds out about this machine."""

from pathlib import Path

import pytest

from pipelinekit.executors import debian_images


@pytest.mark.parametrize(
    ("sources", "mirror"),
    [
        pytest.param("deb http://mirror.example/debian bookworm main\n", "http://mirror.example/debian", id="one-line"),
        pytest.param("deb [arch=amd64 trusted=yes] http://mirror.example/debian/ sid main", "http://mirror.example/debian", id="options"),
        pytest.param("Types: deb\nURIs: https://mirror.example/debian\nSuites: x\n", "https://mirror.example/debian", id="deb822"),
        pytest.param("# deb http://old.example/debian x main\n", "", id="a-comment"),
        pytest.param("deb http://security.example/debian-security x main\n", "", id="only-security"),
        pytest.param("deb http://archive.ubuntu.example/ubuntu noble main\n", "", id="ubuntu"),
    ],
)
def test_the_mirror_is_the_one_that_this_machines_apt_uses(tmp_path: Path, sources: str, mirror: str) -> None:
    (tmp_path / "sources.list.d").mkdir()
    (tmp_path / "sources.list.d/debian.sources").write_text(sources)
    assert debian_images.mirror(tmp_path) == mirror
