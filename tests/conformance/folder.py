"""Where the official cases lie: the folder that PIPELINEKIT_CONFORMANCE names, by default beside the repository."""

import os
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
FOLDER = Path(os.environ.get("PIPELINEKIT_CONFORMANCE", REPOSITORY / ".." / "shared" / "conformance")).resolve()
