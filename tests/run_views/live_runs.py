"""Runs in the states that the widget is drawn for: one under way, one that stands at a failure, one that went well, wide matrices."""

from dataclasses import replace

from pipelinekit.model.event import Annotated, ArtifactSaved, CacheUsed, RunStarted
from pipelinekit.model.node import Value
from pipelinekit.model.outcome import Outcome, State
from pipelinekit.model.problem import Severity
from pipelinekit.model.run_state import LegState, RunState, StepState
from pipelinekit.run_views.live_run import Failure, LiveRun

BEGIN = 1_700_000_000.0
STEPS = ("Check out", "Set up Python", "Install dependencies", "Run pytest", "Upload coverage")
USUAL = {"lint": 19.0, "typecheck": 11.0, "frontend": 72.0, "build-image": 96.0, "deploy-staging": 38.0}
S, F, R, Q = State.SUCCESS, State.FAILURE, State.RUNNING, State.QUEUED
STARTED = RunStarted(
    BEGIN, "0192f000-0000-7000-8000-000000000000", 1, 27, "pipelinekit", "shop/shop", "CI", "ci.yml", "push", "main", "a" * 40, "Add", "t1",
    False, "Mira", "docker", "laptop",
)  # fmt: skip


def steps(last: State, begin: float, end: float | None, takes: tuple[float, ...] = (2, 1, 4, 19)) -> tuple[StepState, ...]:
    """Set-up, then the steps up to `Run pytest`, which is as `last` says."""
    found, at = [], begin
    for index, (name, seconds) in enumerate(zip(("Set up job", *STEPS[:3]), takes, strict=True)):
        found.append(StepState(index, "", name, S, "actions/x@v1" if index in (1, 2) else "", None, at, at + seconds, 0, Outcome.SUCCESS))
        at += seconds
    outcome = Outcome(last.value) if last.finished else None
    ends = end if last.finished else None
    return (*found, StepState(4, "", STEPS[3], last, "", None, at, ends, 1 if last is F else None, outcome))


def leg(
    job: str, state: State, start: float | None = None, end: float | None = None, *, needs: tuple[str, ...] = (),
    matrix: dict[str, Value] | None = None, **more: object,
) -> LegState:  # fmt: skip
    name = f"{job} ({', '.join(str(value) for value in matrix.values())})" if matrix else job
    begin = None if start is None else BEGIN + start
    ends = None if end is None else BEGIN + end
    made = LegState(name, job, state, needs=needs, matrix=matrix or {}, ready_at=begin and begin - 2, started_at=begin, finished_at=ends)
    return replace(made, **more)  # type: ignore[arg-type]


def before() -> tuple[LegState, ...]:
    return (
        leg("lint", S, 2, 21, steps=(StepState(1, "", "ruff check", S, "", None, BEGIN + 6, BEGIN + 21, 0, Outcome.SUCCESS),)),
        leg("typecheck", S, 2, 2.3, remembered="0192f000-aaaa-7000"),
        leg("frontend", S, 3, 75, steps=(StepState(1, "", "npm test", S, "", None, BEGIN + 15, BEGIN + 75, 0, Outcome.SUCCESS),)),
    )


def after(state: State = Q, **times: tuple[float, float]) -> tuple[LegState, ...]:
    build, deploy = times.get("build", (None, None)), times.get("deploy", (None, None))
    return (
        leg("build-image", state, *build, needs=("test", "frontend")),
        leg("deploy-staging", state, *deploy, needs=("build-image",)),
    )


def six(middle: State, others: State = S) -> tuple[LegState, ...]:
    """test on three Pythons and two databases; `middle` is the one of 3.12 on postgres."""
    found = []
    for database, python, start, end in (
        ("sqlite", "3.11", 22, 106), ("sqlite", "3.12", 22, 107), ("sqlite", "3.13", 50, 130), ("postgres", "3.11", 22, 123),
        ("postgres", "3.12", 22, 129), ("postgres", "3.13", 32, 130),
    ):  # fmt: skip
        state = middle if (database, python) == ("postgres", "3.12") else S if python == "3.11" else others
        is_open = state is R or (middle is F and state is R)
        own: dict[str, object] = {"steps": steps(state, BEGIN + start, BEGIN + end), "image": "python:3.12", "place": "f00dfeed1234567"}
        if database == "postgres":
            own |= {"lines": 1204}
        found.append(leg("test", state, start, None if is_open else end, needs=("lint", "typecheck"), matrix={"python": python, "database": database}, **own))
    return tuple(found)


def running() -> LiveRun:
    legs = (*before(), *six(R, R), *after())
    usual = USUAL | {each.leg: 110.0 for each in legs if each.job == "test"}
    return LiveRun(
        RunState(STARTED, R, legs), "ci.yml", 27, now=BEGIN + 130, can=("cancel",), doing="finish", steps={"test": STEPS},
        stops=frozenset({("deploy-staging", 1)}), usual=usual, path=frozenset({"lint", "test (3.12, postgres)"}),
    )  # fmt: skip


