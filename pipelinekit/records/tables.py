"""The Parquet tables, format 1: a contract that people query with DuckDB, pandas and Polars.

It changes by decision, with a version.

Times are UTC, `*_seconds` floats, `*_bytes` integers, `json` a string that holds JSON.
"""

from dataclasses import dataclass
from typing import Literal

FORMAT = 1

Kind = Literal["string", "int", "float", "bool", "time", "json"]


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    kind: Kind
    meaning: str


def _columns(*rows: tuple[str, Kind, str]) -> tuple[Column, ...]:
    return tuple(Column(*row) for row in rows)


_RUN = _columns(("run_id", "string", "UUIDv7 of the run"), ("attempt", "int", "attempt of the run, from 1"))
_LEG = _columns(("job", "string", "id of the job"), ("leg", "string", "display name of the leg, `test (3.11)`"))
_STEP = _columns(("step_index", "int", "index of the step within its leg; 0 sets up the job"),)
_REMEMBERED = _columns(("remembered", "string", "the run_id that the row comes from, where its leg was remembered"))

TABLES: dict[str, tuple[Column, ...]] = {
    "runs": _RUN + _columns(
        ("number", "int", "number of the run in its store, from 1"),
        ("source", "string", "who ran it: pipelinekit, github, gitlab, junit, replay"),
        ("simulated", "bool", "made-up history, always shown as such"),
        ("repository", "string", "owner/name"),
        ("workflow", "string", "name of the workflow"),
        ("path", "string", "file of the workflow"),
        ("event", "string", "what started it: push, pull_request ..."),
        ("branch", "string", "branch; of a pull request its head"),
        ("commit", "string", "commit, '' outside git"),
        ("subject", "string", "first line of the commit's message"),
        ("tree", "string", "hash of the files, uncommitted changes included: equal trees are the same code"),
        ("dirty", "bool", "whether there were uncommitted changes"),
        ("actor", "string", "who started it"),
        ("outcome", "string", "success, failure, cancelled, skipped; of a run that has not ended: paused, waiting"),
        ("reason", "string", "why, where it is not success"),
        ("created_at", "time", "when it was asked for"),
        ("started_at", "time", "when it began"),
        ("finished_at", "time", "when it ended"),
        ("duration_seconds", "float", "finished less started"),
        ("executor", "string", "docker, host, replay"),
        ("host", "string", "machine"),
        ("inputs", "json", "inputs of a dispatch"),
        ("url", "string", "where it is shown, of imported runs"),
    ),
    "jobs": _RUN + _LEG + _columns(
        ("matrix", "json", "the leg's point of the matrix"),
        ("needs", "json", "ids of the jobs that it needs, as a list"),
        ("runner", "string", "the `runs-on` label"),
        ("image", "string", "image that it ran in, '' on the host"),
        ("image_digest", "string", "the image's digest or id"),
        ("outcome", "string", "success, failure, cancelled, skipped"),
        ("reason", "string", "why, where it is not success"),
        ("created_at", "time", "when all that it needs had ended"),
        ("started_at", "time", "when its place was opened; null where it was skipped"),
        ("finished_at", "time", "when it ended"),
        ("queued_seconds", "float", "started less created"),
        ("duration_seconds", "float", "finished less started"),
        ("cpu_seconds", "float", "CPU time of its container"),
        ("peak_memory_bytes", "int", "highest memory use of its container"),
    ) + _REMEMBERED + _columns(("saved_seconds", "float", "what remembering it spared")),
    "steps": _RUN + _LEG + _STEP + _columns(
        ("parent", "int", "step_index of the step that brought it, null for the author's own"),
        ("step", "string", "id of the step"),
        ("name", "string", "as shown"),
        ("uses", "string", "the action, '' for `run`"),
        ("outcome", "string", "before continue-on-error"),
        ("conclusion", "string", "after continue-on-error"),
        ("condition", "string", "of a skipped step the three lines: as written, with values, result"),
        ("exit_code", "int", "of its command"),
        ("reason", "string", "why it failed, where that is more than the exit code"),
        ("started_at", "time", "when it began"),
        ("duration_seconds", "float", "how long it took; null where its leg was remembered"),
    ),
    "tests": _RUN + _LEG + _columns(
        ("suite", "string", "name of the suite in the report"),
        ("class_name", "string", "class or module"),
        ("test", "string", "name with its parameters"),
        ("file", "string", "where it is said"),
        ("execution", "int", "1 = first, 2 = first rerun ..."),
        ("outcome", "string", "passed, failed, error, skipped, xfailed, xpassed"),
        ("duration_seconds", "float", "how long it took"),
        ("message", "string", "first lines of the failure"),
        ("failure_group", "string", "the failure's message with numbers and addresses masked, hashed"),
    ) + _REMEMBERED,
    "coverage": _RUN + _LEG + _columns(
        ("flag", "string", "the upload's flag"),
        ("file", "string", "from the repository's top"),
        ("lines_covered", "int", "executable lines that ran"),
        ("lines", "int", "executable lines"),
        ("branches_covered", "int", "branches that ran"),
        ("branches", "int", "branches, 0 where they are not measured"),
    ) + _REMEMBERED,
    "caches": _RUN + _LEG + _STEP + _columns(
        ("kind", "string", "actions, leg, layer"),
        ("key", "string", "key that was looked up or saved"),
        ("matched_key", "string", "key that was found"),
        ("result", "string", "hit, partial, miss, saved"),
        ("size_bytes", "int", "size of the archive"),
        ("seconds", "float", "how long restoring or saving took"),
        ("saved_seconds", "float", "what the hit spared, where it is known"),
    ),
    "artifacts": _RUN + _LEG + _columns(
        ("name", "string", "name of the artifact"),
        ("digest", "string", "sha256 of its archive"),
        ("size_bytes", "int", "size of its archive"),
        ("files", "int", "number of files"),
        ("created_at", "time", "when it was uploaded"),
    ),
    "annotations": _RUN + _LEG + _STEP + _columns(
        ("severity", "string", "error, warning, note"),
        ("title", "string", "title"),
        ("message", "string", "message"),
        ("file", "string", "from the repository's top"),
        ("line", "int", "from 1"),
        ("end_line", "int", "from 1"),
        ("column", "int", "from 1"),
        ("end_column", "int", "from 1"),
    ),
    "deployments": _RUN + _LEG + _columns(
        ("environment", "string", "where to"),
        ("version", "string", "what"),
        ("commit", "string", "its commit"),
        ("image_digest", "string", "its image"),
        ("actor", "string", "by whom"),
        ("started_at", "time", "when it began"),
        ("finished_at", "time", "when it ended"),
        ("outcome", "string", "success, failure, cancelled"),
        ("reason", "string", "why"),
        ("replaces", "string", "the version before it"),
        ("rolls_back", "string", "the version that it undoes"),
    ),
    "logs": _RUN + _LEG + _STEP + _columns(
        ("number", "int", "line number in the leg, from 1"),
        ("at", "time", "when it came"),
        ("stream", "string", "output: what the step printed; runner: what pipelinekit said"),
        ("group", "string", "title of the `::group::` around it"),
        ("text", "string", "masked"),
    ),
}
