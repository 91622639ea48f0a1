"""What happened in a run: frozen values, a closed union. Everything that a person sees is folded from them.

Every event has `at` (seconds since 1970 in UTC, from a clock that never runs backwards within a run). `leg` is a leg's name,
`step` the index of a step within its leg: 0 sets up the job, the author's steps follow, steps that a step brings (a composite
action's, a `post`) come after as they appear, each with the index of its `parent`.
"""

from dataclasses import dataclass, field

from pipelinekit.model.measure import FileCoverage, TestExecution
from pipelinekit.model.node import Value
from pipelinekit.model.outcome import Outcome
from pipelinekit.model.problem import Severity


@dataclass(frozen=True, slots=True)
class RunStarted:
    at: float
    run_id: str
    attempt: int
    number: int
    source: str  # who ran it: pipelinekit, github, gitlab, junit, replay
    repository: str
    workflow: str
    path: str
    event: str
    branch: str
    commit: str
    subject: str
    tree: str
    dirty: bool
    actor: str
    executor: str
    host: str
    inputs: dict[str, Value] = field(default_factory=dict)
    url: str = ""
    simulated: bool = False


@dataclass(frozen=True, slots=True)
class LegQueued:
    """The leg is known and waits for what it needs, then for a free core."""

    at: float
    leg: str
    job: str
    index: int = 0
    needs: tuple[str, ...] = ()
    matrix: dict[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LegReady:
    """All that it needs has ended: from here on the leg waits for nothing but a place."""

    at: float
    leg: str


@dataclass(frozen=True, slots=True)
class LegStarted:
    """remembered: the run that it comes from, where the leg does not run: what follows is told again."""

    at: float
    leg: str
    runner: str  # the label asked for
    image: str = ""
    image_digest: str = ""
    place: str = ""  # the container's id, or the folder on the host
    remembered: str = ""


@dataclass(frozen=True, slots=True)
class LegFinished:
    """reason: in words, where it is not success: "because \"test (3.11)\" failed".

    remembered: the run that it comes from, where the leg did not run; saved_seconds: what that spared.
    """

    at: float
    leg: str
    outcome: Outcome
    reason: str = ""
    outputs: dict[str, str] = field(default_factory=dict)
    cpu_seconds: float | None = None
    peak_memory_bytes: int | None = None
    remembered: str = ""
    saved_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class LegKept:
    """The leg stands at a stop: its place is stopped and kept, so that another process can go on. until: seconds since 1970.

    paused: it has not ended, and goes on before `step`; else it failed, at `step`.
    """

    at: float
    leg: str
    place: str
    step: str
    until: float
    paused: bool = False


@dataclass(frozen=True, slots=True)
class StepStarted:
    """command: after evaluation, masked; '' for an action. environment: what this step adds to the job's, masked."""

    at: float
    leg: str
    step: int
    id: str
    name: str
    uses: str = ""
    parent: int | None = None
    command: str = ""
    shell: str = ""
    environment: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StepFinished:
    """outcome: before continue-on-error. conclusion: after it. reason: in words, where it says more than the exit code.

    environment: what it set for the steps that follow, masked; of PATH the folders that it put before the others.
    """

    at: float
    leg: str
    step: int
    outcome: Outcome
    conclusion: Outcome
    exit_code: int | None = None
    reason: str = ""
    outputs: dict[str, str] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StepSkipped:
    """condition: the runner's three lines (as written, with values, result), masked."""

    at: float
    leg: str
    step: int
    id: str
    name: str
    uses: str = ""
    parent: int | None = None
    condition: str = ""


@dataclass(frozen=True, slots=True)
class LinesLogged:
    """Some lines of a leg's log. first: the number of the first one in the leg, from 1. stream: `output` or `runner`.

    lines: (seconds since 1970, text), masked. group: the title of the `::group::` that is open, or ''.
    """

    at: float
    leg: str
    step: int
    first: int
    lines: tuple[tuple[float, str], ...]
    stream: str = "output"
    group: str = ""


@dataclass(frozen=True, slots=True)
class Annotated:
    at: float
    leg: str
    step: int
    severity: Severity
    message: str
    title: str = ""
    file: str = ""
    line: int | None = None
    end_line: int | None = None
    column: int | None = None
    end_column: int | None = None


@dataclass(frozen=True, slots=True)
class SummaryWritten:
    """Markdown that a step wrote to GITHUB_STEP_SUMMARY, masked."""

    at: float
    leg: str
    step: int
    text: str


@dataclass(frozen=True, slots=True)
class CacheUsed:
    """kind: actions, leg, layer. result: hit, partial, miss, saved. saved_seconds: what a hit spared, where it is known."""

    at: float
    leg: str
    step: int
    kind: str
    key: str
    result: str
    matched_key: str = ""
    size_bytes: int | None = None
    seconds: float | None = None
    saved_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class ArtifactSaved:
    """digest: `sha256:` and 64 hex digits, under which the blob store has it."""

    at: float
    leg: str
    step: int
    name: str
    digest: str
    size_bytes: int
    files: int


@dataclass(frozen=True, slots=True)
class ReportFound:
    """A test report or a coverage file that the leg left behind. kind: junit, coverage, or report where nobody looked yet.

    path: from the workspace's top. top: the workspace as the tools saw it, which paths in the report begin with.
    """

    at: float
    leg: str
    step: int
    kind: str
    path: str
    digest: str
    flag: str = ""
    top: str = ""


@dataclass(frozen=True, slots=True)
class Measured:
    """What was read from a report that was found."""

    at: float
    leg: str
    path: str
    tests: tuple[TestExecution, ...] = ()
    coverage: tuple[FileCoverage, ...] = ()


@dataclass(frozen=True, slots=True)
class Noted:
    """Something that the reader of the run should know: a key without effect here, the image that was taken, a broken report."""

    at: float
    message: str
    leg: str = ""


@dataclass(frozen=True, slots=True)
class RunFinished:
    at: float
    outcome: Outcome
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RunPaused:
    """The attempt has ended, the run has not: another attempt goes on."""

    at: float
    reason: str = ""


Event = (
    RunStarted
    | LegQueued
    | LegReady
    | LegStarted
    | LegFinished
    | LegKept
    | StepStarted
    | StepFinished
    | StepSkipped
    | LinesLogged
    | Annotated
    | SummaryWritten
    | CacheUsed
    | ArtifactSaved
    | ReportFound
    | Measured
    | Noted
    | RunFinished
    | RunPaused
)
