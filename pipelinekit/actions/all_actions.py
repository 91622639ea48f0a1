"""What stands in for `uses:`, by the action's name."""

from pipelinekit.actions.base import Shim
from pipelinekit.actions.cache import Cache, RestoreCache, SaveCache
from pipelinekit.actions.checkout import Checkout
from pipelinekit.actions.codecov import Codecov
from pipelinekit.actions.download_artifact import DownloadArtifact
from pipelinekit.actions.setup_node import SetupNode
from pipelinekit.actions.setup_python import SetupPython
from pipelinekit.actions.upload_artifact import UploadArtifact

SHIMS: dict[str, Shim] = {
    "actions/cache": Cache(),
    "actions/cache/restore": RestoreCache(),
    "actions/cache/save": SaveCache(),
    "actions/checkout": Checkout(),
    "actions/download-artifact": DownloadArtifact(),
    "actions/setup-node": SetupNode(),
    "actions/setup-python": SetupPython(),
    "actions/upload-artifact": UploadArtifact(),
    "codecov/codecov-action": Codecov("coverage"),
    "codecov/test-results-action": Codecov("junit"),
}


def shim_for(uses: str) -> Shim | None:
    """What stands in for the action, whatever its ref or commit; None where nothing does. Names ignore case, as GitHub's."""
    return SHIMS.get(uses.split("@", maxsplit=1)[0].lower())
