"""Writes the recorded session of the guide anew: `python -m tests.docs.record_session`."""

import tempfile
from pathlib import Path

from tests.docs.session import PAGE, record

if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="pipelinekit-") as folder:
        PAGE.write_text(record(Path(folder)), encoding="utf-8")
