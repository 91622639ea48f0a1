"""What the checks look at."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipelinekit.model.finding import Finding
from pipelinekit.records.store import Store

SECONDS = 2.0  # that a check may take
ASK_SECONDS = 1.5  # that what it asks may take to answer


@dataclass(frozen=True, slots=True)
class Machine:
    """directory: where the person stands. top: of her repository. environment: of the process. now: seconds since 1970."""

    directory: Path
    top: Path
    environment: Mapping[str, str]
    store: Store
    now: float


Check = Callable[[Machine], Iterator[Finding]]
