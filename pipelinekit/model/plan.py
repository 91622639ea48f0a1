"""What will run: a workflow, what started it, and its jobs cut into legs."""

from dataclasses import dataclass, field

from pipelinekit.model.node import Value
from pipelinekit.model.problem import Problem
from pipelinekit.model.shown import Shown
from pipelinekit.model.trigger import Trigger
from pipelinekit.model.workflow import Job, Workflow


@dataclass(frozen=True, slots=True)
class Leg:
    """A job at one point of its matrix. name: `test (3.11)`, or the job's id where there is no matrix."""

    job: str
    name: str
    index: int = 0
    total: int = 1
    matrix: dict[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Matrix(Shown):
    """The legs of one job, to be seen axis by axis."""

    job: str
    legs: tuple[Leg, ...]


@dataclass(frozen=True, slots=True)
class PlannedJob:
    """legs: None where the matrix depends on what an earlier job gives; they are then made when that has ended.

    needs: ids of jobs, in the order written. fail_fast: None where it is an expression that can't be known yet.
    """

    job: Job
    needs: tuple[str, ...]
    legs: tuple[Leg, ...] | None


@dataclass(frozen=True, slots=True, repr=False)
class Plan(Shown):
    """jobs: in an order in which each comes after what it needs, else as written. notes: accepted, but without effect here."""

    workflow: Workflow
    trigger: Trigger
    jobs: tuple[PlannedJob, ...]
    notes: tuple[Problem, ...] = ()
    variables: dict[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"<Plan of {self.workflow.path} on {self.trigger.event}: jobs {len(self.jobs)}, legs {len(self.legs)}>"

    @property
    def legs(self) -> tuple[Leg, ...]:
        """The legs that are known now, in the order of the jobs."""
        return tuple(leg for planned in self.jobs for leg in planned.legs or ())

    def matrix(self, job: str) -> Matrix:
        """The legs of the job with this id; none where they are known only when what it needs has ended. Raises KeyError."""
        for planned in self.jobs:
            if planned.job.id == job:
                return Matrix(job, planned.legs or ())
        raise KeyError(f'no job has the id "{job}"; jobs here: {", ".join(planned.job.id for planned in self.jobs)}')
