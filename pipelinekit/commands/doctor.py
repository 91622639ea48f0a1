"""`pipelinekit doctor`: what is there on this machine and what is missing, each with its mend."""

import argparse
import json
from dataclasses import asdict
from typing import TextIO

from pipelinekit.commands.recorded_runs import add_store
from pipelinekit.console.findings import findings_lines
from pipelinekit.console.problems import wants_colour
from pipelinekit.examinations.all_examinations import examine
from pipelinekit.records.store import Store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", choices=["text", "json"], default="text", help="json: one object, for programs")
    add_store(parser)


def run(args: argparse.Namespace, out: TextIO) -> int:
    """0 where all that is needed is there, else 3."""
    findings = examine(args.directory, args.environment, Store.find(args.directory, args.environment, args.store))
    if args.format == "json":
        told = {"enough": findings.enough, "findings": [asdict(finding) for finding in findings]}
        out.write(json.dumps(told, indent=2, ensure_ascii=False) + "\n")
    else:
        out.writelines(f"{line}\n" for line in findings_lines(findings, colour=wants_colour(out, args.environment)))
    return 0 if findings.enough else 3
