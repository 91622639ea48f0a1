"""`pipelinekit plan`: what would run, and in which order."""

import argparse
import json
from dataclasses import asdict
from typing import TextIO

from pipelinekit.commands.wishes import add_wishes, wish_of
from pipelinekit.console.plans import plan_text
from pipelinekit.model.plan import Plan
from pipelinekit.workbench.planning import make


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_wishes(parser)
    parser.add_argument("--format", choices=["text", "json"], default="text")


def run(args: argparse.Namespace, out: TextIO) -> int:
    plan = make(wish_of(args), args.directory, args.environment).plan
    if args.format == "json":
        out.write(json.dumps(as_json(plan), indent=2) + "\n")
    else:
        out.write(plan_text(plan))
    return 0


def as_json(plan: Plan) -> dict[str, object]:
    """The plan for programs: workflow, trigger, jobs in order with their needs and legs, notes."""
    trigger = plan.trigger
    return {
        "workflow": plan.workflow.title,
        "path": plan.workflow.path,
        "event": trigger.event,
        "ref": trigger.ref,
        "commit": trigger.commit,
        "jobs": [
            {
                "id": planned.job.id,
                "needs": list(planned.needs),
                "condition": planned.job.condition.text if planned.job.condition else None,
                "legs": None if planned.legs is None else [asdict(leg) for leg in planned.legs],
            }
            for planned in plan.jobs
        ],
        "notes": [{"message": note.message, "position": str(note.position or "")} for note in plan.notes],
    }
