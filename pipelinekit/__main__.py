"""`python -m pipelinekit`."""

from pipelinekit.main import run_and_leave

run_and_leave()
