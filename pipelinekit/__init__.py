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
    "plan": "pipelinekit.workbench.face",
    "start": "pipelinekit.notebook.start",
    "resume": "pipelinekit.notebook.start",
    "RunFailed": "pipelinekit.notebook.run",
    "form": "pipelinekit.notebook.form",
    "Store": "pipelinekit.records.store",
    "doctor": "pipelinekit.notebook.doctor",
}

__all__ = [*_FACE]  # noqa: PLE0604 - the names are the table's keys


def __getattr__(name: str) -> Any:
    if name not in _FACE:
        raise AttributeError(f"module 'pipelinekit' has no attribute {name!r}")
    return getattr(importlib.import_module(_FACE[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
