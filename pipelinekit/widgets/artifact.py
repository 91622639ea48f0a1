"""Looking into an artifact of a run, file by file, without unpacking it: text, pictures, test reports, coverage."""

import tempfile
import zipfile
from base64 import b64encode
from pathlib import Path, PurePosixPath

from pipelinekit.caches.blobs import BlobStore
from pipelinekit.importers.all_importers import read_report
from pipelinekit.importers.report_broken import ReportBroken
from pipelinekit.model.run_state import RunState
from pipelinekit.records.store import Store
from pipelinekit.run_views import panels as run_panels
from pipelinekit.run_views.live_run import Json
from pipelinekit.run_views.tree import node, table
from pipelinekit.views.words import duration, of, percent, plural, size

MOST_FILES = 200
MOST_BYTES = 1_000_000  # of a file that is shown
MOST_TEXT = 20_000  # characters
MOST_ROWS = 200
_PICTURES = {".png": "png", ".jpg": "jpeg", ".jpeg": "jpeg", ".gif": "gif", ".webp": "webp"}  # SVG is shown as its text


def look_into(store: Store, state: RunState, what: str) -> Json:
    """The files of an artifact of this run as a tree for the widget. what: its digest, with `:NAME` also one of its files."""
    algorithm, _, rest = what.partition(":")
    hexadecimal, _, name = rest.partition(":")
    digest = f"{algorithm}:{hexadecimal}"
    if not any(saved.digest == digest for leg in state.legs for saved in leg.artifacts):
        return node("p", "this run has no such artifact")
    try:
        with zipfile.ZipFile(BlobStore(store.path / "blobs").path(digest)) as archive:
            files = [(info.filename, info.file_size) for info in archive.infolist() if not info.is_dir()]
            shown = _opened(archive, name, dict(files).get(name, 0)) if name in dict(files) else None
    except (OSError, zipfile.BadZipFile) as broken:
        return node("p", f"it can't be opened: {broken}")
    return run_panels.inside(digest, files[:MOST_FILES], shown)


def _opened(archive: zipfile.ZipFile, name: str, size_bytes: int) -> Json:
    if size_bytes > MOST_BYTES:
        return run_panels.opened(name, size(size_bytes), node("p", "too large to be shown here"))
    content = archive.read(name)
    suffix = PurePosixPath(name).suffix.lower()
    if suffix in _PICTURES:
        data = f"data:image/{_PICTURES[suffix]};base64,{b64encode(content).decode()}"
        return run_panels.opened(name, size(size_bytes), node("img", src=data, alt=name))
    if suffix in (".xml", ".info", ".json") and (report := _report(content, name)) is not None:
        return report
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return run_panels.opened(name, size(size_bytes), node("p", "no text: it is kept as it was made"))
    says = size(size_bytes) + (", its beginning" if len(text) > MOST_TEXT else "")
    return run_panels.opened(name, says, run_panels.text(text[:MOST_TEXT]))


def _report(content: bytes, name: str) -> Json:
    """Tests or coverage, or None where it is no such report."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        try:
            tests, coverage = read_report(Path(file.name))
        except ReportBroken:
            return None
    if tests:
        rows = ((t.outcome.value, t.test, t.class_name, duration(t.duration_seconds)) for t in tests[:MOST_ROWS])
        return run_panels.opened(name, plural(len(tests), "test"), table(("outcome", "test", "class", "took"), rows))
    lines, covered = sum(c.lines for c in coverage), sum(c.lines_covered for c in coverage)
    files = ((c.file, of(c.lines_covered, c.lines), _share(c.lines_covered, c.lines)) for c in coverage[:MOST_ROWS])
    return run_panels.opened(name, f"{of(covered, lines)} lines covered", table(("file", "lines", "covered"), files))


def _share(covered: int, lines: int) -> str:
    return percent(covered / lines if lines else None)
