"""`pipelinekit logs`: what a run printed, leg by leg, masked and without colour codes."""

import argparse
from typing import TextIO

from pipelinekit.answers.run_words import word
from pipelinekit.commands.recorded_runs import RUN, Row, add_store, legs_of, opened
from pipelinekit.model.outcome import State
from pipelinekit.model.problem import Problem, WorkflowInvalid
from pipelinekit.model.run_state import LegState
from pipelinekit.records.store import Store
from pipelinekit.report.recorded import step_state
from pipelinekit.views.ansi import plain
from pipelinekit.views.words import duration


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("run", metavar="RUN", help=RUN)
    parser.add_argument("job", metavar="JOB", nargs="?", help='only this job or leg: an id, or a name as "test (3.11)"')
    parser.add_argument("--step", metavar="STEP", help="only this step: its id, its name or its number")
    add_store(parser)


def run(args: argparse.Namespace, out: TextIO) -> int:
    store = opened(args)
    found = store.find_attempt(args.run)
    legs = legs_of(store, found, args.job)
    steps = store.rows("steps", found["run_id"], found["attempt"])
    chosen = _steps(steps, legs, args.step)
    for leg in legs:
        own = {row["step_index"]: row for row in chosen if row["leg"] == leg["leg"]}
        if own or args.step is None:
            its = [row for row in steps if row["leg"] == leg["leg"]]
            _write(store, found, leg, own, its, every=args.step is None, out=out)
    return 0


def _write(
    store: Store, found: Row, leg: Row, steps: dict[int, Row], all_steps: list[Row], *, every: bool, out: TextIO
) -> None:
    """steps: the chosen ones, by index; what they are made of is written too."""
    took = f" in {duration(leg['duration_seconds'])}" if leg["duration_seconds"] is not None else ""
    reason = f": {leg['reason']}" if leg["reason"] else ""
    out.write(f"=== {leg['leg']}: {word(leg)}{took}{reason}\n")
    state = LegState(leg["leg"], "", State.RUNNING, steps=tuple(map(step_state, all_steps)))
    known = {step.index: step for step in state.steps}
    wanted = {step.index for step in state.steps if steps.keys() & {step.index, *(above.index for above in state.around(step))}}
    at = None
    for line in store.log(found["run_id"], found["attempt"], leg["leg"]):
        if line["step_index"] not in wanted and not every:
            continue
        if line["step_index"] != at:
            at = line["step_index"]
            step = known.get(at)
            names = [*(above.name for above in state.around(step)), step.name] if step else [f"step {at}"]
            out.write(f"--- {' > '.join(names)}\n")
        out.write(f"{plain(line['text'])}\n")


def _steps(steps: list[Row], legs: list[Row], wanted: str | None) -> list[Row]:
    """The steps that are meant. Raises WorkflowInvalid, which lists what there is, where no leg has such a one."""
    names = {leg["leg"] for leg in legs}
    there = [row for row in steps if row["leg"] in names]
    if wanted is None:
        return there
    chosen = [row for row in there if wanted in (row["step"], row["name"], str(row["step_index"]))]
    if not chosen:
        listed = dict.fromkeys(f'{row["step_index"]} "{row["name"]}"' for row in there)
        raise WorkflowInvalid(Problem("step", f'no step is called "{wanted}"', hint=f"steps: {', '.join(listed) or 'none'}"))
    return chosen
