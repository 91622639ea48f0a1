"""How what was found on a machine looks in a terminal."""

from collections.abc import Iterator

from pipelinekit.console.problems import styled
from pipelinekit.model.finding import Findings, Health
from pipelinekit.views.words import plural

MARKS = {Health.FINE: "✓", Health.WARNING: "!", Health.MISSING: "✗"}
_COLOURS = {Health.FINE: "green", Health.WARNING: "yellow", Health.MISSING: "red"}


def findings_lines(findings: Findings, *, colour: bool = False) -> Iterator[str]:
    """One a line, its mend below it, and at the end a sentence."""
    wide = max((len(finding.what) for finding in findings), default=0)
    for finding in findings:
        state = styled(f"{MARKS[finding.state]} {finding.state:<7}", _COLOURS[finding.state], colour)
        yield f"{state}  {finding.what:<{wide}}  {finding.detail}"
        if finding.mend:
            yield f"{'':<11}{'':<{wide}}  {styled('mend: ' + finding.mend, 'bold', colour)}"
    yield ""
    yield verdict(findings)


def verdict(findings: Findings) -> str:
    """In a sentence."""
    missing, warnings = (sum(f.state is state for f in findings) for state in (Health.MISSING, Health.WARNING))
    said = "all that is needed is there"
    if missing:
        said = f"{plural(missing, 'thing is', 'things are')} missing"
    return said + (f", {plural(warnings, 'warning')}" if warnings else "")