def paused() -> LiveRun:
    """It stands where pytest failed; the leg is not over."""
    stands = replace(six(F)[4], state=R, finished_at=None, **_kept())  # type: ignore[arg-type]
    legs = (*before(), *(stands if each.leg == stands.leg else each for each in six(S)), *after())
    found = Failure(
        (stands.leg,), "Run pytest", "1 of 412 tests failed.", "It is known to be flaky: 2.3 % of attempts, only on Postgres.",
        ((20, "E       AssertionError: assert Decimal('41.97') == Decimal('62.96')"),),
    )  # fmt: skip
    return LiveRun(
        RunState(STARTED, R, legs), "ci.yml", 27, now=BEGIN + 151, can=("step", "until", "go", "skip", "retry", "shell", "cancel"),
        at=(stands.leg, 5), upcoming={"leg": stands.leg, "name": "Upload coverage", "runs": False, "uses": "codecov/codecov-action@v5", "condition": "success()\nfalse\nfalse"},
        steps={"test": STEPS}, stops=frozenset({("deploy-staging", 1)}), path=frozenset({"lint", stands.leg}), failures=(found,),
    )  # fmt: skip


def _kept() -> dict[str, object]:
    at = BEGIN + 120
    return {
        "annotations": (Annotated(at, "", 4, Severity.ERROR, "assert Decimal('41.97') == Decimal('62.96')", "test_checkout_total", "tests/test_checkout.py", 88),),
        "artifacts": (ArtifactSaved(at, "", 4, "junit", "sha256:" + "ab" * 32, 84_000, 3),),
        "caches": (CacheUsed(at, "", 2, "actions", "pip-3.12-9c41d0", "hit", size_bytes=84_000_000, saved_seconds=41.0),),
        "summaries": ("### Tests\n\n| database | failed |\n|---|---|\n| postgres | 1 |\n",),
    }


def finished() -> LiveRun:
    """The second attempt, which mended the first."""
    tests = tuple(replace(each, remembered="" if each.leg == "test (3.12, postgres)" else "0192f000-bbbb-7000") for each in six(S))
    legs = (*before(), *tests, *after(S, build=(182, 248), deploy=(248, 286)))
    return LiveRun(
        RunState(replace(STARTED, attempt=2), S, legs, BEGIN + 286), "ci.yml", 27, attempt=2, now=BEGIN + 286, can=("retry",), steps={"test": STEPS},
        flaky=frozenset({"test (3.12, postgres)"}), path=frozenset({"lint", "test (3.12, postgres)", "build-image", "deploy-staging"}),
    )  # fmt: skip


def wide(rows: int = 6, columns: int = 4) -> LiveRun:
    """24 legs on three axes, one of them failed; 200 with rows=20, columns=10."""
    databases = ("sqlite", "postgres 16", "postgres 17", "mysql 8", "mysql 9", "mariadb")
    pattern = ("SSSS", "SFSS", "SSSR", "RSRR", "RRQQ", "QQQQ")
    states = {"S": S, "F": F, "R": R, "Q": Q}
    legs = [leg("lint", S, 2, 21)]
    for row in range(rows):
        for column in range(columns):
            state = states[pattern[row % 6][column % 4]]
            database = databases[row] if rows <= 6 else f"database {row}"
            matrix: dict[str, Value] = {"database": database, "os": "linux" if row % 2 else "alpine", "python": f"3.{11 + column}"}
            start = None if state is Q else 22.0 + row
            own = {} if state is Q else {"steps": steps(state, BEGIN + 22 + row, BEGIN + 80)}
            legs.append(leg("test", state, start, None if state in (R, Q) else 100.0 + row + column, needs=("lint",), matrix=matrix, **own))
    legs += [leg("docs", S, 22, 63, needs=("lint",)), leg("package", Q, needs=("test", "docs"))]
    return LiveRun(
        RunState(STARTED, R, tuple(legs)), "matrix.yml", 28, now=BEGIN + 182, can=("cancel",), doing="finish", steps={"test": STEPS},
        usual={"package": 24.0}, path=frozenset({"lint", legs[6].leg}),
    )  # fmt: skip


def going_on(run: LiveRun, times: int = 10) -> list[LiveRun]:
    """The same run, with other legs under way each time."""
    found = []
    for n in range(times):
        legs = tuple(
            replace(each, state=S if (at + n) % 3 else each.state, finished_at=each.finished_at or BEGIN + 170) for at, each in enumerate(run.state.legs)
        )
        found.append(replace(run, now=run.now + n, state=replace(run.state, legs=legs)))
    return found


def fresh() -> LiveRun:
    """Before its first step."""
    legs = tuple(replace(each, state=Q, started_at=None, finished_at=None, steps=(), remembered="", lines=0) for each in (*before(), *six(S), *after()))
    return LiveRun(RunState(legs=legs), "ci.yml", 27, can=("step", "until", "go", "skip", "cancel"), at=("lint", 0), steps={"test": STEPS, "lint": ("ruff check",)}, usual=USUAL)


ALL = {"fresh": fresh, "running": running, "paused": paused, "finished": finished, "wide": wide}
