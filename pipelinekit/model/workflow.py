"""What was written: a workflow with its jobs and steps. Expressions are still text; every value knows its position."""

from dataclasses import dataclass

from pipelinekit.model.node import ListNode, MapNode, Node, Scalar
from pipelinekit.model.position import Position
from pipelinekit.model.shown import Shown


@dataclass(frozen=True, slots=True)
class Step:
    """One step. Exactly one of `run`, `uses` and `control` is given.

    index: 0-based, in the order written. id: as given, or made as GitHub makes it (`__run`, `__actions_checkout_2`).
    control: `wait`, `wait-all`, `cancel` or `parallel`. node: the step as written, with the keys that have no field here.
    """

    index: int
    id: str
    position: Position
    node: MapNode
    name: Scalar | None = None
    condition: Scalar | None = None
    run: Scalar | None = None
    uses: Scalar | None = None
    inputs: Node | None = None
    env: Node | None = None
    shell: Scalar | None = None
    working_directory: Scalar | None = None
    continue_on_error: Scalar | None = None
    timeout_minutes: Scalar | None = None
    background: bool = False
    control: str | None = None

    @property
    def id_given(self) -> bool:
        """Whether the author named it: only then it stands in the `steps` context."""
        return not self.id.startswith("__")


@dataclass(frozen=True, slots=True, repr=False)
class Job(Shown):
    """One job as written, before its matrix makes legs of it. `uses` is given only where it calls a reusable workflow."""

    id: str
    position: Position
    node: MapNode
    steps: tuple[Step, ...] = ()
    name: Scalar | None = None
    needs: tuple[Scalar, ...] = ()
    condition: Scalar | None = None
    runs_on: Node | None = None
    matrix: Node | None = None
    fail_fast: Scalar | None = None
    max_parallel: Scalar | None = None
    env: Node | None = None
    outputs: Node | None = None
    default_shell: Scalar | None = None
    default_directory: Scalar | None = None
    timeout_minutes: Scalar | None = None
    continue_on_error: Scalar | None = None
    container: Node | None = None
    services: Node | None = None
    environment: Node | None = None
    concurrency: Node | None = None
    permissions: Node | None = None
    uses: Scalar | None = None
    inputs: Node | None = None
    secrets: Node | None = None

    def __repr__(self) -> str:
        return f"<Job {self.id}: steps {len(self.steps)}>"


@dataclass(frozen=True, slots=True)
class On:
    """One event that starts the workflow, with its filters (`branches`, `paths`, `types`, `inputs`, `cron` ...) as written."""

    event: str
    position: Position
    filters: MapNode | ListNode | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Workflow(Shown):
    """A whole workflow. path: as people name it (`.github/workflows/ci.yml`). source: the text it was read from."""

    path: str
    source: str
    node: MapNode
    on: tuple[On, ...] = ()
    jobs: tuple[Job, ...] = ()
    name: Scalar | None = None
    run_name: Scalar | None = None
    env: Node | None = None
    default_shell: Scalar | None = None
    default_directory: Scalar | None = None
    concurrency: Node | None = None
    permissions: Node | None = None

    def __repr__(self) -> str:
        return f"<Workflow {self.path}: jobs {len(self.jobs)}>"

    @property
    def title(self) -> str:
        """Its name, or its path where it has none, as GitHub shows it."""
        return self.name.text if self.name else self.path

    def job(self, job_id: str) -> Job:
        """The job with this id. Raises KeyError."""
        for job in self.jobs:
            if job.id == job_id:
                return job
        raise KeyError(job_id)
