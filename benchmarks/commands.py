"""The commands that are timed."""

import sys
from pathlib import Path

IMAGE = "pipelinekit/python:3.11"
ENGINE = "/usr/bin/docker" if Path("/usr/bin/docker").exists() else "docker"
PIPELINEKIT = [sys.executable, "-m", "pipelinekit"]
REMEMBERING = [*PIPELINEKIT, "run", "ci.yml"]
RUN = [*REMEMBERING, "--fresh"]  # a second run would else do nothing
ACT = ["act", "push", "-P", f"ubuntu-latest={IMAGE}", "--pull=false", "-W", ".github/workflows/ci.yml"]
