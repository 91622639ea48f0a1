"""Run CI pipelines step by step, keep what they did, and publish a health report of them.

The public face. Everything here is imported when it is first used, so that `import pipelinekit` costs next to nothing.
"""

import importlib
from typing import Any

_FACE = {
    "evaluate": "pipelinekit.expressions.evaluate",
    "ExpressionError": "pipelinekit.expressions.syntax",
    "check": "pipelinekit.checks.all_checks",
    "read": "pipelinekit.workflows.read",
    "workflow": "pipelinekit.workflows.build",
    "job": "pipelinekit.workflows.build",
    "step": "pipelinekit.workflows.build",
    "uses": "pipelinekit.workflows.build",
    "plan": "pipelinekit.workbench.face",
    "start": "pipelinekit.live_runs.start",
    "resume": "pipelinekit.live_runs.start",
    "RunFailed": "pipelinekit.live_runs.done",
    "stage": "pipelinekit.stages.pipeline",
    "pipeline": "pipelinekit.stages.pipeline",
    "export": "pipelinekit.stages.pipeline",
    "form": "pipelinekit.notebook.form",
    "lesson": "pipelinekit.lessons.lesson",
    "Store": "pipelinekit.records.store",
    "evidence": "pipelinekit.notebook.evidence",
    "show": "pipelinekit.notebook.recorded",
    "compare": "pipelinekit.notebook.compare",
    "history": "pipelinekit.notebook.history",
    "incident": "pipelinekit.notebook.incident",
    "doctor": "pipelinekit.notebook.doctor",
}

_ROOMS = {  # names that are modules of functions: `pk.stats.flaky(store)`
    "stats": "pipelinekit.notebook.stats",
    "charts": "pipelinekit.charts",
}

__all__ = [*_FACE, *_ROOMS]  # noqa: PLE0604 - the names are the tables' keys


def __getattr__(name: str) -> Any:
    if name in _ROOMS:
        return importlib.import_module(_ROOMS[name])
    if name not in _FACE:
        raise AttributeError(f"module 'pipelinekit' has no attribute {name!r}")
    return getattr(importlib.import_module(_FACE[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)


def load_ipython_extension(shell: Any) -> None:
    """`%load_ext pipelinekit`: cells that define stages."""
    importlib.import_module("pipelinekit.stages.magics").load(shell)


def unload_ipython_extension(shell: Any) -> None:
    """`%unload_ext pipelinekit`."""
    importlib.import_module("pipelinekit.stages.magics").unload(shell)
