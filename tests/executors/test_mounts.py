"""Where it is safe to go through a mount."""

from pathlib import Path

import pytest

from pipelinekit.executors.mounts import Mounts


@pytest.fixture
def mounts(tmp_path: Path) -> Mounts:
    folders = {"/__w/shop/shop": tmp_path / "workspace", "/__w/_temp": tmp_path / "temp"}
    for folder in folders.values():
        folder.mkdir()
    (tmp_path / "workspace/inside").symlink_to("file")
    (tmp_path / "workspace/outside").symlink_to("/etc")
    return Mounts(folders)


@pytest.mark.parametrize(
    ("path", "outside"),
    [
        pytest.param("/__w/shop/shop/a/b", "workspace/a/b", id="a-file"),
        pytest.param("/__w/shop/shop", "workspace", id="the-mount-itself"),
        pytest.param("/__w/_temp/a", "temp/a", id="the-other-mount"),
        pytest.param("/__w/shop/shop/inside", "workspace/inside", id="a-link-that-stays"),
        pytest.param("/__w/shop/shop/outside/passwd", None, id="a-link-that-leads-out"),
        pytest.param("/__w/shop/shop/../../etc", None, id="dots-that-lead-out"),
        pytest.param("/__w/shop/shopping", None, id="a-name-that-only-begins-so"),
        pytest.param("/etc/passwd", None, id="somewhere-else"),
    ],
)
def test_a_path_is_seen_outside_only_below_a_mount(mounts: Mounts, tmp_path: Path, path: str, outside: str | None) -> None:
    assert mounts.outside(path) == (tmp_path / outside if outside else None)
