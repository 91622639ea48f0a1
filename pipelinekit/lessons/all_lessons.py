"""The lessons, in the order of a course. A new one is a notebook, a pipeline to mend, and a row here."""

from pipelinekit.lessons import caching, critical_path, fail_fast, friday_evening, what_a_pipeline_is
from pipelinekit.lessons.base import LessonRow

_ROWS = (
    LessonRow(
        "friday-evening", "The Friday-evening deployment", "Why does it hurt, and what would have stopped it?", 15,
        "01-friday-evening.ipynb", friday_evening.CHECKS,
    ),
    LessonRow(
        "what-a-pipeline-is", "What a pipeline is", "How do jobs wait for one another, and how does a file get to the next?", 15,
        "02-what-a-pipeline-is.ipynb", what_a_pipeline_is.CHECKS,
    ),
    LessonRow(
        "fail-fast", "Fail fast", "How soon does a run tell that it fails?", 15, "03-fail-fast.ipynb", fail_fast.CHECKS,
    ),
    LessonRow(
        "caching", "Caching, and what a miss costs", "When does a cache hit, and when must it not?", 15,
        "04-caching.ipynb", caching.CHECKS,
    ),
    LessonRow(
        "critical-path", "Build times and the critical path", "Which job makes the run as long as it is?", 15,
        "05-critical-path.ipynb", critical_path.CHECKS,
    ),
)  # fmt: skip
LESSONS = {row.name: row for row in _ROWS}
