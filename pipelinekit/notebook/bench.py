"""What `pipelinekit lab` opens: our notebooks, one with the repository's own pipeline, and which of them comes first."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelinekit.books.shipped import everything, lay_out
from pipelinekit.books.shipped import folder as shipped_folder
from pipelinekit.books.write import code, file_text, markdown
from pipelinekit.model.problem import SurroundingsMissing
from pipelinekit.records.store import FOLDER, Store
from pipelinekit.workflows.find import workflow_files

FIRST = "run-pipeline.ipynb"
OWN = "your-pipeline.ipynb"
NOTEBOOKS = "notebooks"  # in the store
WORKSPACES = Path("lab", "workspaces")  # in the store: which tabs were open


@dataclass(frozen=True, slots=True)
class Bench:
    """What is opened. root: of the file browser, the repository's top. start: where it stands at first, in root.

    first: the notebook to open first, in root. fresh: whether nothing was open here before, or a lesson was begun.
    """

    root: Path
    start: Path
    store: Store
    first: Path | None
    fresh: bool

    @property
    def below(self) -> str:
        """Where the person stands, seen from root: '' at its top."""
        return "" if self.start == self.root else self.start.relative_to(self.root).as_posix()


def bench(directory: Path, top: Path, store: Store, *, engine: bool = True) -> Bench:
    """Lay notebooks out in the store, where git ignores them; in our own repository ours lie there already.

    directory: where the person stands. top: of the repository. engine: whether a container engine answers. Raises
    SurroundingsMissing where the store can't be written.
    """
    root, start = top.resolve(), directory.resolve()
    # A store may lie anywhere, the file browser shows nothing above its root.
    place = (store.path if store.path.is_relative_to(root) else root / FOLDER) / NOTEBOOKS
    Store(place.parent).make()
    ours = shipped_folder().resolve()
    try:
        laid = tuple(file.resolve() for file in everything()) if ours.is_relative_to(root) else lay_out(place)
        own = _own(place, root, engine=engine)
    except OSError as problem:
        raise SurroundingsMissing(f"cannot lay notebooks out in {place} ({problem.strerror})", "make room for them") from problem
    lesson = begun(laid, start)
    chosen = lesson or own or first(laid, store)
    fresh = bool(lesson) or not any((store.path / WORKSPACES).glob("*"))
    return Bench(root, start, store, chosen.relative_to(root) if chosen else None, fresh)


def begun(notebooks: Sequence[Path], start: Path) -> Path | None:
    """A lesson of `notebooks` that was begun in the folder `start`."""
    return next((own for file in notebooks if file.parent.name == "lessons" and (own := start / file.name).exists()), None)


def first(notebooks: Sequence[Path], store: Store) -> Path | None:
    """Where runs are stored that of our notebooks which drives a pipeline; else the first lesson."""
    lessons = [file for file in notebooks if file.parent.name == "lessons"]
    usual = [file for file in notebooks if file.name == FIRST]
    order = (*usual, *lessons) if any(store.path.glob("tables/runs/*.parquet")) else (*lessons, *usual)
    return next(iter(order), None)


def _own(place: Path, root: Path, *, engine: bool) -> Path | None:
    """A notebook that has the repository's pipeline ready to be stepped through; one that is there stays as it is."""
    names = [file.name for file in workflow_files(root)]
    if not names:
        return None
    file = place / OWN
    if not file.exists():
        usual = next((name for name in names if name.partition(".")[0] == "ci"), names[0])
        others = [f"`{name}`" for name in names if name != usual]
        place.mkdir(parents=True, exist_ok=True)
        executor = "" if engine else ', executor="host"'
        cells = (
            markdown(_OPENING.format(name=usual, others=f" Other workflows here: {', '.join(others)}." if others else "")),
            code(_CELL.format(name=usual, executor=executor)),
        )
        file.write_text(file_text(cells, "your-pipeline"), encoding="utf-8")
    return file


_OPENING = """\
# Your pipeline

**Shift+Enter** in the cell below plans `{name}` and shows the run; nothing is run yet. \
Then click into it, and press **Step** or its key.

Where a step fails, it stops: look around with **Shell**, mend the file, save it, and press **Retry step**. \
Each verb is a call, too: `await run.step()`, `await run.retry()`.{others}"""

_CELL = """\
import pipelinekit as pk

run = pk.start("{name}"{executor})
run.break_at("on-failure")  # stop where a step fails, with its place as the step left it
run"""
